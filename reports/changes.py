"""What is new, changed, moved and withdrawn between two drafts of a meeting. Pure; called by `handlers.drafts`.

Notes are known by their stable names, so the time it takes grows with their number and no faster.
"""

from collections.abc import Iterator
from dataclasses import dataclass, replace

from reports.checks import named_parts
from reports.formats.wording import describe_note
from reports.report import Change, Changes, Item, Report, Section, SessionBlock
from reports.template import join_label

# of the annexes, those that hold notes of their own and not once more those of the form
_ANNEXES = ("attendance", "participants", "documents")

# where something stands: the keys of its section and part, and the label of the session
Place = tuple[str, ...]


@dataclass(frozen=True, slots=True)
class _Entry:
    """Something of a report that can change. `name` and `place` are alike in all drafts, `details` the small print."""

    name: str
    place: Place
    where: str
    number: str | None
    text: str
    details: tuple[str, ...] = ()


def compare(before: Report, after: Report, since: int) -> Changes:
    """What became of the draft of number `since`: fields, sessions and notes in the order of the report.

    What was merged into another note or withdrawn comes last. A note is moved where it left a part and stands in
    another; all else that it says, and to whom and by when, is changed. Who said it is not compared.
    """
    # in the words of the report of today, or another language would change every line
    earlier = list(_list_entries(before, after))
    old: dict[str, dict[Place, _Entry]] = {}
    for entry in earlier:
        old.setdefault(entry.name, {})[entry.place] = entry
    later = list(_list_entries(after, after))
    standing = {(entry.name, entry.place) for entry in later}
    stands = {entry.name: entry for entry in reversed(later)}
    moved: set[str] = set()
    changes: list[Change] = []
    for entry in later:
        known = old.get(entry.name, {})
        same = known.pop(entry.place, None)
        left = same or next((was for place, was in known.items() if (entry.name, place) not in standing), None)
        if left is None:
            changes.append(Change("new", entry.number, entry.where, "", entry.text))
        elif same is None:
            del known[left.place]
            moved.add(entry.name)
            changes.append(Change("moved", entry.number or left.number, entry.where, *_tell_both(left, entry)))
        elif (same.text, same.details) != (entry.text, entry.details):
            changes.append(Change("changed", entry.number, entry.where, *_tell_both(same, entry)))
    merged = {f"note {former.note}": former.into for former in after.former if former.kind == "merged"}
    for entry in earlier:
        if entry.place not in old[entry.name]:
            continue
        if entry.name in stands:
            # told once, however many parts it left
            if entry.name not in moved:
                moved.add(entry.name)
                now = stands[entry.name]
                changes.append(Change("moved", now.number, now.where, *_tell_both(entry, now)))
        elif entry.name in merged:
            into = after.words["merged_into"].format(note=merged[entry.name])
            changes.append(Change("merged", entry.number, entry.where, entry.text, into))
        else:
            changes.append(Change("withdrawn", entry.number, entry.where, entry.text, ""))
    return Changes(since, after.words["changes_title"].format(number=since), tuple(changes))


def _tell_both(before: _Entry, after: _Entry) -> tuple[str, str]:
    """The words of both; with the small print where that is not the same."""
    if before.details == after.details:
        return before.text, after.text
    return "\n".join((before.text, *before.details)), "\n".join((after.text, *after.details))


def _list_entries(report: Report, shown: Report) -> Iterator[_Entry]:
    """All that can change in a report, in its order; the small print in the words of the report that is shown."""
    for field in report.fields:
        if field.value:
            yield _Entry(f"field {field.key}", (), field.label.rstrip(" :：\u00a0\u202f"), None, field.value)
    for section in report.sections:
        yield from _list_section(section, shown)
    for annex in report.annexes:
        if annex.key in _ANNEXES:
            for item in annex.items:
                yield _enter(item, ("annex", annex.key), annex.heading, shown)


def _list_section(section: Section, shown: Report) -> Iterator[_Entry]:
    for name, part in named_parts([replace(section, sessions=None)]):
        for item in part.items:
            yield _enter(item, (section.id, part.key), name, shown)
    for block in section.sessions or ():
        yield _head(section, block)
        for name, part in named_parts([replace(section, parts=(), sessions=(block,))]):
            for item in part.items:
                yield _enter(item, (section.id, part.key, block.label), name, shown)


def _head(section: Section, block: SessionBlock) -> _Entry:
    theme = (block.theme,) if block.theme else ()
    where = join_label(section.label, section.heading)
    return _Entry(f"session {block.label}", (section.id,), where, None, block.heading, theme)


def _enter(item: Item, place: Place, where: str, shown: Report) -> _Entry:
    # a number brings the session into the small print, which a note that only moved would then differ in
    plain = replace(item, credit="", number=None)
    return _Entry(f"note {item.note}", place, where, item.number, item.text, describe_note(plain, shown))
