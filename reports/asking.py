"""What replies ask of the message that they reply to: to be filed under their tags, or to lend them its files. Pure.

Gathering calls it, and the desk's ruling.
"""

from dataclasses import replace
from typing import Any

from core.messages import Message
from core.notes import Note, NoteKind, Problem
from core.segments import bare_words
from core.tags import TagKind, vocabulary
from core.text import balance_bidi


def file_as_asked(message: Message, notes: tuple[Note, ...], asks: list[Note]) -> tuple[Note, ...]:
    """The notes of a message with the tags that replies to it give: its own notes get more, talk becomes a note.

    What waited for review with words in it is settled by such a reply, and so is a file without words: its name is
    its text then.
    """
    if not asks:
        return notes
    asked_for = tuple(dict.fromkeys(tag for ask in asks for tag in ask.tags))
    annexes = tuple(tag for tag in asked_for if vocabulary().tags[tag].kind is TagKind.ANNEX)
    nonattrib = any(ask.nonattrib for ask in asks)
    if annexes:
        notes = _put_into_annexes(message, notes, annexes, nonattrib=nonattrib)
    tags = tuple(tag for tag in asked_for if tag not in annexes)
    extra: dict[str, Any] = {}
    for ask in asks:
        for name, values in ask.attributes.items():
            extra[name] = [*extra.get(name, []), *(v for v in values if v not in extra.get(name, []))]
    named = next((ask.session for ask in asks if ask.session), None)

    def asked(note: Note, text: str) -> Note:
        return replace(
            note,
            kind=NoteKind.NOTE,
            tags=tuple(dict.fromkeys([*note.tags, *tags])),
            text=text,
            attributes={**note.attributes, **extra},
            session=note.session or named,
            nonattrib=note.nonattrib or nonattrib,
            problem=None,
        )

    unsettled = [n for n in notes if n.kind is NoteKind.REVIEW and tags and bare_words(n.text)]
    if any(note.kind is NoteKind.NOTE for note in notes) or unsettled:
        return tuple(
            asked(note, note.text)
            if note.kind is NoteKind.NOTE
            else asked(note, bare_words(note.text))
            if note in unsettled
            else note
            for note in notes
        )
    words = bare_words(message.text) or _name_files(message)
    if not tags or not words:
        return notes
    kept = tuple(note for note in notes if note.kind is not NoteKind.TALK and not is_settled(note))
    return (*kept, asked(Note(_next_place(notes), NoteKind.NOTE), words))


def _next_place(notes: tuple[Note, ...]) -> int:
    return max((note.place + 1 for note in notes), default=0)


def _put_into_annexes(
    message: Message, notes: tuple[Note, ...], annexes: tuple[str, ...], *, nonattrib: bool
) -> tuple[Note, ...]:
    """The notes with one more for each of these annexes that the message does not stand in yet."""
    words = bare_words(message.text) or _name_files(message)
    there = {tag for note in notes if note.kind is NoteKind.ANNEX for tag in note.tags}
    wanted = [tag for tag in annexes if tag not in there] if words else []
    # what waits for review, with words or without, is what the annex is to hold
    kept = tuple(n for n in notes if not wanted or n.kind not in (NoteKind.REVIEW, NoteKind.TALK))
    more = (
        Note(place, NoteKind.ANNEX, tags=(tag,), text=words, nonattrib=nonattrib)
        for place, tag in enumerate(wanted, _next_place(notes))
    )
    return (*kept, *more)


def is_settled(note: Note) -> bool:
    """Whether it is a file that waited for words."""
    return note.problem is Problem.NEEDS_WORDS


def _name_files(message: Message) -> str:
    return balance_bidi(", ".join(attachment.name for attachment in message.attachments))


def lacks_words(message: Message) -> bool:
    """Whether it is files and nothing else, so that a reply with words may speak for them."""
    return bool(message.attachments) and not bare_words(message.text)
