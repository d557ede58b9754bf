"""Each file of tests/conversations is played on a fake Telegram; it tells what a person can do, and what they get."""

from pathlib import Path

import pytest

from handlers import Guard
from handlers.access import offer_claim
from storage.database import open_database
from storage.store import Store
from tests.bot.conversation import Conversation
from tests.bot.live import LiveBot
from tests.telegram_server import TelegramServer

FILES = sorted((Path(__file__).parents[1] / "conversations").glob("*.txt"))


def play(script: str, folder: Path) -> str:
    """The script with what the bot did. Ana runs the bot, unless the script claims it."""
    url = f"sqlite:///{folder}/notes.db"
    claimed = "> /claim" in script
    store = Store(open_database(url))
    with store.work() as work:
        code = offer_claim(work, Guard())
    store.close()
    assert code
    with TelegramServer() as server:
        ana = server.person("Ana")
        organizers = [] if claimed else [f"telegram:{ana.id}"]
        with LiveBot(server, url, organizers=organizers) as bot:
            conversation = Conversation(server, bot, code)
            conversation.people["Ana"] = ana
            return conversation.play(script)


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.stem)
def test_conversation_goes_as_it_is_written(path: Path, tmp_path: Path):
    script = path.read_text("utf-8").rstrip("\n")
    assert play(script, tmp_path) == script
