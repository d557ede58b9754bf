"""The Web API over HTTP: requests in, answers and files out, faults. Runs on the server's loop."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING, Any

from aiohttp import web

from tests.slack_server.errors import SlackError
from tests.slack_server.methods import METHODS
from tests.slack_server.parameters import read_parameters
from tests.slack_server.scopes import NEEDED, check_scope
from tests.slack_server.traffic import Call

if TYPE_CHECKING:
    from collections.abc import Callable

    from tests.slack_server.faults import Fault
    from tests.slack_server.server import SlackServer

UPLOAD_LIMIT = 100 * 2**20
OPEN_CONNECTION = "apps.connections.open"


class WebApi:
    """Answers the bot's requests."""

    def __init__(self, server: SlackServer) -> None:
        self._server = server
        self._release = asyncio.Event()  # set: hanging calls are dropped

    def make_app(self) -> web.Application:
        app = web.Application(client_max_size=2 * UPLOAD_LIMIT)
        app.router.add_route("*", "/api/{method}", self.handle)
        app.router.add_post("/upload/v1/{file}", self.upload)
        app.router.add_get("/files-pri/{file}/{rest:.+}", self.download)
        app.router.add_post("/response/{name}", self.respond)
        app.router.add_get("/link/", self._server.sockets.connect)
        return app

    def drop_hanging(self) -> None:
        self._release.set()
        self._release = asyncio.Event()

    async def handle(self, request: web.Request) -> web.StreamResponse:
        name = request.match_info["method"]
        try:
            parameters = await read_parameters(request)
        except SlackError as error:
            return web.json_response(error.json())
        scheme, _, bearer = request.headers.get("Authorization", "").partition(" ")
        token = str(parameters.pop("token", "")) or (bearer if scheme == "Bearer" else "")
        return await self._serve(name, parameters, request, lambda call: self._answer(call, token))

    async def _serve(
        self,
        name: str,
        parameters: dict[str, Any],
        request: web.Request,
        answer: Callable[[Call], web.StreamResponse],
    ) -> web.StreamResponse:
        """Notes the call, and lets it meet its fault or its answer."""
        with self._server.changing():
            call = Call(name, parameters, self._server.now())
            self._server.calls.append(call)
            fault = self._server.faults.take(name)
        if fault and not fault.after:
            return await self._suffer(fault, call, request)
        with self._server.changing():
            response = answer(call)
            call.status = response.status
        return await self._suffer(fault, call, request) if fault else response

    def _answer(self, call: Call, token: str) -> web.Response:
        try:
            self._authorize(call.method, token)
            if call.method == OPEN_CONNECTION:
                return self._good({"url": self._server.sockets.issue_url()})
            return self._good(METHODS[call.method](self._server, call))
        except SlackError as error:
            call.error = error.error
            return web.json_response(error.json(), headers=self._headers())

    def _authorize(self, method: str, token: str) -> None:
        if method not in METHODS and method != OPEN_CONNECTION:
            raise SlackError("unknown_method", req_method=method)
        if not token:
            raise SlackError("not_authed")
        if token not in (self._server.bot_token, self._server.app_token):
            raise SlackError("invalid_auth")
        if (token == self._server.app_token) != (method == OPEN_CONNECTION):
            raise SlackError("not_allowed_token_type")
        check_scope(self._server.scopes, NEEDED.get(method))

    def _good(self, fields: dict[str, Any]) -> web.Response:
        return web.json_response({"ok": True, **fields}, headers=self._headers())

    def _headers(self) -> dict[str, str]:
        return {"x-oauth-scopes": ",".join(sorted(self._server.scopes))}

    async def _suffer(self, fault: Fault, call: Call, request: web.Request) -> web.StreamResponse:
        """Answers as the fault says; "drop" and "hang" never do."""
        with self._server.changing():
            call.status, call.error = fault.status, fault.error
        if fault.status == 429:
            headers = {"Retry-After": str(1 if fault.retry_after is None else fault.retry_after)}
            return web.json_response({"ok": False, "error": "ratelimited"}, status=429, headers=headers)
        if isinstance(fault.status, int):
            if fault.error:
                return web.json_response({"ok": False, "error": fault.error}, status=fault.status)
            return web.Response(status=fault.status, text="upstream connect error")
        if fault.status == "hang":
            await self._release.wait()
        if request.transport:
            request.transport.abort()
        return web.Response()

    async def upload(self, request: web.Request) -> web.StreamResponse:
        form = await request.post() if request.content_type == "multipart/form-data" else None
        content = await request.read()
        if form is not None:
            part = next((value for value in form.values() if isinstance(value, web.FileField)), None)
            content = part.file.read() if part else b""
        file_id = request.match_info["file"]

        def take(_call: Call) -> web.Response:
            if self._server.uploads.get(file_id) != len(content):
                return web.Response(status=400, text="the length is not as said")
            self._server.files[file_id].content = content
            return web.Response(text=f"OK - {len(content)}")

        return await self._serve("upload", {"file": file_id}, request, take)

    async def download(self, request: web.Request) -> web.StreamResponse:
        file_id = request.match_info["file"].partition("-")[2]
        authorized = request.headers.get("Authorization") == f"Bearer {self._server.bot_token}"

        def give(_call: Call) -> web.Response:
            file = self._server.files.get(file_id)
            if not authorized or "files:read" not in self._server.scopes:
                # no error: a page to sign in
                return web.Response(text="<!DOCTYPE html><title>Sign in | Slack</title>", content_type="text/html")
            if file is None or file.content is None:
                return web.Response(status=404)
            return web.Response(body=file.content, content_type=file.mime)

        return await self._serve("download", {"file": file_id}, request, give)

    async def respond(self, request: web.Request) -> web.StreamResponse:
        error = self._server.respond(request.match_info["name"], await request.json())
        return web.Response(status=404, text=error) if error else web.Response(text="ok")
