"""Filing, changing and withdrawing the notes of a message. Called by dispatch for every message that is no command."""

from typing import NamedTuple

from core.cutting import cut_message
from core.messages import Message
from core.notes import Note, NoteKind, Problem
from core.phrases import Phrase, phrase, tell
from core.replies import Reaction, Reply
from core.tags import vocabulary
from handlers import Context
from handlers.due import watch_sessions
from reports.gathering import gather
from reports.near_fields import find_field


class _Answer(NamedTuple):
    """What the author of a message is told: a sign, and words only where they must do something."""

    reaction: Reaction | None = None
    words: tuple[Phrase, ...] = ()


def file_message(
    context: Context, meeting_id: int, before: Message | None, message: Message, language: str
) -> list[Reply]:
    """Keep a message as it now stands with the notes it gives, and say quietly what came of it.

    `before` is the message as it stood, if it was known.
    """
    notes = cut_message(message)
    context.keep_message(meeting_id, message, notes)
    # in a replay nobody is answered
    if message.deleted_at is not None or not message.seen or context.replay_of is not None:
        return []
    if any(note.kind in (NoteKind.SESSION, NoteKind.ENDSESSION) for note in notes):
        watch_sessions(context, meeting_id, message.edited_at or message.sent_at)
    if before is None or not before.seen:
        answer = _greet(context, meeting_id, message, notes, language)
    elif before.text == message.text:
        return []
    else:
        answer = _tell_change(context, meeting_id, message, (cut_message(before), notes), language)
    text = "\n".join(tell(words, language) for words in answer.words)
    return [Reply(message.key, text, answer.reaction, language=language)] if text or answer.reaction else []


def is_tagged(message: Message) -> bool:
    """Whether a message asks for anything to be filed."""
    return any(note.kind is not NoteKind.TALK for note in cut_message(message))


def _greet(context: Context, meeting_id: int, message: Message, notes: tuple[Note, ...], language: str) -> _Answer:
    asked = [note for note in notes if note.kind is not NoteKind.TALK]
    if any(note.kind is NoteKind.OFFRECORD for note in asked):
        return _Answer(words=(phrase("off_the_record"),))
    return _judge(context, meeting_id, message, asked, language) if asked else _Answer()


def _tell_change(
    context: Context, meeting_id: int, message: Message, notes: tuple[tuple[Note, ...], tuple[Note, ...]], language: str
) -> _Answer:
    before, now = notes
    if before == now:
        return _Answer()
    if all(note.kind is NoteKind.TALK for note in now):
        return _Answer(Reaction.WITHDRAWN)
    answer = _greet(context, meeting_id, message, now, language)
    if before and all(note.problem is Problem.NEEDS_WORDS for note in before):
        # the words came with a later part of it
        return answer
    return answer._replace(reaction=Reaction.CHANGED) if answer.reaction is Reaction.FILED else answer


def _judge(context: Context, meeting_id: int, message: Message, notes: list[Note], language: str) -> _Answer:
    """One sign, and words where somebody must do something, was misread or came late."""
    doubts = [(note, problem) for note in notes if (problem := _find_problem(context, meeting_id, message, note))]
    words = [_advise(context, meeting_id, message, note, problem) for note, problem in doubts]
    words += [_explain(typed, key, language) for note in notes for typed, key in note.understood]
    if doubts:
        return _Answer(Reaction.NOT_UNDERSTOOD, tuple(words))
    if all(note.kind is NoteKind.REPLY and note.tags == ("ignore",) for note in notes):
        return _Answer(Reaction.WITHDRAWN)
    closed_at = context.meeting(meeting_id).closed_at
    if closed_at and (message.edited_at or message.sent_at) > closed_at:
        words.append(phrase("late"))
    return _Answer(Reaction.FILED, tuple(words))


def _find_problem(context: Context, meeting_id: int, message: Message, note: Note) -> Problem | None:
    """Why a remark is not filed; whether a session is open only the whole meeting tells."""
    if note.kind is NoteKind.REPLY and message.reply_to is not None:
        target = context.find_message(message.key._replace(id=message.reply_to))
        # a message of an earlier meeting in the chat is none of this one's
        is_here = target and target[0] == meeting_id and target[1].seen and not target[1].deleted_at
        return None if is_here else Problem.UNKNOWN_REPLY
    if note.kind is NoteKind.THEME:
        found = gather(context.work.load_record(meeting_id)).doubts
        doubts = [(doubt.message.key, doubt.problem) for doubt in found]
        return Problem.NO_SESSION if (message.key, Problem.NO_SESSION) in doubts else None
    if note.kind is NoteKind.NOTE:
        routing = context.templates.load(context.meeting(meeting_id).template).routing
        return None if any(tag in routing for tag in note.tags) else Problem.NOT_IN_TEMPLATE
    return note.problem


def _advise(context: Context, meeting_id: int, message: Message, note: Note, problem: Problem) -> Phrase:
    if problem is Problem.UNKNOWN_TAG:
        template = context.templates.load(context.meeting(meeting_id).template)
        if field := find_field(message, template):
            return phrase("unknown_tag_field", field=field)
    if problem is Problem.UNKNOWN_TAG and note.suggestions:
        return phrase("unknown_tag_near", near=" · ".join(f"#{spelling}" for spelling in note.suggestions))
    return phrase(problem.value)


def _explain(typed: str, key: str, language: str) -> Phrase:
    return phrase("understood", typed=typed, taught=f"#{vocabulary().tags[key].spellings[language][0]}")
