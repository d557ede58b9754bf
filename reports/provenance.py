"""The provenance annex: every note of a report with its rapporteur, local time and message. Called by placement."""

from collections.abc import Mapping, Sequence

from core.text import shorten_text
from reports.report import Annex, Item, Section, Trace

_BRIEF = 60


def trace_notes(words: Mapping[str, str], sections: Sequence[Section], annexes: Sequence[Annex]) -> tuple[Trace, ...]:
    """A line for each note in the order of time; one that stands in several parts has one line."""
    parts = [part for section in sections for part in section.parts]
    parts += [part for section in sections for block in section.sessions or () for part in block.parts]
    items = [*(item for part in parts for item in part.items), *(item for annex in annexes for item in annex.items)]
    once = {(item.platform, item.chat, item.message_id, item.text): item for item in items}
    return tuple(_trace(item, words) for item in sorted(once.values(), key=lambda item: item.at))


def _trace(item: Item, words: Mapping[str, str]) -> Trace:
    time = f"{item.at:%Y-%m-%d %H:%M}"
    brief = shorten_text(item.text, _BRIEF)
    # attribution is off in the report itself: who is quoted is told here alone
    who = ", ".join(item.attributes[key] for key in ("speaker", "org") if item.attributes.get(key))
    note = f"{item.number} {brief}" if item.number else brief
    note = f"{note} · {words['speaker'].format(speaker=who)}" if who else note
    return Trace(
        time=f"{time} ({words['edited']})" if item.edited else time,
        author=", ".join(item.authors),
        note=" · ".join((note, *item.decisions)),
        message=item.link or f"{item.platform} · {item.chat} · {item.message_id}",
    )
