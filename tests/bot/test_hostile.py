"""Texts and names that try to be more than they are: inert in every format, and no other note is changed."""

import json
import re
import shutil
from pathlib import Path
from typing import Any

import pytest
from lxml import etree, html

from core.text import clean_text
from tests.bot.program import Program
from tests.bot.transcripts import line
from tests.reports.formats.office import convert

LONG = "word " * 8000
RAW = {
    "html": "<script>alert(1)</script><img src=x onerror=alert(2)> & <b>bold</b> &amp; </textarea><!--",
    "markdown": "# heading\n- item **bold** [link](javascript:alert(3)) ![i](x) | a | b |\n|---|---|",
    "jinja": "{{ 7 * 7 }} {% for x in y %} {# gone #} {0} %s ${x}",
    "word": '</w:t></w:r></w:p><w:p><w:r><w:br w:type="page"/><w:t>]]> <![CDATA[ <?xml?> &#x0;',
    "controls": "a\x00b\x07c\x1b[31md\x7fe\ufffef\u2028g\x0bh\x85i",
    "surrogates": "one \\ud800 two \\udc00 three",
    "calc": "=cmd|' /C calc'!A0",
    "bidi": "left \u202eright \u2067isolated \u200f\u202b again",
    "path": "../../x ..\\..\\y /etc/passwd",
    "emoji": "👩\u200d👩\u200d👧 🇦🇷 e\u0301 ﷺ",
    "long": LONG,
    "unbroken": "x" * 40_000,
}
NAMES = ("../../x", "<b>Ana</b>", "{{ 7 }}", "=cmd|' /C calc'!A0", "</w:t>", "a\u202eb", "| a | b |", "con\\u0000", " ")
BENIGN = [
    line("#challenge Costs are rising", 10, author="Ben"),
    line("#session II: Means", 11, author="Ben"),
    line("#conclusion Agreed", 12, author="Ben"),
    line("#recommendation Share data to: Members", 13, author="Ben"),
    line("#venue Geneva", 14, author="Ben"),
]


def hostile_lines() -> list[str]:
    """Notes with each of the texts, in parts, a table, fields, annexes and the review list; names of every kind."""
    lines = [line("/open ../../x\\ntitle: ignored", 1), line("#title ../../x <script>alert(9)</script>", 2)]
    number = 20
    for text in RAW.values():
        for tag in ("need", "trend", "attendance", "xyzzy"):
            number += 1
            lines.append(_raw_line(f"#{tag} {text}", number))
    for name in NAMES:
        number += 2
        lines.append(_raw_line(f"#session {name}: {name}", number, author=name, chat="h"))
        lines.append(_raw_line(f"#action {name} to: {name}", number + 1, author=name, chat="h"))
        lines.append(_raw_line(f"#need of {number}", number, author=name, chat=name, platform=name, message_id=name))
        given = {"attachments": [{"kind": name, "name": name}]}
        lines.append(_raw_line(f"#document {number}", number, author=name, chat="i", **given))
    tags = " ".join(["#need", "#trend", "#topic", "#challenge", "#rec"] * 6)
    return [*lines, line(f"{tags} thirty tags", 1, chat="j"), line(f"#preparedby {LONG}", 2, chat="j")]


def _raw_line(text: str, number: int, **given: Any) -> str:
    """A line in which `\\ud800` and its like stand for what JSON has them stand for."""
    return line(text, number, **given).replace("\\\\ud", "\\ud").replace("\\\\u0", "\\u0")


@pytest.fixture(scope="module")
def made(program: Program, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The folder of a replay of the hostile lines among benign ones, with all formats in it."""
    folder = tmp_path_factory.mktemp("hostile") / "a" / "b"
    folder.mkdir(parents=True)
    (folder / "t.jsonl").write_text("\n".join([*BENIGN, *hostile_lines()]), "utf-8")
    (folder / "benign.jsonl").write_text("\n".join(BENIGN), "utf-8")
    code, output, errors = program.run(folder, "replay", "t.jsonl", "--out", "out")
    assert (code, output.split(), errors) == (
        0,
        [f"out/t.{suffix}" for suffix in ("docx", "pdf", "html", "md", "json")],
        "",
    )
    assert program.run(folder, "replay", "benign.jsonl", "--format", "json", "--out", "out")[0] == 0
    return folder


def expected_texts() -> list[str]:
    """The hostile texts as a report has them: clean, and without outer spaces."""
    texts = [json.loads(f'"{text}"') if "\\u" in text else text for text in RAW.values()]
    return [clean_text(text).strip() for text in texts]


def notes_of(folder: Path, name: str = "t") -> dict[str, Any]:
    return json.loads((folder / "out" / f"{name}.json").read_text("utf-8"))


def test_files_land_in_their_folder_only(made: Path):
    beside = {path.relative_to(made.parents[1]).as_posix() for path in made.parents[1].rglob("*") if path.is_file()}
    assert beside == {
        "a/b/t.jsonl",
        "a/b/benign.jsonl",
        *(f"a/b/out/{name}" for name in ("t.docx", "t.pdf", "t.html", "t.md", "t.json", "benign.json")),
    }


def test_a_draft_of_a_meeting_with_a_hostile_title_has_a_safe_name(program: Program, tmp_path: Path):
    folder = tmp_path / "a" / "b"
    folder.mkdir(parents=True)
    code, _, errors = program.run(folder, "run", typed="/open ../../x/<b>\n/draft md\n/close\n/open ../..\n/draft md\n")
    assert (code, errors) == (0, "")
    # the first was made ready under a name of its own, the second is named after its title
    names = sorted(path.relative_to(tmp_path).as_posix() for path in tmp_path.rglob("*-draft-*"))
    assert [re.sub(r"\d{4}-\d\d-\d\d", "DAY", name) for name in names] == [
        "a/b/drafts/console-DAY-draft-1.md",
        "a/b/drafts/console-DAY-draft-2.docx",
        "a/b/drafts/meeting-draft-1.md",
    ]


def test_transcript_with_a_hostile_name_makes_files_with_safe_ones(program: Program, tmp_path: Path):
    name = "..{{x}} <b> \u202e=cmd|' .jsonl"
    (tmp_path / name).write_text("\n".join(BENIGN), "utf-8")
    assert program.run(tmp_path, "replay", name, "--format", "md") == (0, "x-b-cmd.md\n", "")


def test_every_hostile_text_stands_whole_where_its_tag_says(made: Path):
    report = notes_of(made)
    texts = expected_texts()
    for notes in (report["parts"]["E.needs"], report["parts"]["C.trends"], report["annexes"]["attendance"]):
        assert [note["text"] for note in notes if " of " not in f" {note['text']}"][: len(texts)] == texts
    waiting = [entry["text"] for entry in report["review"] if entry["kind"] == "unknown_tag"]
    assert [text.removeprefix("#xyzzy").strip() for text in waiting] == texts
    assert [entry["kind"] for entry in report["review"] if "thirty tags" in entry["text"]] == ["too_many_tags"]


def test_other_notes_are_as_without_the_hostile_ones(made: Path):
    with_them, without = (by_author(notes_of(made, name), "Ben") for name in ("t", "benign"))
    assert len(without) == 3
    assert with_them == without
    assert notes_of(made)["fields"]["venue"] == "Geneva"


def by_author(report: dict[str, Any], author: str) -> list[tuple[str, Any]]:
    parts = [*report["parts"].items()]
    parts += [(f"{s['label']}.{key}", notes) for s in report["sessions"] for key, notes in s["parts"].items()]
    return [(key, note) for key, notes in parts for note in notes if note["author"] == author]


def test_html_has_the_texts_and_no_element_of_theirs(made: Path):
    source = (made / "out" / "t.html").read_bytes()
    page = html.document_fromstring(source.decode("utf-8"))
    assert page.xpath("//script | //img | //b | //textarea | //iframe | //*[@onerror or @onclick]") == []
    assert [a.get("href") for a in page.iter("a") if not a.get("href", "").startswith("#")] == []
    shown = squeeze(page.text_content())
    assert [text[:40] for text in expected_texts() if squeeze(text) not in shown] == []


def test_markdown_has_every_text_and_no_heading_or_link_of_theirs(made: Path):
    source = (made / "out" / "t.md").read_text("utf-8")
    assert re.findall(r"(?<!\\)\]\(", source) == []
    assert re.findall(r"^#+ heading", source, re.MULTILINE) == []
    assert re.findall(r"(?<!\\)<script", source) == []


def test_docx_is_whole_and_has_every_text(made: Path, tmp_path: Path):
    shutil.unpack_archive(made / "out" / "t.docx", tmp_path / "x", "zip")
    for path in (tmp_path / "x").rglob("*.xml"):
        etree.parse(path)
    body = etree.parse(tmp_path / "x" / "word" / "document.xml")
    shown = squeeze("".join(body.getroot().itertext()))
    assert [text[:40] for text in expected_texts() if squeeze(text) not in shown] == []


def test_docx_is_opened_by_libreoffice(made: Path, tmp_path: Path):
    convert(made / "out", "txt:Text (encoded):UTF8", "t.docx", out=tmp_path)
    shown = squeeze((tmp_path / "t.txt").read_text("utf-8"))
    assert [text[:40] for text in expected_texts() if squeeze(text) not in shown] == []
    assert [n["text"] for _, n in by_author(notes_of(made), "Ben") if squeeze(n["text"]) not in shown] == []


def squeeze(text: str) -> str:
    """A text without spaces and what only directs its setting, which formats may each show in their own way."""
    return re.sub("[\\s\u00ad\u200b-\u200f\u202a-\u202e\u2060-\u2069\ufe0f]+", "", text)
