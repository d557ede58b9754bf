"""A Telegram Bot API server on loopback, for tests: `with TelegramServer() as server: …`.

The test plays the people (server.add_group, group.say, …) and reads back what the bot did (group.messages,
server.calls); the bot talks to `server.base_url` over real sockets. What the API documents is kept to; where it is
silent, the facts measured in the project's reference are.
"""

from tests.telegram_server.limits import Rate
from tests.telegram_server.server import TelegramServer

__all__ = ["Rate", "TelegramServer"]
