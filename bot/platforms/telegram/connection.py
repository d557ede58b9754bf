"""The way to the Bot API: the library's client, and its raw `getUpdates`. Made by `platform` and `examining`."""

import json
import logging
import os
from typing import Any
from urllib.parse import urlencode

from telegram import Bot
from telegram.request import HTTPXRequest

from bot.platforms.telegram.outline import KINDS


class Connection:
    """A bot's connections: some for calls, one for long polls, so that neither waits for the other."""

    def __init__(self, token: str, api_url: str) -> None:
        # without it the library warns wherever it tells for how long to wait
        os.environ["PTB_TIMEDELTA"] = "true"
        # they show addresses, with the token in them, and answers, with notes in them
        for name in ("httpx", "httpcore", "telegram"):
            logging.getLogger(name).setLevel(logging.CRITICAL)
        self._calls = HTTPXRequest(8, read_timeout=20, write_timeout=20, pool_timeout=60, media_write_timeout=120)
        self._polls = HTTPXRequest(1, read_timeout=20)
        self._url = f"{api_url}/bot{token}"
        self.bot = Bot(
            token,
            base_url=f"{api_url}/bot",
            base_file_url=f"{api_url}/file/bot",
            request=self._calls,
            get_updates_request=self._polls,
        )

    async def get_updates(self, offset: int, seconds: int) -> list[Any]:
        """The updates from this offset on as raw JSON: parsing by the library would fail for all if it did for one."""
        asked = {"offset": offset, "timeout": seconds, "allowed_updates": json.dumps(KINDS)}
        updates = await self._polls.post(f"{self._url}/getUpdates?{urlencode(asked)}", read_timeout=seconds + 10)
        if not isinstance(updates, list):
            raise TypeError("no list")
        return updates

    async def close(self) -> None:
        """Close all connections."""
        await self._calls.shutdown()
        await self._polls.shutdown()
