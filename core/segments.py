"""Dividing a message's text into segments: the tags that open one, and the words that belong to them.

Called by the cutting (`core.cutting`), which makes notes of segments.
"""

import re
from collections import deque
from collections.abc import Sequence
from dataclasses import dataclass, field
from itertools import dropwhile

from core.tags import Found, TagKind, find_tags
from core.text import BIDI

# what may stand before the tag of a line, between tags, and behind one; an Arabic keyboard adds bidi controls
BULLET = re.compile(rf"[\s{BIDI}]*(?:[-*•–—·▪>]|\d{{1,2}}[.)])?[\s{BIDI}]*")
_GAP = re.compile(rf"[\s,;/&+|:：–—·{BIDI}]*+(?:-\s)?+[\s,;/&+|:：–—·{BIDI}]*+")
# a colon behind the tag goes, one that begins an emoji (":warning:") stays
_AFTER_TAG = re.compile(
    rf"(?:[,;.，、，。،؛](?=\s))?(?:[\s{BIDI}]*[:：](?![\w+-]+:\s|[\w+-]+:$))?[\s{BIDI}]*(?:[–—-]\s+)?"
)
_BRACKETS = {"(": ")", "[": "]", "（": "）", "【": "】"}
_PROSE = (TagKind.NOTE, TagKind.ANNEX)


@dataclass(slots=True)
class Segment:
    """Tags and the words that belong to them. `loose` are the attributes found among the words.

    `joins` says that the tags may be put with those of the text before or behind: sections and attributes only.
    """

    tags: list[Found]
    text: list[str] = field(default_factory=list)
    loose: list[Found] = field(default_factory=list)
    line: int = 0
    joins: bool = False

    def words(self) -> str:
        """The words of all its lines."""
        return "\n".join(self.text).strip()

    def has_words(self) -> bool:
        """Whether there are any."""
        return any(line.strip() for line in self.text)

    def has(self, kind: TagKind, *keys: str) -> bool:
        """Whether one of its tags is of this kind, and means one of these if any are given."""
        return any(t.meaning.kind is kind and (not keys or t.meaning.key in keys) for t in self.tags)

    def names_session(self) -> bool:
        """Whether a session's number may stand in its words."""
        return self.has(TagKind.SESSION, "session", "breakout")


def opens(tag: Found) -> bool:
    """Whether a tag opens a segment: all but attributes, unknown ones, and the marks that go with a note."""
    meaning = tag.meaning
    if meaning.kind is TagKind.CONTROL:
        return meaning.key == "endsession"
    return meaning.kind not in (TagKind.ATTRIBUTE, TagKind.UNKNOWN)


def is_attribute(tag: Found) -> bool:
    """Whether a tag says something of the note that it stands in."""
    return tag.meaning.kind is TagKind.ATTRIBUTE or tag.meaning.key == "nonattrib"


def starts_line(text: str, tag: Found) -> bool:
    """Whether nothing but a bullet stands before a tag on its line."""
    return not BULLET.sub("", text[text.rfind("\n", 0, tag.start) + 1 : tag.start], count=1)


def bare_words(text: str) -> str:
    """The text without the tags it starts with: what is filed when a reply tells where an unclear note goes."""
    start = 0
    for tag in find_tags(text):
        if text[start : tag.start].strip():
            break
        start = tag.end
    return text[_after(text, start, len(text)) :].strip()


def divide_text(text: str, found: Sequence[Found]) -> list[Segment]:
    """The segments of a text, line by line.

    Words before the first tag are those of the first section, or of a tag that has none behind it; before a session's
    or a field's tag they are talk.
    """
    division = _Division(text)
    tags = deque(found)
    position = 0
    for line in text.split("\n"):
        end = position + len(line)
        here = []
        while tags and tags[0].start < end:
            here.append(tags.popleft())
        division.add_line(position, end, here)
        position = end + 1
    segments = division.segments
    if len(segments) > 1 and segments[-1].joins and segments[-2].joins and not segments[-1].has_words():
        last = segments.pop()
        segments[-1].tags += last.tags
        segments[-1].loose += last.loose
    return segments


@dataclass(slots=True)
class _Division:
    """A text while it is divided. `above` holds what stands before the first segment that takes it."""

    source: str
    segments: list[Segment] = field(default_factory=list)
    above: Segment = field(default_factory=lambda: Segment([]))
    line: int = 0

    def add_line(self, start: int, end: int, found: list[Found]) -> None:
        """Take one line: it continues what is above it, or opens segments of its own."""
        self.line += 1
        lead, runs = self.split_line(start, end, found) if found else (Segment([], [self.source[start:end]]), [])
        unknown = lead.tags[0] if lead.tags else None
        if unknown and (not runs or (runs[0].has_words() and _says_more(lead.words(), unknown))):
            self.segments.append(Segment([unknown], [self.source[start : runs[0].tags[0].start if runs else end]]))
            lead = Segment([])
        if not runs:
            _move(lead, self.segments[-1] if self.segments else self.above)
            return
        self.place_lead(lead, runs)
        home = next((run for run in runs if any(run.has(kind) for kind in _PROSE)), None)
        if home is None and not self.segments and _takes_words_before(runs[0]):
            home = runs[0]
        if home:
            home.text[:0], home.loose[:0] = self.above.text, self.above.loose
            self.above = Segment([])
        self.add_runs(runs)

    def place_lead(self, lead: Segment, runs: list[Segment]) -> None:
        """Put the words before a line's first tag where they belong."""
        first = runs[0]
        bare = not first.has_words()
        takes = _takes_words_before(first)
        if lead.has_words() and self.segments and not (bare and takes and len(runs) == 1):
            _move(lead, self.segments[-1])
        elif takes:
            words = lead.words()
            if words:
                # a tag with words on both sides is one of the sentence's own: "We need a #plan for this"
                hints = " ".join(tag.typed for tag in first.tags if tag.meaning.key == "hint")
                is_word = words[-1].isalnum() and not bare and first.words() != hints and not lead.tags
                own = [tag.typed.lstrip("#＃﹟") for tag in first.tags if is_word and tag.meaning.key != "hint"]
                behind = hints if bare else first.words()
                if own and first.tags[-1].meaning.used is not None:
                    own[-1], behind = own[-1] + behind, ""
                first.text = [" ".join([words, *own, behind]).rstrip()]
            first.loose[:0] = lead.loose
        else:
            self.above.text += lead.text if lead.has_words() else []
            self.above.loose += lead.loose

    def add_runs(self, runs: list[Segment]) -> None:
        """Append a line's segments; tags without words go with those of the text before or behind them."""
        first, above = runs[0], self.segments[-1] if self.segments else None
        if above and above.joins and first.joins and not above.has_words():
            self.segments.pop()
            above.tags += first.tags
            first.tags = above.tags
            first.loose[:0] = above.loose
        for run in runs:
            run.line = self.line
            last = self.segments[-1] if self.segments else None
            if last and last.line == self.line and run.joins and not run.has_words():
                last.tags += run.tags
                last.loose += run.loose
            else:
                self.segments.append(run)

    def split_line(self, start: int, end: int, found: list[Found]) -> tuple[Segment, list[Segment]]:
        """A line's words before its first opening tag, and a segment for each group of tags with the words behind it.

        Attributes right beside an opening tag belong to its group. The lead's `tags` hold an unknown tag at its start.
        """
        text = self.source
        groups = _group(text, found)
        inner = {id(tag) for group in groups for tag in group}
        loose = deque(tag for tag in found if id(tag) not in inner and is_attribute(tag))
        spans = [_span(text, group, start, end) for group in groups]
        borders = [*(first for first, _ in spans), end]
        lead = Segment([])
        lead.text = [_take_words(text, start, borders[0], loose, lead)]
        if groups and not BULLET.sub("", lead.text[0], count=1):
            lead.text = [""]
        if (first := found[0]).meaning.kind is TagKind.UNKNOWN and starts_line(text, first):
            lead.tags = [first]
        runs = []
        for group, (_, begin), border in zip(groups, spans, borders[1:], strict=True):
            run = Segment(group, joins=all(t.meaning.kind is TagKind.NOTE or is_attribute(t) for t in group))
            hints = [tag.typed for tag in group if tag.meaning.key == "hint"]
            words = _take_words(text, _after(text, begin, border), border, loose, run)
            run.text = [" ".join([*hints, words]) if words else words]
            runs.append(run)
        return lead, runs


def _move(lead: Segment, target: Segment) -> None:
    target.text += lead.text
    target.loose += lead.loose


def _takes_words_before(run: Segment) -> bool:
    """Whether words before a line's first tags are theirs: a section's, or what stands before a tag at the end."""
    return any(run.has(kind) for kind in _PROSE) or not (run.has_words() or run.has(TagKind.CONTROL))


def _says_more(words: str, tag: Found) -> bool:
    return any(char.isalnum() for char in words.partition(tag.typed)[2])


def _after(text: str, position: int, end: int) -> int:
    """Where the words behind a tag begin."""
    return _AFTER_TAG.match(text, position, end).end()  # type: ignore[union-attr]


def _group(text: str, found: Sequence[Found]) -> list[list[Found]]:
    """The tags of a line that stand together, in groups with at least one that opens.

    Attributes between a text and the next tag are those of the text that they stand behind.
    """
    groups: list[list[Found]] = []
    for tag in found:
        if not (opens(tag) or is_attribute(tag)):
            continue
        if groups and _GAP.fullmatch(text, groups[-1][-1].end, tag.start):
            groups[-1].append(tag)
        else:
            groups.append([tag])
    first, *others = [group for group in groups if any(opens(tag) for tag in group)] or [[]]
    return [first, *(list(dropwhile(is_attribute, group)) for group in others)] if first else []


def _span(text: str, group: Sequence[Found], start: int, end: int) -> tuple[int, int]:
    """From where to where a group of tags reaches, with the brackets around it."""
    first, last = group[0].start, group[-1].end
    if start < first and last < end and _BRACKETS.get(text[first - 1]) == text[last]:
        return first - 1, last + 1
    return first, last


def _take_words(text: str, start: int, end: int, loose: deque[Found], segment: Segment) -> str:
    """The words between two places. Attributes at either edge go; inside a sentence only their sign does.

    A bare session code ("#3B") stays as typed until placement knows whether there is such a session.
    """
    mine = []
    while loose and loose[0].start < end:
        mine.append(loose.popleft())
    segment.loose += mine
    removable = deque(tag for tag in mine if tag.meaning.key != "hint")
    while removable and not text[start : removable[0].start].strip():
        start = _after(text, removable.popleft().end, end)
    while removable and not text[removable[-1].end : end].strip():
        end = removable.pop().start
    kept, position = [], start
    for tag in removable:
        kept += [text[position : tag.start], tag.typed.lstrip("#＃﹟")]
        position = tag.end
    return "".join([*kept, text[position:end]]).rstrip()
