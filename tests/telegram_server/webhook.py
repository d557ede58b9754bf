"""Posts updates to the bot's webhook: those of one chat in order, each again and again until it is taken.

Run by server.py on its event loop.
"""

import asyncio
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

import aiohttp

from tests.telegram_server.updates import Waiting

if TYPE_CHECKING:
    from tests.telegram_server.server import TelegramServer


@dataclass(eq=False)
class Webhook:
    """Where the bot wants its updates."""

    url: str
    secret: str | None
    max_connections: int
    last_error: tuple[int, str] | None = None
    posting: dict[int, asyncio.Task[None]] = field(default_factory=dict)  # one for each chat


class Deliverer:
    """Gives each chat with pending updates a task of its own that posts them one after another."""

    def __init__(self, server: "TelegramServer", first_delay: float, longest_delay: float) -> None:
        self._server = server
        self._delays = (first_delay, longest_delay)

    async def run(self) -> None:
        """Until it is cancelled."""
        tasks: set[asyncio.Task[None]] = set()
        async with aiohttp.ClientSession(timeout=aiohttp.ClientTimeout(total=60)) as session:
            try:
                while True:
                    bell = self._server.bell
                    with self._server.lock:
                        self._server.updates.expire()
                        hook = self._server.webhook
                        chats = dict.fromkeys(w.chat for w in self._server.updates.waiting) if hook else {}
                    for chat in chats:
                        if hook and chat not in hook.posting and len(hook.posting) < hook.max_connections:
                            task = hook.posting[chat] = asyncio.create_task(self._post_chat(session, hook, chat))
                            tasks.add(task)
                            task.add_done_callback(tasks.discard)
                    await bell.wait()
            finally:
                for task in tasks:
                    task.cancel()
                await asyncio.gather(*tasks, return_exceptions=True)
                if hook := self._server.webhook:
                    hook.posting.clear()

    async def _post_chat(self, session: aiohttp.ClientSession, hook: Webhook, chat: int) -> None:
        first, longest = self._delays
        delay = first
        while waiting := self._next(hook, chat):
            error = await self._post(session, hook, waiting)
            with self._server.changing():
                if error is None:
                    self._server.updates.confirm([waiting])
                else:
                    hook.last_error = (int(self._server.now()), error)
            if error is None:
                delay = first
            else:
                await asyncio.sleep(delay)
                delay = min(2 * delay, longest)
        hook.posting.pop(chat, None)
        self._server.ring()

    def _next(self, hook: Webhook, chat: int) -> Waiting | None:
        """The chat's next update, while this webhook is the one that is set."""
        with self._server.lock:
            self._server.updates.expire()
            if self._server.webhook is not hook:
                return None
            return next((w for w in self._server.updates.waiting if w.chat == chat), None)

    async def _post(self, session: aiohttp.ClientSession, hook: Webhook, waiting: Waiting) -> str | None:
        """Posts one update; gives what went wrong, or None if the answer was a 2xx."""
        headers = {"X-Telegram-Bot-Api-Secret-Token": hook.secret} if hook.secret else {}
        try:
            async with session.post(hook.url, json=waiting.update, headers=headers) as answer:
                if 200 <= answer.status < 300:
                    return None
                return f"Wrong response from the webhook: {answer.status} {answer.reason}"
        except aiohttp.ClientConnectorError:
            return "Connection refused"
        except aiohttp.ClientError:
            return "Connection closed"
        except TimeoutError:
            return "Read timeout expired"
