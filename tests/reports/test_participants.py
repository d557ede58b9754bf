"""The list of participants: what people post as a list, read as one table; what cannot be read is said."""

from collections.abc import Sequence
from datetime import date, datetime
from io import BytesIO
from zipfile import ZIP_DEFLATED, ZipFile

import pytest
from hypothesis import given
from hypothesis import strategies as st
from openpyxl import Workbook

from core.messages import Attachment
from reports.participants import find_tabled, list_participants
from reports.report import Grid
from reports.spreadsheets import MOST_ROWS
from tests.reports.conversation import report_of
from tests.reports.formats.hostile_texts import HOSTILE, texts
from tests.reports.formats.sample import note, words

WORDS = words("en")
HEADS = ("Name", "Organisation", "Country")


def read_text(*posted: str) -> tuple[Grid, ...]:
    grids, unread = list_participants([note(text, n, tag="participants") for n, text in enumerate(posted)], {}, WORDS)
    assert unread == ()
    return grids


def read_files(**posted: bytes) -> tuple[tuple[Grid, ...], tuple[str, ...]]:
    """What comes of these files, each with a caption; `list_csv` is "list.csv"."""
    names = [name.replace("_", ".") for name in posted]
    items = [note("See here", n, attachments=(Attachment("file", name, name),)) for n, name in enumerate(names)]
    files = {("console", name): content for name, content in zip(names, posted.values(), strict=True)}
    return list_participants(items, files, WORDS)


def workbook(*rows: Sequence[object], hidden: Sequence[object] = ()) -> bytes:
    book = Workbook()
    if hidden:
        book.active.append(hidden)
        book.active.sheet_state = "hidden"
        book.create_sheet("Empty")
        book.create_sheet("People")
    for row in rows:
        book.worksheets[-1].append(row)
    if hidden:
        book.worksheets[-1].merge_cells("A1:B1")
    return saved(book)


def saved(book: Workbook) -> bytes:
    content = BytesIO()
    book.save(content)
    return content.getvalue()


# --- lists in messages ---------------------------------------------------------------------------------------------


def test_list_in_a_message_has_a_line_a_person():
    assert read_text(
        "Present today:\nAna Souza, Ministry of Health, Brazil\n2. Ben Okoth; Data, Inc.; Kenya\n\n- Wei Li – UNOSSC\n"
        "Inès Dupont\tDirectrice\tONU Femmes\tFrance\n李虚构，发改委，中国\nسلمى، وزارة الصحة، مصر\nJean-Paul Sartre",
    ) == (
        Grid(
            "",
            HEADS,
            (
                ("Ana Souza", "Ministry of Health", "Brazil"),
                ("Ben Okoth", "Data, Inc.", "Kenya"),
                ("Wei Li", "UNOSSC", ""),
                ("Inès Dupont", "Directrice, ONU Femmes", "France"),
                ("李虚构", "发改委", "中国"),
                ("سلمى", "وزارة الصحة", "مصر"),
                ("Jean-Paul Sartre", "", ""),
            ),
        ),
    )


def test_lists_with_the_same_columns_are_one_table():
    twice = "Participants\nAna, Health\nBen, Data"
    other = "Nom; Organisme; Pays\nCléo; ONU; Togo"
    assert read_text(twice, "Ben, Data, \nDan, Water", other) == (
        Grid("", HEADS, (("Ana", "Health", ""), ("Ben", "Data", ""), ("Dan", "Water", ""))),
        Grid("", ("Nom", "Organisme", "Pays"), (("Cléo", "ONU", "Togo"),)),
    )


@given(st.lists(texts, max_size=3).map("\n".join))
def test_words_of_a_list_that_is_not_printed_are_in_the_table(text: str):
    item = note(text, tag="participants", note="n")
    if find_tabled([item], WORDS):
        lines = [line for line in text.split("\n") if not line.strip().endswith((":", "："))]
        told = "".join(cell for grid in read_text(text) for row in (grid.heads, *grid.rows) for cell in row)
        assert {char for line in lines for char in line if char.isalpha()} <= set(told)


@given(texts | st.sampled_from(sorted(HOSTILE.values())))
def test_any_line_stays_text(text: str):
    for grid in read_text(text):
        # the first column of some lists is their numbering
        assert grid.heads in (HEADS, ("", *HEADS))
        assert all(piece in text for row in grid.rows for cell in row for piece in cell.split(", "))


def test_list_that_is_wholly_in_the_table_is_not_printed_beside_it():
    listed = "Present today:\nAna Souza, Ministry of Health, Brazil\nBen Okoth, Data, Kenya"
    report = report_of(f"09:00 Ana: #participants {listed}", "09:01 Ana: #topic Costs")
    annexes = {annex.key: annex for annex in report.annexes}
    people = annexes["participants"]
    rows = (("Ana Souza", "Ministry of Health", "Brazil"), ("Ben Okoth", "Data", "Kenya"))
    assert (people.grids, people.printed_items) == ((Grid("", HEADS, rows),), ())
    assert [item.text for item in people.items] == [listed]
    assert [item.text for item in annexes["notes"].items] == [listed, "Costs"]


def test_list_of_which_a_line_is_in_no_table_is_printed_too():
    script = (
        "09:00 Ana: #participants First day\nName; Organisation\nAna; Health",
        "09:01 Ana: #participants See the list",
    )
    report = report_of(*script, photos={2: "list.jpg"})
    [people] = [annex for annex in report.annexes if annex.key == "participants"]
    assert people.printed_items == people.items
    assert len(people.items) == 2


def test_chatham_house_meeting_has_its_list_in_no_annex():
    report = report_of("09:00 Ana: #participants Ana Souza, Health", "09:01 Ana: #topic Costs", rule="chatham")
    assert [item.text for annex in report.annexes for item in annex.items] == ["Costs"]


# --- files ---------------------------------------------------------------------------------------------------------

CSV = 'Name,Institution,Pays\r\n\r\n"Souza, Ana",Santé,Brésil\r\nBen,"""Data""",\r\n,,\r\n'
READ = Grid("", ("Name", "Institution", "Pays"), (("Souza, Ana", "Santé", "Brésil"), ("Ben", '"Data"', "")))


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "utf-16-le", "utf-16-be", "cp1252"])
@pytest.mark.parametrize("sign", [",", ";", "\t", "|"])
def test_delimited_text_is_read_in_any_encoding(encoding: str, sign: str):
    # the sign within quotes is no sign
    text = CSV.replace(",", sign).replace(f"Souza{sign}", "Souza,")
    assert read_files(list_csv=text.encode(encoding)) == ((READ,), ())


def test_workbook_is_read_by_values():
    content = workbook(
        ["List of participants", None, None, None],
        [],
        [None, "No.", "Full name", "Since", "Seats"],
        [None, 1, "Ana  Souza\n(chair)", datetime(2017, 7, 9), 2.0],  # noqa: DTZ001 - a cell has no zone
        [None, 2, "=cmd|'/C calc'!A0", date(2017, 7, 9), 2.5],
        [],
        [None, 3, "<b>\x85</b>", datetime(2017, 7, 9, 9, 5), True],  # noqa: DTZ001 - likewise
        hidden=["Name", "secret"],
    )
    assert read_files(list_xlsx=content) == (
        (
            Grid(
                "",
                ("", "No.", "Full name", "Since", "Seats"),
                (
                    ("", "1", "Ana Souza (chair)", "2017-07-09", "2"),
                    ("", "2", "", "2017-07-09", "2.5"),
                    ("", "3", "<b> </b>", "2017-07-09 09:05", "True"),
                ),
            ),
        ),
        # its formula was never worked out
        ("list.xlsx: no name in row 5",),
    )


def test_list_without_a_heading_has_the_usual_one():
    content = b"1;Ana;Health;Brazil\n2;Ben;;Kenya\n3;;Water;\n"
    rows = (("1", "Ana", "Health", "Brazil"), ("2", "Ben", "", "Kenya"), ("3", "", "Water", ""))
    assert read_files(a_csv=content, b_csv=b"Ana\nBen") == (
        (Grid("", ("", *HEADS), rows), Grid("", HEADS, (("Ana", "", ""), ("Ben", "", "")))),
        ("a.csv: no name in row 3",),
    )


def test_rows_without_a_name_are_kept_and_told():
    content = "Name,Organisation\n" + "".join(f",Agency {n}\n" for n in range(12)) + "Ana,Health\n"
    grids, unread = read_files(list_csv=content.encode())
    assert [len(grid.rows) for grid in grids] == [13]
    assert unread == ("list.csv: no name in row 2, 3, 4, 5, 6, 7, 8, 9, 10, 11 …",)


def bomb() -> bytes:
    content = BytesIO()
    with ZipFile(content, "w", ZIP_DEFLATED) as made:
        made.writestr("xl/workbook.xml", b" " * 40_000_000)
    return content.getvalue()


def entities() -> bytes:
    """A workbook whose sheet would be made of its own text a million times."""
    content, made = BytesIO(workbook(["Name"], ["Ana"])), BytesIO()
    nested = "".join(f'<!ENTITY e{n} "{f"&e{n - 1};" * 10}">' for n in range(1, 9))
    with ZipFile(content) as before, ZipFile(made, "w", ZIP_DEFLATED) as after:
        for name in before.namelist():
            data = before.read(name).decode()
            if name == "xl/worksheets/sheet1.xml":
                data = f'<!DOCTYPE x [<!ENTITY e0 "ha">{nested}]>' + data.replace("Ana", "&e8;")
                data = data.replace('t="s"><v>1</v>', 't="str"><v>&e8;</v>')
            after.writestr(name, data)
    return made.getvalue()


FORMAT = "it is no spreadsheet that can be read. Save the list as .xlsx or .csv and post it with #participants."
DAMAGED = "the spreadsheet is damaged. Save it anew and post it with #participants."
LARGE = "it is too large for a list of participants (5000 rows and 20 columns at most)."


@pytest.mark.parametrize(
    ("content", "told"),
    [
        (
            b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1",
            "it is no spreadsheet that can be read (.xls of Excel 97, or locked with a password: save it as .xlsx "
            "without one).",
        ),
        (b"", "there is nothing in it."),
        (b" ,,\n\n", "there is nothing in it."),
        (workbook(), "there is nothing in it."),
        (b"%PDF-1.7\n\0\xff", FORMAT),
        (b"\x89PNG\r\n\x1a\n\0\0", FORMAT),
        (b"\xff\xfea", FORMAT),
        (b"Caf\x81", FORMAT),
        (workbook(["Name"], ["Ana"])[:-40], DAMAGED),
        (entities(), DAMAGED),
        (b"a" * 200_000, DAMAGED),
        (bomb(), LARGE),
        (b"name\n" * (MOST_ROWS + 1), LARGE),
        (b",".join([b"x"] * 21), LARGE),
        (b"x" * 5_000_001, LARGE),
    ],
)
def test_unreadable_file_is_told_with_what_to_do(content: bytes, told: str):
    assert read_files(list_xlsx=content) == ((), (f"list.xlsx: {told}",))


def test_other_files_and_those_that_are_not_here():
    items = [
        note("Sheet of paper", 1, attachments=(Attachment("photo", "photo-1.jpg", "p"),)),
        note("From a transcript", 2, attachments=(Attachment("file", "list.xlsx"),)),
        note("Not fetched", 3, attachments=(Attachment("file", "list.csv", "c"),)),
    ]
    assert list_participants(items, {}, WORDS) == (
        (),
        ("list.csv: it could not be fetched from the chat. Ask for the draft again.",),
    )


@given(st.binary(max_size=200) | st.binary(max_size=200).map(lambda tail: workbook(["Name"], ["Ana"])[:-200] + tail))
def test_any_bytes_are_a_list_or_told(content: bytes):
    grids, unread = read_files(list_xlsx=content)
    assert grids or unread
    assert all(len(row) == len(grid.heads) for grid in grids for row in grid.rows)
