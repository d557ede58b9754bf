"""A made-up meeting of any size: the same seed gives the same lines. Used by every benchmark that needs notes.

The words follow Zipf's law over some ten thousand forms, as those of a real text of that length do, with a few
rewordings and repeats among the notes: with few words every note would look like every other to the check for
similar notes, and with evenly drawn ones none would.
"""

import json
import tomllib
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from functools import cache
from itertools import accumulate
from pathlib import Path
from random import Random

from core.tags import vocabulary

SEED = 20170709
SESSIONS = 12
CHAT = ("telegram", "rapporteurs")
START = datetime(2017, 7, 9, 9, tzinfo=UTC)
LENGTH = timedelta(hours=30)

# canonical tag → share of the notes; the tags beside recommendations are about as frequent as in the reports read
_TAGS = {
    "recommendation": 20, "challenge": 12, "topic": 12, "conclusion": 9, "opportunity": 8, "action": 7, "need": 6,
    "trend": 5, "priority": 5, "resources": 4, "institutional": 3, "framework": 3, "bestpractice": 2, "question": 2,
    "quote": 1, "commitment": 1,
}  # fmt: skip
# of a hundred notes: in another script, repeated by somebody, reworded by somebody, in two parts, edited, with an SDG
_FOREIGN, _REPEATED, _REWORDED, _TWICE, _EDITED, _SDG = 6, 2, 3, 4, 3, 15
# of a hundred messages: talk that is not filed
_TALK = 10

_OTHER_LANGUAGES = ("ru", "ar", "zh")
_ENDINGS = ("", "s", "ed", "ing", "ment", "ation", "al", "ive", "able", "er", "ity", "ly", "ance", "ors")
_BEGINNINGS = ("", "re", "un", "inter", "non", "over")
_AUTHORS = [f"{given} {family}" for given in ("Amina", "Jorge", "Mei", "Claire", "Ivan", "Sanjay", "Grace", "Omar")
            for family in ("Bekele", "Silva", "Chen")]  # fmt: skip
_ADDRESSEES = ("Member States", "UNOSSC", "the Regional Commissions", "DESA", "Host Government", "ECOSOC", "Donors")


@dataclass(frozen=True, slots=True)
class Words:
    """A vocabulary with Zipf's weights, summed up for `Random.choices`."""

    words: Sequence[str]
    weights: Sequence[float]

    def draw(self, random: Random, count: int) -> list[str]:
        return random.choices(self.words, cum_weights=self.weights, k=count)


def _weigh(words: Sequence[str]) -> Words:
    return Words(words, list(accumulate(1 / (rank + 2.7) for rank in range(len(words)))))


@cache
def _lists() -> dict[str, list[str]]:
    raw = tomllib.loads(Path(__file__).with_name("words.toml").read_text("utf-8"))
    return {key: words.split() for key, words in raw.items()}


@cache
def _vocabulary(language: str) -> Words:
    if language != "en":
        return _weigh(_lists()[language])
    random = Random(SEED)
    forms = [f"{head}{stem}{tail}" for stem in _lists()["stems"] for head in _BEGINNINGS for tail in _ENDINGS]
    random.shuffle(forms)
    # a third of the forms, so that the vocabulary is as large as that of meetings, not of a dictionary
    figures = [*map(str, range(2010, 2031)), *(f"{n} per cent" for n in range(101))]
    content = [*forms[: len(forms) // 3], *_lists()["names"], *figures]
    random.shuffle(content)
    return _weigh([*_lists()["small"], *content])


@dataclass(slots=True)
class _Maker:
    """Makes the messages of one meeting, one after another."""

    random: Random
    said: list[tuple[str, str]] = field(default_factory=list)

    def note(self) -> str:
        """A tagged message of one note."""
        chance = self.random.random() * 100
        if self.said and chance < _REPEATED:
            tag, words = self.random.choice(self.said)
            return f"#{tag} {words.upper() if self.random.random() < 0.2 else words.rstrip('.')}"
        if self.said and chance < _REPEATED + _REWORDED:
            tag, words = self.random.choice(self.said)
            return f"#{tag} {self.reword(words)}"
        language = self.random.choice(_OTHER_LANGUAGES) if self.random.random() * 100 < _FOREIGN else "en"
        key = self.random.choices(list(_TAGS), weights=list(_TAGS.values()))[0]
        tag = vocabulary().tags[key].spellings[language][0]
        words = self.sentence(language)
        self.said.append((tag, words))
        return f"#{tag} {self.tags_beside(key)}{words}{self.attributes(key)}"

    def sentence(self, language: str) -> str:
        """15 to 60 words, in sentences of about a dozen; Chinese without spaces."""
        words = _vocabulary(language).draw(self.random, self.random.randint(15, 60))
        between, comma, stop = ("", "，", "。") if language == "zh" else (" ", ", ", ". ")
        pieces = [
            word + (stop if n % 12 == 11 else comma if self.random.random() < 0.08 else between)
            for n, word in enumerate(words)
        ]
        text = "".join(pieces).rstrip(" ,，。.")
        return text[0].upper() + text[1:] + stop.strip()

    def reword(self, words: str) -> str:
        """The same remark in somebody else's words: one in twelve is another."""
        parts = words.split(" ")
        for n in range(len(parts)):
            if self.random.random() < 1 / 12:
                parts[n] = _vocabulary("en").draw(self.random, 1)[0]
        return " ".join(parts)

    def tags_beside(self, key: str) -> str:
        tags = ""
        if key != "topic" and self.random.random() * 100 < _TWICE:
            tags += "#topic "
        if self.random.random() * 100 < _SDG:
            tags += f"#SDG{self.random.randint(1, 17)} "
        return tags

    def attributes(self, key: str) -> str:
        """Half of what somebody is to do says who."""
        if key not in ("recommendation", "action") or self.random.random() < 0.5:
            return ""
        return f" to: {self.random.choice(_ADDRESSEES)}"

    def author(self) -> str:
        return self.random.choice(_AUTHORS)


def make_lines(notes: int) -> list[str]:
    """A transcript in which so many messages give a note (of two parts at times), with sessions, talk and edits."""
    return [json.dumps(line, ensure_ascii=False) for line in _make_messages(notes)]


def _make_messages(notes: int) -> Iterator[dict[str, str]]:
    maker = _Maker(Random(SEED + notes))
    openings = {notes * number // SESSIONS: number + 1 for number in range(SESSIONS)}
    made = 0

    def line(text: str, author: str, **more: str) -> dict[str, str]:
        nonlocal made
        made += 1
        at = START + LENGTH * (min(made, 2 * notes) / (2 * notes))
        platform, chat = CHAT
        own = {"message_id": str(made), "text": text, **more}
        return {"ts": at.isoformat(), "platform": platform, "chat": chat, "author": author, **own}

    for number in range(notes):
        if number in openings:
            yield line(
                f"#session {openings[number]}: {' '.join(_lists()['stems'][openings[number] :][:3])}", _AUTHORS[0]
            )
        text, author = maker.note(), maker.author()
        sent = line(text, author)
        yield sent
        if maker.random.random() * 100 < _EDITED:
            yield line(f"{text} {_vocabulary('en').draw(maker.random, 1)[0]}", author, edit_of=sent["message_id"])
        if maker.random.random() * 100 < _TALK:
            yield line(" ".join(_vocabulary("en").draw(maker.random, 8)), maker.author())


def make_texts(count: int, length: int, tags: int) -> list[str]:
    """Messages of so many characters, each with so many tags, all different."""
    random = Random(SEED)
    keys = [key for key in _TAGS if vocabulary().tags[key].spellings]
    texts = []
    for _ in range(count):
        words = " ".join(_vocabulary("en").draw(random, length // 3))
        marks = [f"#{random.choice(vocabulary().tags[key].spellings['en'])} " for key in random.sample(keys, tags)]
        share = length // max(1, tags)
        pieces = [(mark + words[n * share :])[: share - 1] for n, mark in enumerate(marks)] or [words]
        texts.append("\n".join(pieces)[:length].ljust(length, "a"))
    return texts


def make_event(text: str, number: int) -> str:
    """What Slack's Socket Mode delivers for such a message (docs.slack.dev, "Using Socket Mode"), as JSON of 2 KB."""
    at = f"1499605200.{number:06d}"
    section = {"type": "rich_text_section", "elements": [{"type": "text", "text": text}]}
    event = {
        "client_msg_id": f"b4c2a5e0-6f0a-4f57-9c1e-{number:012d}",
        "type": "message",
        "user": "U0123ABCD",
        "text": text,
        "ts": at,
        "team": "T0123ABCD",
        "blocks": [{"type": "rich_text", "block_id": "pG5Vq", "elements": [section]}],
        "channel": "C0123ABCD",
        "event_ts": at,
        "channel_type": "channel",
    }
    bot = {"enterprise_id": None, "team_id": "T0123ABCD", "user_id": "U0BOT", "is_bot": True}
    payload = {
        "token": "z26uFbvR1xHJEdHE1OQiO6t8",
        "team_id": "T0123ABCD",
        "context_team_id": "T0123ABCD",
        "context_enterprise_id": None,
        "api_app_id": "A0123ABCD",
        "event": event,
        "type": "event_callback",
        "event_id": f"Ev{number:09d}",
        "event_time": 1499605200,
        "authorizations": [{**bot, "is_enterprise_install": False}],
        "is_ext_shared_channel": False,
        "event_context": "4-eyJldCI6Im1lc3NhZ2UiLCJ0aWQiOiJUMDEyM0FCQ0QifQ",
    }
    envelope = {"envelope_id": f"57d6a792-4d35-4d0b-b6aa-{number:012d}", "type": "events_api"}
    retry = {"accepts_response_payload": False, "retry_attempt": 0, "retry_reason": ""}
    return json.dumps({**envelope, **retry, "payload": payload})
