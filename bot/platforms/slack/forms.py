"""The two modals, as far as those who open them (`modals`) and who read what was filled in (`interactions`) must agree.

Each field is a block and an element of the same id: `block_id` and `action_id` are both the field's name. What a modal
is about stands in its private metadata, as `write_target` and `write_channel` give it. Buttons carry `write_press`.
"""

import json
from hashlib import sha256

from core.text import clean_text

# callback ids: of the shortcut and its modal, and of the modal that opens a meeting
FILE_NOTE = "file_note"
OPEN_MEETING = "open_meeting"

# fields of the note: a select whose values are tags without "#", and two texts, the first of which may be left empty
TAG, SESSION, TEXT = "tag", "session", "text"
# the title, and the lines of `/open` as they are called there; a select gives its value, a text what was typed
TITLE = "title"
OPEN_LINES = ("template", "zone", "days", "close")


def write_target(channel: str, ts: str, thread: str, shown: str) -> str:
    """Private metadata of the note's modal: the message that it is about, its thread if any, and the text shown.

    Of the text only the hash is kept: it tells whether somebody changed it, and metadata are short.
    """
    return json.dumps({"channel": channel, "ts": ts, "thread": thread, "shown": hash_words(shown)})


def write_channel(channel: str) -> str:
    """Private metadata of the modal that opens a meeting: the channel that it is for."""
    return json.dumps({"channel": channel})


def write_press(command: str, chat: str = "") -> str:
    """The value of a button: the command that a press gives, in another chat if one is named."""
    return json.dumps({"command": command, "chat": chat} if chat else {"command": command}, ensure_ascii=False)


def hash_words(text: str) -> str:
    """What is the same for texts that differ in their spaces only, as Slack may trim what a field holds."""
    return sha256(" ".join(clean_text(text).split()).encode()).hexdigest()[:16]
