"""Payloads over HTTP: signed requests to the bot's own web server. Runs on the server's loop."""

from __future__ import annotations

import hashlib
import hmac
import json
import time
from typing import TYPE_CHECKING, Any
from urllib.parse import urlencode

import aiohttp

from tests.slack_server.deliveries import EVENTS, INTERACTIVE, Delivery, Outcome

if TYPE_CHECKING:
    from tests.slack_server.server import SlackServer


class Poster:
    """Posts to the bot's address, signed."""

    def __init__(self, server: SlackServer, url: str, secret: str) -> None:
        self._server = server
        self.url = url
        self.secret = secret

    async def verify(self) -> str:
        """Asks for a challenge back, as Slack does when the address is set. Gives what is wrong, if anything."""
        challenge = {"type": "url_verification", "token": self._server.verification, "challenge": "3eZbrw1aB"}
        status, body, _ = await self.post(EVENTS, challenge, secret=self.secret)
        try:
            given = json.loads(body).get("challenge")
        except ValueError:
            given = body.strip()
        return "" if (status, given) == (200, challenge["challenge"]) else f"{status}: {body[:200]}"

    async def deliver(self, delivery: Delivery) -> Outcome:
        retried = {}
        if delivery.tries:
            retried = {"x-slack-retry-num": str(delivery.tries), "x-slack-retry-reason": delivery.reason}
        if not self._server.is_up:
            return Outcome(acked=False, reason="connection_failed")
        try:
            posted = await self.post(delivery.kind, delivery.payload, secret=self.secret, headers=retried)
        except TimeoutError:
            return Outcome(acked=False, reason="http_timeout")
        except aiohttp.ClientError:
            return Outcome(acked=False, reason="connection_failed")
        status, body, headers = posted
        if 200 <= status < 300:
            return Outcome(acked=True, answer=_read_answer(body, headers.get("Content-Type", "")))
        return Outcome(acked=False, reason="http_error", final=headers.get("x-slack-no-retry") == "1")

    async def post(
        self,
        kind: str,
        payload: dict[str, Any],
        *,
        secret: str,
        age: float = 0,
        headers: dict[str, str] | None = None,
    ) -> tuple[int, str, dict[str, str]]:
        """One request with the signature that this secret makes, `age` seconds old; its status, body and headers."""
        if kind == EVENTS:
            body, content_type = json.dumps(payload), "application/json"
        else:
            form = {"payload": json.dumps(payload)} if kind == INTERACTIVE else payload
            body, content_type = urlencode(form), "application/x-www-form-urlencoded"
        stamp = str(int(time.time() - age))
        signed = hmac.new(secret.encode(), f"v0:{stamp}:{body}".encode(), hashlib.sha256).hexdigest()
        sent = {"Content-Type": content_type, "X-Slack-Request-Timestamp": stamp, "X-Slack-Signature": f"v0={signed}"}
        limit = aiohttp.ClientTimeout(total=self._server.patience)
        session = self._server.session
        async with session.post(self.url, data=body, headers=sent | (headers or {}), timeout=limit) as answer:
            return answer.status, await answer.text(), dict(answer.headers)


def _read_answer(body: str, content_type: str) -> dict[str, Any]:
    """What the answer to a command or an interaction says: JSON, or plain words."""
    if content_type.startswith("application/json"):
        return dict(json.loads(body or "{}"))
    return {"text": body} if body else {}
