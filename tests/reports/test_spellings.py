"""Every spelling of the reference list lands in its part, with and without a session open, however it is typed."""

import json
import unicodedata
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from bot.replay import replay_transcript
from reports.formats import load_format

SPELLINGS = json.loads((Path(__file__).parent.parent / "spellings.json").read_text("utf-8"))
LATIN = ("en", "fr", "es", "pt")


def plain(word: str) -> str:
    kept = [c for c in unicodedata.normalize("NFD", word) if not unicodedata.combining(c)]
    return "".join(kept)


FORMS: dict[str, Callable[[str, str], str]] = {
    "as it is": lambda word, language: f"#{word} ",
    "capitals": lambda word, language: f"#{word.upper()} ",
    "accents off": lambda word, language: f"#{plain(word) if language in LATIN else word} ",
    "decomposed": lambda word, language: f"#{unicodedata.normalize('NFD', word)} ",
    "fullwidth sign": lambda word, language: f"＃{word} ",
    "after RLM": lambda word, language: f"\u200f#{word} ",
    "colon": lambda word, language: f"#{word}: ",
    "glued Chinese": lambda word, language: f"#{word}" if language == "zh" else f"#{word} ",
    "Arabic article": lambda word, language: (
        f"#ال{word} " if language == "ar" and not word.startswith("ال") else f"#{word} "
    ),
}


def list_words() -> Iterator[tuple[dict[str, object], str, str]]:
    for tag in SPELLINGS:
        if tag["kind"] == "note":
            for language, words in tag["aliases"].items():
                for word in words:
                    yield tag, language, word


def make_transcript(form: str, *, in_session: bool) -> tuple[list[str], dict[str, set[str]]]:
    """A message for each spelling, and the texts that each part must hold then."""
    messages = ["#session II: Open"] if in_session else []
    expected: dict[str, set[str]] = {}
    for index, (tag, language, word) in enumerate(list_words()):
        # Chinese text glued to a tag must not make a longer known word with it
        text = f"，第{index}项" if form == "glued Chinese" and language == "zh" else f"Remark {index} stands"
        messages.append(FORMS[form](word, language) + text)
        part = tag["files_to"]["in_session" if in_session else "no_session"]
        expected.setdefault(part, set()).add(text)
    lines = [
        json.dumps(
            {
                "ts": f"2018-03-05T{9 + n // 3600:02}:{n // 60 % 60:02}:{n % 60:02}+00:00",
                "platform": "telegram",
                "chat": "g",
                "author": "A",
                "message_id": str(n),
                "text": text,
            }
        )
        for n, text in enumerate(messages)
    ]
    return lines, expected


def texts_by_part(report: dict[str, object]) -> dict[str, set[str]]:
    parts = {key: {note["text"] for note in notes} for key, notes in report["parts"].items() if notes}
    for session in report["sessions"]:
        parts |= {f"F.{key}": {note["text"] for note in notes} for key, notes in session["parts"].items() if notes}
    return parts


@pytest.mark.parametrize("in_session", [False, True])
@pytest.mark.parametrize("form", FORMS)
def test_every_spelling_lands_where_it_says(form: str, in_session: bool):
    lines, expected = make_transcript(form, in_session=in_session)
    report = json.loads(load_format("json").render(replay_transcript(lines, template="bapa40")))
    assert report["review"] == []
    assert texts_by_part(report) == expected
