"""Slack over HTTP and sockets on loopback: the Web API, uploads and downloads, Socket Mode. In a thread of its own."""

from __future__ import annotations

import asyncio
import threading
from typing import TYPE_CHECKING, Any, Self

import aiohttp
from aiohttp import web

from tests.slack_server.deliveries import EVENTS, Deliverer, Transport
from tests.slack_server.posting import Poster
from tests.slack_server.sockets import Sockets
from tests.slack_server.surfaces import Surfaces
from tests.slack_server.web_api import WebApi

if TYPE_CHECKING:
    from collections.abc import Callable, Coroutine


class SlackServer(Surfaces):
    """A Slack with one workspace and one app. As a context manager it runs from entry to exit; `stop` and `start` in
    between are the network going down and coming back, on the same port and with the same world."""

    def __init__(self, **world: Any) -> None:
        super().__init__(**world)
        self.patience = 3.0  # how long Slack waits for an acknowledgement
        self.retry_delays: tuple[float, ...] = (0.0, 0.2, 0.5)  # of an event; in truth 0, 60 and 300
        self.lose_acks = 0  # so many acknowledgements to come are lost on the way
        self.shuffle = False  # deliver out of order
        self.shuffle_for = 0.02  # what comes in this time is mixed up
        self.warning_time = 0.2  # from the warning of a refresh to the refresh; in truth about 10
        self.acks_anywhere = True  # an acknowledgement holds on another connection than the envelope's too
        self.handshakes: list[tuple[str, bool]] = []  # the ticket of each, and whether it held
        self.is_up = False
        self.bell = asyncio.Event()  # rung at each change; a new one then takes its place
        self.sockets = Sockets(self)
        self.web_api = WebApi(self)
        self.transport: Transport = self.sockets
        self._refusals = 0
        self._loop = asyncio.new_event_loop()
        self._thread = threading.Thread(target=self._loop.run_forever, name="slack-server", daemon=True)
        self._runner: web.AppRunner | None = None
        self._delivery: asyncio.Task[None] | None = None

    def __enter__(self) -> Self:
        self._thread.start()
        self._run(self._open())
        self.start()
        return self

    def __exit__(self, *_: object) -> None:
        self.stop()
        self._run(self._close())
        self._loop.call_soon_threadsafe(self._loop.stop)
        self._thread.join()
        self._loop.close()

    # what happens to the network

    def start(self) -> None:
        """The network is there (again)."""
        self._run(self._start())

    def stop(self) -> None:
        """The network is gone: connections are cut, new ones refused; events are retried as ever, and lost then."""
        self._run(self._stop())

    def refresh(self) -> None:
        """All sockets are warned and ended, as Slack does from time to time."""
        self._run(self.sockets.refresh())

    def cut_sockets(self) -> None:
        """All sockets end without a word; new ones are taken."""
        self._loop.call_soon_threadsafe(self.sockets.cut)

    def refuse_sockets(self, times: int) -> None:
        """The next handshakes are refused; a ticket that was refused once never holds again."""
        with self.changing():
            self._refusals = times

    def take_refusal(self) -> bool:
        with self.changing():
            refused = self._refusals > 0
            self._refusals -= refused
            return refused

    @property
    def connections(self) -> int:
        """Open sockets."""
        return len(self.sockets.open)

    def deliver_to(self, url: str, signing_secret: str | None = None) -> str:
        """From now on all goes to this address. Gives what is wrong with its answer to the challenge, if anything."""
        poster = self.transport = Poster(self, url, signing_secret or self.signing_secret)
        return asyncio.run_coroutine_threadsafe(poster.verify(), self._loop).result(timeout=10)

    def forge(
        self, payload: dict[str, Any], kind: str = EVENTS, *, secret: str = "not the secret", age: float = 0
    ) -> tuple[int, str]:
        """Posts what Slack did not, signed with another secret or with the right one long ago. Status and body."""
        if not isinstance(self.transport, Poster):
            raise TypeError("deliver_to() comes first")
        posting = self.transport.post(kind, payload, secret=secret, age=age)
        status, body, _ = asyncio.run_coroutine_threadsafe(posting, self._loop).result(timeout=10)
        return status, body

    def heal(self) -> None:
        super().heal()
        self._loop.call_soon_threadsafe(self.web_api.drop_hanging)

    def woken(self) -> None:
        if self._thread.is_alive():
            self._loop.call_soon_threadsafe(self._ring)

    def later(self, delay: float, work: Callable[[], None]) -> None:
        if delay:
            self._loop.call_soon_threadsafe(self._loop.call_later, delay, work)
        else:
            work()

    def _ring(self) -> None:
        self.bell.set()
        self.bell = asyncio.Event()

    def _run(self, work: Coroutine[Any, Any, None]) -> None:
        asyncio.run_coroutine_threadsafe(work, self._loop).result(timeout=10)

    # how it runs

    async def _open(self) -> None:
        self.session = aiohttp.ClientSession()
        self._delivery = asyncio.create_task(Deliverer(self).run())

    async def _close(self) -> None:
        assert self._delivery
        self._delivery.cancel()
        await asyncio.gather(self._delivery, return_exceptions=True)
        await self.session.close()

    async def _start(self) -> None:
        if self._runner:
            return
        # 0 would mean to wait for open requests for ever
        self._runner = web.AppRunner(
            self.web_api.make_app(), access_log=None, handler_cancellation=True, shutdown_timeout=0.01
        )
        await self._runner.setup()
        await web.TCPSite(self._runner, "127.0.0.1", self.port, reuse_address=True).start()
        self.port = self._runner.addresses[0][1]
        self.is_up = True

    async def _stop(self) -> None:
        runner, self._runner = self._runner, None
        self.is_up = False
        if runner:
            self.sockets.cut()
            await runner.cleanup()
