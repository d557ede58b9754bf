"""`rapporteur run` as a person without a token meets it: typed lines, answers, files, and another day."""

import json
import re
import signal
import subprocess
import time
from contextlib import closing, suppress
from datetime import UTC, datetime, timedelta
from getpass import getuser
from pathlib import Path

import pytest
from babel.dates import format_date

from bot.cli import INTERRUPTED
from bot.platforms.console import Console
from bot.terminal import WELCOME
from core.errors import UpdateError, UserError
from core.phrases import phrase
from core.schedule import DueKind
from storage.database import open_database
from storage.store import Store
from tests.bot.program import Program, start

USUAL = """\
  template: bapa40 (as usual; change it with /set template: …)
  zone: Africa/Nairobi
  close: when somebody sends /close
  days: 1 (as usual; change it with /set days: …)
"""


def test_a_meeting_in_the_terminal_over_two_runs(program: Program, tmp_path: Path):
    # a day in Nairobi, three hours ahead, begins at five
    today = datetime.now(UTC) - timedelta(hours=2)
    settings = {"DRAFTS_DIR": "sent", "DRAFT_FORMATS": "json"}
    code, output, errors = program.run(
        tmp_path,
        "run",
        settings=settings,
        typed="""\
/open Consultation\\
zone: Africa/Nairobi
#challenge Costs
edit 2: #challenge Rising costs
Staff is short
reply 3: #need
#trend Growth
delete 5
#recommendation Train staff,\\
and keep them
edit 44: #need Rooms
Edit 2 of the rooms
/draft
""",
    )
    ready = r"The meeting (\S+) is ready; /open TITLE names it \(template bapa40, zone UTC\)\.\n"
    opened = re.match(ready, output)
    assert opened
    assert (code, errors) == (0, "")
    name = opened[1]
    assert output == (
        f"{opened[0]}{WELCOME}\n"
        f"  Open: Consultation.\n{USUAL}"
        "  [2] ✍ filed\n"
        "  [2] 👌 changed\n"
        "  [4] ✍ filed\n"
        "  [5] ✍ filed\n"
        "  [5] deleted\n"
        "  [6] ✍ filed\n"
        "  There is no message 44; the last one is 6.\n"
        "  Write it with a colon: Edit 2: … Nothing was taken.\n"
        f"  Draft 1: sent/{name}-draft-1.json\n"
        "\n"
    )
    code, output, errors = program.run(
        tmp_path,
        "run",
        settings=settings,
        typed="""\
#session II: Means
#rec Share data
edit 6: #rec Train people
/status
/draft md json
#challenge
/close
""",
    )
    assert (code, errors) == (0, "")
    assert output == (
        f"The meeting {name} goes on.\n{WELCOME}\n"
        "  [8] ✍ filed\n"
        "  [9] ✍ filed\n"
        "  [6] 👌 changed\n"
        "  Consultation (open, template bapa40)\n"
        "  A 0 · B 2 · C 1 · D 0 · E 1 · G 0\n"
        "  Session II: Means – 0\n"
        "  Empty: A. Objectives of the consultation; A. Major conclusions reached; C. Trends; C. Opportunities; "
        "D. Priority areas of South-South coopera…; "
        "E. Institutional arrangements; E. Resource mobilization strategies; E. Strategic framework/plans; "
        "G. Additional information\n"
        "  To be completed: Date of consultation; Venue, city, country; Organized by; Brief/report prepared by\n"
        "  close: when somebody sends /close\n"
        f"  Draft 2: sent/{name}-draft-2.md\n"
        f"  Draft 2: sent/{name}-draft-2.json\n"
        "  Since draft 1: 2 new, 1 changed.\n"
        "  [12] 🤔 not understood\n"
        "  A tag needs words behind it. Edit the message, or send the tag as a reply to one.\n"
        "  Closed. Later notes are kept and listed as late; /reopen takes them in.\n"
        f"  Consultation – {format_date(today, 'full', 'en_GB')}\n"
        "  4 notes filed\n"
        "  B.\u00a0Final recommendations\u00a0(2)\u00a0· C.\u00a0Challenges\u00a0(1)\u00a0· "
        "E.\u00a0Needs/interests\u00a0(1)\n"
        "  Still empty: A.\u00a0Objectives of the consultation; A.\u00a0Major conclusions reached; C.\u00a0Trends; "
        "C.\u00a0Opportunities; D.\u00a0Priority areas of South-South…; E.\u00a0Institutional arrangements; …\n"
        "  1 note waits for review\n"
        f"  No conclusion yet: Session II: Means ({getuser()})\n"
        f"  Draft 3: sent/{name}-draft-3.json\n"
        "  Nothing changed since draft 2.\n"
        "\n"
    )
    assert sorted(path.name for path in (tmp_path / "sent").iterdir()) == [
        f"{name}-draft-1.json",
        f"{name}-draft-2.json",
        f"{name}-draft-2.md",
        f"{name}-draft-3.json",
    ]
    made = json.loads((tmp_path / "sent" / f"{name}-draft-2.json").read_bytes())
    assert {key: [note["text"] for note in notes] for key, notes in made["parts"].items() if notes} == {
        "B.items": ["Train people", "Share data"],
        "C.challenges": ["Rising costs"],
        "E.needs": ["Staff is short"],
    }
    # a live meeting, exported and replayed, gives its last draft
    (tmp_path / "live.jsonl").write_text(program.run(tmp_path, "export")[1], "utf-8")
    assert program.run(tmp_path, "replay", "live.jsonl", "--format", "json") == (0, "live.json\n", "")
    assert (tmp_path / "live.json").read_bytes() == (tmp_path / "sent" / f"{name}-draft-3.json").read_bytes()
    # a closed meeting does not go on
    _, output, _ = program.run(tmp_path, "run")
    assert output.startswith(f"The meeting {name}-2 is ready;")


def test_answers_come_at_once_and_interrupting_loses_nothing(program: Program, tmp_path: Path):
    # where the tests run in the background, the signal is ignored unless we say otherwise
    process = start(tmp_path, "run", bufsize=1, preexec_fn=lambda: signal.signal(signal.SIGINT, signal.SIG_DFL))
    assert process.stdin
    assert process.stdout
    for _ in range(1 + len(WELCOME.split("\n"))):
        process.stdout.readline()
    process.stdin.write("#challenge Costs\n")
    process.stdin.flush()
    assert process.stdout.readline() == "  [1] ✍ filed\n"
    # Python may lose a signal that comes just before it begins to read
    time.sleep(0.5)
    for _ in range(3):
        process.send_signal(signal.SIGINT)
        with suppress(subprocess.TimeoutExpired):
            process.wait(10)
            break
    assert (*process.communicate(), process.returncode) == ("", "", INTERRUPTED)
    code, output, errors = program.run(tmp_path, "run", typed="/draft json\n")
    assert (code, errors, "goes on." in output) == (0, "", True)
    [path] = (tmp_path / "drafts").iterdir()
    assert [note["text"] for note in json.loads(path.read_bytes())["parts"]["C.challenges"]] == ["Costs"]


def test_drafts_that_cannot_be_written_are_told_and_the_meeting_goes_on(program: Program, tmp_path: Path):
    (tmp_path / "file").write_text("")
    code, output, errors = program.run(
        tmp_path, "run", typed="/draft md\n#challenge Costs\n", settings={"DRAFTS_DIR": "file"}
    )
    assert (code, errors) == (0, "")
    assert output.splitlines()[1 + len(WELCOME.splitlines()) :] == [
        "  The draft could not be made: The folder file cannot be written to: File exists. Name another one.",
        "  [2] ✍ filed",
        "",
    ]


def test_typed_text_of_any_kind_is_taken(program: Program, tmp_path: Path):
    # a byte that is no UTF-8 among them
    code, output, errors = program.run(tmp_path, "run", typed="#challenge a\x00b \x1b[31m\u202e \udce9\n/status\n")
    assert (code, errors) == (0, "")
    assert output.splitlines()[1 + len(WELCOME.splitlines())] == "  [1] ✍ filed"
    assert "C 1" in output


def test_lines_that_change_others_are_read_by_their_form():
    console = Console("Ana")
    at = datetime(2018, 5, 7, tzinfo=UTC)

    def read(text: str) -> tuple[str, str, bool]:
        [version] = console.read(console.write_update(text, at)[1], at)
        return version.change.value, version.text, version.reply_to is not None

    assert read("Hello") == ("sent", "Hello", False)
    assert read("EDIT 1 : Bye\nnow") == ("edited", "Bye\nnow", False)
    assert read("reply 1: #need") == ("sent", "#need", True)
    assert read("delete 1") == ("deleted", "", False)
    assert read("Reply: 1 of them") == ("sent", "Reply: 1 of them", False)
    assert read("delete 1 page") == ("sent", "delete 1 page", False)
    for typed in ("edit 9: x", "edit 0: x", "delete 9", "edit 1 x", "reply 1 #need"):
        with pytest.raises(UserError):
            read(typed)
    for payload in ("", "[]", "{}", '{"id": "1", "change": "sent", "at": "x", "author": "a", "text": ""}'):
        with pytest.raises(UpdateError):
            console.read(payload, datetime.now(UTC))


def test_meeting_closes_by_the_clock_before_the_next_line(program: Program, tmp_path: Path):
    settings = {"DRAFT_FORMATS": "md", "TIMEZONE": "UTC"}
    program.run(
        tmp_path, "run", settings=settings, typed="/open M\\\nclose: 18:00\\\nstarts: 2099-01-01\n#need Staff\n"
    )
    with closing(Store(open_database(f"sqlite:///{tmp_path}/rapporteur.db"))) as store, store.work() as work:
        [due] = [due for due in work.list_due(1) if due.kind is DueKind.CLOSE]
        waiting = work.take_due(due.at)
        while waiting and waiting.due != due:
            work.finish_due(waiting.id, due.at)
            waiting = work.take_due(due.at)
        assert waiting
        work.postpone_due(waiting.id, datetime(2018, 5, 7, tzinfo=UTC))
    code, output, errors = program.run(tmp_path, "run", settings=settings, typed="")
    told = phrase("closed_by_clock", time="00:00")
    shown = [line.strip() for line in output.splitlines()]
    [written] = [line.removeprefix("Draft 1: ") for line in shown if line.startswith("Draft")]
    assert (code, errors, shown.count(str(told)), Path(tmp_path, written).is_file()) == (0, "", 1, True)
