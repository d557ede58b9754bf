"""Slack's texts: what is read of them, and that reading again what was written changes nothing."""

import time

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from bot.mrkdwn import list_tokens, read_mrkdwn, write_mrkdwn
from core.cutting import cut_text
from core.tags import find_tags

MARK = "\u034f"


@pytest.mark.parametrize(
    ("raw", "plain"),
    [
        ("<#C1|challenge> Costs", "#challenge Costs"),
        ("<#C1|> Costs", "#C1 Costs"),
        ("<#C1> Costs", "#C1 Costs"),
        ("<#C2|> and <#C2>", "#need and #need"),
        ("<@U1> <@U1|ana>", "@U1 @ana"),
        ("<@U2> <@U2|ben>", "@Ben @Ben"),
        ("<!here> <!subteam^S1|@desk> <!subteam^S1> <!date^1^{date}|9 July>", "@here @desk @subteam 9 July"),
        (
            "<https://un.org> <https://un.org|un.org> <https://un.org|the site>",
            "https://un.org https://un.org the site (https://un.org)",
        ),
        ("<mailto:a@un.org|a@un.org> <tel:+1|+1>", "a@un.org +1"),
        ("R&amp;D &lt;b&gt; &eacute; &amp;lt;", "R&D <b> &eacute; &lt;"),
        ("&lt;!channel&gt;", "<!channel>"),
        (":tada: 2*3*4 snake_case", ":tada: 2*3*4 snake_case"),
    ],
)
def test_tokens_and_entities_are_as_people_see_them(raw: str, plain: str):
    assert read_mrkdwn(raw, {"U2": "Ben"}, {"C2": "need"}) == plain


@pytest.mark.parametrize(
    ("raw", "plain"),
    [
        ("*#need Staff*", "#need Staff"),
        ("_#need_ Staff", "#need Staff"),
        ("~#need Staff~ and rooms", "#need Staff and rooms"),
        ("*_#need_* Staff", "#need Staff"),
        ("_*#need* Staff_", "#need Staff"),
        ("**#need** Staff", "#need Staff"),
        ("&gt; *<#C1|need> Staff*\n• _#gap Data_.", "> #need Staff\n• #gap Data."),
        ("*#key_conclusion a*b and c*", "#key_conclusion a*b and c"),
        # what is left as it is
        ("*We need* #need *more* staff", "*We need* #need *more* staff"),
        ("*#need Staff", "*#need Staff"),
        ("*#need Staff\nand rooms*", "*#need Staff\nand rooms*"),
        ("* #need Staff *", "* #need Staff *"),
        ("`*#need Staff*`", "`*#need Staff*`"),
        ("```\n*#need a*\n``` *#need b*", "```\n*#need a*\n``` #need b"),
        ("*#need `a*` b*", "#need `a*` b"),
    ],
)
def test_emphasis_around_a_tag_or_its_line_is_dropped(raw: str, plain: str):
    assert read_mrkdwn(raw) == plain


@pytest.mark.parametrize("bullet", ["•", "◦", "▪\ufe0e"])
def test_bullets_of_inner_lists_are_no_words(bullet: str):
    (note,) = cut_text(read_mrkdwn(f"    {bullet} #need Staff"))
    assert note.text == "Staff"


@pytest.mark.parametrize(
    ("raw", "plain"),
    [
        ("<https://un.org|#need more> x", f"{MARK}#need more (https://un.org) x"),
        ("<https://un.org/标签/#建议>", f"https://un.org/标签/{MARK}#建议"),
        ("<@U1|#need> <!subteam^S1|#need>", f"@{MARK}#need {MARK}#need"),
        ("<tel:#need|#need>", f"{MARK}#need"),
        ("<javascript:x|`#need`>", f"`{MARK}#need`"),
        ("<https://un.org|C#>", "C# (https://un.org)"),
    ],
)
def test_links_and_names_give_no_tags(raw: str, plain: str):
    assert (read_mrkdwn(raw), find_tags(plain)) == (plain, [])


def test_code_gives_no_tags():
    assert find_tags(read_mrkdwn("`<#C1|need> a` ```\n#need b\n```")) == []


def test_names_that_are_wanted_are_listed():
    text = "<@U1> <@U2|ben> <#C1|need> <#C2|> <#C3> <!here> <https://un.org|#x> &lt;@U9&gt;"
    assert list_tokens(text) == ({"U1", "U2"}, {"C2", "C3"})


pieces = [*"*_~#`<>&|!@ \nab.", "#need", "https://u.n", "C1", "◦", "&lt;", MARK]
typed = st.lists(st.sampled_from(pieces), max_size=30).map("".join)


@settings(deadline=None)
@given(typed)
@example("*#a **#b c*")
@example("*#*#*")
@example("_*#need* a_ b*")
def test_what_was_read_and_written_reads_the_same(raw: str):
    plain = read_mrkdwn(raw)
    assert read_mrkdwn(write_mrkdwn(plain)) == plain


@pytest.mark.parametrize("piece", ["*#", "_*#a*", "<#", "*#a ", "`*#`", "◦ \n"])
def test_reading_takes_time_by_length(piece: str):
    long = (piece * 40_000)[:40_000]
    start = time.perf_counter()
    read_mrkdwn(long)
    # by the square of the length it would be minutes, however slow the machine
    assert time.perf_counter() - start < 20
