"""Asking for a draft, and telling how a meeting stands and what changed. `handlers.making` makes the draft."""

from collections.abc import Sequence
from dataclasses import replace
from functools import reduce

from core.errors import UserError
from core.meetings import Step, StepKind
from core.phrases import Phrase, phrase, tell
from core.replies import Draft, DraftFile, Reaction, Reply
from core.text import shorten_line, shorten_text
from handlers import Context, Request
from handlers.meetings import name_meeting
from handlers.settings import describe_setting
from reports.checks import named_parts
from reports.formats import load_format
from reports.outputs import WHOLE, choose_files, split_file, view
from reports.placement import place
from reports.report import Change, Report
from storage.store import Work

# for a line on a phone
_BRIEF = 40
# what is asked for beside formats: "/draft changes 2"; in a reply's draft it is "changes/2"
CHANGES = "changes"
# the name of a file with tracked changes ends so; the number of its own draft stands before
_SINCE = "-changes-since-"


def ask_draft(context: Context, request: Request) -> list[Reply]:
    """`/draft`, with formats and outputs if others are wanted; the draft itself is made when it is sent.

    `/draft changes 2` asks for a Word file with the changes since draft 2, `/draft changes` for those since the last.
    """
    meeting_id = request.need_meeting()
    names, since = _split_changes(request.argument.replace(",", " ").split())
    own = [output.name for output in context.templates.load(context.meeting(meeting_id).template).outputs]
    formats = choose_files(names, own, context.defaults.formats) if names else ()
    # a replay makes no drafts to compare with; its draft counts all the same
    if since is not None and context.replay_of is None:
        formats += (f"{CHANGES}/{find_earlier(context.work, meeting_id, since or None)}",)
    context.work.add_step(meeting_id, Step(StepKind.DRAFT, request.at, request.message.key))
    draft = formats or context.defaults.formats
    return [Reply(request.message.key, draft=draft, language=request.language, meeting_id=meeting_id)]


def _split_changes(names: list[str]) -> tuple[list[str], int | None]:
    """What was asked for beside tracked changes, and the draft that these are to be since: None where none are,
    0 where no number was given.
    """
    lowered = [name.lower() for name in names]
    if CHANGES not in lowered:
        return names, None
    at = lowered.index(CHANGES)
    number = names[at + 1] if len(names) > at + 1 else ""
    # more figures than any number of drafts has are no number
    numbered = number.isascii() and number.isdecimal() and len(number) < 10 and int(number) > 0
    return names[:at] + names[at + 1 + numbered :], int(number) if numbered else 0


def find_earlier(work: Work, meeting_id: int, number: int | None) -> int:
    """The number of a draft that can be compared with, the last one where none is named; a `UserError` lists them."""
    kept = work.list_reports(meeting_id)
    if not kept:
        raise UserError(phrase("changes_no_drafts"))
    if number is not None and number not in kept:
        raise UserError(phrase("changes_unknown", number=number, drafts=", ".join(map(str, kept))))
    return kept[-1] if number is None else number


def name_files(draft: Draft) -> list[DraftFile]:
    """The files of a draft under names with its number, so that none is written over an earlier one."""
    return [name_file(file, draft.number) for file in draft.files]


def name_file(file: DraftFile, number: int) -> DraftFile:
    """A file of the draft of this number under a name with it."""
    stem, dot, suffix = file.name.rpartition(".")
    name, since, earlier = stem.rpartition(_SINCE)
    if not (since and earlier.isdecimal()):
        name, since, earlier = stem, "", ""
    return file._replace(name=f"{name}-draft-{number}{since}{earlier}{dot}{suffix}")


def name_revision(name: str, since: int) -> str:
    """The name of the file with the changes since that draft, before `name_file`."""
    return f"{name}{_SINCE}{since}.docx"


def render_files(report: Report, name: str, wanted: Sequence[str], *, submission: bool = False) -> list[DraftFile]:
    """A file for each format of the report that is wanted ("docx") or of an output of it ("summary/docx").

    For submission, those that people read are without what is for the desk.
    """
    files = []
    for output, loaded in ((output, load_format(of)) for output, of in map(split_file, wanted)):
        shown = view(report, output)
        if submission and loaded.NAME != "json":
            shown = shown.for_submission()
        stem = name if output == WHOLE else f"{name}-{output}"
        files.append(DraftFile(f"{stem}{loaded.SUFFIX}", loaded.MEDIA_TYPE, loaded.render(shown)))
    return files


def tell_status(context: Context, request: Request) -> list[Reply]:
    """`/status`: what is in each part, what is empty, what waits."""
    meeting_id = request.need_meeting()
    record = context.work.load_record(meeting_id)
    report = place(record, context.templates.load(record.meeting.template))
    state = "status_closed" if record.meeting.closed_at else "status_open"
    head = phrase(state, meeting=name_meeting(record.meeting), template=record.meeting.template)
    card = f"status:{meeting_id}"
    close = [] if record.meeting.closed_at else [describe_setting("close", record.meeting)]
    answer = request.answer(head, *count_notes(report, request.language), *close, card=card)
    # the message that is changed may stand far above
    stands = context.work.find_card(request.message.key.place, card) is not None
    return [replace(answer, reaction=Reaction.CHANGED) if stands else answer]


def describe_draft(report: Report, language: str, remarks: Sequence[Phrase] = ()) -> tuple[str, ...]:
    """What is said with a draft, but for its number: the meeting's title or "", remarks, what changed, the counts."""
    changed = [told.into(language) for told in (*remarks, *tell_changes(report))]
    return (str(report.meeting["title"]), *changed, *count_notes(report, language))


def head_draft(number: int, described: Sequence[str], language: str) -> str:
    """What is said with a draft that was kept under this number."""
    head, (title, *lines) = phrase("draft_number", number=number).into(language), described
    return "\n".join([f"{head} · {title}" if title else head, *lines])


def tell_changes(report: Report) -> list[Phrase]:
    """How much changed since the draft before, in one line; none for a first draft."""
    if report.changes is None:
        return []
    by_kind: dict[str, list[Change]] = {}
    for change in report.changes.changes:
        by_kind.setdefault(change.kind, []).append(change)
    count = {kind: len(changes) for kind, changes in by_kind.items()}
    told = {
        "new": phrase("changes_new", count=count.get("new", 0)),
        "changed": phrase("changes_changed", count=count.get("changed", 0)),
        "moved": phrase("changes_moved", count=count.get("moved", 0)),
        "merged": _name_gone(report, phrase("changes_merged", count=count.get("merged", 0)), by_kind.get("merged", [])),
        "withdrawn": _name_gone(
            report, phrase("changes_withdrawn", count=count.get("withdrawn", 0)), by_kind.get("withdrawn", [])
        ),
    }
    listed = [told[kind] for kind in told if kind in by_kind]
    if not listed:
        return [phrase("changes_none", number=report.changes.since)]
    joined = reduce(lambda first, then: phrase("changes_and", first=first, then=then), listed)
    return [phrase("changes_since", number=report.changes.since, changes=joined)]


def _name_gone(report: Report, told: Phrase, changes: Sequence[Change]) -> Phrase:
    """How many were so, and the numbers that nothing has any more."""
    standing = {item.number for item in report.items()}
    gone = dict.fromkeys(change.number for change in changes if change.number and change.number not in standing)
    numbers = shorten_text(", ".join(gone), _BRIEF)
    return phrase("changes_named", changes=told, numbers=numbers) if numbers else told


def count_notes(report: Report, language: str) -> list[str]:
    """The counts by section and session, what is empty, and what a person must look at: few lines, for a phone.

    Labels and headings stay in the report's own language.
    """
    counts = [
        f"{section.label or shorten_line(section.heading, _BRIEF)} {sum(len(part.items) for part in section.parts)}"
        for section in report.sections
        if section.sessions is None
    ]
    sessions = [f"{b.heading} – {sum(len(part.items) for part in b.parts)}" for b in report.session_blocks()]
    missing = [
        field.label.split("(")[0].rstrip(" :：\u00a0\u202f")
        for field in report.fields
        if field.required and not field.value
    ]
    empty = [shorten_text(name, _BRIEF) for name, part in named_parts(report.sections, blocks=False) if not part.items]
    waits = (
        phrase("status_empty", parts="; ".join(empty)) if empty else None,
        phrase("status_missing", fields="; ".join(missing)) if missing else None,
        phrase("status_review", count=len(report.review)) if report.review else None,
        phrase("status_late", count=len(report.late)) if report.late else None,
    )
    return [" · ".join(counts), *sessions, *(tell(line, language) for line in waits if line)]
