"""Links to messages."""

import pytest

from bot.platforms.slack.links import link_message


@pytest.mark.parametrize("url", ["https://hlpf.slack.com/", "https://hlpf.slack.com"])
def test_link_is_the_permalink_of_the_message(url: str):
    assert link_message(url, "C1", "1531126800.000100") == "https://hlpf.slack.com/archives/C1/p1531126800000100"


def test_link_to_a_reply_opens_its_thread():
    link = link_message("https://hlpf.slack.com/", "C1", "1531126860.000000", "1531126800.000100")
    told = "https://hlpf.slack.com/archives/C1/p1531126860000000?thread_ts=1531126800.000100&cid=C1"
    assert link == told


def test_link_to_a_threads_first_message_is_plain():
    link = link_message("https://hlpf.slack.com/", "C1", "1531126800.000100", "1531126800.000100")
    assert link == "https://hlpf.slack.com/archives/C1/p1531126800000100"
