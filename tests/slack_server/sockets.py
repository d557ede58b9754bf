"""Socket Mode: connections by tickets that hold once, envelopes out, acknowledgements in. Runs on the server's loop."""

from __future__ import annotations

import asyncio
import json
import random
from itertools import count
from typing import TYPE_CHECKING, Any
from weakref import WeakKeyDictionary

from aiohttp import WSMsgType, web

from tests.slack_server.deliveries import EVENTS, Delivery, Outcome

if TYPE_CHECKING:
    from tests.slack_server.server import SlackServer

MOST_CONNECTIONS = 10


class Sockets:
    """The app's open connections. Each payload goes to any one of them."""

    def __init__(self, server: SlackServer) -> None:
        self._server = server
        self.open: list[web.WebSocketResponse] = []
        self._acks: dict[str, tuple[web.WebSocketResponse, asyncio.Future[dict[str, Any]]]] = {}
        self._tickets: set[str] = set()
        self._transports: WeakKeyDictionary[web.WebSocketResponse, asyncio.Transport | None] = WeakKeyDictionary()
        self._names = count(1)
        self._random = random.Random(0)

    def issue_url(self) -> str:
        """The address for one connection."""
        ticket = f"ticket{next(self._names)}"
        self._tickets.add(ticket)
        return f"ws://127.0.0.1:{self._server.port}/link/?ticket={ticket}&app_id={self._server.bot.app_id}"

    async def connect(self, request: web.Request) -> web.StreamResponse:
        """A connection, from its handshake to its end."""
        ticket = request.query.get("ticket", "")
        known = ticket in self._tickets
        self._tickets.discard(ticket)
        refused = not known or self._server.take_refusal()
        with self._server.changing():
            self._server.handshakes.append((ticket, not refused))
        if refused:
            return web.Response(status=403)
        # answers to the client's pings come of themselves; one to its farewell only when it is not counted any more
        socket = web.WebSocketResponse(max_msg_size=0, autoclose=False)
        await socket.prepare(request)
        self._transports[socket] = request.transport
        if len(self.open) >= MOST_CONNECTIONS:
            await socket.send_json({"type": "disconnect", "reason": "too_many_websockets"})
            await socket.close()
            return socket
        await socket.send_json(self._hello())
        with self._server.changing():
            self.open.append(socket)
        try:
            async for message in socket:
                if message.type is WSMsgType.TEXT:
                    self._take_ack(socket, message.data)
        finally:
            with self._server.changing():
                self.open.remove(socket)
        await socket.close()
        return socket

    def _hello(self) -> dict[str, Any]:
        return {
            "type": "hello",
            "num_connections": len(self.open) + 1,
            "debug_info": {"host": "applink-1", "build_number": 1, "approximate_connection_time": 18060},
            "connection_info": {"app_id": self._server.bot.app_id},
        }

    def _take_ack(self, socket: web.WebSocketResponse, text: str) -> None:
        answer = json.loads(text)
        envelope_id = answer.get("envelope_id", "")
        sent_on, ack = self._acks.get(envelope_id, (None, None))
        if ack and not ack.done() and (sent_on is socket or self._server.acks_anywhere):
            ack.set_result(answer.get("payload") or {})

    async def deliver(self, delivery: Delivery) -> Outcome:
        """Sends an envelope and waits for its acknowledgement as long as Slack has patience."""
        if not self.open:
            return Outcome(acked=False, reason="connection_failed")
        socket = self._random.choice(self.open)
        envelope_id = f"envelope-{next(self._names)}"
        envelope: dict[str, Any] = {"envelope_id": envelope_id, "type": delivery.kind, "payload": delivery.payload}
        envelope["accepts_response_payload"] = delivery.kind != EVENTS
        if delivery.kind == EVENTS:
            envelope |= {"retry_attempt": delivery.tries, "retry_reason": delivery.reason}
        ack: asyncio.Future[dict[str, Any]] = asyncio.get_running_loop().create_future()
        self._acks[envelope_id] = (socket, ack)
        try:
            await socket.send_json(envelope)
            answer = await asyncio.wait_for(ack, self._server.patience)
            return Outcome(acked=True, answer=answer)
        except ConnectionError:
            return Outcome(acked=False, reason="connection_failed")
        except TimeoutError:
            return Outcome(acked=False, reason="timeout")
        finally:
            del self._acks[envelope_id]

    async def refresh(self) -> None:
        """Warns on all connections, then ends them, as Slack does from time to time."""
        old = list(self.open)
        await self._disconnect(old, "warning")
        await asyncio.sleep(self._server.warning_time)
        await self._disconnect(old, "refresh_requested")
        await asyncio.gather(*(socket.close() for socket in old))

    async def _disconnect(self, sockets: list[web.WebSocketResponse], reason: str) -> None:
        for socket in sockets:
            if not socket.closed:
                await socket.send_json({"type": "disconnect", "reason": reason, "debug_info": {"host": "applink-1"}})

    def cut(self) -> None:
        """Ends all connections without a word."""
        for socket in self.open:
            if transport := self._transports[socket]:
                transport.abort()
