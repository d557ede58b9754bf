"""Slack's requests over HTTP, to the bot's own web server. Bolt checks their signatures. Used by `platform`."""

from aiohttp import web
from slack_bolt.adapter.aiohttp import to_aiohttp_response
from slack_bolt.app.async_app import AsyncApp
from slack_bolt.request.async_request import AsyncBoltRequest

PATH = "/slack/events"


def make_route(app: AsyncApp) -> web.RouteDef:
    """What the web server answers: events, commands and interactions all come to one address."""

    async def answer(request: web.Request) -> web.Response:
        # a body that is no text has another signature than it came with
        text = (await request.read()).decode("utf-8", "replace")
        try:
            asked = AsyncBoltRequest(body=text, query=request.query_string, headers=dict(request.headers))
        except (AttributeError, TypeError, ValueError, RecursionError):
            # Bolt reads a body before it checks whose it is
            return web.Response(status=400)
        return await to_aiohttp_response(await app.async_dispatch(asked))

    return web.post(PATH, answer)
