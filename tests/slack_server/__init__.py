"""A Slack on loopback, for tests: `with SlackServer() as slack: …`.

The test plays the people (slack.add_channel, channel.say, slack.press, …) and reads back what the bot did
(channel.messages, person.home, slack.calls); the bot talks to `slack.api_url` and to the sockets that it is given
there, over real connections. What Slack documents is kept to; where it is silent, the facts measured in the
project's reference are.
"""

from tests.slack_server.server import SlackServer

__all__ = ["SlackServer"]
