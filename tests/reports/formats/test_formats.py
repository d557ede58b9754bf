from io import BytesIO
from zipfile import ZipFile

import pytest

from core.errors import UserError
from reports.formats import FORMATS, load_format
from tests.reports.formats.consultations import arabic, chinese, english


def test_load_format_gives_each_format_with_its_names():
    told = {name: (load_format(name).NAME, load_format(name).SUFFIX) for name in FORMATS}
    assert told == {
        "docx": ("docx", ".docx"),
        "html": ("html", ".html"),
        "md": ("md", ".md"),
        "markdown": ("md", ".md"),
        "json": ("json", ".json"),
    }


def test_load_format_lists_the_formats_for_an_unknown_name():
    with pytest.raises(UserError) as raised:
        load_format("odt")
    assert str(raised.value) == "There is no format 'odt'. Formats: docx, html, md, markdown, json."


@pytest.mark.parametrize("name", ["docx", "html", "md", "json"])
@pytest.mark.parametrize("make", [english, arabic, chinese])
def test_render_gives_the_same_bytes_for_equal_reports(name, make):
    assert load_format(name).render(make()) == load_format(name).render(make())


def test_render_puts_no_time_of_day_into_the_word_file():
    with ZipFile(BytesIO(load_format("docx").render(english()))) as package:
        assert {entry.date_time for entry in package.infolist()} == {(1980, 1, 1, 0, 0, 0)}


@pytest.mark.parametrize("name", ["docx", "html", "md"])
def test_render_never_shows_a_speaker(name):
    content = load_format(name).render(english())
    if name == "docx":
        with ZipFile(BytesIO(content)) as package:
            content = b"".join(package.read(entry) for entry in package.namelist())
    report = english()
    speakers = [
        item.attributes["speaker"] for part in report.parts() for item in part.items if "speaker" in item.attributes
    ]
    assert speakers == ["Not Shown"]
    assert b"Not Shown" not in content
