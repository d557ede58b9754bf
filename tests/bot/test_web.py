"""The web server, over real sockets."""

import asyncio
import socket
from io import BytesIO
from pathlib import Path

import pytest
from aiohttp import ClientSession, web
from structlog.testing import capture_logs

from bot.web import LONGEST_BODY, build_web, serve_web
from core.errors import SettingError
from storage.database import open_database
from storage.store import Store


async def take(request: web.Request) -> web.Response:
    return web.Response(text=str(len(await request.read())))


async def fetch(store: Store, path: str, body: bytes | None = None) -> tuple[int, str]:
    app = build_web([web.post("/hook", take)], store.waiting)
    async with serve_web(app, "127.0.0.1", 0) as port, ClientSession() as client:
        method = "GET" if body is None else "POST"
        async with client.request(method, f"http://127.0.0.1:{port}{path}", data=body and BytesIO(body)) as response:
            return response.status, await response.text()


def test_health_tells_how_many_updates_wait_and_nothing_of_them(tmp_path: Path):
    store = Store(open_database(f"sqlite:///{tmp_path}/notes.db"))
    store.put_updates("a", [("1", "a secret"), ("2", "another")])
    assert asyncio.run(fetch(store, "/healthz")) == (200, '{"status": "ok", "waiting": 2}')
    store.close()


def test_health_is_503_while_the_database_cannot_be_read(tmp_path: Path):
    store = Store(open_database(f"sqlite:///{tmp_path}/notes.db"))
    store.close()
    (tmp_path / "notes.db").write_bytes(b"no database" * 1000)
    assert asyncio.run(fetch(store, "/healthz")) == (503, '{"status": "the database cannot be read"}')
    store.close()


def test_routes_are_answered_up_to_the_longest_body(tmp_path: Path):
    store = Store(open_database(f"sqlite:///{tmp_path}/notes.db"))
    answers = [asyncio.run(fetch(store, "/hook", b"x" * size)) for size in (3, LONGEST_BODY, LONGEST_BODY + 1)]
    assert [*answers[:2], answers[2][0]] == [(200, "3"), (200, str(LONGEST_BODY)), 413]
    assert asyncio.run(fetch(store, "/other"))[0] == 404
    store.close()


def test_the_port_that_was_free_is_logged(tmp_path: Path):
    async def serve() -> int:
        async with serve_web(build_web([], lambda: 0), "127.0.0.1", 0) as port:
            return port

    with capture_logs() as logs:
        port = asyncio.run(serve())
    assert port > 0
    assert logs == [{"event": "web server listens", "host": "127.0.0.1", "port": port, "log_level": "info"}]


def test_a_port_that_is_taken_is_a_setting_to_change():
    async def serve(port: int) -> None:
        async with serve_web(build_web([], lambda: 0), "127.0.0.1", port):
            pass

    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        with pytest.raises(SettingError, match="WEB_HOST, WEB_PORT: the bot's web server cannot listen there"):
            asyncio.run(serve(taken.getsockname()[1]))
