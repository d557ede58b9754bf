"""The messages that no transcript may show, since they tell who said what is not for attribution. Pure.

Called by `bot.packaging`.
"""

from collections.abc import Iterator

from core.meetings import Record
from core.messages import Message, MessageKey
from reports.decisions import NUMBER, SIGNS
from reports.gathering import Filing, Gathered
from reports.placement import Settled


def list_unnamed(record: Record, settled: Settled) -> frozenset[MessageKey]:
    """The messages with such notes, and the commands on these: a transcript has the words that were sent."""
    filings = [*_list_filings(settled.posted), *_list_filings(settled.gathered)]
    notes = {one.id for filing in filings for one in (filing, *filing.joined) if filing.nonattrib or one.nonattrib}
    messages = {key for key, _ in notes}
    messages |= {key for key, found in record.notes.items() if any(note.nonattrib for note in found)}
    numbers = {label.casefold() for note, label in settled.labels.items() if note[0] in messages}
    return frozenset(messages | set(_list_commands(record, settled, messages, numbers)))


def _list_filings(gathered: Gathered) -> Iterator[Filing]:
    yield from (*gathered.filings, *gathered.late, *gathered.dropped)
    for filings in gathered.annexes.values():
        yield from filings


def _list_commands(
    record: Record, settled: Settled, messages: set[MessageKey], numbers: set[str]
) -> Iterator[MessageKey]:
    """The commands that are about these messages, those too that were refused or taken back."""
    for ruling in settled.rulings:
        decisions = [decision for decision in (ruling.decision, ruling.undone) if decision]
        about = {note for d in decisions for note in (d.note, d.other) if note} | {*ruling.notes}
        if not messages.isdisjoint(key for key, _ in about):
            yield ruling.step.message
    for message in record.messages:
        if message.first_text.startswith("/") and (
            (message.reply_to and message.key._replace(id=message.reply_to) in messages)
            or not numbers.isdisjoint(_list_numbers(message))
        ):
            yield message.key


def _list_numbers(message: Message) -> Iterator[str]:
    """The numbers of notes ("r7") that a message ever had in it."""
    for version in message.versions:
        for word in version.text.split():
            if read := NUMBER.fullmatch(word.lstrip(SIGNS)):
                yield f"{read[1]}{int(read[2])}".casefold()
