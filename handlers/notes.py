"""Filing, changing and withdrawing the notes of a message. Called by dispatch for every message that is no command."""

from dataclasses import replace

from core.cutting import cut_message
from core.messages import Message
from core.notes import Note, NoteKind, Problem
from core.replies import Reaction, Reply
from core.tags import vocabulary
from handlers import Context

# what the author of a message is told; the desk's own advice stands in the report's words
_ADVICE = {
    Problem.UNKNOWN_TAG: "I do not know this tag, so nothing is filed. Edit the message; /tags lists the tags.",
    Problem.EMPTY_NOTE: "A tag needs words behind it. Edit the message, or send the tag as a reply to one.",
    Problem.NEEDS_WORDS: "This needs words. Add a caption with a tag, or reply to it with a note.",
    Problem.TOO_MANY_TAGS: "That is more than three tags for one text. Edit the message and keep up to three.",
    Problem.NO_SECTION_TAG: "No tag says where this goes. Add one, such as #challenge; /tags lists them.",
    Problem.NEEDS_REPLY: "#ignore works as a reply to the message that is to be withdrawn.",
}
OFF_THE_RECORD = "Off the record: that message is in no draft, digest or export."
LATE = "The meeting is closed. This is kept and listed as late; /reopen takes it in."
NO_MEETING = "No meeting is open here, so nothing is filed. Open one with /open TITLE, then send this again."


def file_message(context: Context, meeting_id: int, before: Message | None, message: Message) -> list[Reply]:
    """Keep a message as it now stands with the notes it gives, and say quietly what came of it.

    `before` is the message as it stood, if it was known.
    """
    notes = cut_message(message)
    context.keep_message(meeting_id, message, notes)
    if message.deleted_at is not None or not message.seen:
        return []
    if before is None or not before.seen:
        return _greet(context, meeting_id, message, notes)
    if before.text == message.text:
        return []
    replies = _tell_change(message, cut_message(before), notes)
    closed_at = context.meeting(meeting_id).closed_at
    if closed_at and message.edited_at and message.edited_at > closed_at:
        return [replace(reply, text=LATE) if reply.reaction is Reaction.CHANGED else reply for reply in replies]
    return replies


def is_tagged(message: Message) -> bool:
    """Whether a message asks for anything to be filed."""
    return any(note.kind is not NoteKind.TALK for note in cut_message(message))


def _greet(context: Context, meeting_id: int, message: Message, notes: tuple[Note, ...]) -> list[Reply]:
    asked = [note for note in notes if note.kind is not NoteKind.TALK]
    if not asked:
        return []
    if any(note.kind is NoteKind.OFFRECORD for note in asked):
        return [Reply(message.key, OFF_THE_RECORD)]
    closed_at = context.meeting(meeting_id).closed_at
    if closed_at and message.sent_at > closed_at:
        return [Reply(message.key, LATE, Reaction.FILED)]
    return [_tell(message, asked)]


def _tell_change(message: Message, before: tuple[Note, ...], now: tuple[Note, ...]) -> list[Reply]:
    if before == now:
        return []
    asked = [note for note in now if note.kind is not NoteKind.TALK]
    if not asked:
        return [Reply(message.key, reaction=Reaction.WITHDRAWN)]
    if any(note.kind is NoteKind.OFFRECORD for note in asked):
        return [Reply(message.key, OFF_THE_RECORD)]
    reply = _tell(message, asked)
    if reply.reaction is Reaction.FILED:
        return [Reply(message.key, reply.text, Reaction.CHANGED)]
    return [reply]


def _tell(message: Message, notes: list[Note]) -> Reply:
    """One reaction, and words only where somebody must do something or was misread."""
    doubts = [note for note in notes if note.problem]
    words = [_advise(note) for note in doubts]
    words += [_explain(typed, key) for note in notes for typed, key in note.understood]
    if all(note.kind is NoteKind.REPLY and note.tags == ("ignore",) for note in notes):
        return Reply(message.key, reaction=Reaction.WITHDRAWN)
    return Reply(message.key, "\n".join(words), Reaction.NOT_UNDERSTOOD if doubts else Reaction.FILED)


def _advise(note: Note) -> str:
    advice = _ADVICE[note.problem] if note.problem else ""
    near = " or ".join(f"#{spelling}" for spelling in note.suggestions)
    return f"{advice} Did you mean {near}?" if near else advice


def _explain(typed: str, key: str) -> str:
    taught = vocabulary().tags[key].spellings["en"][0]
    return f"I read {typed} as #{taught}. If that is wrong, edit the message."
