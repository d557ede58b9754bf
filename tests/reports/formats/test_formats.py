from io import BytesIO
from zipfile import ZipFile

import pytest

from core.errors import UserError
from reports.formats import FORMATS, load_format
from tests.reports.formats.consultations import arabic, chinese, english
from tests.reports.formats.sample import hostile_pages


def test_load_format_gives_each_format_with_its_names():
    told = {name: (load_format(name).NAME, load_format(name).SUFFIX) for name in FORMATS}
    assert told == {
        "docx": ("docx", ".docx"),
        "html": ("html", ".html"),
        "md": ("md", ".md"),
        "markdown": ("md", ".md"),
        "json": ("json", ".json"),
        "pdf": ("pdf", ".pdf"),
    }


def test_load_format_lists_the_formats_for_an_unknown_name():
    with pytest.raises(UserError) as raised:
        load_format("odt")
    assert str(raised.value) == "There is no format 'odt'. Formats: docx, html, md, markdown, json, pdf."


@pytest.mark.parametrize("name", ["docx", "html", "md", "json", "pdf"])
@pytest.mark.parametrize("make", [english, arabic, chinese, lambda: hostile_pages("Fund it.")])
def test_render_gives_the_same_bytes_for_equal_reports(name, make):
    assert load_format(name).render(make()) == load_format(name).render(make())


def test_render_puts_no_time_of_day_into_the_word_file():
    with ZipFile(BytesIO(load_format("docx").render(english()))) as package:
        assert {entry.date_time for entry in package.infolist()} == {(1980, 1, 1, 0, 0, 0)}
