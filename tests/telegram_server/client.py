"""How the tests of the server talk to it: python-telegram-bot without await, raw requests, a webhook's web server."""

import asyncio
import json
import threading
import urllib.request
from collections.abc import Callable
from http.server import BaseHTTPRequestHandler, HTTPServer
from typing import Any

import pytest
from telegram import Bot, Update
from telegram.error import (
    TelegramError,
)
from telegram.request import HTTPXRequest

from tests.telegram_server import TelegramServer

ALL = Update.ALL_TYPES


class Client:
    """python-telegram-bot's Bot, called without await."""

    def __init__(self, server: TelegramServer, token: str | None = None) -> None:
        self._runner = asyncio.Runner()
        requests = [HTTPXRequest(read_timeout=2, connect_timeout=2, httpx_kwargs={"verify": False}) for _ in range(2)]
        urls = {"base_url": server.base_url, "base_file_url": server.base_file_url}
        self.bot = Bot(token or server.bot.token, request=requests[0], get_updates_request=requests[1], **urls)
        for request in requests:
            self._runner.run(request.initialize())

    def __getattr__(self, method: str) -> Callable[..., Any]:
        return lambda *given, **named: self._runner.run(getattr(self.bot, method)(*given, **named))

    def refused(self, method: str, *given: Any, **named: Any) -> tuple[type[TelegramError], str]:
        with pytest.raises(TelegramError) as caught:
            getattr(self, method)(*given, **named)
        return type(caught.value), str(caught.value)

    def texts(self, **named: Any) -> list[str | None]:
        """The texts of the messages that getUpdates gives, other updates by their kind."""
        found = self.get_updates(**{"timeout": 0, "allowed_updates": ALL} | named)
        return [u.message.text if u.message else next(k for k in u.to_dict() if k != "update_id") for u in found]

    def read(self, file_id: str) -> bytes:
        async def download() -> bytes:
            return bytes(await (await self.bot.get_file(file_id)).download_as_bytearray())

        return self._runner.run(download())

    def close(self) -> None:
        for request in self.bot._request:
            self._runner.run(request.shutdown())
        self._runner.close()


def ask(server: TelegramServer, request: str) -> dict[str, Any]:
    """The raw JSON that answers a request."""
    try:
        with urllib.request.urlopen(f"{server.base_url}{server.bot.token}/{request}") as answer:
            return json.load(answer)
    except urllib.error.HTTPError as error:
        with error:
            return json.load(error)


class Hook:
    """A web server that notes what is posted and answers with the next of its statuses, then 200."""

    def __init__(self, *statuses: int) -> None:
        self.statuses, self.got = list(statuses), list[tuple[str | None, str]]()
        hook = self

        class Handler(BaseHTTPRequestHandler):
            def do_POST(self) -> None:
                update = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
                status = hook.statuses.pop(0) if hook.statuses else 200
                text = update["message"]["text"]
                hook.got.append((self.headers["X-Telegram-Bot-Api-Secret-Token"], f"{text} {status}"))
                self.send_response(status)
                self.end_headers()

            def log_message(self, *_: Any) -> None:
                pass

        self.web = HTTPServer(("127.0.0.1", 0), Handler)
        self.thread = threading.Thread(target=self.web.serve_forever)
        self.thread.start()

    def close(self) -> None:
        self.web.shutdown()
        self.thread.join()
        self.web.server_close()
