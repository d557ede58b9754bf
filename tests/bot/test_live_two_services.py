"""One meeting on Slack and Telegram together: one report, each note with its own link."""

from pathlib import Path

from tests.bot.live import LiveBot
from tests.bot.test_live_meeting import report_of
from tests.slack_server import SlackServer
from tests.telegram_server import TelegramServer

OPENING = "/open Consultation\ntemplate: bapa40\nzone: UTC\nclose: 18:00"


def test_meeting_fed_from_two_services_is_one_report(tmp_path: Path):
    with SlackServer() as slack, TelegramServer(privacy=False) as telegram:
        ana, channel = slack.person("Ana"), slack.add_channel("consultation")
        channel.join(ana)
        channel.invite_bot(ana)
        ben, group = telegram.person("Ben"), telegram.add_group("Consultation")
        group.add_bot(by=ben)
        url = f"sqlite:///{tmp_path}/notes.db"
        with LiveBot(telegram, url, slack=slack, organizers=[f"slack:{ana.id}"]) as bot:
            slack.wait_until(lambda: slack.connections, timeout=20)
            channel.say(ana, OPENING)
            # Slack's sockets keep no order
            bot.settle()
            on_slack = channel.say(ana, "#recommendation Scale up funding")
            asked = channel.say(ana, "/join")
            bot.settle()
            [told] = [message for message in channel.from_bot if message.thread is asked]
            code = told.plain.split("“join ")[1].split("”")[0]
            # what was said in another channel before it joined is none of the meeting's
            second = slack.add_channel("second")
            second.invite_bot(ana)
            second.say(ana, "#recommendation Said before the join")
            again = channel.say(ana, "/join")
            bot.settle()
            [more] = [message for message in channel.from_bot if message.thread is again]
            second.say(ana, f"/join {more.plain.split('“join ')[1].split('”')[0]}")
            bot.settle()
            # without the code the group is a stranger's
            group.say(ben, "#recommendation Nobody hears this")
            group.say(ben, f"/join {code}")
            on_telegram = group.say(ben, "#recommendation Train more people")
            bot.settle()
            channel.say(ana, "/draft md")
            bot.settle()
            live = report_of(bot)
        [draft] = [file for message in channel.from_bot for file in message.files]
        answers = [message.text for message in group.from_bot]
    items = next(part for section in live.sections for part in section.parts if part.key == "B.items").items
    links = {item.text: item.link for item in items}
    assert links == {
        "Scale up funding": on_slack.link,
        "Train more people": f"https://t.me/c/{str(group.id).removeprefix('-100')}/{on_telegram.message_id}",
    }
    assert answers == ["This chat feeds the meeting now: Consultation."]
    assert draft.content is not None
    assert all(link in draft.content.decode() for link in links.values())
