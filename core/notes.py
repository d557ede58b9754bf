"""Notes: the tagged remarks of a message, and the cutting of a message's text into them."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any

# attributes of a note: "sdg", "theme", "country" hold lists of codes; "speaker", "org", "group", "to", "by" text
Attributes = Mapping[str, Any]


class NoteKind(StrEnum):
    """What a tagged remark asks for."""

    NOTE = "note"  # to be filed in the template's part of each of its tags
    FIELD = "field"  # fills a metadata field
    ANNEX = "annex"  # attendance, participants, documents
    SESSION = "session"  # opens or joins a session: `session` is its label, `text` its title
    THEME = "theme"  # gives the open session's theme
    ENDSESSION = "endsession"  # closes the author's session
    REPLY = "reply"  # tags alone in a reply: they are meant for the message replied to
    OFFRECORD = "offrecord"  # the whole message is in no draft, digest or export
    TALK = "talk"  # no tag, but words that may continue the author's note above
    REVIEW = "review"  # a person must look at it: `problem` says why


class Problem(StrEnum):
    """Why a remark waits for a person."""

    UNKNOWN_TAG = "unknown_tag"
    EMPTY_NOTE = "empty_note"
    NEEDS_WORDS = "needs_words"
    TOO_MANY_TAGS = "too_many_tags"
    NO_SECTION_TAG = "no_section_tag"  # an attribute such as #SDG17, but no tag that says where to file
    NEEDS_REPLY = "needs_reply"  # #ignore that is no reply
    NO_SESSION = "no_session"  # #theme where no session is open
    UNKNOWN_REPLY = "unknown_reply"  # a reply to a message that never arrived
    ORPHAN_EDIT = "orphan_edit"  # an edit of a message that never arrived
    NOT_IN_TEMPLATE = "not_in_template"  # the template has no part for the tag


@dataclass(frozen=True, slots=True)
class Note:
    """One tagged remark of a message. `place` is its number in the message, from 0.

    `tags` are canonical keys; `session` is the label of the session that the note names itself; `hint` a label
    that counts only if there is such a session (`#3B`). `nonattrib` takes speaker and organization away.
    `understood` lists (typed, canonical) for each misspelt tag; `suggestions` are spellings near an unknown one.
    """

    place: int
    kind: NoteKind
    tags: tuple[str, ...] = ()
    text: str = ""
    attributes: Attributes = field(default_factory=dict)
    session: str | None = None
    hint: str | None = None
    nonattrib: bool = False
    problem: Problem | None = None
    understood: tuple[tuple[str, str], ...] = ()
    suggestions: tuple[str, ...] = ()
