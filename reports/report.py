"""The report: notes placed in a template, a plain tree before any format.

`placement.place` makes it; every format walks it. All wording is already in the report's language, all times are
in the meeting's zone, and nothing here knows a file type.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime

from core.messages import Attachment
from core.notes import Attributes


@dataclass(frozen=True, slots=True)
class Item:
    """A note where it stands. `number` is its citable id ("R7") or None.

    `authors` are all who posted it (the first is `author`); `at` is aware, in the meeting's zone, as are `edits`, the
    times at which its wording changed. `attributes` never hold a speaker or organization that may not be named.
    `link` opens the message where it was written. `note` is the note's name in every draft of the meeting, not for
    print. `paragraph` is its running number where the template numbers paragraphs. `credit` says who said it, where the
    meeting attributes ("Ana Souza, Ministry of Health"). `decisions` are the lines that tell what the desk did with it.
    `tags` are all that file it, the first of them `tag`. `divergent` marks a view that others do not share where it
    stands among notes of other tags.
    """

    number: str | None
    tag: str
    text: str
    session: str | None
    message_id: str
    chat: str
    platform: str
    author: str
    at: datetime
    attributes: Attributes = field(default_factory=dict)
    authors: tuple[str, ...] = ()
    edited: bool = False
    attachments: tuple[Attachment, ...] = ()
    link: str = ""
    note: str = ""
    paragraph: int | None = None
    credit: str = ""
    edits: tuple[datetime, ...] = ()
    decisions: tuple[str, ...] = ()
    tags: tuple[str, ...] = ()
    divergent: bool = False


@dataclass(frozen=True, slots=True)
class Group:
    """Items of a part that stand together; `heading` is None where the part is not grouped."""

    heading: str | None
    items: tuple[Item, ...]


@dataclass(frozen=True, slots=True)
class Part:
    """One list of items. `key` is "C.trends"; in a session block only the part's own name ("conclusions").

    `heading` is None where the section's own heading is enough. `style` is bullets, numbered, paragraphs, actions (a
    table of what, who, by when, session) or table (number, words, addressee, date due; a list while no note has any of
    the last two). `empty` is what stands there when there is no item. `over` says in words which limits of the template
    are exceeded.
    """

    key: str
    heading: str | None
    style: str
    groups: tuple[Group, ...]
    empty: str
    over: tuple[str, ...] = ()

    @property
    def items(self) -> tuple[Item, ...]:
        """All items, in order."""
        return tuple(item for group in self.groups for item in group.items)


@dataclass(frozen=True, slots=True)
class SessionBlock:
    """The template's block for one session. `heading` is ready to print ("Session II: Financing")."""

    label: str
    title: str
    theme: str
    heading: str
    parts: tuple[Part, ...]


@dataclass(frozen=True, slots=True)
class Section:
    """A section of the form. `label` is "A", or "" where the template has none; `help` is its prompt text.

    `sessions` is None for an ordinary section, and the blocks (perhaps none) for one that repeats by session;
    `empty` then stands where there is no session.
    """

    id: str
    label: str
    heading: str
    help: str
    parts: tuple[Part, ...] = ()
    sessions: tuple[SessionBlock, ...] | None = None
    empty: str = ""


@dataclass(frozen=True, slots=True)
class Field:
    """A line of the metadata block. `value` is None while missing; `placeholder` then stands in its place."""

    key: str
    label: str
    value: str | None
    required: bool
    placeholder: str


@dataclass(frozen=True, slots=True)
class Grid:
    """A table of plain text, ready to print. `caption` may be ""; each row has as many cells as there are heads."""

    caption: str
    heads: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]


@dataclass(frozen=True, slots=True)
class Picture:
    """A photograph. `caption` is the note that came with it, `name` that of its file.

    `content` is the file, None where it was not fetched or is no picture that documents can show; then the caption and
    the name stand alone.
    """

    name: str
    caption: str
    content: bytes | None = None
    media_type: str = ""


@dataclass(frozen=True, slots=True)
class Annex:
    """An annex by its key: attendance, participants, documents, photographs, glossary, notes (all in time order).

    `items` are notes as they were posted, `grids` what was read from them, `pictures` the photographs. `tabled` names
    the notes of which `grids` hold every word that counts: they are not printed once more (`printed_items`).
    """

    key: str
    heading: str
    items: tuple[Item, ...]
    grids: tuple[Grid, ...] = ()
    pictures: tuple[Picture, ...] = ()
    tabled: tuple[str, ...] = ()

    @property
    def printed_items(self) -> tuple[Item, ...]:
        """The notes that documents show beside the tables."""
        return tuple(item for item in self.items if item.note not in self.tabled)

    @property
    def is_empty(self) -> bool:
        """Whether nothing stands in it."""
        return not (self.items or self.grids or self.pictures)


@dataclass(frozen=True, slots=True)
class ReviewItem:
    """A remark that a person must look at. `advice` says why and what to do, in words."""

    kind: str
    message_id: str
    text: str
    author: str
    at: datetime
    advice: str


@dataclass(frozen=True, slots=True)
class CheckList:
    """One heading of the removable first page, with its lines; only lists with lines are made."""

    heading: str
    lines: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Trace:
    """A line of the provenance annex: where a note of the report comes from, ready to print."""

    time: str
    author: str
    note: str
    message: str


@dataclass(frozen=True, slots=True)
class Former:
    """Words that stand in no part since the desk decided. `kind` is merged, reworded or lapsed.

    `note` is the name of the note that they are of. `into` is what they were merged into, by its number or first words.
    """

    kind: str
    note: str
    message_id: str
    text: str
    into: str = ""


@dataclass(frozen=True, slots=True)
class Summary:
    """The meeting on one page, in the notes' own words: counts as lines, its conclusions and its recommendations."""

    heading: str
    counts: tuple[str, ...]
    sessions: tuple[str, ...]
    parts: tuple[Part, ...]


@dataclass(frozen=True, slots=True)
class Output:
    """A document of these sections only, beside the whole report."""

    name: str
    title: str
    sections: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Change:
    """What became of a note between two drafts. `kind` is new, changed, moved, merged or withdrawn; `where` its part.

    `before` is "" for a new note, `after` for a withdrawn one; of one that only moved they are equal. Of one that was
    merged into another `after` says so.
    """

    kind: str
    number: str | None
    where: str
    before: str
    after: str


@dataclass(frozen=True, slots=True)
class Changes:
    """What is new, changed, moved and withdrawn since the draft of this number, in the order of the report."""

    since: int
    heading: str
    changes: tuple[Change, ...]


@dataclass(frozen=True, slots=True)
class Report:
    """The whole draft.

    `words` are the fixed phrases of the report's language that formats need (see `templates/words.toml`).
    `meeting` holds what the JSON format says of the meeting. `direction` is ltr or rtl. `overview` is the table of
    sessions, None where there are none; `history` what the desk did and who, None where it did nothing; `dropped` are
    the notes that it took out, `former` the words that it put others in the place of. `changes` are those since an
    earlier draft, None where there is none to compare with.
    `outputs` are the documents that the template makes of some of the sections. `base` is the Word file, if the
    template has one, that a Word document is made in. `summary` is set where this is the summary page alone.
    `is_draft` tells what is sent in, which no format calls a draft, from what the desk still works on.
    """

    template: str
    language: str
    direction: str
    title: str
    subtitle: str
    preamble: str
    meeting: Mapping[str, object]
    fields: tuple[Field, ...]
    sections: tuple[Section, ...]
    annexes: tuple[Annex, ...]
    late: tuple[Item, ...]
    review: tuple[ReviewItem, ...]
    checks: tuple[CheckList, ...]
    footnote: str
    words: Mapping[str, str]
    provenance: tuple[Trace, ...] = ()
    overview: Grid | None = None
    summary: Summary | None = None
    dropped: tuple[Item, ...] = ()
    history: Grid | None = None
    former: tuple[Former, ...] = ()
    changes: Changes | None = None
    outputs: tuple[Output, ...] = ()
    base: bytes | None = None
    is_draft: bool = True

    def parts(self) -> tuple[Part, ...]:
        """The parts outside session blocks, in the template's order."""
        return tuple(part for section in self.sections for part in section.parts)

    def session_blocks(self) -> tuple[SessionBlock, ...]:
        """The session blocks, in order."""
        return tuple(block for section in self.sections for block in section.sessions or ())

    def items(self) -> Iterator[Item]:
        """Every note as it stands in the form and its annexes; one that was filed in several parts, several times."""
        for part in (*self.parts(), *(part for block in self.session_blocks() for part in block.parts)):
            yield from part.items
        for annex in self.annexes:
            yield from annex.items

    def last_at(self) -> datetime | None:
        """The time of the latest remark in it, which a file may give as its own; None where there is none."""
        remarks: list[Item | ReviewItem] = [*self.items(), *self.late, *self.review, *self.dropped]
        return max((remark.at for remark in remarks), default=None)

    def empty_parts(self) -> tuple[str, ...]:
        """Keys of the parts outside session blocks that have no item."""
        return tuple(part.key for part in self.parts() if not part.items)

    def for_submission(self) -> "Report":
        """The report as it is sent in: without the checklist, the lists to decide, the changes and the provenance."""
        sent = replace(self, checks=(), late=(), review=(), provenance=(), dropped=(), history=None, changes=None)
        return replace(sent, former=(), is_draft=False)
