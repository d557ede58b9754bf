from bot.platforms.slack.naming import name_commands


def test_commands_are_named_as_slack_knows_them():
    assert name_commands("Open one with /open TITLE.", "draft") == "Open one with /rapporteur open TITLE."
    assert name_commands("/draft – get the draft\n/draft docx", "report") == "/report – get the draft\n/report docx"
    assert name_commands("请先用 /close 关闭该会议。\u2066/join\u2069", "draft") == (
        "请先用 /rapporteur close 关闭该会议。\u2066/rapporteur join\u2069"
    )


def test_what_only_looks_like_a_command_stays():
    same = "https://example.org/open and/or/close /opening drafts/draft ./open /xyz"
    assert name_commands(same, "draft") == same
