"""Cutting a message's text into notes (rules.md, section 3). Called by the handlers that file messages.

A text is first divided into segments (`core.segments`). Then each segment becomes a note, or what else its tags ask
for. Nothing here knows which part of which template a tag goes to.
"""

import unicodedata
from collections.abc import Sequence
from dataclasses import replace
from typing import Any

from core.attributes import read_attributes
from core.messages import Attachment, Message
from core.notes import Note, NoteKind, Problem
from core.segments import Segment, divide_text, opens, starts_line
from core.sessions import Label, read_label, read_session, unnumbered_words
from core.tags import Found, TagKind, find_tags, read_theme, vocabulary
from core.text import balance_bidi, match_key

# more section tags than this before one text ask their author to choose (rules.md, section 3)
MAX_TAGS = 3
ELLIPSES = ("…", "...")

_LISTS = ("sdg", "theme", "country")


def cut_message(message: Message) -> tuple[Note, ...]:
    """The notes of a message as it stands now; a message that is known by edits alone is cut like any other."""
    return cut_text(message.text, is_reply=message.reply_to is not None, attachments=message.attachments)


def cut_text(text: str, *, is_reply: bool = False, attachments: Sequence[Attachment] = ()) -> tuple[Note, ...]:
    """The tagged remarks of a clean text (`core.text.clean_text`), in order; none for talk that continues nothing.

    Attachments without words, tags without words and words behind an unknown tag come back as notes of kind REVIEW.
    """
    found = find_tags(text)
    if not found:
        return _cut_untagged(text, attachments)
    if len(found) == 1 and (plain := _cut_plain(text, found[0])):
        return (plain,)
    if any(tag.meaning.key == "offrecord" for tag in found):
        return (Note(0, NoteKind.OFFRECORD),)
    secret = next((tag for tag in found if _may_be_secret(tag)), None)
    if secret:
        return (_unknown(text, secret),)
    outside = _outside(text, found)
    label = _named_alone(outside, found)
    if label or not _has_words(outside):
        notes = _cut_tags_alone(found, text, label, is_reply=is_reply, attachments=attachments)
    elif _is_ignored(text, found):
        notes = [_review(Problem.NEEDS_REPLY, text)]
    elif any(opens(tag) for tag in found):
        notes = _cut_segments(divide_text(text, found))
    else:
        notes = _cut_unopened(text, found)
    # whoever asks not to be named means the whole message: a name that got out cannot be taken back
    nameless = any(tag.meaning.key == "nonattrib" for tag in found)
    return tuple(
        replace(_make_harmless(note, place), nonattrib=nameless or note.nonattrib) for place, note in enumerate(notes)
    )


def _cut_plain(text: str, tag: Found) -> Note | None:
    """The note of one section tag with plain words behind it, as most messages are; the long way gives the same."""
    words = text[tag.end :].strip()
    plain = tag.start == 0 and tag.meaning.kind is TagKind.NOTE and not tag.meaning.corrected
    if not plain or not words[:1].isalnum() or not words.isprintable() or ":" in words or "：" in words:
        return None
    if tag.meaning.key == "topic" and read_theme(words):
        return None
    return Note(0, NoteKind.NOTE, tags=(tag.meaning.key,), text=words)


def _has_words(text: str) -> bool:
    """Whether a text says anything: a letter, a figure, an emoji."""
    return any(char.isalnum() or (not char.isascii() and unicodedata.category(char) == "So") for char in text)


def _make_harmless(note: Note, place: int) -> Note:
    """The note in its place; direction marks that were cut apart are closed again."""
    attributes = {
        name: balance_bidi(value) if isinstance(value, str) else value for name, value in note.attributes.items()
    }
    return replace(
        note,
        place=place,
        text=balance_bidi(note.text),
        session=balance_bidi(note.session) if note.session else note.session,
        attributes=attributes,
    )


def _is_ignored(text: str, found: Sequence[Found]) -> bool:
    """Whether "#ignore" stands at the start or the end of other words: its author means it, but not in a reply."""
    first, last = found[0], found[-1]
    return (first.meaning.key == "ignore" and not text[: first.start].strip()) or (
        last.meaning.key == "ignore" and not text[last.end :].strip()
    )


def _named_alone(outside: str, found: Sequence[Found]) -> str | None:
    """The label that is all there is beside section tags and a session's tag on one line: "#rec #session II"."""
    if "\n" in outside.strip() or not _sections(found):
        return None
    tag = next((t for t in found if t.meaning.kind is TagKind.SESSION and t.meaning.key != "theme"), None)
    if tag is None:
        return None
    label, rest = read_label(f"{tag.meaning.number} {outside}".strip(), breakout=tag.meaning.key == "breakout")
    return str(label) if label and not rest else None


def _outside(text: str, found: Sequence[Found]) -> str:
    """What is left of a text when its tags are taken out."""
    kept, position = [], 0
    for tag in found:
        kept.append(text[position : tag.start])
        position = tag.end
    return "".join([*kept, text[position:]])


def _review(problem: Problem, text: str, **details: Any) -> Note:
    return Note(0, NoteKind.REVIEW, text=text.strip(), problem=problem, **details)


def _cut_untagged(text: str, attachments: Sequence[Attachment]) -> tuple[Note, ...]:
    if not text.strip():
        return (_review(Problem.NEEDS_WORDS, ""),) if attachments else ()
    if text.startswith(ELLIPSES):
        return (Note(0, NoteKind.TALK, text=text.strip()),)
    return ()


def _cut_tags_alone(
    found: Sequence[Found], text: str, label: str | None, *, is_reply: bool, attachments: Sequence[Attachment]
) -> list[Note]:
    """A message of tags only: meant for the message it replies to, or a session's, or short of words."""
    if any(tag.meaning.key == "ignore" for tag in found):
        return [Note(0, NoteKind.REPLY, tags=("ignore",)) if is_reply else _review(Problem.NEEDS_REPLY, text)]
    openers = [tag for tag in found if opens(tag)]
    # a file that comes with the reply is what an annex's tag is about
    sections = _sections(openers) + (() if attachments else _annexes(openers))
    if is_reply and (sections or any(tag.meaning.key == "nonattrib" for tag in found)):
        if len(sections) > MAX_TAGS:
            return [_review(Problem.TOO_MANY_TAGS, text)]
        details = {**_details(found), **({"session": label} if label else {})}
        unknown = [tag for tag in found if tag.meaning.kind is TagKind.UNKNOWN]
        told = [_unknown(" ".join(tag.typed for tag in unknown), unknown[0])] if unknown else []
        return [Note(0, NoteKind.REPLY, tags=sections, **details), *told]
    lacking = Problem.NEEDS_WORDS if attachments else Problem.EMPTY_NOTE
    if label:
        return [_review(lacking, text)]
    if openers:
        named = ", ".join(attachment.name for attachment in attachments)
        codes = [tag for tag in found if tag.meaning.key == "theme" and tag.meaning.kind is TagKind.ATTRIBUTE]
        segments = [
            Segment([tag, *codes], [named] if tag.meaning.kind is TagKind.ANNEX and named else []) for tag in openers
        ]
        notes = [note for segment in segments for note in _cut_segment(segment)]
        kept = [note for note in notes if note.problem is not Problem.EMPTY_NOTE]
        return kept if len(kept) == len(notes) else [*kept, _review(lacking, text)]
    return _cut_unopened(text, found) or ([_review(lacking, text)] if attachments else [])


def _cut_unopened(text: str, found: Sequence[Found]) -> list[Note]:
    """A message in which no tag says where to file: a person looks at it, unless it is only talk."""
    unknown = next((t for t in found if t.meaning.kind is TagKind.UNKNOWN and starts_line(text, t)), None)
    if unknown:
        return [_unknown(text, unknown)]
    telling = any(tag.meaning.key in ("sdg", "theme", "session", "nonattrib") for tag in found)
    if telling or (found[0].meaning.kind is TagKind.ATTRIBUTE and starts_line(text, found[0])):
        return [_review(Problem.NO_SECTION_TAG, text, **_details(found))]
    return [Note(0, NoteKind.TALK, text=text.strip())] if text.startswith(ELLIPSES) else []


def _may_be_secret(tag: Found) -> bool:
    """Whether an unknown tag is near one that keeps a message off the record."""
    return any(vocabulary().by_key[spelling].key == "offrecord" for spelling in tag.meaning.suggestions)


def _unknown(text: str, tag: Found) -> Note:
    """An unknown tag for review; what may have been meant to stay off the record is not shown."""
    if _may_be_secret(tag):
        return _review(Problem.UNKNOWN_TAG, tag.typed)
    return _review(Problem.UNKNOWN_TAG, text, suggestions=tag.meaning.suggestions)


def _cut_segments(segments: Sequence[Segment]) -> list[Note]:
    """The notes of all segments; a session named beside a note on its line is that note's own."""
    with_notes = {segment.line for segment in segments if segment.has(TagKind.NOTE)}
    named: dict[int, str] = {}
    notes: list[Note] = []
    bare = set()
    for segment in segments:
        if segment.names_session() and not segment.has(TagKind.NOTE):
            label, title = _read_label(segment)
            if label:
                named.setdefault(segment.line, str(label))
            if label and not title and segment.line in with_notes:
                bare.add(id(segment))
    for segment in segments:
        own = named.get(segment.line)
        notes += [
            replace(note, session=own) if own and not note.session and note.kind is NoteKind.NOTE else note
            for note in (() if id(segment) in bare else _cut_segment(segment))
        ]
    return notes


def _read_label(segment: Segment) -> tuple[Label | None, str]:
    """The number at the head of what stands behind a session's tag, and the words after it."""
    return read_label(_session_words(segment), breakout=segment.has(TagKind.SESSION, "breakout"))


def _session_words(segment: Segment) -> str:
    """What stands behind a session's tag, with a number glued to the tag put before it."""
    glued = next((tag.meaning.number for tag in segment.tags if tag.meaning.number), "")
    return f"{glued}: {segment.words()}" if glued else segment.words()


def _sections(tags: Sequence[Found]) -> tuple[str, ...]:
    """The canonical section tags, each once, in the order typed."""
    return tuple(dict.fromkeys(tag.meaning.key for tag in tags if tag.meaning.kind is TagKind.NOTE))


def _annexes(tags: Sequence[Found]) -> tuple[str, ...]:
    """The canonical tags of annexes, each once, in the order typed."""
    return tuple(dict.fromkeys(tag.meaning.key for tag in tags if tag.meaning.kind is TagKind.ANNEX))


def _details(tags: Sequence[Found]) -> dict[str, Any]:
    """What attribute tags say of a note, as arguments for `Note`."""
    attributes: dict[str, Any] = {}
    details: dict[str, Any] = {"attributes": attributes}
    for tag in tags:
        meaning = tag.meaning
        if meaning.key in _LISTS and meaning.kind is TagKind.ATTRIBUTE:
            values = attributes.setdefault(meaning.key, [])
            values += [meaning.value] if meaning.value not in values else []
        elif meaning.key in ("session", "hint") and meaning.kind is TagKind.ATTRIBUTE:
            details[meaning.key] = meaning.value
        elif meaning.key == "nonattrib":
            details["nonattrib"] = True
    understood = _understood(tags)
    return {**details, "understood": understood} if understood else details


def _understood(tags: Sequence[Found]) -> tuple[tuple[str, str], ...]:
    return tuple((tag.typed, tag.meaning.key) for tag in tags if tag.meaning.corrected)


def _cut_segment(segment: Segment) -> list[Note]:
    """The notes of one segment. A section tag beside a session's names the session for the note."""
    if segment.has(TagKind.UNKNOWN):
        return [_unknown(segment.words(), segment.tags[0])]
    words, sections = segment.words(), _sections(segment.tags)
    notes: list[Note] = []
    for tag in segment.tags:
        if tag.meaning.kind in (TagKind.FIELD, TagKind.ANNEX):
            kind = NoteKind(tag.meaning.kind.value)
            notes.append(
                Note(0, kind, tags=(tag.meaning.key,), text=words) if words else _review(Problem.EMPTY_NOTE, tag.typed)
            )
    if segment.has(TagKind.CONTROL, "endsession"):
        notes.append(Note(0, NoteKind.ENDSESSION))
        if words and not sections:
            notes.append(_review(Problem.NO_SECTION_TAG, words))
    if segment.has(TagKind.SESSION, "theme") and not sections:
        notes.append(_cut_theme(segment))
    elif segment.has(TagKind.SESSION) and not sections:
        notes.append(_cut_session(segment))
        # a title is one line; what stands below it is not a note of any part, but must not be lost in the title
        below = segment.words().partition("\n")[2]
        if below.strip():
            notes.append(_review(Problem.NO_SECTION_TAG, below))
    if sections:
        notes.append(_cut_note(segment, sections))
    return notes


def _cut_theme(segment: Segment) -> Note:
    codes = [
        t.typed.lstrip("#＃﹟")
        for t in segment.tags
        if t.meaning.kind is TagKind.ATTRIBUTE and t.meaning.key == "theme"
    ]
    text = segment.words() or "".join(codes[:1])
    if not text:
        return _review(Problem.EMPTY_NOTE, segment.tags[0].typed)
    return Note(0, NoteKind.THEME, text=text, understood=_understood(segment.tags))


def _cut_session(segment: Segment) -> Note:
    tag = next(tag for tag in segment.tags if tag.meaning.kind is TagKind.SESSION)
    label, title = read_session(
        _session_words(segment).partition("\n")[0], breakout=segment.has(TagKind.SESSION, "breakout")
    )
    typed = tag.typed.lstrip("#＃﹟")
    if not label and match_key(typed) in unnumbered_words():
        label = typed.capitalize()
    if not label:
        return _review(Problem.EMPTY_NOTE, tag.typed)
    return Note(0, NoteKind.SESSION, text=title, session=label, understood=_understood(segment.tags))


def _cut_note(segment: Segment, sections: tuple[str, ...]) -> Note:
    details = _details([*segment.tags, *segment.loose])
    words = segment.words()
    if segment.names_session():
        label, rest = _read_label(segment)
        if label and rest:
            details["session"], words = str(label), rest
    if sections == ("topic",) and len(words) > 1 and read_theme(words):
        return Note(0, NoteKind.THEME, text=words)
    said, text = read_attributes(words, acts="action" in sections)
    details["attributes"] = {**details["attributes"], **said}
    if not text and not words:
        return _review(Problem.EMPTY_NOTE, " ".join(tag.typed for tag in segment.tags))
    if len(sections) > MAX_TAGS:
        taken = [tag for tag in segment.loose if tag.typed.lstrip("#＃﹟") not in words]
        return _review(Problem.TOO_MANY_TAGS, " ".join([*(tag.typed for tag in (*segment.tags, *taken)), words]))
    return Note(0, NoteKind.NOTE, tags=sections, text=text or words, **details)
