"""A meeting, the steps in its life, and the record of all that was said in it."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime
from enum import StrEnum

from core.messages import Message, MessageKey, in_time
from core.notes import Note

# the value of a step that replied to a message: the id of that
REPLY_TO = "reply_to"
# the value of a setting that turns something off
OFF = "off"


class StepKind(StrEnum):
    """What a command can do to a meeting."""

    OPEN = "open"
    SET = "set"
    DRAFT = "draft"
    CLOSE = "close"
    REOPEN = "reopen"
    # what the desk decides on a note, and that it takes the last of these back
    MOVE = "move"
    MERGE = "merge"
    DROP = "drop"
    KEEP = "keep"
    EDIT = "edit"
    UNDO = "undo"


@dataclass(frozen=True, slots=True)
class Step:
    """A command that took effect: what, when, by which message, with which values.

    Values of OPEN are settings of the meeting, as in `SETTINGS`; of SET, one or more of the same or of the template's
    fields.
    """

    kind: StepKind
    at: datetime
    message: MessageKey
    values: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Meeting:
    """One consultation. `zone` is an IANA name, `close` a wall-clock time "HH:MM" in it, with a date where it is not
    that of the last day. `starts` is the date of the first day; `hours` are those of each day, such as "09:00-18:00,
    10:00-13:00", of which the last holds for all that follow. `digest` is the time of each day's digest, `remind` the
    minutes without a note after which somebody is reminded; both may be "off". What nobody has set is "".

    `pinned` settings were given on the command line of a replay and hold whatever the messages say.
    `attribution` says who is named in the report beside what was said: "" for nobody, "organisation" or "named".
    `closed_at` is set while the meeting is closed. `rule` is "chatham" or "". `given` are the settings that somebody
    has given.
    """

    id: int
    name: str
    template: str
    zone: str
    language: str = "en"
    title: str = ""
    close: str = ""
    days: int = 1
    rule: str = ""
    starts: str = ""
    hours: str = ""
    digest: str = ""
    remind: str = ""
    attribution: str = ""
    opened_at: datetime | None = None
    closed_at: datetime | None = None
    fields: Mapping[str, str] = field(default_factory=dict)
    pinned: Mapping[str, str] = field(default_factory=dict)
    given: frozenset[str] = frozenset()

    @property
    def is_open(self) -> bool:
        """Whether it was opened, and not closed since."""
        return self.opened_at is not None and self.closed_at is None


SETTINGS = (
    "title",
    "template",
    "zone",
    "language",
    "close",
    "days",
    "rule",
    "starts",
    "hours",
    "digest",
    "remind",
    "attribution",
)


def steps_taken(steps: Iterable[Step]) -> list[Step]:
    """The steps that took effect, in the order of their time, whatever their order here.

    As in a live chat, an open meeting is not opened or reopened once more, nor a closed one closed.
    """
    taken: list[Step] = []
    opened = closed = False
    for step in sorted(steps, key=lambda s: in_time(s.at, s.message)):
        if step.kind is StepKind.OPEN:
            if opened and not closed:
                continue
            opened, closed = True, False
        elif step.kind in (StepKind.CLOSE, StepKind.REOPEN):
            if closed is (step.kind is StepKind.CLOSE):
                continue
            closed = not closed
        taken.append(step)
    return taken


def follow_steps(meeting: Meeting, steps: Iterable[Step]) -> Meeting:
    """The meeting as it stands after these steps, whatever their order here."""
    for step in steps_taken(steps):
        if step.kind in (StepKind.OPEN, StepKind.SET):
            meeting = with_values(meeting, step.values)
        if step.kind is StepKind.OPEN:
            meeting = replace(meeting, opened_at=meeting.opened_at or step.at, closed_at=None)
        elif step.kind is StepKind.CLOSE:
            meeting = replace(meeting, closed_at=step.at)
        elif step.kind is StepKind.REOPEN:
            meeting = replace(meeting, closed_at=None)
    return with_values(meeting, meeting.pinned)


def with_values(meeting: Meeting, values: Mapping[str, str]) -> Meeting:
    """The meeting with these settings and fields."""
    settings: dict[str, object] = {k: v for k, v in values.items() if k in SETTINGS}
    if "days" in settings:
        settings["days"] = int(values["days"])
    fields = {k: v for k, v in values.items() if k not in SETTINGS}
    given = meeting.given | settings.keys()
    return replace(meeting, **settings, fields={**meeting.fields, **fields}, given=given)  # type: ignore[arg-type]


@dataclass(frozen=True, slots=True)
class Record:
    """All that a report is made of. `messages` and `notes` in no particular order.

    `numbers` are the numbers that notes were given in drafts already sent, by (message, place in it, part);
    `numbered_to` is the time of the last such draft. `files` are the attachments that were fetched, by
    platform and `ref`.
    """

    meeting: Meeting
    steps: tuple[Step, ...]
    messages: tuple[Message, ...]
    notes: Mapping[MessageKey, tuple[Note, ...]]
    numbers: Mapping[tuple[MessageKey, int, str], int] = field(default_factory=dict)
    numbered_to: datetime | None = None
    files: Mapping[tuple[str, str], bytes] = field(default_factory=dict)
