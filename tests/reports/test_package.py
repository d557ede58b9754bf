"""The zip of what is sent in: names that lead nowhere, checksums that are right, the same bytes each time."""

import re
from hashlib import sha256
from io import BytesIO
from pathlib import PurePosixPath, PureWindowsPath
from zipfile import ZipFile

import pytest
from hypothesis import given
from hypothesis import strategies as st

from reports.package import MANIFEST, Entry, name_entries, pack
from tests.reports.formats.hostile_texts import HOSTILE

_UNSEEN = re.compile("[\x00-\x1f\x7f-\x9f\u200b-\u200f\u2028-\u202e\u2066-\u2069\ufeff]")


@pytest.mark.parametrize(
    ("name", "safe"),
    [
        ("Concept note v2.docx", "Concept note v2.docx"),
        ("Note conceptuelle – été.pdf", "Note conceptuelle – été.pdf"),
        ("概念说明.pdf", "概念说明.pdf"),
        ("../../etc/passwd", "_.._etc_passwd"),
        (r"C:\Windows\x.dll", "C__Windows_x.dll"),
        ("/root", "_root"),
        (".bashrc", "bashrc"),
        ("a\0b\r\nc\x7f.txt", "a b c.txt"),
        ("invoice\u202excod.exe", "invoice xcod.exe"),
        ("CON.txt", "_CON.txt"),
        ("lpt1", "_lpt1"),
        ("console.txt", "console.txt"),
        ("-rf", "_-rf"),
        ("~root", "_~root"),
        ("%PATH%.txt", "_PATH_.txt"),
        ("a. . ", "a"),
        ("", "file"),
        ("...", "file"),
        ("manifest.TXT", "manifest-2.TXT"),
        ("x" * 300 + ".pdf", "x" * 96 + ".pdf"),
        ("文" * 300 + ".pdf", "文" * 65 + ".pdf"),
        ("a." + "b" * 300, "a." + "b" * 98),
    ],
)
def test_name_of_a_posted_file_is_made_safe(name: str, safe: str):
    assert name_entries([Entry("", name, b"")]) == [safe]


def test_names_differ_also_without_capitals():
    entries = [Entry(*names, b"") for names in [("a", "x.pdf"), ("a", "X.PDF"), ("b", "x.pdf"), ("a", "x.pdf")]]
    assert name_entries(entries) == ["a/x.pdf", "a/X-2.PDF", "b/x.pdf", "a/x-3.pdf"]
    # names that are cut are told apart too
    long = [Entry("a", "x" * 200 + end, b"") for end in ("1", "2")]
    assert name_entries(long) == ["a/" + "x" * 100, "a/" + "x" * 98 + "-2"]


@given(st.lists(st.text(max_size=150) | st.sampled_from(sorted(HOSTILE.values())), min_size=1, max_size=5))
def test_any_names_stay_in_their_folder(given_names: list[str]):
    names = name_entries([Entry("documents", name, b"") for name in given_names])
    assert len({name.casefold() for name in names}) == len(names)
    for name in names:
        folder, base = name.split("/")
        assert (folder, str(PurePosixPath(base).name), PureWindowsPath(base).name) == ("documents", base, base)
        assert 0 < len(base) <= 100
        assert len(base.encode()) <= 200
        assert not _UNSEEN.search(base)
        assert base.strip(". ") == base


def test_package_holds_every_file_with_its_checksum():
    entries = [
        Entry("", "report.docx", b"PK" + bytes(range(256)) * 9),
        Entry("documents", "../مذكرة.pdf", b"%PDF"),
        Entry("documents", "empty", b""),
        Entry("photographs", "a.jpg", b"\xff\xd8" * 99),
    ]
    packed = pack(entries, "Talks of May", ["The concept note is missing."], "Files:")
    with ZipFile(BytesIO(packed)) as made:
        names = made.namelist()
        held = {name: made.read(name) for name in names}
        assert made.testzip() is None
        # a name beyond ASCII is marked as UTF-8
        assert [bool(info.flag_bits & 0x800) for info in made.infolist()] == [False, False, True, False, False]
        assert {info.date_time for info in made.infolist()} == {(1980, 1, 1, 0, 0, 0)}
    assert names == [MANIFEST, "report.docx", "documents/_مذكرة.pdf", "documents/empty", "photographs/a.jpg"]
    assert [held[name] for name in names[1:]] == [entry.content for entry in entries]
    assert held[MANIFEST].decode().split("\n") == [
        "Talks of May",
        "",
        "- The concept note is missing.",
        "",
        "Files:",
        *(f"{sha256(held[name]).hexdigest()}  {len(held[name]):>10}  {name}" for name in names[1:]),
        "",
    ]
    assert pack(entries, "Talks of May", ["The concept note is missing."], "Files:") == packed


def test_package_without_remarks_has_its_files_alone():
    with ZipFile(BytesIO(pack([], "Talks", [], "Files:"))) as made:
        assert {name: made.read(name) for name in made.namelist()} == {MANIFEST: b"Talks\n\nFiles:\n"}
