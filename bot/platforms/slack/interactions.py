"""Presses of buttons, and forms that were filled in, as what their person would have written. Called by `reading`.

`modals` asks `find_session` whether what was typed names a session.
"""

from collections.abc import Iterator
from dataclasses import replace
from datetime import datetime

from bot.fields import Json, need_name, need_object, parse_object, take_name, take_object, take_objects, take_text
from bot.platforms.slack import COMMAND, HOME, NOTE, PLATFORM, PRESS
from bot.platforms.slack.fields import need_ts
from bot.platforms.slack.forms import FILE_NOTE, OPEN_LINES, OPEN_MEETING, SESSION, TAG, TEXT, TITLE, hash_words
from bot.platforms.slack.found import Found
from bot.platforms.slack.links import link_message
from core.messages import Author, Change, MessageKey, Version
from core.segments import bare_words
from core.sessions import Label, read_label
from core.tags import TagKind, read_tag
from core.text import clean_text


def read_press(body: Json, found: Found, received_at: datetime) -> Iterator[Version]:
    """The command that a button stands for, in the chat that it names or else where it was pressed."""
    container, message = take_object(body, "container") or {}, take_object(body, "message") or {}
    user = need_object(body, "user")
    channel = take_name(take_object(body, "channel") or {}, "id") or take_name(container, "channel_id")
    here = channel or f"{HOME}{need_name(user, 'id')}"
    for action in take_objects(body, "actions"):
        # buttons that open a link have no value
        if take_name(action, "type") != "button" or not take_text(action, "value"):
            continue
        press = parse_object(take_text(action, "value"), "the button's value")
        chat = take_name(press, "chat") or here
        name = take_name(action, "action_ts") or need_name(body, "trigger_id")
        text = clean_text(take_text(press, "command"))
        thread = take_name(message, "thread_ts") or take_name(container, "thread_ts")
        reply_to = thread if thread and chat == here else None
        # who pressed stands in it, so that an answer can be shown to them alone
        key = _key(found, chat, f"{PRESS}{name}:{need_name(user, 'id')}")
        version = _make_version(key, text, received_at, (found, user), reply_to=reply_to)
        below = take_name(container, "message_ts") if chat == here else ""
        yield replace(version, standing=version.standing._replace(pressed=below))


def read_submission(body: Json, found: Found, team_url: str, received_at: datetime) -> Iterator[Version]:
    """A note about a message of the channel, or the opening of a meeting."""
    view, user = need_object(body, "view"), need_object(body, "user")
    form = take_name(view, "callback_id")
    if form not in (FILE_NOTE, OPEN_MEETING):
        return
    about = parse_object(take_text(view, "private_metadata"), "private_metadata")
    channel, view_id = need_name(about, "channel"), need_name(view, "id")
    if form == OPEN_MEETING:
        key = _key(found, channel, f"{COMMAND}{view_id}")
        yield _make_version(key, _write_opening(view), received_at, (found, user))
        return
    ts = need_ts(about, "ts")
    yield _make_version(
        _key(found, channel, f"{NOTE}{view_id}"),
        _write_note(view, take_name(about, "shown")),
        received_at,
        (found, user),
        reply_to=ts,
        link=link_message(team_url, channel, ts, take_name(about, "thread")),
    )


def _key(found: Found, chat: str, name: str) -> MessageKey:
    return MessageKey(PLATFORM, found.team, chat, name)


def _make_version(
    key: MessageKey, text: str, at: datetime, who: tuple[Found, Json], *, reply_to: str | None = None, link: str = ""
) -> Version:
    found, user = who
    person = need_name(user, "id")
    return Version(
        key=key,
        change=Change.SENT,
        at=at,
        author=_name_person(found, user),
        text=text,
        reply_to=reply_to,
        link=link,
        language=found.language(person),
        standing=found.standing(person, key.chat, [take_name(user, "team_id")]),
    )


def _name_person(found: Found, user: Json) -> Author:
    return found.author(need_name(user, "id"), take_name(user, "name") or take_name(user, "username"))


def _write_opening(view: Json) -> str:
    """The words of `/open` with its lines, those that were filled in."""
    lines = [f"{name}: {value}" for name in OPEN_LINES if (value := " ".join(read_field(view, name).split()))]
    return "\n".join([f"/open {' '.join(read_field(view, TITLE).split())}".rstrip(), *lines])


def _write_note(view: Json, shown: str) -> str:
    """A tag alone, which in a reply files the other's words in their name, or with words that somebody changed."""
    tag, session, text = (read_field(view, name).strip() for name in (TAG, SESSION, TEXT))
    label = find_session(session)
    tags = [f"#{tag.lstrip('#')}"]
    if label:
        tags.append(f"#breakout {label.number}" if label.breakout else f"#session {label}")
    if not text or hash_words(text) == shown:
        return " ".join(tags)
    words = bare_words(text)
    # what is no number of a session is still not lost
    words = words if label or not session else f"{session}: {words}"
    return f"{' '.join(tags)}: {words}" if label else f"{tags[0]} {words}"


def read_field(view: Json, name: str) -> str:
    """What stands in a field of a form, typed or chosen; empty where nothing does."""
    block = take_object(need_object(need_object(view, "state"), "values"), name) or {}
    element = take_object(block, name) or {}
    chosen = take_object(element, "selected_option") or {}
    typed = take_text(element, "value") or take_text(chosen, "value") or take_text(element, "selected_time")
    return clean_text(typed)


def find_session(typed: str) -> Label | None:
    """The session that a field names by its number, as in "II", "3B", "session 2", "#s2", "breakout 2".

    None for others: a note can name a session by its number only.
    """
    words = typed.strip().lstrip("#＃﹟")
    label, rest = read_label(words)
    if label:
        return None if rest else label
    head, _, tail = words.partition(" ")
    meaning = read_tag(head)
    if meaning.kind is TagKind.ATTRIBUTE and meaning.key in ("session", "hint") and not tail:
        return read_label(meaning.value)[0]
    if meaning.kind is not TagKind.SESSION or meaning.key not in ("session", "breakout"):
        return None
    label, rest = read_label(f"{meaning.number} {tail}".strip(), breakout=meaning.key == "breakout")
    return None if rest else label
