"""The bot at work on a fake Telegram or Slack: the whole service in a thread, on a database of the test's."""

import asyncio
import threading
import time
from collections.abc import Callable, Iterable
from dataclasses import replace
from datetime import UTC, datetime
from types import TracebackType
from typing import Self

from sqlalchemy import text

from bot.app import App, build_platforms
from bot.backoff import Pace
from bot.platforms.slack.platform import SlackPlatform
from bot.platforms.telegram.platform import TelegramPlatform
from bot.service import run_service
from bot.settings import Settings
from reports.template_reader import load_templates
from storage.database import begin, open_database
from storage.store import Store
from tests.slack_server import SlackServer
from tests.telegram_server import TelegramServer

PACE = Pace(first=0.02, longest=0.2, look=0.5)


class LiveBot:
    """Runs from entry to exit of its block, by the server's clock. A test waits here for servers and database."""

    def __init__(
        self,
        server: TelegramServer | None,
        database_url: str,
        *,
        slack: SlackServer | None = None,
        busy_timeout: float = 5.0,
        organizers: Iterable[str] = (),
        allowed_chats: Iterable[str] = (),
        **settings: object,
    ) -> None:
        self.servers = [one for one in (server, slack) if one]
        self._pace = replace(PACE, now=lambda: datetime.fromtimestamp(self.servers[0].now(), UTC))
        given: dict[str, object] = {
            "database_url": database_url,
            "organizers": tuple(organizers),
            "allowed_chats": tuple(allowed_chats),
        }
        if server:
            given |= {"telegram_token": server.bot.token, "telegram_api_url": server.url}
        if slack:
            given |= {"slack_bot_token": slack.bot_token, "slack_api_url": slack.api_url.rstrip("/")}
            # by sockets, unless a test has Slack call the web server
            how = {} if "slack_signing_secret" in settings else {"slack_app_token": slack.app_token}
            given |= how
        self.settings = Settings.model_validate({**given, **settings})
        self.engine = open_database(database_url, busy_timeout=busy_timeout)
        self.store = Store(self.engine)
        self._thread = threading.Thread(target=self._run, name="bot")
        self._runner = asyncio.Runner()
        # the loop is there before its thread, so that it can be told to stop
        self._loop = self._runner.get_loop()
        self._stop = asyncio.Event()
        self._failure: BaseException | None = None

    def __enter__(self) -> Self:
        self._thread.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if self.is_running:
            self._loop.call_soon_threadsafe(self._stop.set)
        self._thread.join()
        self.store.close()
        if self._failure and not error:
            raise self._failure

    def _run(self) -> None:
        app = App(self.settings, self.store, load_templates())
        platforms = build_platforms(self.settings, app.templates)
        for platform in platforms:
            assert isinstance(platform, TelegramPlatform | SlackPlatform)
            platform.first_wait, platform.longest_wait = PACE.first, PACE.longest
            if isinstance(platform, SlackPlatform):
                platform.ping_every, platform.now = 2.0, self._pace.now  # type: ignore[method-assign]
        try:
            with self._runner:
                self._runner.run(
                    run_service(app, platforms, self.settings.guard(), stop=self._stop, pace=self._pace),
                )
        except BaseException as failure:
            self._failure = failure

    @property
    def is_running(self) -> bool:
        """Whether it has not ended by itself."""
        return self._thread.is_alive()

    def settle(self, timeout: float = 30) -> None:
        """Wait until the bot has taken and answered all that there is."""
        wait_until(self._is_settled, timeout, lambda: f"{self._count()}, {[s.pending[:3] for s in self.servers]}")

    def _is_settled(self) -> bool:
        if self._failure:
            raise self._failure
        return not any(server.pending for server in self.servers) and self._count() == (0, 0)

    def _count(self) -> tuple[int, int]:
        """The updates and the replies that wait."""
        with begin(self.engine, reading=True) as connection:
            asked = (
                "SELECT count(*) FROM inbox WHERE state = 'new'",
                "SELECT count(*) FROM outbox WHERE done_at IS NULL",
            )
            updates, replies = (connection.scalar(text(query)) or 0 for query in asked)
        return updates, replies


def wait_until(holds: Callable[[], bool], timeout: float, tell: Callable[[], str] = str) -> None:
    """Wait until this holds."""
    deadline = time.monotonic() + timeout
    while True:
        asked = time.monotonic()
        if holds():
            return
        now = time.monotonic()
        if now > deadline:
            raise TimeoutError(f"not so after {timeout} s: {tell()}")
        # a question that takes long is asked less often: what is waited for needs the machine too
        time.sleep(max(0.01, 5 * (now - asked)))
