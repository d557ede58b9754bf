"""The world that the server shows: its clock, people, chats, files and updates, under one lock.

TelegramServer (server.py) is a World that answers over HTTP; tests call the methods here from their own thread.
"""

import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime
from itertools import count
from typing import TYPE_CHECKING, Any, Literal, TypeVar

from tests.telegram_server.conversations import Channel, Group, Private
from tests.telegram_server.limits import OVERALL, PER_GROUP, Fault, Faults, Rate, Rates
from tests.telegram_server.people import Bot, File, Person
from tests.telegram_server.updates import Update, UpdateQueue

if TYPE_CHECKING:
    from tests.telegram_server.messages import Press
    from tests.telegram_server.webhook import Webhook

T = TypeVar("T")
Reactions = Literal["all"] | list[str] | None


@dataclass(eq=False)
class Call:
    """One request of the bot, `at` in seconds of the server's clock; its status, once it is answered."""

    method: str
    parameters: dict[str, Any]
    at: float
    files: dict[str, tuple[str, bytes]] = field(default_factory=dict, repr=False)
    status: int | str | None = None


# when a world begins, so that a test does not depend on the hour at which it is run
MORNING = datetime(2018, 5, 7, 9, tzinfo=UTC)


class World:
    """Everything there is. `lock` guards it; whoever waits in `wait_until` looks again after each change.

    Its clock goes on from when it `began`, or is the real one.
    """

    def __init__(
        self,
        *,
        token: str = "7000001:TEST",
        username: str = "rapporteur_bot",
        privacy: bool = True,
        group_rate: Rate = PER_GROUP,
        overall_rate: Rate = OVERALL,
        began: datetime | None = MORNING,
    ) -> None:
        self.lock = threading.Condition(threading.RLock())
        self.bot = Bot(
            int(token.partition(":")[0]),
            "Rapporteur",
            None,
            username=username,
            is_bot=True,
            token=token,
            privacy=privacy,
        )
        self.calls: list[Call] = []
        self.commands: dict[tuple[str, str], list[dict[str, str]]] = {}  # by (scope as JSON, language)
        self.chats: dict[int, Group | Channel | Private] = {}
        self.people: dict[int, Person] = {self.bot.id: self.bot}
        self.files: dict[str, File] = {}
        self.presses: dict[str, Press] = {}
        self.webhook: Webhook | None = None
        self.shared_numbers = count(1)
        self.rates = Rates(group_rate, overall_rate)
        self.faults = Faults()
        self.updates = UpdateQueue(self.now)
        self._ahead = began.timestamp() - time.time() if began else 0.0
        self._names = count(1)
        self._person_ids, self._chat_ids = count(1001), count(1)

    # the clock and the lock

    def now(self) -> float:
        return time.time() + self._ahead

    def advance(self, seconds: float) -> None:
        """Sets the server's clock forward: updates expire, rates are free again."""
        with self.changing():
            self._ahead += seconds

    @contextmanager
    def changing(self) -> Iterator[None]:
        """Holds the lock, then tells all who wait."""
        with self.lock:
            yield
            self.lock.notify_all()
            self.woken()

    def woken(self) -> None:
        """Something changed; the server wakes its long polls."""

    def wait_until(self, predicate: Callable[[], T], timeout: float = 5) -> T:
        """Waits until the predicate holds, and gives what it gave. It is asked again at each change of the world."""
        with self.lock:
            found: T = self.lock.wait_for(predicate, timeout)
            if not found:
                last = "".join(f"\n  {call}" for call in self.calls[-10:])
                raise TimeoutError(f"not so after {timeout} s; the last calls were:{last or ' none'}")
            return found

    # people and chats

    def person(self, name: str, language: str | None = "en", *, premium: bool = False, is_bot: bool = False) -> Person:
        """An account; with `is_bot`, another bot than the one under test."""
        with self.changing():
            person = Person(next(self._person_ids), name, language, premium, is_bot=is_bot)
            self.people[person.id] = person
        return person

    def add_group(
        self,
        title: str,
        *,
        supergroup: bool = True,
        username: str | None = None,
        forum: bool = False,
        reactions: Reactions = "all",
    ) -> Group:
        """A group without the bot (`group.add_bot()` adds it). `reactions`: all, these, or None for none."""
        with self.changing():
            number = next(self._chat_ids)
            chat_id = -1_001_000_000_000 - number if supergroup else -4_000_000 - number
            group = Group(self, chat_id, title, supergroup=supergroup, username=username)
            group.forum = forum
            group.allowed_reactions = None if reactions == "all" else reactions or []
            self.chats[chat_id] = group
        return group

    def add_channel(self, title: str, *, username: str | None = None, reactions: Reactions = "all") -> Channel:
        with self.changing():
            channel = Channel(self, -1_001_000_000_000 - next(self._chat_ids), title, username)
            channel.allowed_reactions = None if reactions == "all" else reactions or []
            self.chats[channel.id] = channel
        return channel

    def add_private(self, person: Person) -> Private:
        with self.changing():
            private = self.chats[person.id] = Private(self, person)
        return private

    def set_privacy(self, on: bool) -> None:
        """BotFather's switch; it holds in groups that the bot is added to from now on."""
        with self.changing():
            self.bot.privacy = on

    def keep(self, name: str, mime: str, content: bytes) -> File:
        file = File(self.next_name("file"), name, mime, content)
        self.files[file.file_id] = file
        return file

    def next_name(self, kind: str) -> str:
        return f"{kind}{next(self._names)}"

    # updates, and what goes wrong with them

    @property
    def pending(self) -> list[Update]:
        """Updates that the bot has not confirmed."""
        with self.lock:
            self.updates.expire()
            return [waiting.update for waiting in self.updates.waiting]

    @property
    def confirmed_updates(self) -> list[Update]:
        """Updates that the bot has confirmed, in the order in which it did."""
        with self.lock:
            return [waiting.update for waiting in self.updates.confirmed]

    @property
    def confirmed(self) -> int:
        """The highest update id that the bot has confirmed; 0 for none."""
        return max((update["update_id"] for update in self.confirmed_updates), default=0)

    def inject(self, kind: str, payload: Any, chat_id: int = 0) -> Update:
        """Queues an update just as given: kinds and shapes that no client makes."""
        with self.changing():
            return self.updates.put(kind, payload, chat_id, self.now())

    def redeliver(self, number: int) -> list[Update]:
        """The last confirmed updates come once more, under their own ids."""
        with self.changing():
            return self.updates.redeliver(number)

    def restart_ids(self) -> int:
        """The next update gets a random id, as after a week of silence; none may be pending."""
        with self.changing():
            return self.updates.restart_ids()

    def fail(
        self,
        method: str,
        times: float = 1,
        status: int | Literal["drop", "hang"] = 500,
        retry_after: int | None = None,
        *,
        after: bool = False,
    ) -> Fault:
        """Makes the next calls of a method ("*": of any) fail. `after`: the work is done, only its answer is lost."""
        fault = Fault(method, times, status, retry_after, after)
        with self.changing():
            self.faults.add(fault)
        return fault

    def heal(self) -> None:
        """No more faults; hanging calls are dropped."""
        with self.changing():
            self.faults.clear()

    def calls_of(self, method: str) -> list[Call]:
        with self.lock:
            return [call for call in self.calls if call.method == method]
