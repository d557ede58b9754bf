"""Conversations with the bot on Telegram, as text files: played on the fake server, written down as they went.

A file is read line by line. `* …` sets the scene (see `SCENES`); `Ana> …` is what somebody writes, with `. ` before the
lines that go on; `Ana to Rapporteur> …` stands in their private chat, `Ana in Financing> …` in a topic. A message is
named by how it starts: `Ben edits "Scale up"> …`, `Ben replies to "Scale up"> …`, `Ben deletes "Scale up"`; a button by
its words: `Ana presses [UTC]`. What is indented is what the bot did, in answer to what stands above it.
"""

import re
import zipfile
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime
from io import BytesIO
from typing import TYPE_CHECKING

from tests.bot.live import LiveBot, wait_until
from tests.telegram_server import TelegramServer
from tests.telegram_server.messages import Message, Press, Topic
from tests.telegram_server.people import Person

if TYPE_CHECKING:
    from tests.telegram_server.conversations import Channel, Group, Private

BOT = "Rapporteur"
_NAME = r"(?P<who>[A-Z]\w+)"
_WHERE = rf"(?: (?P<private>to {BOT})| in (?P<topic>[\w ]+?))?"
_TARGET = r'"(?P<target>[^"]+)"'
_TURNS: tuple[tuple[str, re.Pattern[str]], ...] = (
    ("say", re.compile(rf"{_NAME}{_WHERE}> (?P<text>.*)", re.DOTALL)),
    ("edit", re.compile(rf"{_NAME} edits {_TARGET}> (?P<text>.*)", re.DOTALL)),
    ("reply", re.compile(rf"{_NAME} replies to {_TARGET}> (?P<text>.*)", re.DOTALL)),
    ("photo", re.compile(rf"{_NAME} sends a (?P<kind>photo|voice note)(?:> (?P<text>.*))?", re.DOTALL)),
    ("album", re.compile(rf"{_NAME} sends an album> (?P<text>.*)", re.DOTALL)),
    ("anonymous", re.compile(rf"{_NAME} as the group> (?P<text>.*)", re.DOTALL)),
    ("forward", re.compile(rf"{_NAME} forwards from (?P<source>\w+)> (?P<text>.*)", re.DOTALL)),
    ("post", re.compile(r"channel> (?P<text>.*)", re.DOTALL)),
    ("delete", re.compile(rf"{_NAME} deletes {_TARGET}")),
    ("press", re.compile(rf"{_NAME} presses \[(?P<button>[^\]]+)\]")),
)
_COMMAND_IN = re.compile(r"\bK7QM-2XPD\b")


@dataclass(slots=True)
class _Seen:
    """How a message of the bot's, or the bot's reaction to one, stood when it was last looked at."""

    text: str | None = None
    edits: int = 0
    reactions: list[str] = field(default_factory=list)


class Conversation:
    """One group with people in it, and the bot at work."""

    def __init__(self, server: TelegramServer, bot: LiveBot, code: str) -> None:
        self.server, self.bot, self._code = server, bot, code
        self.group: Group = server.add_group("Consultation")
        self.channel: Channel | None = None
        self.people: dict[str, Person] = {}
        self.privates: dict[str, Private] = {}
        self.topics: dict[str, Topic] = {}
        self._said: list[Message] = []
        self._seen: dict[tuple[int, int], _Seen] = {}
        self._presses: list[Press] = []

    def play(self, script: str) -> str:
        """The script with what the bot did in truth."""
        lines: list[str] = []
        for turn in _turns(script):
            lines.append(turn)
            if not turn or turn.startswith("#"):
                continue
            if turn.startswith("* "):
                self._set_scene(turn[2:])
            else:
                # nobody types two messages in one second
                self.server.advance(5)
                self._act(turn.replace("\n. ", "\n").replace("K7QM-2XPD", self._code))
            self.bot.settle()
            lines += self._look()
        return "\n".join(lines)

    # what people do

    def _set_scene(self, scene: str) -> None:
        for pattern, arrange in SCENES.items():
            if match := re.fullmatch(pattern, scene):
                arrange(self, **match.groupdict())
                return
        raise ValueError(f"no such scene: {scene}")

    def _act(self, turn: str) -> None:
        for kind, pattern in _TURNS:
            if match := pattern.fullmatch(turn):
                given = match.groupdict()
                message = getattr(self, f"_{kind}")(**given)
                self._said += [message] if message else []
                return
        raise ValueError(f"nobody can do this: {turn}")

    def person(self, name: str) -> Person:
        """Whoever is called so."""
        if name not in self.people:
            self.people[name] = self.server.person(name)
        return self.people[name]

    def _say(self, who: str, text: str, private: str | None, topic: str | None) -> Message:
        person = self.person(who)
        if private:
            if who not in self.privates:
                self.privates[who] = self.server.add_private(person)
            return self.privates[who].say(text)
        return self.group.say(person, text, topic=self.topics[topic] if topic else None)

    def _edit(self, who: str, target: str, text: str) -> None:
        message = self._find(target)
        assert message.sender is self.person(who)
        message.chat.edit(message, text)

    def _reply(self, who: str, target: str, text: str) -> Message:
        return self.group.say(self.person(who), text, reply_to=self._find(target))

    def _photo(self, who: str, kind: str, text: str | None) -> Message:
        files = {"photo": b"a photo"} if kind == "photo" else {"voice": b"a voice"}
        return self.group.say(self.person(who), text, **files)  # type: ignore[arg-type]

    def _album(self, who: str, text: str) -> Message:
        parts = [
            self.group.say(self.person(who), caption, photo=b"a photo", media_group_id="11")
            for caption in (text, None, None)
        ]
        return parts[0]

    def _anonymous(self, who: str, text: str) -> Message:
        return self.group.say(self.person(who), text, as_anonymous_admin=True)

    def _forward(self, who: str, source: str, text: str) -> Message:
        return self.group.say(self.person(who), text, forward_from=self.person(source))

    def _post(self, text: str) -> Message:
        assert self.channel
        return self.channel.post(text)

    def _delete(self, who: str, target: str) -> None:
        message = self._find(target)
        assert message.sender is self.person(who)
        message.chat.delete(message)

    def _press(self, who: str, button: str) -> None:
        shown = [m for m in self.group.from_bot if button in m.buttons]
        self._presses.append(self.group.press(shown[-1], button, self.person(who)))

    def _find(self, start: str) -> Message:
        """The newest message that starts so, of people or the bot."""
        said = [*self._said, *self.group.from_bot]
        return max((m for m in said if (m.text or "").startswith(start)), key=lambda m: m.message_id)

    # what the bot did

    def is_up_to_date(self) -> bool:
        """Whether the bot has done what is due."""
        now = datetime.fromtimestamp(self.server.now(), UTC)
        with self.bot.store.read() as work:
            return not any(due.at <= now for met in work.list_meetings() for due in work.list_due(met.id))

    def _look(self) -> list[str]:
        found: list[str] = []
        for press in self._presses:
            answer = press.answer or {}
            found.append(f"  ({press.by.name} sees: {answer.get('text') or 'nothing'})".replace("\n", " · "))
        self._presses.clear()
        for chat in self.server.chats.values():
            for message in chat.messages:
                found += self._look_at(message)
        return found

    def _look_at(self, message: Message) -> Iterator[str]:
        seen = self._seen.setdefault((message.chat.id, message.message_id), _Seen())
        reactions = [message.by_person[self.server.bot.id]] if self.server.bot.id in message.by_person else []
        last = self._said[-1] if self._said else None
        if reactions != seen.reactions:
            sign = reactions[0] if reactions else "(takes its sign back)"
            yield f"  {sign}" if message is last else f"  {sign} on “{_start(message.text)}”"
            seen.reactions = reactions
        is_ours = message.sender is self.server.bot or (message.chat.kind == "channel" and message.sender is None)
        if (
            is_ours
            and message not in self._said
            and (seen.text, seen.edits) != (message.text or "", len(message.edits))
        ):
            yield from self._write(message, edited=seen.text is not None)
        seen.text, seen.edits = message.text or "", len(message.edits)

    def _write(self, message: Message, *, edited: bool) -> Iterator[str]:
        where = "" if message.chat is self.group else f" to {message.chat.title}"
        if message.document:
            if message.document.name.endswith(".docx"):
                # what is sent opens
                names = zipfile.ZipFile(BytesIO(message.document.content)).namelist()
                assert "word/document.xml" in names
            where += f" sends {message.document.name}"
        if message.topic:
            where += f" in {message.topic.name}"
        head = f"  {BOT}{' changes its message' if edited else ''}{where}"
        text = (message.text or "").replace(self._code, "K7QM-2XPD").split("\n")
        yield f"{head}: {text[0]}" if text[0] else head
        yield from (f"    {line}" for line in text[1:])
        for row in (message.markup or {}).get("inline_keyboard", []):
            yield "    " + " ".join(f"[{button['text']}]" for button in row)


def _start(text: str | None) -> str:
    first = (text or "").split("\n")[0]
    return first if len(first) <= 30 else f"{first[:30].rstrip()}…"


def _add_channel(played: Conversation) -> None:
    played.channel = played.server.add_channel("Announcements").link(played.group)
    played.channel.add_bot()


def _use_forum(played: Conversation, names: str) -> None:
    played.group.forum = True
    for name in names.split(", "):
        played.topics[name] = played.group.add_topic(name)


def _migrate(played: Conversation) -> None:
    played.group = played.group.migrate()


def _make_basic(played: Conversation) -> None:
    played.group = played.server.add_group("Consultation", supergroup=False)


def _go_on(played: Conversation, hours: str) -> None:
    played.server.advance(3600 * float(hours))
    wait_until(played.is_up_to_date, 30)


SCENES: dict[str, Callable[..., None]] = {
    r"the bot is in the group": lambda p: p.group.add_bot(),
    r"(?P<name>\w+) brings the bot into the group": lambda p, name: p.group.add_bot(by=p.person(name)),
    r"(?P<name>\w+) makes the bot an admin": lambda p, name: p.group.add_bot(admin=True, by=p.person(name)),
    r"the bot may read everything": lambda p: p.server.set_privacy(False),
    r"the group hides notes from bots": lambda p: p.server.set_privacy(True),
    r"(?P<name>\w+) is an admin of the group": lambda p, name: p.group.promote(p.person(name)),
    r"(?P<name>\w+)'s Telegram is in (?P<code>\w\w)": lambda p, name, code: setattr(p.person(name), "language", code),
    r"reactions are off": lambda p: setattr(p.group, "allowed_reactions", []),
    r"the group has the topics (?P<names>.+)": _use_forum,
    r"the group is a small one": _make_basic,
    r"the group becomes a supergroup": _migrate,
    r"the group has a channel": _add_channel,
    r"(?P<hours>[\d.]+) hours? later": _go_on,
}


def _turns(script: str) -> Iterator[str]:
    """What people do and what the scene is, lines that go on joined; without what the bot did."""
    turns: list[str] = []
    for line in script.split("\n"):
        if line.startswith(". "):
            turns[-1] += f"\n{line}"
        elif not line.startswith("  "):
            turns.append(line)
    yield from turns
