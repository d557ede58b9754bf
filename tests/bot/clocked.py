"""A meeting's chats under a clock that the test sets: the real worker and the real clock on a real database.

People write at wall-clock times of the meeting's zone; what the bot says comes back as lines with the time there.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from zoneinfo import ZoneInfo

from bot.app import App
from bot.backoff import Pace, Trouble
from bot.clock import Clock
from bot.platforms.console import SIGNS
from bot.settings import Settings
from bot.worker import Worker
from core.messages import Author, Change, MessageKey, Place, Standing, Version
from handlers import Guard
from reports.template_reader import load_templates
from storage.database import open_database
from storage.store import Store

PLATFORM, HOME = "telegram", "-100"


def make_place(chat: str) -> Place:
    return PLATFORM, "", chat


@dataclass(slots=True)
class Clocked:
    """Time goes on as the test says. `zone` is where the times are told."""

    database_url: str
    zone: str
    now: datetime = datetime(2018, 1, 1, tzinfo=UTC)
    store: Store = field(init=False)
    app: App = field(init=False)
    clock: Clock = field(init=False)
    worker: Worker = field(init=False)
    told: list[Version] = field(default_factory=list)
    # the words of the bot's, by their ids
    sent: list[tuple[str, str]] = field(default_factory=list)
    # all that the bot said
    lines: list[str] = field(default_factory=list)
    # when the bot said something by itself, and how it began
    by_itself: list[str] = field(default_factory=list)
    guard: Guard = field(default_factory=lambda: Guard(frozenset({f"{PLATFORM}:ana"})))

    def __post_init__(self) -> None:
        self.store = Store(open_database(self.database_url))
        settings = Settings.model_validate({"draft_formats": "md", "database_url": self.database_url})
        self.app = App(settings, self.store, load_templates())
        pace = Pace(now=lambda: self.now)
        self.clock = Clock(self.app, (), lambda: None, Trouble("database"), pace)
        self.worker = Worker(self.store, self.app.templates, settings.defaults(), self, guard=self.guard)

    @property
    def source(self) -> str:
        """The name in the inbox."""
        return PLATFORM

    def read(self, payload: str, _received_at: datetime) -> Sequence[Version]:
        """What was told under this number."""
        return [self.told[int(payload)]]

    def at(self, when: str, *, fold: int = 0) -> datetime:
        """The instant of a wall-clock time of the zone, "2018-05-07 18:00"."""
        return datetime.fromisoformat(when).replace(tzinfo=ZoneInfo(self.zone), fold=fold).astimezone(UTC)

    def press(self, when: str, command: str, words: str) -> list[str]:
        """Ana presses the button of this command below the words that begin so."""
        below = next(id_ for id_, text in reversed(self.sent) if text.startswith(words))
        return self.say(when, command, pressed=below)

    def say(
        self,
        when: str,
        text: str,
        by: str = "ana",
        *,
        chat: str = HOME,
        fold: int = 0,
        late: bool = False,
        pressed: str = "",
    ) -> list[str]:
        """Somebody writes; what was due until then is done before, unless the bot is `late`. The lines answered."""
        at = self.at(when, fold=fold)
        before = [] if late else self.run_until(at)
        self.told.append(
            Version(
                # no id that a chat service may give to another message
                MessageKey(*make_place(chat), f"m{len(self.told) + 1}"),
                Change.SENT,
                at,
                Author(by, by.title()),
                text,
                standing=Standing(in_private=chat == by, pressed=pressed),
            )
        )
        number = str(len(self.told) - 1)
        self.store.put_updates(self.source, [(number, number)])
        self.now = max(self.now, at)
        self.worker.take_all()
        return before + self.take_replies()

    def wait(self, when: str, *, fold: int = 0) -> list[str]:
        """Time goes on until then; what the bot says meanwhile."""
        return self.run_until(self.at(when, fold=fold))

    def run_until(self, at: datetime) -> list[str]:
        """Each thing that is due is done at its instant, as the clock's ticks would."""
        lines: list[str] = []
        while (due := self.next_due()) is not None and due <= at:
            self.now = max(self.now, due)
            self.clock.do_next()
            lines += self.take_replies()
        self.now = max(self.now, at)
        return lines

    def wake_up(self, when: str) -> list[str]:
        """The bot was down, and is back now."""
        self.now = self.at(when)
        self.clock.plan_all()
        self.clock.do_all()
        return self.take_replies()

    def next_due(self) -> datetime | None:
        """When the next thing is due."""
        with self.store.read() as work:
            return min((due.at for meeting in work.list_meetings() for due in work.list_due(meeting.id)), default=None)

    def lines_with(self, words: str) -> list[str]:
        """All lines so far that hold these words."""
        return [line for line in self.lines if words in line]

    def take_replies(self) -> list[str]:
        """What waits to be said, each line with the time, and the chat where it is not the first."""
        local = self.now.astimezone(ZoneInfo(self.zone))
        lines = []
        with self.store.work() as work:
            for reply_id, reply, _ in work.take_replies(PLATFORM, "", 1000):
                said = [SIGNS[reply.reaction]] if reply.reaction else []
                said += reply.text.split("\n") if reply.text and not reply.renews else []
                said += (
                    [f"(draft: {', '.join(reply.draft)}{' for all' if reply.everywhere else ''})"]
                    if reply.draft
                    else []
                )
                chat = "" if reply.to.chat == HOME else f" {reply.to.chat}:"
                told = [f"{local:%a %H:%M}{chat} {line}" for line in said]
                self.by_itself += told[:1] if not reply.to.id or reply.due_at else []
                lines += told
                work.finish_reply(reply_id, f"b{reply_id}")
                self.sent.append((f"b{reply_id}", reply.text))
        assert (self.store.waiting(), self.store.dead_letters()) == (0, [])
        self.lines += lines
        return lines
