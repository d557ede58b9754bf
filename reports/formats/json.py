"""The report as JSON, as `rules.md` section 8 fixes it: the same report gives the same bytes.

Loaded by `formats.load_format`.
"""

import json
from collections.abc import Iterable, Iterator

from reports.report import Item, Part, Report, ReviewItem, Summary

NAME = "json"
SUFFIX = ".json"
MEDIA_TYPE = "application/json"

# always there, so that a reader need not ask
_ANNEXES = ("attendance", "participants", "documents")


def render(report: Report) -> bytes:
    """The whole report as indented UTF-8 JSON with a final newline."""
    annexes: dict[str, object] = {key: [] for key in _ANNEXES}
    annexes |= {annex.key: _items(annex.items) for annex in report.annexes if annex.key in annexes}
    content = {
        "meeting": dict(report.meeting),
        "template": report.template,
        "fields": {field.key: field.value for field in report.fields},
        "parts": _parts(report.parts()),
        "sessions": [
            {"label": block.label, "title": block.title, "theme": block.theme, "parts": _parts(block.parts)}
            for block in report.session_blocks()
        ],
        "annexes": annexes,
        "late": _items(report.late),
        "review": [*map(_review, report.review), *_decided(report)],
        "empty": list(report.empty_parts()),
    }
    if report.summary:
        content["summary"] = _summary(report.summary)
    return (json.dumps(content, ensure_ascii=False, indent=1) + "\n").encode()


def _summary(summary: Summary) -> dict[str, object]:
    """The summary page, where the report is that alone; its parts by heading, since a key may stand there twice."""
    parts = [{"part": part.key, "heading": part.heading, "notes": _items(part.items)} for part in summary.parts]
    return {"counts": list(summary.counts), "sessions": list(summary.sessions), "parts": parts}


def _parts(parts: Iterable[Part]) -> dict[str, list[dict[str, object]]]:
    return {part.key: _items(part.items) for part in parts}


def _items(items: Iterable[Item]) -> list[dict[str, object]]:
    return [_note(item) for item in items]


def _note(item: Item) -> dict[str, object]:
    """NOTE of `rules.md` section 8; attachments stand among the attributes."""
    attributes: dict[str, object] = dict(item.attributes)
    if item.attachments:
        attributes["attachments"] = [{"kind": a.kind, "name": a.name} for a in item.attachments]
    return {
        "id": item.number,
        "text": item.text,
        "session": item.session,
        "message_id": item.message_id,
        "chat": item.chat,
        "platform": item.platform,
        "author": item.author,
        "at": item.at.isoformat(),
        "attributes": attributes,
        "authors": list(item.authors),
        "edited": item.edited,
    }


def _decided(report: Report) -> Iterator[dict[str, str]]:
    """What stands in no part since the desk decided: notes that it took out, merged or reworded."""
    for item in report.dropped:
        yield {"kind": "dropped", "message_id": item.message_id, "text": item.text}
    for former in report.former:
        yield {"kind": former.kind, "message_id": former.message_id, "text": former.text}


def _review(entry: ReviewItem) -> dict[str, str]:
    return {"kind": entry.kind, "message_id": entry.message_id, "text": entry.text}
