"""Opening, setting, closing and reopening a meeting. Called through the command table."""

import re
import unicodedata
from collections.abc import Callable, Iterator, Mapping
from dataclasses import replace
from difflib import get_close_matches
from zoneinfo import available_timezones

from core.errors import UserError
from core.meetings import Meeting, Step, StepKind
from core.phrases import Phrase, phrase, quote_typed
from core.replies import Button, Reply
from core.tags import LANGUAGES
from handlers import Context, Request
from handlers.access import check_hearing

MOST_DAYS = 31
RULES = ("chatham", "none")
# where most of the meetings are held: the seats and regional commissions of the United Nations
_ZONES = (
    ("New York", "America/New_York"),
    ("Geneva", "Europe/Zurich"),
    ("Nairobi", "Africa/Nairobi"),
    ("Addis Ababa", "Africa/Addis_Ababa"),
    ("Bangkok", "Asia/Bangkok"),
    ("Beirut", "Asia/Beirut"),
    ("Santiago", "America/Santiago"),
    ("UTC", "UTC"),
)
_CLOSES = ("16:00", "17:00", "17:30", "18:00")
_IN_A_LINE = 4


def open_meeting(context: Context, request: Request) -> list[Reply]:
    """`/open TITLE` with a line each for what is not as usual; asks for the rest with buttons."""
    place = request.message.key.place
    check_hearing(context, place)
    values = read_settings(context, {**({"title": request.argument} if request.argument else {}), **request.values})
    meeting_id = request.meeting_id
    current = context.meeting(meeting_id) if meeting_id is not None else None
    # a replay's meeting, or one that was made ready with the chat, is taken over
    is_ready = current is not None and current.opened_at is None and current.closed_at is None
    taken = current is not None and (context.replay_of is not None or is_ready)
    if current and not taken and current.closed_at is None:
        raise UserError(phrase("open_already", meeting=name_meeting(current)))
    if meeting_id is None or not taken:
        meeting_id = create_meeting(context, values.get("title", ""))
        context.work.link_chat(*place, meeting_id)
    if context.guard:
        context.work.name_organizer(*place[:2], request.message.author.id, meeting_id)
    _add_step(context, request, meeting_id, StepKind.OPEN, values)
    return [_show_settings(context, request, meeting_id)]


def _show_settings(context: Context, request: Request, meeting_id: int) -> Reply:
    """How the meeting is set, with buttons for what nobody has said yet."""
    meeting = context.meeting(meeting_id)
    given = meeting.given
    told = ["template", "zone", "close", "days", *(key for key in ("language", "rule") if key in given)]
    said = [describe_setting(key, meeting, given=key in given) for key in told]
    # what was closed is not set by a press below an old message
    asked = () if meeting.closed_at else ("template", "zone", "close")
    buttons = [line for key in asked if key not in given for line in _offer(context, key)]
    opened = phrase("opened", meeting=name_meeting(meeting))
    return request.answer(opened, *said, card=f"settings:{meeting_id}", buttons=tuple(buttons))


def _offer(context: Context, key: str) -> Iterator[tuple[Button, ...]]:
    """Lines of buttons that set this."""
    offered = {
        "template": [(template_id, template_id) for template_id in context.templates.ids()],
        "zone": _ZONES,
        "close": [(f"{key} {time}", time) for time in _CLOSES],
    }[key]
    buttons = [Button(label, f"/set {key}: {value}") for label, value in offered]
    for start in range(0, len(buttons), _IN_A_LINE):
        yield tuple(buttons[start : start + _IN_A_LINE])


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
            raise UserError(phrase("set_how"))
        values = {key.strip().lower(): value.strip(), **values}
    template = context.templates.load(context.meeting(meeting_id).template)
    fields = [spec.key for spec in template.fields]
    unknown = [key for key in values if key not in (*fields, *_READERS)]
    # in a replay the line that names the template may come later: a field that it lacks is then never shown
    if (unknown and context.replay_of is None) or not values:
        raise UserError(_tell_known(unknown, [*fields, *_READERS]))
    values = read_settings(context, values)
    _add_step(context, request, meeting_id, StepKind.SET, values)
    told = request.answer(
        *(f"{key}: {value}" if value else phrase("set_empty", key=key) for key, value in values.items())
    )
    if values.keys().isdisjoint(_READERS):
        return [told]
    return [told, replace(_show_settings(context, request, meeting_id), renews=True)]


def close_meeting(context: Context, request: Request) -> list[Reply]:
    """`/close`: the draft is compiled; later notes are kept and listed as late."""
    meeting_id = request.need_meeting()
    if context.meeting(meeting_id).closed_at and context.replay_of is None:
        raise UserError(phrase("closed_already"))
    _add_step(context, request, meeting_id, StepKind.CLOSE, {})
    draft = Reply(request.message.key, draft=context.defaults.formats, meeting_id=meeting_id, language=request.language)
    return [request.answer(phrase("closed")), replace(_show_settings(context, request, meeting_id), renews=True), draft]


def reopen_meeting(context: Context, request: Request) -> list[Reply]:
    """`/reopen`: the meeting goes on, its late notes are taken in."""
    meeting_id = request.need_meeting()
    if not context.meeting(meeting_id).closed_at and context.replay_of is None:
        raise UserError(phrase("not_closed"))
    _add_step(context, request, meeting_id, StepKind.REOPEN, {})
    return [request.answer(phrase("reopened"))]


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


def describe_setting(key: str, meeting: Meeting, *, given: bool) -> str | Phrase:
    """A line that says what holds, and how to change what was only taken as usual."""
    value = getattr(meeting, key)
    if key == "close":
        return phrase("close_noted", time=value) if value else phrase("close_by_hand")
    return f"{key}: {value}" if given else phrase("setting_usual", key=key, value=value)


def read_settings(context: Context, values: Mapping[str, str]) -> dict[str, str]:
    """Settings as they are kept, checked; other keys are fields and stay as they are."""
    return {key: _READERS[key](context, value) if key in _READERS else value for key, value in values.items()}


def read_zone(zone: str) -> str:
    """An IANA time zone's name as it is spelled, also by its city alone; a `UserError` gives near ones."""
    zones = available_timezones()
    by_key = {name.casefold(): name for name in zones}
    cities = {name.rsplit("/", 1)[-1].casefold(): name for name in sorted(zones, reverse=True)}
    wanted = zone.strip().casefold().replace(" ", "_")
    if wanted in by_key:
        return by_key[wanted]
    named = [name for name in zones if name.rpartition("/")[2].casefold() == wanted]
    if len(named) == 1:
        return named[0]
    near = [cities[city] for city in get_close_matches(wanted.rsplit("/", 1)[-1], cities, n=3, cutoff=0.7)]
    if near:
        raise UserError(phrase("zone_near", zone=quote_typed(zone), near=", ".join(near)))
    raise UserError(phrase("zone_unknown", zone=quote_typed(zone)))


def read_close(value: str) -> str:
    """A time of day as it is kept, "17:30"."""
    match = re.fullmatch(r"(\d{1,2})[:.h](\d{2})", value.strip())
    if not match or int(match[1]) > 23 or int(match[2]) > 59:
        raise UserError(phrase("close_wrong", value=quote_typed(value)))
    return f"{int(match[1]):02}:{int(match[2]):02}"


def read_days(value: str) -> str:
    """For how many days a meeting goes on."""
    if not re.fullmatch(r"\d{1,3}", value.strip()) or not 1 <= int(value) <= MOST_DAYS:
        raise UserError(phrase("days_wrong", most=MOST_DAYS, value=quote_typed(value)))
    return str(int(value))


def _read_choice(name: str, choices: tuple[str, ...]) -> Callable[[Context, str], str]:
    def read(_: Context, value: str) -> str:
        if value.strip().lower() not in choices:
            raise UserError(phrase("choice_wrong", key=name, choices=", ".join(choices), value=quote_typed(value)))
        return value.strip().lower().replace("none", "")

    return read


_READERS: dict[str, Callable[[Context, str], str]] = {
    "title": lambda _, value: value.strip(),
    "template": lambda context, value: context.templates.load(value).id,
    "zone": lambda _, value: read_zone(value),
    "close": lambda _, value: read_close(value),
    "days": lambda _, value: read_days(value),
    "language": _read_choice("language", LANGUAGES),
    "rule": _read_choice("rule", RULES),
}
SETTING_KEYS = tuple(key for key in _READERS if key != "title")


def _tell_known(unknown: list[str], known: list[str]) -> Phrase:
    """What `/set` takes, behind the first thing that it does not know, if there is one."""
    takes = phrase("set_takes", known=", ".join(dict.fromkeys(known)))
    if not unknown:
        return takes
    near = get_close_matches(unknown[0], known, n=1)
    if near:
        return phrase("set_unknown_near", key=quote_typed(unknown[0]), near=near[0], takes=takes)
    return phrase("set_unknown", key=quote_typed(unknown[0]), takes=takes)
