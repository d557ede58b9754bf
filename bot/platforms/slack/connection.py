"""The way to Slack's Web API: the library's client and its one session. Made by `platform`."""

import logging
from urllib.parse import urlsplit

import aiohttp
from slack_sdk.web.async_client import AsyncWebClient

from bot.platforms import RefusedError, tell_too_large
from bot.platforms.slack.faults import translate_errors

# in seconds, for one call; a file on its way up or down is one
_LONGEST_CALL = 60.0
# where Slack keeps files: nobody else gets the token
_HOMES = (".slack.com", ".slack-gov.com")


def silence_library() -> logging.Logger:
    """A logger for the libraries, which show tokens and texts: of what goes wrong our own lines tell."""
    logging.getLogger("slack_sdk").setLevel(logging.CRITICAL)
    logger = logging.getLogger("slack_bolt")
    logger.setLevel(logging.CRITICAL)
    return logger


def make_client(token: str | None, api_url: str) -> AsyncWebClient:
    """A client that sends nothing twice: the library's own handler would post again where an answer is lost."""
    return AsyncWebClient(token, base_url=api_url, retry_handlers=[], logger=silence_library())


class Connection:
    """A bot's client. Its session is opened in the loop in which it is used."""

    def __init__(self, bot_token: str, api_url: str) -> None:
        self.client = make_client(bot_token, api_url)

    def open(self) -> None:
        """One session for all calls from now on."""
        if self.client.session is None or self.client.session.closed:
            self.client.session = aiohttp.ClientSession(timeout=aiohttp.ClientTimeout(total=_LONGEST_CALL))

    async def close(self) -> None:
        """Close all connections."""
        if self.client.session is not None:
            await self.client.session.close()

    async def download(self, url: str, most: int | None = None) -> bytes:
        """The bytes of a file that Slack keeps; one of more than `most` is refused."""
        host, own = (urlsplit(address).hostname or "" for address in (url, self.client.base_url))
        if host != own and not host.endswith(_HOMES):
            raise RefusedError("the file is kept elsewhere; the message's link leads to it")
        headers = {"Authorization": f"Bearer {self.client.token}"}
        # the command line fetches files without a connection
        self.open()
        with translate_errors():
            async with self._need_session().get(url, headers=headers, proxy=self.client.proxy) as answer:
                if answer.status >= 500 or answer.status == 429:
                    answer.raise_for_status()
                # who may not have a file is shown the page to log in
                if answer.status != 200 or answer.url.path != urlsplit(url).path:
                    raise RefusedError("the file is gone, or the bot may not read it")
                content = bytearray()
                async for piece in answer.content.iter_any():
                    content += piece
                    if most is not None and len(content) > most:
                        raise RefusedError(tell_too_large(most))
                return bytes(content)

    def _need_session(self) -> aiohttp.ClientSession:
        if self.client.session is None:
            raise RuntimeError("not open")
        return self.client.session
