"""What replies ask of the message that they reply to: to be filed under their tags. Pure; gathering calls it."""

from dataclasses import replace
from typing import Any

from core.messages import Message
from core.notes import Note, NoteKind
from core.segments import bare_words


def file_as_asked(message: Message, notes: tuple[Note, ...], asks: list[Note]) -> tuple[Note, ...]:
    """The notes of a message with the tags that replies to it give: its own notes get more, talk becomes a note.

    What waited for review with words in it is settled by such a reply.
    """
    if not asks:
        return notes
    tags = tuple(dict.fromkeys(tag for ask in asks for tag in ask.tags))
    extra: dict[str, Any] = {}
    for ask in asks:
        for name, values in ask.attributes.items():
            extra[name] = [*extra.get(name, []), *(v for v in values if v not in extra.get(name, []))]
    named = next((ask.session for ask in asks if ask.session), None)
    nonattrib = any(ask.nonattrib for ask in asks)

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
    words = bare_words(message.text)
    if not tags or not words:
        return notes
    kept = tuple(note for note in notes if note.kind is not NoteKind.TALK)
    return (*kept, asked(Note(len(notes), NoteKind.NOTE), words))
