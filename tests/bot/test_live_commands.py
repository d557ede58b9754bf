"""`rapporteur run`, `doctor` and `files` with a fake Telegram: what who runs the bot sees."""

import signal
from pathlib import Path

from tests.bot.live import LiveBot
from tests.bot.program import Program, start
from tests.slack_server import SlackServer
from tests.telegram_server import TelegramServer

OPENING = "/open Consultation\ntemplate: bapa40\nzone: UTC\nclose: 18:00"


def settings_of(server: TelegramServer, folder: Path) -> dict[str, str]:
    return {
        "TELEGRAM_TOKEN": server.bot.token,
        "TELEGRAM_API_URL": server.url,
        "DATABASE_URL": f"sqlite:///{folder}/notes.db",
    }


def telegram_lines(output: str) -> list[str]:
    """What the doctor says of Telegram and of who runs the bot."""
    lines = [line for line in output.splitlines() if not line.startswith("     ")]
    return lines[[line.startswith("ok   database") for line in lines].index(True) + 1 :]


def test_run_prints_the_code_that_claims_the_bot_and_stops_when_told(tmp_path: Path):
    with TelegramServer(privacy=False) as server:
        ana = server.person("Ana")
        chat = server.add_private(ana)
        settings = settings_of(server, tmp_path)
        process = start(tmp_path, "run", settings=settings)
        assert process.stdout
        claim = process.stdout.readline()
        assert claim.startswith("Nobody runs this bot yet. Send it: /claim ")
        chat.say(claim.partition("Send it: ")[2].strip())
        server.wait_until(lambda: chat.from_bot, timeout=30)
        process.send_signal(signal.SIGTERM)
        output, errors = process.communicate(timeout=30)
        again = start(tmp_path, "run", settings=settings)
        server.wait_until(lambda: len(server.calls_of("getMe")) > 1, timeout=30)
        again.send_signal(signal.SIGINT)
        output_again, _ = again.communicate(timeout=30)
    assert (process.returncode, output) == (0, "")
    assert [message.text for message in chat.from_bot] == [
        "You run me now. Add me to your group and send /open TITLE there; /allow names others."
    ]
    # one line an event, JSON off a terminal; neither token nor text
    assert '"event": "connected"' in errors
    assert (server.bot.token in errors, "claim" in errors) == (False, False)
    assert (again.returncode, output_again) == (0, "")


def test_run_with_a_wrong_token_says_so(program: Program, tmp_path: Path):
    with TelegramServer() as server:
        settings = settings_of(server, tmp_path) | {"TELEGRAM_TOKEN": f"{server.bot.id}:WRONG"}
        code, _, errors = program.run(tmp_path, "run", settings=settings)
    assert code == 2
    assert errors.splitlines()[-1].startswith("rapporteur: TELEGRAM_TOKEN: Telegram does not accept this token.")
    assert "WRONG" not in errors


def test_doctor_looks_at_telegram(program: Program, tmp_path: Path):
    with TelegramServer(privacy=False) as server:
        settings = settings_of(server, tmp_path)
        code, output, errors = program.run(tmp_path, "doctor", settings=settings)
        assert (code, errors) == (1, "")
        assert telegram_lines(output) == [
            "ok   Telegram: the token is accepted, the bot is @rapporteur_bot",
            "ok   Telegram: privacy mode is off: the bot gets all messages of groups that it is added to from now on",
            "ok   Telegram: polling, no webhook is set, 0 updates wait",
            "BAD  nobody runs this bot yet: start `rapporteur run`, and send it the /claim line that it prints",
        ]
        ana, group = server.person("Ana"), server.add_group("Consultation")
        group.add_bot(by=ana)
        with LiveBot(server, settings["DATABASE_URL"], organizers=[f"telegram:{ana.id}"]) as bot:
            group.say(ana, OPENING)
            bot.settle()
        settings |= {"ORGANIZERS": f"telegram:{ana.id}"}
        code, output, _ = program.run(tmp_path, "doctor", settings=settings)
        assert (code, len(telegram_lines(output))) == (0, 4)
        group.remove_bot()
        code, output, _ = program.run(tmp_path, "doctor", settings=settings)
        assert (code, [line[:4] for line in telegram_lines(output)]) == (1, ["ok  ", "ok  ", "ok  ", "BAD "])
        settings |= {"TELEGRAM_TOKEN": f"{server.bot.id}:WRONG"}
        code, output, _ = program.run(tmp_path, "doctor", settings=settings)
        assert (code, "WRONG" in output) == (1, False)
        server.stop()
        code, output, _ = program.run(tmp_path, "doctor", settings=settings)
    assert code == 1
    assert telegram_lines(output)[0].startswith("BAD  Telegram cannot be reached")


def test_files_of_a_meeting_are_fetched(program: Program, tmp_path: Path):
    with TelegramServer(privacy=False) as server:
        ana, group = server.person("Ana"), server.add_group("Consultation")
        group.add_bot(by=ana)
        settings = settings_of(server, tmp_path)
        with LiveBot(server, settings["DATABASE_URL"], organizers=[f"telegram:{ana.id}"]) as bot:
            group.say(ana, OPENING)
            photo = group.say(ana, "#challenge The flipchart", photo=b"a photo")
            paper = group.say(ana, "#document The paper", document=("../paper.pdf", b"a paper"))
            group.say(ana, "#offrecord not this", voice=b"a voice")
            large = group.say(ana, "#document All of it", document=("all.zip", b"x" * (20 * 2**20 + 1)))
            bot.settle()
        code, output, errors = program.run(tmp_path, "files", "--out", "got", settings=settings)
    names = [f"{photo.message_id}-photo-{photo.message_id}.jpg", f"{paper.message_id}-_paper.pdf"]
    assert (code, output.splitlines()) == (1, [f"got/{name}" for name in names])
    assert [(tmp_path / "got" / name).read_bytes() for name in names] == [b"a photo", b"a paper"]
    assert errors == (
        f"rapporteur: {large.message_id}-all.zip: the file is larger than the 20 MB that Telegram gives out to bots\n"
    )


def test_doctor_looks_at_slack(program: Program, tmp_path: Path):
    with SlackServer() as slack:
        settings = {
            "SLACK_BOT_TOKEN": slack.bot_token,
            "SLACK_APP_TOKEN": slack.app_token,
            "SLACK_API_URL": slack.api_url.rstrip("/"),
            "ORGANIZERS": "slack:U1",
        }
        code, output, errors = program.run(tmp_path, "doctor", settings=settings)
        assert (code, errors) == (0, "")
        assert [line[:12] for line in telegram_lines(output)] == ["ok   Slack: "] * len(telegram_lines(output))
        slack.scopes.discard("reactions:write")
        code, output, _ = program.run(tmp_path, "doctor", settings=settings)
        [wrong] = [line for line in output.splitlines() if line.startswith("BAD")]
        assert (code, "reactions:write" in wrong) == (1, True)
        settings |= {"SLACK_BOT_TOKEN": "xoxb-geheim"}
        code, output, _ = program.run(tmp_path, "doctor", settings=settings)
        assert (code, "geheim" in output) == (1, False)
        code, _, errors = program.run(tmp_path, "run", settings=settings)
    assert code == 2
    assert errors.splitlines()[-1].startswith("rapporteur: SLACK_BOT_TOKEN: Slack does not accept this token.")
    assert "geheim" not in errors
