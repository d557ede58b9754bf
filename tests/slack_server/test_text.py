"""What becomes of what people type and the bot sends, and how it looks."""

from tests.slack_server import SlackServer
from tests.slack_server.channels import Channel
from tests.slack_server.people import Person
from tests.slack_server.text import link_channels, read_mrkdwn, write_mrkdwn


def test_typed_text_is_kept_as_mrkdwn(slack: SlackServer, channel: Channel, ana: Person):
    slack.add_channel("challenge")
    slack.add_channel("secret", private=True)
    typed = "#challenge: x & y <z> @Ana #secret `#challenge` #challenge-2 https://un.org/?a&b 👍 🌍 @here a#challenge"
    assert channel.say(ana, typed).text == (
        "<#C00002|challenge>: x &amp; y &lt;z&gt; <@U00001> #secret `#challenge` #challenge-2 "
        "<https://un.org/?a&amp;b> :+1: :earth_globe_europe-africa: <!here> a#challenge"
    )
    assert channel.messages[0].plain == (
        "#challenge: x & y <z> @Ana #secret `#challenge` #challenge-2 https://un.org/?a&b :+1: "
        ":earth_globe_europe-africa: @here a#challenge"
    )
    slack.empty_channel_names = True
    assert channel.say(ana, "#challenge x").text == "<#C00002|> x"
    assert channel.messages[1].plain == "#challenge x"
    assert channel.messages[1].blocks[0]["elements"][0]["elements"] == [
        {"type": "channel", "channel_id": "C00002"},
        {"type": "text", "text": " x"},
    ]


def test_longest_name_is_mentioned():
    people = {"Ana": "U1", "Ana Maria": "U2"}
    assert write_mrkdwn("@Ana Maria and @Anabel, @Ana: x@Ana", people, {}) == "<@U2> and @Anabel, <@U1>: x@Ana"


def test_tokens_look_like_what_they_stand_for():
    text = "<#C1> <#C1|b> <@U1> <!here> <!date^1^{date}|today> <https://un.org|UN> <mailto:a@b.c|a@b.c> &lt;&amp;&gt;"
    assert read_mrkdwn(text, {"C1": "a", "U1": "Ana"}.__getitem__) == "#a #b @Ana @here today UN a@b.c <&>"


def test_names_in_what_an_app_sends_are_linked_but_in_tokens():
    assert link_channels("#a x#a <#C2|a> <https://un.org/#a> #b &#a", {"a": "C1"}) == (
        "<#C1|a> x#a <#C2|a> <https://un.org/#a> #b &#a"
    )
