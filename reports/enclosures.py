"""What is sent in beside a report: documents, lists of participants, photographs, and tables of these and the notes.

Pure; called by `bot.packaging`. Under the Chatham House Rule nothing here tells who was there: neither the files of
participants nor the names that people gave to files.
"""

import csv
import re
import tomllib
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import cache
from importlib.resources import files as find_data
from io import StringIO
from pathlib import PurePosixPath

from core.meetings import Record
from core.messages import Attachment
from core.text import match_key
from reports.gathering import Gathered
from reports.package import Entry
from reports.pictures import is_photograph, strip_metadata
from reports.report import Grid, Item, Report
from reports.targets import name_note
from reports.template import Template

DOCUMENTS, PARTICIPANTS, PHOTOGRAPHS = "documents", "participants", "photographs"
# the folder of what names people who posted and spoke, to be taken out before a package is passed on
NAMING = "for-the-secretariat"
CONCEPT_NOTE = "concept_note"
# what a spreadsheet takes for a formula; a sign before a number alone is none
_FORMULA = re.compile(r"[=@\t\r]|[+-](?![\d\s().-]*$)")
_PLAIN_SUFFIX = re.compile(r"\.[a-z0-9]{1,5}").fullmatch


@dataclass(frozen=True, slots=True)
class Enclosure:
    """A file that was posted: its name, the words with it, and what it holds, None where it was not fetched.

    `posted_as` is the name that it came with, which must not be shown where nobody is named.
    """

    name: str
    text: str
    content: bytes | None
    posted_as: str


def list_enclosures(report: Report, record: Record, gathered: Gathered) -> dict[str, list[Enclosure]]:
    """The files to be sent in by their kind: documents, participants, photographs, each in the order of the report.

    `gathered` is what the report is made of: where nobody is named, the report does not tell what a file is.
    """
    filed = (*gathered.filings, *(f for found in gathered.annexes.values() for f in found))
    posted = {name_note(f.id): [a for one in (f, *f.joined) for a in one.message.attachments] for f in filed}
    named = record.meeting.rule != "chatham"
    kinds: dict[str, list[Enclosure]] = {DOCUMENTS: [], PARTICIPANTS: [], PHOTOGRAPHS: []}
    for kind, found in kinds.items():
        taken: dict[tuple[str, Attachment], None] = {}
        for item in _list_notes(report) if kind == PHOTOGRAPHS else _list_annex(report, kind):
            for attachment in posted.get(item.note, ()):
                known = (item.platform, attachment)
                if (kind == PHOTOGRAPHS and not is_photograph(attachment)) or known in taken:
                    continue
                taken[known] = None
                content = record.files.get((item.platform, attachment.ref))
                name = attachment.name if named else _name_plainly(kind, attachment)
                content = content if named or content is None else strip_metadata(content)
                found.append(Enclosure(name, item.text, content, attachment.name))
    return kinds


def _list_notes(report: Report) -> Iterator[Item]:
    for part in report.parts():
        yield from part.items
    for block in report.session_blocks():
        for part in block.parts:
            yield from part.items


def _list_annex(report: Report, key: str) -> Sequence[Item]:
    return next((annex.items for annex in report.annexes if annex.key == key), ())


def _name_plainly(kind: str, attachment: Attachment) -> str:
    """A name that nobody gave: "document.pdf"."""
    suffix = PurePosixPath(attachment.name.lower()).suffix
    return kind.removesuffix("s") + (suffix if _PLAIN_SUFFIX(suffix) else "")


def find_missing(template: Template, report: Report, enclosed: dict[str, list[Enclosure]]) -> list[str]:
    """What the template wants to be sent in and is not there; nobody wants participants where nobody is named.

    A document is the concept note where its name or its words say so.
    """
    there = {kind for kind, found in enclosed.items() if any(entry.content is not None for entry in found)}
    if any(annex.grids for annex in report.annexes if annex.key == PARTICIPANTS) or report.meeting["rule"] == "chatham":
        there.add(PARTICIPANTS)
    documents = [entry for entry in enclosed[DOCUMENTS] if entry.content is not None]
    if any(map(_is_concept_note, documents)):
        there.add(CONCEPT_NOTE)
    return [key for key in template.package if key not in there]


def list_unread(report: Report, enclosed: dict[str, list[Enclosure]]) -> list[str]:
    """What of the lists of participants could not be read and why, in the report's words; not what was not fetched."""
    told = {report.words["unread_missing"].format(name=entry.name) for entry in enclosed[PARTICIPANTS]}
    lines = [line for check in report.checks if check.heading == report.words["check_unread"] for line in check.lines]
    return [line for line in lines if line not in told]


def _is_concept_note(document: Enclosure) -> bool:
    """Whether its name or its words say that it is the concept note, in any language."""
    folded = match_key("".join(f"{document.posted_as} {document.text}".split()))
    return any(words in folded for words in _load_concept_words())


@cache
def _load_concept_words() -> tuple[str, ...]:
    data = tomllib.loads(find_data("reports").joinpath("package.toml").read_text("utf-8"))
    return tuple(match_key(words.replace(" ", "")) for words in data[CONCEPT_NOTE])


def write_captions(names: Sequence[str], photographs: Sequence[Enclosure], report: Report) -> Entry:
    """The table of photographs: what each is called in the package, and the words that came with it."""
    rows = [(name, photograph.text) for name, photograph in zip(names, photographs, strict=True)]
    heads = (report.words["file_column"], report.words["caption_column"])
    return Entry(PHOTOGRAPHS, "captions.csv", _write_table([heads, *rows]))


def write_participants(grids: Sequence[Grid]) -> Entry:
    """The participants as they were read; between lists with other columns stands an empty line."""
    rows = [row for grid in grids for row in ((), grid.heads, *grid.rows)]
    return Entry(PARTICIPANTS, "participants.csv", _write_table(rows[1:]))


def write_provenance(report: Report) -> Entry:
    """Where every note comes from: a line for each part that it stands in."""
    words = report.words
    heads = ("note_number_column", "part_column", "session_column", "note", "name_column", "organisation_column")
    more = ("author", "time", "message", "edited", "history_title")
    rows = [tuple(words[key] for key in (*heads, *more)), *(_trace(where, item) for where, item in _list_all(report))]
    return Entry(NAMING, "provenance.csv", _write_table(rows))


def _list_all(report: Report) -> Iterator[tuple[str, Item]]:
    """Every note, with the heading that it stands under."""
    for section in report.sections:
        for part in section.parts:
            yield from ((part.heading or section.heading, item) for item in part.items)
        for block in section.sessions or ():
            for part in block.parts:
                yield from ((part.heading or section.heading, item) for item in part.items)
    for annex in report.annexes:
        # all notes in time order are those above
        yield from ((annex.heading, item) for item in annex.items if annex.key != "notes")
    yield from ((report.words["late_title"], item) for item in report.late)
    yield from ((report.words["dropped_title"], item) for item in report.dropped)


def _trace(where: str, item: Item) -> tuple[str, ...]:
    return (
        item.number or "",
        where,
        item.session or "",
        item.text,
        str(item.attributes.get("speaker") or ""),
        str(item.attributes.get("org") or ""),
        ", ".join(item.authors),
        item.at.isoformat(" ", "seconds"),
        item.link or f"{item.platform} · {item.chat} · {item.message_id}",
        ", ".join(at.isoformat(" ", "seconds") for at in item.edits),
        "\n".join(item.decisions),
    )


def _write_table(rows: Iterable[Sequence[str]]) -> bytes:
    """Rows as spreadsheets read them, with a mark that they are UTF-8; what looks like a formula is marked as text."""
    written = StringIO(newline="")
    csv.writer(written).writerows([f"'{cell}" if _FORMULA.match(cell) else cell for cell in row] for row in rows)
    return written.getvalue().encode("utf-8-sig")
