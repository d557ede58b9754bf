"""Builds reports to render: around some notes, around a text in every place, and long ones."""

from collections.abc import Iterable, Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from functools import cache
from typing import Any
from zoneinfo import ZoneInfo

from core.messages import Attachment
from reports.report import (
    Annex,
    Change,
    Changes,
    CheckList,
    Field,
    Grid,
    Group,
    Item,
    Part,
    Picture,
    Report,
    ReviewItem,
    Section,
    SessionBlock,
    Summary,
    Trace,
)
from reports.template import say
from reports.words import load_words

_ZONE = ZoneInfo("America/New_York")
START = datetime(2017, 7, 9, 9, 5, tzinfo=_ZONE)
# one dot, as PNG, and as a JPEG without its lines
PNG = bytes.fromhex(
    "89504e470d0a1a0a0000000d4948445200000001000000010802000000907753de0000000c49444154789c6350704800"
    "00014400c10b8d96420000000049454e44ae426082"
)
JPEG = bytes.fromhex("ffd8ffe000104a46494600010100000100010000ffc0000b080001000101011100ffd9")
PEOPLE = ("Amina Fictional", "Jorge Fictional", "李虚构", "سلمى الخيالية")


@cache
def words(language: str) -> dict[str, str]:
    """The project's own fixed phrases."""
    return {key: say(words, language) for key, words in load_words().items()}


def note(text: str, minutes: int = 0, **other: Any) -> Item:
    """A note; what is not given is plain."""
    author = PEOPLE[minutes % 4]
    plain: dict[str, Any] = {
        "number": None,
        "tag": "topic",
        "session": None,
        "message_id": str(100 + minutes),
        "chat": "main",
        "platform": "console",
        "author": author,
        "at": START + timedelta(minutes=minutes),
        "authors": (author,),
    }
    return Item(text=text, **(plain | other))


def part(key: str, heading: str | None, notes: Iterable[Item], style: str = "bullets", language: str = "en") -> Part:
    items = tuple(notes)
    return Part(key, heading, style, (Group(None, items),) if items else (), words(language)["no_notes"])


def session(label: str, title: str, theme: str, parts: Sequence[Part], language: str = "en") -> SessionBlock:
    heading = words(language)["session_titled"].format(label=label, title=title)
    return SessionBlock(label, title, theme, heading, tuple(parts))


def around(*sections: Section, language: str = "en", **other: Any) -> Report:
    """A report of these sections with nothing else in it."""
    plain: dict[str, Any] = {
        "template": "bapa40",
        "direction": "rtl" if language == "ar" else "ltr",
        "title": "Regional/Thematic Consultations",
        "subtitle": "",
        "preamble": "",
        "meeting": {"name": "sample", "title": "Sample", "zone": "America/New_York"},
        "fields": (),
        "annexes": (),
        "late": (),
        "review": (),
        "checks": (),
        "footnote": "",
    }
    return Report(language=language, sections=sections, words=words(language), **(plain | other))


def of_notes(*texts: str, style: str = "bullets") -> Report:
    """A report of one section with these notes."""
    notes = [note(text, n) for n, text in enumerate(texts)]
    return around(Section("A", "A", "Points", "", (part("A.items", None, notes, style),)))


def of_many(count: int) -> Report:
    """A long report: recommendations, challenges and sessions with tables of actions."""
    text = "Member States should strengthen coordination of South-South cooperation, with the means it takes ({}). "
    notes = [note(text.format(n) * (1 + n % 4), n % 1000) for n in range(count)]
    third = count // 3
    cited = [replace(item, number=f"R{n}", session="II") for n, item in enumerate(notes[:third], 1)]
    blocks = [
        session(
            str(n),
            f"Session {n}",
            "Means",
            [
                part("conclusions", "Conclusions", notes[start : start + 50]),
                part(
                    "action_points",
                    "Action points",
                    [
                        replace(item, attributes={"to": "UNOSSC", "by": "2018"})
                        for item in notes[start + 50 : start + 100]
                    ],
                    "actions",
                ),
            ],
        )
        for n, start in enumerate(range(third * 2, count, 100), 1)
    ]
    return around(
        Section("B", "B", "Recommendations", "", (part("B.items", None, cited),)),
        Section("C", "C", "Challenges", "", (part("C.items", None, notes[third : 2 * third], "numbered"),)),
        Section("F", "F", "Sessions", "", (), tuple(blocks)),
    )


def hostile(text: str) -> Report:
    """A report with this text wherever a person's words can stand, and a plain note beside each."""
    item, plain = note(text), note("Plain neighbour.", 1)
    named = replace(item, number="R1", attributes={"to": text, "by": text}, attachments=(Attachment("photo", text),))
    parts = (
        part("A.bullets", text, [item, plain]),
        part("A.numbered", "Numbered", [item, plain], "numbered"),
        part("A.paragraphs", "Paragraphs", [item, plain], "paragraphs"),
        part("A.cited", "Cited", [named, replace(plain, number="R2")]),
        part("A.actions", "Actions", [named, plain], "actions"),
    )
    block = SessionBlock(text, text, text, text, (part("conclusions", text, [item, plain]),))
    return around(
        Section("A", "A", "Parts", text, parts),
        Section("F", "F", "Sessions", "", (), (block,)),
        title=text,
        subtitle=text,
        preamble=text,
        meeting={"title": text},
        fields=(
            Field("title", text, text, True, ""),
            Field("venue", "Venue:", None, True, text),
        ),
        annexes=(Annex("documents", text, (item, plain)),),
        late=(replace(item, author=text), plain),
        review=(ReviewItem("unknown_tag", "7", text, text, item.at, text),),
        checks=(CheckList(text, (text, "Plain line.")),),
        footnote=text,
    )


def hostile_pages(text: str) -> Report:
    """The pages that `hostile` has not: tables, annexes and desk pages, with this text in all that they hold."""
    item, plain = note(text), note("Plain neighbour.", 1)
    aimed = replace(item, number="R1", credit=text, attributes={"to": text, "by": text})
    told = replace(plain, number="R2", attributes={"to": text})
    grid = Grid(text, (text, "Count"), ((text, "1"), ("Plain", text)))
    parts = (
        part("A.table", "Table", [aimed, replace(plain, number="R2")], "table"),
        part("A.list", "List", [replace(item, number="R3")], "table"),
        part("A.counted", "Counted", [replace(item, paragraph=1), replace(plain, paragraph=2)]),
    )
    block = SessionBlock("I", "", "", "Session I", (part("conclusions", "Conclusions", [plain]),))
    return around(
        Section("A", "A", "Parts", "", parts),
        Section("F", "F", "Sessions", "", (), (block,)),
        title="Pages",
        annexes=(
            Annex("participants", "Participants", (), (grid,)),
            Annex("photographs", "Photographs", (), (), (Picture(text, text, PNG), Picture(text, text))),
            Annex("notes", "All notes", (replace(item, session=f"Breakout {text}"), told)),
        ),
        provenance=(Trace(text, text, text, text),),
        overview=grid,
        dropped=(replace(item, author=text, decisions=(text,)), plain),
        history=grid,
        changes=Changes(1, text, (Change("changed", text, text, text, text), Change("new", None, text, "", text))),
    )


def hostile_summary(text: str) -> Report:
    """A summary page with this text in all that it holds."""
    item = note(text, number="R1", attributes={"to": text})
    return around(
        title=text, summary=Summary(text, (text, "Notes: 1"), (text, "Session II"), (part("B.items", text, [item]),))
    )
