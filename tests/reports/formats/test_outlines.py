"""The outline of one meeting in every template, format and script, as it was found right when it was looked at.

A file a template and language, `tests/reports/outlines/TEMPLATE.LANGUAGE.txt`. A new template or format needs no line
here: `UPDATE_OUTLINES=1 .venv/bin/python -m pytest tests/reports/formats/test_outlines.py` writes what is missing or
has changed; read the difference before it is kept.
"""

import os
from dataclasses import replace
from pathlib import Path

import pytest

from core.tags import TagKind, vocabulary
from reports.formats import FORMATS, load_format
from reports.placement import place
from reports.report import Report
from tests.reports.conversation import TEMPLATES, record_of
from tests.reports.formats.outline_readers import READERS, tell_outline

OUTLINES = Path(__file__).parent.parent / "outlines"
UPDATING = "UPDATE_OUTLINES" in os.environ
# one language of each script
LANGUAGES = ("en", "ru", "ar", "zh")
SESSIONS = {
    "en": ("Financing", "Partnerships"),
    "ru": ("Финансирование", "Партнерства"),
    "ar": ("التمويل", "الشراكات"),
    "zh": ("筹资", "伙伴关系"),
}
THINGS = [
    *(
        "apples",
        "bridges",
        "clinics",
        "deserts",
        "engines",
        "ferries",
        "gardens",
        "harbours",
        "islands",
        "journals",
        "kitchens",
        "ladders",
    ),
    *(
        "markets",
        "needles",
        "orchards",
        "pumps",
        "quarries",
        "rivers",
        "schools",
        "turbines",
        "unions",
        "valleys",
        "wells",
        "yards",
    ),
]
NOTE_TAGS = [key for key, tag in vocabulary().tags.items() if tag.kind is TagKind.NOTE]


def name_things(number: int, step: int) -> str:
    """Some words that no other note has together: notes that resemble each other would fill the checklist."""
    return " ".join(THINGS[(number + step * place * (place + 1)) % len(THINGS)] for place in range(4))


def script(language: str) -> list[str]:
    """A day of two sessions in which every tag is used outside and inside of a session."""
    first, second = SESSIONS[language]
    lines = ["08:00 Ana: /set title: HLPF 2018\nvenue: Geneva"]
    lines += [f"08:{10 + n} Ana: #{tag} {name_things(n, 5)}." for n, tag in enumerate(NOTE_TAGS)]
    lines += ["08:50 Ana: #attendance 12 women, 13 men", "08:51 Ana: #participants Amina Bekele, UNOSSC, Kenya"]
    lines += ["08:52 Ana: #document Concept note"]
    for hour, label, title in ((9, "I", first), (10, "II", second)):
        lines += [
            f"{hour}:00 Ana: #session {label}: {title}",
            f"{hour}:01 Ana: #theme b.ii",
            f"{hour}:02 Ben: #recommendation Speaker: Ana Souza, Ministry of Health – Fund session {label}."
            " to: Member States by: 15 December 2018",
            f"{hour}:03 Ben: #action Write to the donors of session {label}. to: UNOSSC by: June",
        ]
    lines += [
        f"10:{10 + n} Ben: #{tag} {name_things(n, 7)} of the United Nations (UN)." for n, tag in enumerate(NOTE_TAGS)
    ]
    lines += [
        "11:00 Ben: #challenge Mony.",
        f"11:01 Ben edit {len(lines) + 1}: #challenge Money.",
        "11:02 Ben: #nonsense",
    ]
    return [*lines, "12:00 Ana: /close", "12:10 Ben: #challenge It came late."]


def outline(template: str, language: str) -> str:
    """The outlines of all formats, one below the other."""
    record = record_of(*script(language), template=template, language=language, attribution="named")
    report = place(record, TEMPLATES.load(template))
    names = {module: name for name, module in reversed(FORMATS.items())}
    told = []
    for module in dict.fromkeys(FORMATS.values()):
        content = load_format(names[module]).render(shorten(report) if module == "pdf" else report)
        told.append(f"== {module}\n{tell_outline(READERS[module](content))}")
    return "\n".join(told)


def shorten(report: Report) -> Report:
    """With a few lines of the pages that list all notes again: setting them takes longer than all else."""
    annexes = (replace(a, items=a.items[:3]) if a.key == "notes" else a for a in report.annexes)
    return replace(report, annexes=tuple(annexes), provenance=report.provenance[:3])


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("template", TEMPLATES.ids())
def test_outline_is_as_it_was_looked_at(template, language):
    path = OUTLINES / f"{template}.{language}.txt"
    told = outline(template, language)
    if UPDATING:
        path.write_text(told, "utf-8")
    assert path.exists(), "no outline yet: see the head of this file"
    assert told == path.read_text("utf-8")


def test_outlines_are_of_templates_that_there_are():
    kept = {path.name for path in OUTLINES.iterdir()}
    assert kept == {f"{template}.{language}.txt" for template in TEMPLATES.ids() for language in LANGUAGES}
