"""Filing, changing and withdrawing the notes of a message. Called by dispatch for every message that is no command."""

from dataclasses import replace

from core.cutting import cut_message
from core.messages import Message
from core.notes import Note, NoteKind, Problem
from core.replies import Reaction, Reply
from core.tags import vocabulary
from handlers import Context
from reports.gathering import gather

# what the author of a message is told; the desk's own advice stands in the report's words
_ADVICE = {
    Problem.UNKNOWN_TAG: "I do not know this tag, so nothing is filed. Edit the message; /tags lists the tags.",
    Problem.EMPTY_NOTE: "A tag needs words behind it. Edit the message, or send the tag as a reply to one.",
    Problem.NEEDS_WORDS: "This needs words. Add a caption with a tag, or reply to it with a note.",
    Problem.TOO_MANY_TAGS: "That is more than three tags for one text. Edit the message and keep up to three.",
    Problem.NO_SECTION_TAG: "No tag says where this goes. Add one, such as #challenge; /tags lists them.",
    Problem.NEEDS_REPLY: "#ignore works as a reply to the message that is to be withdrawn.",
    Problem.NO_SESSION: "No session is open here. Open one first: #session II: title.",
    Problem.UNKNOWN_REPLY: "I do not know the message that this replies to, or it is deleted. Send its words.",
    Problem.NOT_IN_TEMPLATE: "The template has no part for this tag, so a person decides. /tags lists the tags.",
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
    # in a replay nobody is answered
    if message.deleted_at is not None or not message.seen or context.replay_of is not None:
        return []
    if before is None or not before.seen:
        return _greet(context, meeting_id, message, notes)
    if before.text == message.text:
        return []
    return _tell_change(context, meeting_id, message, cut_message(before), notes)


def is_tagged(message: Message) -> bool:
    """Whether a message asks for anything to be filed."""
    return any(note.kind is not NoteKind.TALK for note in cut_message(message))


def _greet(context: Context, meeting_id: int, message: Message, notes: tuple[Note, ...]) -> list[Reply]:
    asked = [note for note in notes if note.kind is not NoteKind.TALK]
    if not asked:
        return []
    if any(note.kind is NoteKind.OFFRECORD for note in asked):
        return [Reply(message.key, OFF_THE_RECORD)]
    return [_tell(context, meeting_id, message, asked)]


def _tell_change(
    context: Context, meeting_id: int, message: Message, before: tuple[Note, ...], now: tuple[Note, ...]
) -> list[Reply]:
    if before == now:
        return []
    if all(note.kind is NoteKind.TALK for note in now):
        return [Reply(message.key, reaction=Reaction.WITHDRAWN)]
    replies = _greet(context, meeting_id, message, now)
    return [replace(r, reaction=Reaction.CHANGED) if r.reaction is Reaction.FILED else r for r in replies]


def _tell(context: Context, meeting_id: int, message: Message, notes: list[Note]) -> Reply:
    """One reaction, and words only where somebody must do something, was misread or came late."""
    doubts = [(note, problem) for note in notes if (problem := _find_problem(context, meeting_id, message, note))]
    words = [_advise(note, problem) for note, problem in doubts]
    words += [_explain(typed, key) for note in notes for typed, key in note.understood]
    if doubts:
        return Reply(message.key, "\n".join(words), Reaction.NOT_UNDERSTOOD)
    if all(note.kind is NoteKind.REPLY and note.tags == ("ignore",) for note in notes):
        return Reply(message.key, reaction=Reaction.WITHDRAWN)
    closed_at = context.meeting(meeting_id).closed_at
    if closed_at and (message.edited_at or message.sent_at) > closed_at:
        words.append(LATE)
    return Reply(message.key, "\n".join(words), Reaction.FILED)


def _find_problem(context: Context, meeting_id: int, message: Message, note: Note) -> Problem | None:
    """Why a remark is not filed; whether a session is open only the whole meeting tells."""
    if note.kind is NoteKind.REPLY and message.reply_to is not None:
        target = context.find_message(message.key._replace(id=message.reply_to))
        return None if target and target[1].seen and not target[1].deleted_at else Problem.UNKNOWN_REPLY
    if note.kind is NoteKind.THEME:
        found = gather(context.work.load_record(meeting_id)).doubts
        doubts = [(doubt.message.key, doubt.problem) for doubt in found]
        return Problem.NO_SESSION if (message.key, Problem.NO_SESSION) in doubts else None
    if note.kind is NoteKind.NOTE:
        routing = context.templates.load(context.meeting(meeting_id).template).routing
        return None if any(tag in routing for tag in note.tags) else Problem.NOT_IN_TEMPLATE
    return note.problem


def _advise(note: Note, problem: Problem) -> str:
    advice = _ADVICE[problem]
    near = " or ".join(f"#{spelling}" for spelling in note.suggestions)
    return f"{advice} Did you mean {near}?" if near else advice


def _explain(typed: str, key: str) -> str:
    taught = vocabulary().tags[key].spellings["en"][0]
    return f"I read {typed} as #{taught}. If that is wrong, edit the message."
