"""The command table, and the way of every version of a message to its handler. Called by the worker.

To add a command, write its function and name it in `COMMANDS`: every platform's menu, `/help` and the errors about its
arguments come from here.
"""

import re
from collections.abc import Iterator
from difflib import get_close_matches

from core.errors import UserError
from core.messages import Message, Version, fold
from core.replies import Reaction, Reply
from core.tags import LANGUAGES, TagKind, read_tag, vocabulary
from handlers import Command, Context, Request
from handlers.drafts import order_draft, tell_status
from handlers.meetings import SETTING_KEYS, close_meeting, open_meeting, reopen_meeting, set_values
from handlers.notes import NO_MEETING, file_message, is_tagged
from reports.template import Template, join_label, say

_COMMAND = re.compile(r"/([A-Za-z_]+)(?:@\w+)?(?=\s|$)[ \t]*(.*)", re.DOTALL)


def tell_tags(context: Context, request: Request) -> list[Reply]:
    """`/tags`: the tags and where each goes; with a language in its words, with a tag all of that tag's words."""
    wanted = request.argument.lower() or "en"
    if wanted in LANGUAGES:
        home = request.meeting_id
        template = context.defaults.template if home is None else context.meeting(home).template
        return [Reply(request.message.key, "\n".join(_list_tags(context.templates.load(template), wanted)))]
    meaning = read_tag(wanted.lstrip("#＃﹟"))
    if meaning.kind in (TagKind.UNKNOWN, TagKind.ATTRIBUTE):
        raise UserError(f"There is no tag {request.argument!r}. /tags lists them; languages: {', '.join(LANGUAGES)}.")
    spellings = vocabulary().tags[meaning.key].spellings
    lines = [f"{language}: {' '.join(f'#{word}' for word in words)}" for language, words in spellings.items()]
    return [Reply(request.message.key, "\n".join(lines))]


def _list_tags(template: Template, language: str) -> Iterator[str]:
    """The tags in the words of a language, each with where it goes."""
    names = {
        part.key: join_label(section.label, name)
        for section in template.sections
        for part in section.parts
        for name in [say(part.heading, language) or say(section.heading, language)]
    }
    for tag in vocabulary().tags.values():
        word = f"#{tag.spellings[language][0]}"
        if tag.key not in template.routing:
            yield f"{word} ({tag.kind})"
            continue
        in_session, alone = template.routing[tag.key]
        otherwise = "" if in_session == alone else f" (no session open: {names[alone]})"
        yield f"{word} → {names[in_session]}{otherwise}"


def tell_help(_: Context, request: Request) -> list[Reply]:
    """`/help`: how notes are made, and the commands; with a command, how that one is used."""
    if request.argument:
        command = find_command(request.argument.lstrip("/").lower())
        return [Reply(request.message.key, describe_command(command))]
    lines = [
        "Post notes with a tag: #recommendation Scale up funding. #session II: Financing opens a session.",
        "Edit a message to change its notes; reply #ignore to withdraw them.",
        *(f"/{command.name} – {command.summary}" for command in COMMANDS),
    ]
    return [Reply(request.message.key, "\n".join(lines))]


COMMANDS: tuple[Command, ...] = (
    Command(
        "open",
        "open a meeting",
        open_meeting,
        argument="TITLE",
        keys=SETTING_KEYS,
        example="/open Pre-HLPF meeting\ntemplate: bapa40\nzone: America/New_York\nclose: 17:30\ndays: 2",
    ),
    Command("draft", "get the draft report now", order_draft, argument="FORMATS", example="/draft docx, html"),
    Command("status", "what is filed, what is empty, what waits", tell_status, example="/status"),
    Command("tags", "the tags and where they go", tell_tags, argument="LANGUAGE or TAG", example="/tags fr"),
    Command(
        "set",
        "fill a field or change a setting",
        set_values,
        argument="FIELD: VALUE",
        keys=None,
        example="/set venue: Church Center, New York",
    ),
    Command("close", "close the meeting and get its draft", close_meeting, example="/close"),
    Command("reopen", "take the meeting up again", reopen_meeting, example="/reopen"),
    Command("help", "how this works", tell_help, argument="COMMAND", example="/help open"),
)


def find_command(name: str) -> Command:
    """The command of this name; a `UserError` gives a near one."""
    known = {command.name: command for command in COMMANDS}
    if name not in known:
        near = get_close_matches(name, known, n=1)
        hint = f"did you mean /{near[0]}?" if near else "/help lists the commands."
        raise UserError(f"There is no command /{name}; {hint}")
    return known[name]


def describe_command(command: Command) -> str:
    """What a command does and how it is written."""
    return f"/{command.name}{f' {command.argument}' if command.argument else ''} – {command.summary}\n{command.example}"


def read_command(text: str) -> tuple[str, str] | None:
    """Name and the rest of a text that is a command of the table."""
    match = _COMMAND.match(text)
    name = match[1].lower() if match else ""
    return (name, match[2]) if match and any(command.name == name for command in COMMANDS) else None


def take_version(context: Context, version: Version) -> list[Reply]:
    """Take one thing that a platform said of a message: run a command or file notes. A `UserError` becomes a reply."""
    stored = context.find_message(version.key)
    meeting_id, before = stored if stored else (None, None)
    message = fold([*before.versions, version] if before else [version])
    if before and message.versions == before.versions:
        return []
    if meeting_id is None:
        meeting_id = context.meeting_of(message)
    try:
        command = read_command(message.first_text)
        # a command is given once: not again when its message is edited, deleted or delivered anew
        first = (message.first_text, message.sent_at)
        is_new = message.seen and (before is None or not before.seen or (before.first_text, before.sent_at) != first)
        if before and before.seen and is_new:
            # two messages under one id, as only a transcript has them: the earlier one counts
            context.drop_step(message)
        if command:
            if is_new:
                return _take_command(context, message, meeting_id, command)
            _keep_command(context, message, meeting_id)
            return []
        hints = _hint_command(before, message)
        if meeting_id is not None:
            return [*hints, *file_message(context, meeting_id, before, message)]
        return [*hints, Reply(message.key, NO_MEETING, Reaction.NOT_UNDERSTOOD)] if is_tagged(message) else hints
    except UserError as error:
        return [Reply(message.key, str(error), Reaction.NOT_UNDERSTOOD)]


def _hint_command(before: Message | None, message: Message) -> list[Reply]:
    """A word to who mistyped a command; any other text that starts with a slash is talk."""
    match = _COMMAND.match(message.first_text) if before is None else None
    near = get_close_matches(match[1].lower(), [command.name for command in COMMANDS], n=1) if match else []
    return [Reply(message.key, f"There is no command /{match[1]}; did you mean /{near[0]}?")] if match and near else []


def _take_command(context: Context, message: Message, meeting_id: int | None, command: tuple[str, str]) -> list[Reply]:
    """Run a command, and keep its message whatever comes of it."""
    try:
        return _run_command(context, message, meeting_id, *command)
    finally:
        # what opens a meeting belongs to it
        _keep_command(context, message, context.meeting_of(message))


def _keep_command(context: Context, message: Message, meeting_id: int | None) -> None:
    if meeting_id is not None:
        context.keep_message(meeting_id, message, ())


def _run_command(context: Context, message: Message, meeting_id: int | None, name: str, rest: str) -> list[Reply]:
    command = find_command(name)
    return command.run(context, read_request(command, message, meeting_id, rest))


def read_request(command: Command, message: Message, meeting_id: int | None, rest: str) -> Request:
    """The argument and the lines of a command; a `UserError` says what it takes."""
    first, *lines = rest.split("\n")
    argument = " ".join(first.split())
    if argument and not command.argument:
        raise UserError(f"/{command.name} takes nothing behind it.")
    values: dict[str, str] = {}
    for line in filter(str.strip, lines):
        key, colon, value = (part.strip() for part in line.replace("：", ":", 1).partition(":"))
        key = key.lower()
        if not colon or (command.keys is not None and key not in command.keys):
            near = get_close_matches(key, command.keys or (), n=1)
            hint = f" Did you mean {near[0]!r}?" if near else ""
            takes = ", ".join(f"{known}:" for known in command.keys or ())
            below = f" Lines that it takes: {takes}." if takes else " It takes no lines below."
            raise UserError(f"I do not understand {line.strip()!r} below /{command.name}.{hint}{below}")
        values[key] = value
    return Request(message, message.sent_at, meeting_id, argument, values)
