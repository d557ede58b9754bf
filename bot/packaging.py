"""Making the package of all that is sent in: one zip file, kept as the file of a numbered draft.

`render_package` is called by `rendering`, in a process of its own, `make_package` by the command line and the console.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import datetime

from bot.platforms.transcript import write_transcript
from core.meetings import Record
from core.phrases import Phrase, phrase, quote_typed
from core.replies import Draft, DraftFile
from handlers.making import Made, load_earlier, render_draft
from reports.enclosures import (
    CONCEPT_NOTE,
    DOCUMENTS,
    NAMING,
    PARTICIPANTS,
    PHOTOGRAPHS,
    Enclosure,
    find_missing,
    list_enclosures,
    list_unread,
    write_captions,
    write_participants,
    write_provenance,
)
from reports.formats.wording import name_meeting
from reports.outputs import SUMMARY, name_file
from reports.package import Entry, name_entries, pack
from reports.placement import Settled, settle
from reports.report import Report
from reports.template import Template
from reports.template_reader import TemplateCatalog
from reports.unnamed import list_unnamed
from storage.store import Store

MEDIA_TYPE = "application/zip"
# bytes: Telegram takes 50 MB from a bot, and a phone is to open it
LARGEST_IN_CHAT = 48_000_000
# what no zip file takes away, such as names
_MARGIN = 1_000_000


def render_package(
    record: Record,
    template: Template,
    formats: Sequence[str],
    earlier: Mapping[int, str],
    at: datetime,
    largest: int | None = None,
) -> Made:
    """The draft of a record as one zip file of about `largest` bytes at most, with what there is to say of it.

    The report stands in it as it is sent in, with its summary page; where it is too large, photographs and then all
    files that were posted are left out.
    """
    wanted = [*formats, *(name_file(SUMMARY, of) for of in formats if of != "json")]
    rendered = render_draft(record, template, wanted, earlier, at, submission=True)
    settled = settle(record, template)
    report, enclosed = rendered.report, list_enclosures(rendered.report, record, settled.gathered)
    remarks = [_tell_missing(key, record, enclosed) for key in find_missing(template, report, enclosed)]
    remarks += (phrase("package_unread", problem=problem) for problem in list_unread(report, enclosed))
    unfetched = sum(entry.content is None for found in enclosed.values() for entry in found)
    if unfetched:
        remarks.append(phrase("package_unfetched", count=unfetched))
    ours = [Entry("", file.name, file.content) for file in rendered.files]
    ours += _write_record(settled, record, remarks)
    room = None if largest is None else largest - _MARGIN - sum(len(entry.content) for entry in ours)
    left_out = _leave_out(enclosed, room)
    if left_out:
        remarks.append(phrase("package_left_out", count=left_out))
    told = [remark.into(report.language) for remark in remarks]
    entries = [*ours, *_list_entries(report, enclosed)]
    content = pack(entries, name_meeting(report), told, report.words["manifest_columns"])
    zipped = DraftFile(f"{record.meeting.name}-package.zip", MEDIA_TYPE, content)
    return replace(rendered, files=(zipped,), remarks=tuple(remarks))


def make_package(
    store: Store, templates: TemplateCatalog, meeting_id: int, formats: Sequence[str], at: datetime
) -> tuple[Draft, tuple[Phrase, ...]]:
    """Make a package of any size, and keep it as the meeting's next draft; with what there is to say of it."""
    with store.read() as work:
        record = work.load_record(meeting_id, files=True)
        earlier = load_earlier(work, meeting_id, ())
    rendered = render_package(record, templates.load(record.meeting.template), formats, earlier, at)
    with store.work() as work:
        draft = work.keep_draft(meeting_id, at, rendered.numbers, rendered.files, rendered.kept)
    return draft, rendered.remarks


def _tell_missing(key: str, record: Record, enclosed: Mapping[str, Sequence[Enclosure]]) -> Phrase:
    """What is missing; where a document may be it, which one."""
    documents = [entry.name for entry in enclosed[DOCUMENTS] if entry.content is not None]
    # where nobody is named, a name in the package says nothing in the chat
    if key == CONCEPT_NOTE and len(documents) == 1 and record.meeting.rule != "chatham":
        return phrase("package_unsure_concept_note", name=quote_typed(documents[0]))
    return phrase(f"package_missing_{key}")


def _write_record(settled: Settled, record: Record, remarks: list[Phrase]) -> Iterator[Entry]:
    """What was said and by whom, where somebody may be named."""
    if record.meeting.rule == "chatham":
        remarks.append(phrase("package_nobody_named"))
        return
    remarks.append(phrase("package_names_people", folder=f"{NAMING}/"))
    yield write_provenance(settled.report)
    unnamed = list_unnamed(record, settled)
    if unnamed:
        remarks.append(phrase("package_not_in_transcript", count=len(unnamed)))
    told = replace(record, messages=tuple(message for message in record.messages if message.key not in unnamed))
    yield Entry(NAMING, "transcript.jsonl", "".join(f"{line}\n" for line in write_transcript(told)).encode())


def _leave_out(enclosed: dict[str, list[Enclosure]], room: int | None) -> int:
    """Take out photographs, then all other files, where there is no room for them; how many."""
    count = 0
    for kind in (PHOTOGRAPHS, *(kind for kind in enclosed if kind != PHOTOGRAPHS)):
        size = sum(len(entry.content or b"") for found in enclosed.values() for entry in found)
        if room is None or size <= room:
            break
        count += sum(entry.content is not None for entry in enclosed[kind])
        enclosed[kind] = [replace(entry, content=None) for entry in enclosed[kind]]
    return count


def _list_entries(report: Report, enclosed: Mapping[str, Sequence[Enclosure]]) -> Iterator[Entry]:
    """What was posted, with the tables of participants and captions."""
    for kind, found in enclosed.items():
        posted = [entry for entry in found if entry.content is not None]
        entries = [Entry(kind, entry.name, entry.content or b"") for entry in posted]
        grids = next((annex.grids for annex in report.annexes if annex.key == kind), ())
        if kind == PARTICIPANTS and grids:
            yield write_participants(grids)
        if kind == PHOTOGRAPHS and posted:
            names = name_entries([Entry(kind, "captions.csv", b""), *entries])[1:]
            yield write_captions([name.removeprefix(f"{kind}/") for name in names], posted, report)
        yield from entries
