"""What a replay tells of lines and commands that it could not use."""

import json
from contextlib import closing

from bot.replay import BadLine, replay_lines
from handlers import Defaults
from reports.template_reader import load_templates
from storage.database import open_database
from storage.store import Store


def line(number: int, text: str) -> str:
    told = {"ts": f"2018-03-05T09:{number:02}:00+00:00", "platform": "telegram", "chat": "g", "author": "A"}
    return json.dumps({**told, "message_id": str(number), "text": text})


def test_every_bad_line_and_refused_command_is_told():
    lines = ["oops", line(1, "/open A\nbogus: 3"), '{"a": 1}', line(2, "#need x"), "oops", line(3, "/set zone: Mars")]
    with closing(Store(open_database("sqlite://"))) as store:
        replayed = replay_lines(lines, (store, load_templates(), Defaults()), "t", {})
    assert replayed.bad_lines == (
        BadLine(1, "it is not valid JSON"),
        BadLine(3, "ts, platform, chat, author, message_id, text is missing"),
        BadLine(5, "it is not valid JSON"),
    )
    assert [message_id for message_id, _ in replayed.refused] == ["1", "3"]
    assert (
        replayed.refused[1][1] == "There is no time zone 'Mars'. Examples: Africa/Addis_Ababa, America/New_York, UTC."
    )
