"""Templates: what a report looks like, as read from a folder of data by `reports.template_reader`."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from unicodedata import bidirectional

# wording by language code; "en" is always there
Words = Mapping[str, str]


def say(words: Words, language: str) -> str:
    """The wording in this language, in English where there is none."""
    return words.get(language) or words.get("en", "")


def join_label(label: str, text: str) -> str:
    """A section's Latin label before a text, in the text's direction: "C. Trends"."""
    if not label:
        return text
    direction = next((d for d in map(bidirectional, text) if d in ("L", "R", "AL")), "L")
    # the right-to-left mark: the line begins with a Latin letter and would else be taken for a Latin one
    return f"{label}. {text}" if direction == "L" else f"\u200f{label}. {text}"


@dataclass(frozen=True, slots=True)
class FieldSpec:
    """A metadata field: `type` is text, longtext, date or contact."""

    key: str
    label: Words
    type: str = "text"
    required: bool = True


@dataclass(frozen=True, slots=True)
class PartSpec:
    """A part of a section. `key` is "A.objectives"; `name` its last half.

    `style` is bullets, numbered, paragraphs, actions or table. `prefix` numbers the notes with citable ids ("R":
    R1, R2, …). `group_by` is "", session, time or addressee. `limits` may hold characters, words, sentences, paragraphs
    and items (maximum over the part); `each` the same but items, for every note by itself.
    """

    key: str
    name: str
    heading: Words
    help: Words
    style: str = "bullets"
    prefix: str = ""
    group_by: str = ""
    limits: Mapping[str, int] = field(default_factory=dict)
    each: Mapping[str, int] = field(default_factory=dict)
    empty: Words = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class SectionSpec:
    """A section; with `repeat` it stands once for each session."""

    id: str
    label: str
    heading: Words
    help: Words
    parts: tuple[PartSpec, ...]
    repeat: bool = False


@dataclass(frozen=True, slots=True)
class Theme:
    """A code of the template's theme list: "a", "b.ii"."""

    code: str
    label: Words


@dataclass(frozen=True, slots=True)
class CountSpec:
    """A table of attendance counts: by age, gender, sector. `categories` are its rows, by key."""

    key: str
    heading: Words
    categories: Mapping[str, Words]


@dataclass(frozen=True, slots=True)
class Output:
    """A document made of these sections only, beside the whole report: a short summary, a statement."""

    name: str
    title: Words
    sections: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Template:
    """A template, checked.

    `routing` gives for a tag the part with a session open and the part with none; each is a part's key. A tag
    that is not in it goes to the review list. `words` are the fixed phrases by key ("advice.late"). `package` names
    what must be sent in with the report: concept_note, participants, photographs. `base` is the folder's
    `report.docx`, the Word file that drafts are based on.
    """

    id: str
    title: Words
    subtitle: Words
    preamble: Words
    fields: tuple[FieldSpec, ...]
    sections: tuple[SectionSpec, ...]
    routing: Mapping[str, tuple[str, str]]
    annexes: Mapping[str, Words]
    themes: tuple[Theme, ...]
    footnote: Words
    words: Mapping[str, Words]
    number_paragraphs: bool = False
    counts: tuple[CountSpec, ...] = ()
    outputs: tuple[Output, ...] = ()
    package: Mapping[str, Words] = field(default_factory=dict)
    base: bytes | None = None
