"""Views of one report: the whole, its summary page, and the template's own documents made of some of its sections.

What `/draft` takes is read here, and what is rendered is made here.
"""

from collections.abc import Collection, Sequence
from dataclasses import replace

from core.errors import UserError
from core.phrases import phrase, quote_typed
from reports.formats import FORMATS, load_format
from reports.overview import summarize
from reports.report import Output, Report

WHOLE = "report"
SUMMARY = "summary"


def choose_files(names: Sequence[str], own: Collection[str], usual: Sequence[str]) -> tuple[str, ...]:
    """The files that somebody wants by naming formats and outputs in any order: "docx", "summary/docx".

    Every output named is made in every format named: the report, and the formats `usual`, where none is. `own` are the
    outputs that the template has of its own. A `UserError` names what there is.
    """
    outputs: dict[str, None] = {}
    formats: dict[str, None] = {}
    for name in names:
        wanted = name.strip().lower()
        if wanted in (WHOLE, SUMMARY, *own):
            outputs[wanted] = None
        elif wanted in FORMATS:
            formats[load_format(wanted).NAME] = None
        else:
            said = {"name": quote_typed(name), "formats": ", ".join(FORMATS)}
            raise UserError(phrase("draft_unknown", outputs=", ".join((WHOLE, SUMMARY, *own)), **said))
    return tuple(name_file(output, of) for output in outputs or [WHOLE] for of in formats or usual)


def name_file(output: str, of: str) -> str:
    """How a draft's file is asked for: by its format, and its output where that is not the whole report."""
    return of if output == WHOLE else f"{output}/{of}"


def split_file(wanted: str) -> tuple[str, str]:
    """The output and the format of a draft's file asked for: ("summary", "docx") of "summary/docx"."""
    output, _, of = wanted.rpartition("/")
    return output or WHOLE, of


def view(report: Report, name: str) -> Report:
    """The output of this name; a `UserError` lists the names there are."""
    if name == WHOLE:
        return report
    if name == SUMMARY:
        return _summary(report)
    own = {output.name: output for output in report.outputs}
    if name not in own:
        known = ", ".join((WHOLE, SUMMARY, *own))
        raise UserError(phrase("output_unknown", name=quote_typed(name), outputs=known))
    return _excerpt(report, own[name])


def _summary(report: Report) -> Report:
    """The summary under the meeting's own title, not the form's, with what is known of when and where: one page."""
    title = next((field.value for field in report.fields if field.key == "title" and field.value), report.title)
    bare = replace(report.for_submission(), subtitle="", preamble="", footnote="", overview=None)
    return replace(
        bare,
        title=title,
        fields=tuple(field for field in report.fields if field.value and field.key != "title"),
        sections=(),
        annexes=(),
        summary=summarize(report),
        is_draft=report.is_draft,
    )


def _excerpt(report: Report, output: Output) -> Report:
    sections = tuple(section for section in report.sections if section.id in output.sections)
    repeats = any(section.sessions for section in sections)
    return replace(
        report.for_submission(),
        title=output.title,
        subtitle="",
        preamble="",
        footnote="",
        sections=sections,
        annexes=(),
        overview=report.overview if repeats else None,
        is_draft=report.is_draft,
    )
