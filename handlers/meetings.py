"""Opening, setting, closing and reopening a meeting. Called through the command table."""

import re
import unicodedata
from collections.abc import Callable, Mapping
from difflib import get_close_matches
from zoneinfo import available_timezones

from core.errors import UserError
from core.meetings import Meeting, Step, StepKind
from core.replies import Reply
from core.tags import LANGUAGES
from handlers import Context, Request

MOST_DAYS = 31
RULES = ("chatham", "none")


def open_meeting(context: Context, request: Request) -> list[Reply]:
    """`/open TITLE` with a line each for what is not as usual; says what it takes as given."""
    values = read_settings(context, {**({"title": request.argument} if request.argument else {}), **request.values})
    meeting_id = request.meeting_id
    current = context.meeting(meeting_id) if meeting_id is not None else None
    # a replay's meeting, or one that was made ready with the chat, is taken over
    is_ready = current is not None and current.opened_at is None and current.closed_at is None
    taken = current is not None and (context.replay_of is not None or is_ready)
    if current and not taken and current.closed_at is None:
        raise UserError(f"A meeting is open here: {name_meeting(current)}. Close it with /close first.")
    if meeting_id is None or not taken:
        meeting_id = create_meeting(context, values.get("title", ""))
        context.work.link_chat(*request.message.key[:3], meeting_id)
    _add_step(context, request, meeting_id, StepKind.OPEN, values)
    meeting = context.meeting(meeting_id)
    told = ["template", "zone", "close", "days", *(key for key in ("language", "rule") if key in values)]
    said = [describe_setting(key, meeting, given=key in values) for key in told]
    return [Reply(request.message.key, "\n".join([f"Open: {name_meeting(meeting)}.", *said]))]


def create_meeting(context: Context, title: str) -> int:
    """Make a meeting with the defaults, named after its title."""
    defaults = context.defaults
    return context.work.create_meeting(
        make_name(title), template=defaults.template, zone=defaults.zone, language=defaults.language, pinned={}
    )


def set_values(context: Context, request: Request) -> list[Reply]:
    """`/set FIELD: VALUE`, on its line or a line each."""
    meeting_id = request.need_meeting()
    values = dict(request.values)
    if request.argument:
        key, colon, value = request.argument.partition(":")
        if not colon:
            raise UserError("Write it as: /set venue: Church Center, New York")
        values = {key.strip().lower(): value.strip(), **values}
    template = context.templates.load(context.meeting(meeting_id).template)
    fields = [spec.key for spec in template.fields]
    unknown = [key for key in values if key not in (*fields, *_READERS)]
    # in a replay the line that names the template may come later: a field that it lacks is then never shown
    if (unknown and context.replay_of is None) or not values:
        known = ", ".join(dict.fromkeys([*fields, *_READERS]))
        raise UserError(
            f"{_not_known(unknown, [*fields, *_READERS])}/set takes: {known}. Example: /set venue: Church Center"
        )
    values = read_settings(context, values)
    _add_step(context, request, meeting_id, StepKind.SET, values)
    return [Reply(request.message.key, "\n".join(f"{key}: {value or '(empty)'}" for key, value in values.items()))]


def close_meeting(context: Context, request: Request) -> list[Reply]:
    """`/close`: the draft is compiled; later notes are kept and listed as late."""
    meeting_id = request.need_meeting()
    if context.meeting(meeting_id).closed_at and context.replay_of is None:
        raise UserError("The meeting is closed already. /reopen takes it up again, with its late notes.")
    _add_step(context, request, meeting_id, StepKind.CLOSE, {})
    text = "Closed. Later notes are kept and listed as late; /reopen takes them in."
    return [Reply(request.message.key, text), Reply(request.message.key, draft=context.defaults.formats)]


def reopen_meeting(context: Context, request: Request) -> list[Reply]:
    """`/reopen`: the meeting goes on, its late notes are taken in."""
    meeting_id = request.need_meeting()
    if not context.meeting(meeting_id).closed_at and context.replay_of is None:
        raise UserError("The meeting is open; there is nothing to reopen.")
    _add_step(context, request, meeting_id, StepKind.REOPEN, {})
    return [Reply(request.message.key, "Open again. Notes that came after the close are taken in.")]


def _add_step(context: Context, request: Request, meeting_id: int, kind: StepKind, values: Mapping[str, str]) -> None:
    context.work.add_step(meeting_id, Step(kind, request.at, request.message.key, values))
    context.forget()


def name_meeting(meeting: Meeting) -> str:
    """A meeting as people know it."""
    return meeting.title or meeting.name


def make_name(title: str) -> str:
    """A meeting's short name, safe as a file name and to type: letters and digits of any script, and hyphens."""
    words = re.findall(r"[^\W_]+", unicodedata.normalize("NFC", title.casefold()))
    return "-".join(words)[:60].strip("-") or "meeting"


def describe_setting(key: str, meeting: Meeting, *, given: bool) -> str:
    """A line that says what holds, and how to change what was only taken as usual."""
    value = getattr(meeting, key)
    if key == "close" and not value:
        return "close: when somebody sends /close"
    if key == "close":
        return f"close: {value} (noted; the bot does not close by itself yet: send /close)"
    return f"{key}: {value}" if given else f"{key}: {value} (as usual; change it with /set {key}: …)"


def read_settings(context: Context, values: Mapping[str, str]) -> dict[str, str]:
    """Settings as they are kept, checked; other keys are fields and stay as they are."""
    return {key: _READERS[key](context, value) if key in _READERS else value for key, value in values.items()}


def read_zone(zone: str) -> str:
    """An IANA time zone's name as it is spelled; a `UserError` gives near ones."""
    zones = available_timezones()
    by_key = {name.casefold(): name for name in zones}
    cities = {name.rsplit("/", 1)[-1].casefold(): name for name in sorted(zones, reverse=True)}
    wanted = zone.strip().casefold().replace(" ", "_")
    if wanted in by_key:
        return by_key[wanted]
    near = [cities[city] for city in get_close_matches(wanted.rsplit("/", 1)[-1], cities, n=3, cutoff=0.7)]
    hint = f" Near: {', '.join(near)}." if near else " Examples: Africa/Addis_Ababa, America/New_York, UTC."
    raise UserError(f"There is no time zone {zone.strip()!r}.{hint}")


def _read_close(_: Context, value: str) -> str:
    match = re.fullmatch(r"(\d{1,2})[:.h](\d{2})", value.strip())
    if not match or int(match[1]) > 23 or int(match[2]) > 59:
        raise UserError(f"close is a time of day such as 17:30, not {value.strip()!r}.")
    return f"{int(match[1]):02}:{int(match[2]):02}"


def _read_days(_: Context, value: str) -> str:
    if not re.fullmatch(r"\d{1,3}", value.strip()) or not 1 <= int(value) <= MOST_DAYS:
        raise UserError(f"days is a number from 1 to {MOST_DAYS}, not {value.strip()!r}.")
    return str(int(value))


def _read_choice(name: str, choices: tuple[str, ...]) -> Callable[[Context, str], str]:
    def read(_: Context, value: str) -> str:
        if value.strip().lower() not in choices:
            raise UserError(f"{name} is one of {', '.join(choices)}, not {value.strip()!r}.")
        return value.strip().lower().replace("none", "")

    return read


_READERS: dict[str, Callable[[Context, str], str]] = {
    "title": lambda _, value: value.strip(),
    "template": lambda context, value: context.templates.load(value).id,
    "zone": lambda _, value: read_zone(value),
    "close": _read_close,
    "days": _read_days,
    "language": _read_choice("language", LANGUAGES),
    "rule": _read_choice("rule", RULES),
}
SETTING_KEYS = tuple(key for key in _READERS if key != "title")


def _not_known(unknown: list[str], known: list[str]) -> str:
    if not unknown:
        return ""
    near = get_close_matches(unknown[0], known, n=1)
    return f"I do not know {unknown[0]!r}{f'; did you mean {near[0]!r}?' if near else '.'} "
