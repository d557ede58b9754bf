"""The command table, and the way of every version of a message to its handler. Called by the worker.

To add a command, write its function and name it in `COMMANDS`: every platform's menu, `/help` and the errors about its
arguments come from here.
"""

import re
from collections.abc import Iterator
from dataclasses import replace
from difflib import get_close_matches

from core.errors import UserError
from core.messages import Change, Message, Version, fold
from core.phrases import ENGLISH, Phrase, phrase, quote_typed, tell
from core.replies import Reaction, Reply
from core.tags import LANGUAGES, TagKind, read_tag, vocabulary
from core.text import BIDI
from handlers import Command, Context, Request
from handlers.access import (
    allow_person,
    check_command,
    check_press,
    choose_language,
    claim_bot,
    find_own_meeting,
    is_allowed,
    join_meeting,
    note_private,
    revoke_person,
    runs_the_bot,
)
from handlers.closing import close_meeting, reopen_meeting
from handlers.desk import drop_note, edit_note, keep_note, merge_notes, move_note, undo_decision
from handlers.digest import tell_digest
from handlers.drafts import ask_draft, tell_status
from handlers.meetings import open_meeting, set_values
from handlers.notes import file_message, is_tagged
from handlers.packaging import ask_package
from handlers.settings import SETTING_KEYS
from reports.template import Template, join_label, say

_COMMAND = re.compile(r"/([A-Za-z_]+)(?:@\w+)?(?=\s|$)[ \t]*(.*)", re.DOTALL)
# what a client sends by itself when somebody first opens a chat with the bot
_OTHER_NAMES = {"start": "help"}


def tell_tags(context: Context, request: Request) -> list[Reply]:
    """`/tags`: the tags and where each goes; with a language in its words, with a tag all of that tag's words."""
    wanted = request.argument.lower() or request.language
    if wanted in LANGUAGES:
        home = request.meeting_id
        template = context.defaults.template if home is None else context.meeting(home).template
        return [request.answer(*_list_tags(context.templates.load(template), wanted))]
    meaning = read_tag(wanted.lstrip("#＃﹟"))
    if meaning.kind in (TagKind.UNKNOWN, TagKind.ATTRIBUTE):
        raise UserError(phrase("tags_unknown", tag=quote_typed(request.argument), languages=", ".join(LANGUAGES)))
    spellings = vocabulary().tags[meaning.key].spellings
    return [request.answer(*(f"{code}: {' '.join(f'#{word}' for word in words)}" for code, words in spellings.items()))]


def _list_tags(template: Template, language: str) -> Iterator[str]:
    """The tags in the words of the language asked for, whatever the person's own is, each with where it goes."""
    names = {
        part.key: join_label(section.label, name)
        for section in template.sections
        for part in section.parts
        for name in [say(part.heading, language) or say(section.heading, language)]
    }
    for tag in vocabulary().tags.values():
        word = f"#{tag.spellings[language][0]}"
        in_session, alone = template.routing.get(tag.key, ("", ""))
        if not in_session:
            yield phrase("tags_kind", tag=word, kind=phrase(f"kind_{tag.kind}")).into(language)
        elif in_session == alone:
            yield phrase("tags_part", tag=word, part=names[in_session]).into(language)
        else:
            yield phrase("tags_alone", tag=word, part=names[in_session], alone=names[alone]).into(language)


def tell_help(_: Context, request: Request) -> list[Reply]:
    """`/help`: how notes are made, and the commands; with a command, how that one is used."""
    if request.argument:
        command = find_command(request.argument.lstrip("/").lower())
        return [request.answer(*describe_command(command))]
    listed = (phrase("command_line", name=c.name, summary=phrase(f"command_{c.name}")) for c in COMMANDS)
    return [request.answer(phrase("help_notes"), phrase("help_edit"), *listed)]


COMMANDS: tuple[Command, ...] = (
    Command(
        "open",
        open_meeting,
        argument="title",
        keys=SETTING_KEYS,
        example="/open Pre-HLPF meeting\ntemplate: bapa40\nzone: America/New_York\nclose: 17:30\ndays: 2",
        for_organizers=True,
    ),
    Command("draft", ask_draft, argument="formats_or_changes", example="/draft docx, html", for_organizers=True),
    Command("package", ask_package, argument="formats", example="/package docx, pdf", for_organizers=True),
    Command("status", tell_status, example="/status"),
    Command("digest", tell_digest, example="/digest"),
    Command("tags", tell_tags, argument="language_or_tag", example="/tags fr"),
    Command(
        "set",
        set_values,
        argument="field",
        keys=None,
        example="/set venue: Church Center, New York",
        for_organizers=True,
    ),
    Command("close", close_meeting, argument="time", example="/close 17:30", for_organizers=True),
    Command("reopen", reopen_meeting, example="/reopen", for_organizers=True),
    Command("move", move_note, argument="note_tag", example="/move R7 challenge", for_organizers=True),
    Command("merge", merge_notes, argument="notes", example="/merge R7 R9", for_organizers=True),
    Command("drop", drop_note, argument="note", example="/drop R7", for_organizers=True),
    Command("keep", keep_note, argument="note", example="/keep R7", for_organizers=True),
    Command(
        "edit",
        edit_note,
        argument="note_words",
        example="/edit R7 Train customs officers to: Members",
        for_organizers=True,
        is_text=True,
    ),
    Command("undo", undo_decision, argument="note", example="/undo R7", for_organizers=True),
    Command("language", choose_language, argument="language", example="/language fr"),
    Command("allow", allow_person, argument="person", example="/allow 123456789", for_organizers=True),
    Command("revoke", revoke_person, argument="person", example="/revoke 123456789", for_organizers=True),
    Command("join", join_meeting, argument="code", example="/join ABCD-EFGH", anywhere=True),
    Command("claim", claim_bot, argument="code", example="/claim ABCD-EFGH", anywhere=True),
    Command("help", tell_help, argument="command", example="/help open"),
)


def find_command(name: str) -> Command:
    """The command of this name; a `UserError` gives a near one."""
    known = {command.name: command for command in COMMANDS}
    if name not in known:
        near = get_close_matches(name, known, n=1)
        typed = quote_typed(name)
        raise UserError(
            phrase("command_near", name=typed, near=near[0]) if near else phrase("command_none", name=typed)
        )
    return known[name]


def describe_command(command: Command) -> tuple[str | Phrase, ...]:
    """What a command does and how it is written: two lines or more."""
    summary = phrase(f"command_{command.name}")
    if not command.argument:
        return phrase("command_line", name=command.name, summary=summary), command.example
    argument = phrase(f"argument_{command.argument}")
    return phrase("command_line_taking", name=command.name, argument=argument, summary=summary), command.example


def read_command(text: str) -> tuple[str, str] | None:
    """Name and the rest of a text that is a command of the table."""
    # who copies a command out of Arabic words takes the marks of its direction along
    match = _COMMAND.match(text.strip(BIDI))
    name = match[1].lower() if match else ""
    name = _OTHER_NAMES.get(name, name)
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
    language = ENGLISH if context.replay_of is not None else context.language_of(message, version.language, meeting_id)
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
                asked = Request(message, message.sent_at, meeting_id, language=language, standing=version.standing)
                return _take_command(context, asked, command)
            _keep_command(context, message, meeting_id)
            return _tell_edit(before, message, language)
        if _is_strange(context, message, meeting_id):
            return []
        hints = _hint_command(before, message, language)
        if before is None and version.change is Change.EDITED and read_command(message.text):
            # of a command that was refused nothing is kept where no meeting is open
            hints = [Reply(message.key, phrase("command_edited").into(language), language=language)]
        if before and before.text != message.text and read_command(message.text):
            hints = _tell_edit(before, message, language)
        if meeting_id is not None:
            return [*hints, *file_message(context, meeting_id, before, message, language)]
        words = phrase("no_meeting").into(language)
        return [*hints, Reply(message.key, words, Reaction.NOT_UNDERSTOOD)] if is_tagged(message) else hints
    except UserError as error:
        return [Reply(message.key, tell(error.words, language), Reaction.NOT_UNDERSTOOD, language=language)]


def _tell_edit(before: Message | None, message: Message, language: str) -> list[Reply]:
    """A command is given by its first wording alone; who edits one into a command or a note is told."""
    if before is None or before.text == message.text or message.deleted_at is not None:
        return []
    if not (read_command(message.text) or is_tagged(message)):
        return []
    return [Reply(message.key, phrase("command_edited").into(language), language=language)]


def _is_strange(context: Context, message: Message, meeting_id: int | None) -> bool:
    """Whether the bot has no business with this message: nothing of it is kept, and nothing said."""
    if context.guard is None:
        return False
    if not is_allowed(context, message.key.place):
        return True
    return meeting_id is None and not runs_the_bot(context, message)


def _hint_command(before: Message | None, message: Message, language: str) -> list[Reply]:
    """A word to who mistyped a command; any other text that starts with a slash is talk."""
    match = _COMMAND.match(message.first_text) if before is None else None
    near = get_close_matches(match[1].lower(), [command.name for command in COMMANDS], n=1) if match else []
    if not match or not near:
        return []
    return [Reply(message.key, phrase("command_near", name=match[1], near=near[0]).into(language), language=language)]


def _take_command(context: Context, asked: Request, given: tuple[str, str]) -> list[Reply]:
    """Run a command, and keep its message whatever comes of it."""
    name, rest = given
    command = find_command(name)
    if asked.meeting_id is None and asked.standing.in_private:
        asked = replace(asked, meeting_id=find_own_meeting(context, asked.message))
    try:
        check_press(context, asked)
        check_command(context, command, asked)
        return command.run(context, read_request(command, asked, rest))
    finally:
        note_private(context, asked)
        # what opens a meeting belongs to it
        home = context.meeting_of(asked.message)
        _keep_command(context, asked.message, asked.meeting_id if home is None else home)


def _keep_command(context: Context, message: Message, meeting_id: int | None) -> None:
    # a chat that the settings have shut out since may still feed a meeting
    if meeting_id is not None and is_allowed(context, message.key.place):
        context.keep_message(meeting_id, message, ())


def read_request(command: Command, asked: Request, rest: str) -> Request:
    """The same with the argument and the lines of the command; a `UserError` says what it takes."""
    if command.is_text:
        return replace(asked, argument=rest.strip())
    first, *lines = rest.split("\n")
    argument = " ".join(first.split())
    if argument and not command.argument:
        raise UserError(phrase("command_takes_nothing", name=command.name))
    values: dict[str, str] = {}
    for line in filter(str.strip, lines):
        key, colon, value = (part.strip() for part in line.replace("：", ":", 1).partition(":"))
        key = key.lower()
        if not colon or (command.keys is not None and key not in command.keys):
            near = get_close_matches(key, command.keys or (), n=1)
            takes = ", ".join(f"{known}:" for known in command.keys or ())
            told = "line_near" if near else "line_unknown" if takes else "line_none"
            hint = near[0] if near else ""
            raise UserError(phrase(told, line=quote_typed(line), name=command.name, near=hint, takes=takes))
        values[key] = value
    return replace(asked, argument=argument, values=values)
