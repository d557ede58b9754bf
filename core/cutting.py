"""Cutting a message's text into notes (rules.md, section 3). Called by the handlers that file messages.

A text is first divided into segments: the tags that open one, and the words that belong to them. Then each segment
becomes a note, or what else its tags ask for. Nothing here knows which part of which template a tag goes to.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from typing import Any

from core.attributes import read_attributes
from core.messages import Attachment, Message
from core.notes import Note, NoteKind, Problem
from core.sessions import read_label, read_session, unnumbered_words
from core.tags import Found, TagKind, find_tags, read_theme, vocabulary
from core.text import BIDI, match_key

# more section tags than this before one text ask their author to choose (rules.md, section 3)
MAX_TAGS = 3
ELLIPSES = ("…", "...")

_GAP = re.compile(r"[\s,;/&+|:：–—·]*(?:-\s)?[\s,;/&+|:：–—·]*")
_AFTER_TAG = re.compile(r"[\s:：]*(?:[–—-]\s+)?")
# what may stand before the tag of a line: a bullet or number, and bidi controls from an Arabic keyboard
_BULLET = re.compile(rf"[\s{BIDI}]*(?:[-*•–—·▪>]|\d{{1,2}}[.)])?[\s{BIDI}]*")
_LISTS = ("sdg", "theme", "country")


@dataclass(slots=True)
class _Segment:
    """Tags and the words that belong to them. `loose` are the attributes found among the words."""

    tags: list[Found]
    text: list[str] = field(default_factory=list)
    loose: list[Found] = field(default_factory=list)
    line: int = 0

    def words(self) -> str:
        return "\n".join(self.text).strip()

    def has(self, kind: TagKind, key: str = "") -> bool:
        return any(t.meaning.kind is kind and (not key or t.meaning.key == key) for t in self.tags)


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
    if any(tag.meaning.key == "offrecord" for tag in found):
        return (Note(0, NoteKind.OFFRECORD),)
    if not any(char.isalnum() or not (char.isspace() or char.isascii()) for char in _outside(text, found)):
        notes = _cut_tags_alone(found, text, is_reply=is_reply, attachments=attachments)
    else:
        segments = _divide(text, found)
        notes = _cut_segments(segments) if segments else _cut_unopened(text, found)
    return tuple(replace(note, place=place) for place, note in enumerate(notes))


def _outside(text: str, found: Sequence[Found]) -> str:
    """What is left of a text when its tags are taken out."""
    kept, position = [], 0
    for tag in found:
        kept.append(text[position : tag.start])
        position = tag.end
    return "".join([*kept, text[position:]])


def bare_words(text: str) -> str:
    """The text without the tags it starts with: what is filed when a reply tells where an unclear note goes."""
    start = 0
    for tag in find_tags(text):
        if text[start : tag.start].strip():
            break
        start = tag.end
    return text[_AFTER_TAG.match(text, start).end() :].strip()  # type: ignore[union-attr]


def _review(problem: Problem, text: str, **details: Any) -> Note:
    return Note(0, NoteKind.REVIEW, text=text.strip(), problem=problem, **details)


def _cut_untagged(text: str, attachments: Sequence[Attachment]) -> tuple[Note, ...]:
    if not text.strip():
        return (_review(Problem.NEEDS_WORDS, ""),) if attachments else ()
    if text.startswith(ELLIPSES):
        return (Note(0, NoteKind.TALK, text=text.strip()),)
    return ()


def _cut_tags_alone(
    found: Sequence[Found], text: str, *, is_reply: bool, attachments: Sequence[Attachment]
) -> list[Note]:
    """A message of tags only: meant for the message it replies to, or a session's, or short of words."""
    openers = [tag for tag in found if _opens(tag)]
    if any(tag.meaning.key == "ignore" for tag in found):
        return [Note(0, NoteKind.REPLY, tags=("ignore",)) if is_reply else _review(Problem.NEEDS_REPLY, text)]
    sections = _sections(openers)
    if is_reply and (sections or any(tag.meaning.key == "nonattrib" for tag in found)):
        if len(sections) > MAX_TAGS:
            return [_review(Problem.TOO_MANY_TAGS, text)]
        return [Note(0, NoteKind.REPLY, tags=sections, **_details(found))]
    if openers:
        named = ", ".join(attachment.name for attachment in attachments)
        segments = [_Segment([tag], [named] if tag.meaning.kind is TagKind.ANNEX and named else []) for tag in openers]
        notes = [note for segment in segments for note in _cut_segment(segment)]
        lacking = Problem.NEEDS_WORDS if attachments else Problem.EMPTY_NOTE
        empty = [note for note in notes if note.problem is Problem.EMPTY_NOTE]
        kept = [note for note in notes if note.problem is not Problem.EMPTY_NOTE]
        return [*kept, *([_review(lacking, text)] if empty else [])]
    return _cut_unopened(text, found)


def _cut_unopened(text: str, found: Sequence[Found]) -> list[Note]:
    """A message in which no tag says where to file: a person looks at it, unless it is only talk."""
    unknown = [tag for tag in found if tag.meaning.kind is TagKind.UNKNOWN]
    if unknown and not _BULLET.sub("", text[: unknown[0].start], count=1).strip():
        return [_unknown(text, unknown[0])]
    telling = any(tag.meaning.key in ("sdg", "theme", "session", "nonattrib") for tag in found)
    if telling:
        return [_review(Problem.NO_SECTION_TAG, text, **_details(found))]
    if found[0].meaning.key == "ignore" and not text[: found[0].start].strip():
        return [_review(Problem.NEEDS_REPLY, text)]
    return [Note(0, NoteKind.TALK, text=text.strip())] if text.startswith(ELLIPSES) else []


def _unknown(text: str, tag: Found) -> Note:
    """An unknown tag for review; what may have been meant to stay off the record is not shown."""
    suggestions = tag.meaning.suggestions
    secret = any(vocabulary().by_key[spelling].key == "offrecord" for spelling in suggestions)
    shown = tag.typed if secret else text
    return _review(Problem.UNKNOWN_TAG, shown, suggestions=() if secret else suggestions)


def _opens(tag: Found) -> bool:
    """Whether a tag opens a segment: all but attributes, unknown ones, and the marks that go with a note."""
    meaning = tag.meaning
    if meaning.kind is TagKind.CONTROL:
        return meaning.key == "endsession"
    return meaning.kind not in (TagKind.ATTRIBUTE, TagKind.UNKNOWN)


def _is_attribute(tag: Found) -> bool:
    return tag.meaning.kind is TagKind.ATTRIBUTE or tag.meaning.key == "nonattrib"


# --- dividing a text into segments -------------------------------------------------------------------------------


def _divide(text: str, found: Sequence[Found]) -> list[_Segment]:
    """The segments of a text, line by line; words before the first tag go to the first segment."""
    segments: list[_Segment] = []
    pending: list[str] = []
    position = 0
    for number, line in enumerate(text.split("\n")):
        end = position + len(line)
        here = [t for t in found if position <= t.start < end]
        lead, runs = _split_line(text, position, end, here)
        if not runs:
            _add_plain_line(segments, pending, line, lead, number)
        else:
            _add_runs(segments, pending, lead, runs, number)
        position = end + 1
    if len(segments) > 1 and not segments[-1].words() and _joins_back(segments[-1]):
        last = segments.pop()
        segments[-1].tags += last.tags
    if segments and pending:
        segments[0].text[:0] = pending
    return segments


def _joins_back(segment: _Segment) -> bool:
    return all(tag.meaning.kind is TagKind.NOTE or _is_attribute(tag) for tag in segment.tags)


def _add_plain_line(segments: list[_Segment], pending: list[str], line: str, lead: _Segment, number: int) -> None:
    """A line that opens nothing continues what is above, unless it starts with an unknown tag."""
    unknown = lead.tags[0] if lead.tags else None
    if unknown:
        segments.append(_Segment([unknown], [line], line=number))
    elif segments:
        segments[-1].text += lead.text
        segments[-1].loose += lead.loose
    else:
        pending += lead.text


def _add_runs(segments: list[_Segment], pending: list[str], lead: _Segment, runs: list[_Segment], number: int) -> None:
    for run in runs:
        run.line = number
    first, words = runs[0], lead.words()
    if words and (first.words() or len(runs) > 1) and segments:
        segments[-1].text += lead.text
        segments[-1].loose += lead.loose
    elif words:
        marker = not words[-1].isalnum() or not first.words() or bool(lead.tags)
        tag = [] if marker else [run_tag.typed.lstrip("#＃﹟") for run_tag in first.tags[:1]]
        first.text = [" ".join([words, *tag, *([first.words()] if first.words() else [])])]
        first.loose += lead.loose
    if not segments:
        first.text[:0] = pending
        pending.clear()
    elif not segments[-1].words() and _joins_back(segments[-1]) and _joins_back(first):
        first.tags[:0] = segments.pop().tags
    for run in runs:
        if segments and segments[-1].line == number and not run.words() and _joins_back(run):
            segments[-1].tags += run.tags
        else:
            segments.append(run)


def _split_line(text: str, start: int, end: int, found: Sequence[Found]) -> tuple[_Segment, list[_Segment]]:
    """A line's words before its first opening tag, and a segment for each group of tags with the words behind it.

    Attributes right beside an opening tag belong to its group. The lead's `tags` hold an unknown tag that starts it.
    """
    groups: list[list[Found]] = []
    for tag in found:
        if not (_opens(tag) or _is_attribute(tag)):
            continue
        if groups and _GAP.fullmatch(text, groups[-1][-1].end, tag.start):
            groups[-1].append(tag)
        else:
            groups.append([tag])
    groups = [group for group in groups if any(_opens(tag) for tag in group)]
    inner = {id(tag) for group in groups for tag in group}
    loose = [tag for tag in found if id(tag) not in inner and _is_attribute(tag)]
    lead = _Segment([], loose=[])
    first = groups[0][0].start if groups else end
    lead.text = [_take_words(text, start, first, loose, lead)]
    if groups and not _BULLET.sub("", lead.text[0], count=1):
        lead.text = [""]
    starts = [t for t in found if t.meaning.kind is TagKind.UNKNOWN and t.start < first]
    if starts and not _BULLET.sub("", text[start : starts[0].start], count=1):
        lead.tags = starts[:1]
    runs = []
    for group, following in zip(groups, [*groups[1:], None], strict=False):
        run = _Segment(list(group))
        begin = _AFTER_TAG.match(text, group[-1].end, end).end()  # type: ignore[union-attr]
        hints = [tag.typed for tag in group if tag.meaning.key == "hint"]
        words = _take_words(text, begin, following[0].start if following else end, loose, run)
        run.text = [" ".join([*hints, words]) if words else words]
        runs.append(run)
    return lead, runs


def _take_words(text: str, start: int, end: int, loose: Sequence[Found], segment: _Segment) -> str:
    """The words between two places. Attributes at either edge go; inside a sentence only their sign does.

    A bare session code ("#3B") stays as typed until placement knows whether there is such a session.
    """
    mine = [tag for tag in loose if start <= tag.start < end]
    segment.loose += mine
    removable = [tag for tag in mine if tag.meaning.key != "hint"]
    while removable and not text[start : removable[0].start].strip():
        start = _AFTER_TAG.match(text, removable.pop(0).end, end).end()  # type: ignore[union-attr]
    while removable and not text[removable[-1].end : end].strip():
        end = removable.pop().start
    kept, position = [], start
    for tag in removable:
        kept += [text[position : tag.start], tag.typed.lstrip("#＃﹟")]
        position = tag.end
    return "".join([*kept, text[position:end]]).rstrip()


# --- making notes of segments ------------------------------------------------------------------------------------


def _cut_segments(segments: list[_Segment]) -> list[Note]:
    """The notes of all segments; a session named beside a note on its line is that note's own."""
    notes: list[Note] = []
    for index, segment in enumerate(segments):
        beside = [s for s in segments if s is not segment and s.line == segment.line and s.has(TagKind.NOTE)]
        if segment.has(TagKind.SESSION) and not segment.has(TagKind.NOTE) and beside:
            label, title = read_label(_session_words(segment), breakout=segment.has(TagKind.SESSION, "breakout"))
            if label and not title:
                continue
        own = _named_beside(segments, index)
        notes += [replace(note, session=note.session or own) if own else note for note in _cut_segment(segment)]
    return notes


def _named_beside(segments: list[_Segment], index: int) -> str | None:
    """The label that a `#session II` on the same line gives to the notes of this segment."""
    for other in segments:
        if other.line == segments[index].line and other.has(TagKind.SESSION) and not other.has(TagKind.NOTE):
            label, _ = read_label(_session_words(other), breakout=other.has(TagKind.SESSION, "breakout"))
            if label:
                return str(label)
    return None


def _session_words(segment: _Segment) -> str:
    """What stands behind a session's tag, with a number glued to the tag put before it."""
    glued = next((tag.meaning.number for tag in segment.tags if tag.meaning.number), "")
    return f"{glued}: {segment.words()}" if glued else segment.words()


def _sections(tags: Sequence[Found]) -> tuple[str, ...]:
    """The canonical section tags, each once, in the order typed."""
    return tuple(dict.fromkeys(tag.meaning.key for tag in tags if tag.meaning.kind is TagKind.NOTE))


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
    understood = tuple((tag.typed, tag.meaning.key) for tag in tags if tag.meaning.corrected)
    return {**details, "understood": understood} if understood else details


def _cut_segment(segment: _Segment) -> list[Note]:
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
        notes.append(
            Note(0, NoteKind.THEME, text=words) if words else _review(Problem.EMPTY_NOTE, segment.tags[0].typed)
        )
    elif segment.has(TagKind.SESSION) and not sections:
        notes.append(_cut_session(segment))
    if sections:
        notes.append(_cut_note(segment, sections))
    return notes


def _cut_session(segment: _Segment) -> Note:
    words = _session_words(segment)
    tag = segment.tags[0]
    label, title = read_session(words, breakout=segment.has(TagKind.SESSION, "breakout"))
    typed = tag.typed.lstrip("#＃﹟")
    if not label and match_key(typed) in unnumbered_words():
        label = typed.capitalize()
    if not label:
        return _review(Problem.EMPTY_NOTE, tag.typed)
    understood = tuple((t.typed, t.meaning.key) for t in segment.tags if t.meaning.corrected)
    return Note(0, NoteKind.SESSION, text=title, session=label, understood=understood)


def _cut_note(segment: _Segment, sections: tuple[str, ...]) -> Note:
    details = _details([*segment.tags, *segment.loose])
    words = segment.words()
    if segment.has(TagKind.SESSION):
        label, rest = read_label(_session_words(segment), breakout=segment.has(TagKind.SESSION, "breakout"))
        if label and rest:
            details["session"], words = str(label), rest
    if sections == ("topic",) and len(words) > 1 and read_theme(words):
        return Note(0, NoteKind.THEME, text=words)
    said, text = read_attributes(words)
    details["attributes"] = {**details["attributes"], **said}
    if not text and not words:
        return _review(Problem.EMPTY_NOTE, " ".join(tag.typed for tag in segment.tags))
    if len(sections) > MAX_TAGS:
        typed = " ".join(tag.typed for tag in segment.tags)
        return _review(Problem.TOO_MANY_TAGS, f"{typed} {words}")
    return Note(0, NoteKind.NOTE, tags=sections, text=text or words, **details)
