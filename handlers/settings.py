"""The settings of a meeting: reading them as people type them, telling what holds. Called by `meetings`, `closing`.

`bot` reads its own settings and forms with the same.
"""

import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import replace
from datetime import date, datetime
from difflib import get_close_matches
from functools import cache
from zoneinfo import ZoneInfo, available_timezones

from core.errors import UserError
from core.meetings import OFF, Meeting
from core.phrases import Phrase, phrase, quote_typed
from core.replies import Button
from core.schedule import find_close, find_date, find_instant, find_silence
from core.tags import LANGUAGES
from handlers import Context

MOST_DAYS = 31
LONGEST_SILENCE = 24 * 60
# what turns a choice off; it is kept as ""
NONE = "none"
RULES = ("chatham", NONE)
ATTRIBUTIONS = (NONE, "organisation", "named")
CHOICES = frozenset({"rule", "attribution"})
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
_OFFSET = re.compile(r"(utc|gmt)_?[+−-]_?\d.*")
_SPAN = re.compile(r"\s*(.+?)\s*[-–—]\s*(.+?)\s*")


def offer_settings(context: Context, key: str) -> Iterator[tuple[Button, ...]]:
    """Lines of buttons that set this."""
    offered = {
        "template": [(template_id, template_id) for template_id in context.templates.ids()],
        "zone": _ZONES,
        "close": [(f"{key} {time}", time) for time in _CLOSES],
    }[key]
    buttons = [Button(label, f"/set {key}: {value}") for label, value in offered]
    for start in range(0, len(buttons), _IN_A_LINE):
        yield tuple(buttons[start : start + _IN_A_LINE])


def describe_setting(key: str, meeting: Meeting) -> str | Phrase:
    """A line that says what holds, and how to change what was only taken as usual."""
    value = getattr(meeting, key)
    if key == "close":
        close = find_close(meeting)
        return phrase("close_planned", **tell_moment(meeting, close)) if close else phrase("close_by_hand")
    if key == "remind" and (silence := find_silence(meeting)):
        return phrase("remind_after", minutes=int(silence.total_seconds() // 60))
    return f"{key}: {value}" if key in meeting.given else phrase("setting_usual", key=key, value=value)


def tell_moment(meeting: Meeting, at: datetime) -> dict[str, object]:
    """The date and the time of an instant there, to fill into a phrase."""
    local = at.astimezone(ZoneInfo(meeting.zone))
    return {"day": local.date(), "time": f"{local:%H:%M}"}


def read_settings(context: Context, values: Mapping[str, str]) -> dict[str, str]:
    """Settings as they are kept, checked; other keys are fields and stay as they are."""
    return {key: READERS[key](context, value) if key in READERS else value for key, value in values.items()}


def choose_close(meeting: Meeting, close: str, at: datetime) -> str:
    """A close that is still to come at this time: on the last day, or today where that is over.

    A `UserError` where it is over today as well.
    """
    planned = find_close(replace(meeting, close=close))
    if planned is None or planned > at:
        return close
    if " " not in close:
        today = find_instant(meeting.zone, find_date(meeting, at), close)
        if today > at:
            return f"{today.astimezone(ZoneInfo(meeting.zone)):%Y-%m-%d %H:%M}"
    raise UserError(phrase("close_passed", time=close))


def read_zone(zone: str) -> str:
    """An IANA time zone's name as it is spelled, also by its city alone; a `UserError` gives near ones."""
    zones = _list_zones()
    by_key = {name.casefold(): name for name in zones}
    cities = {name.rsplit("/", 1)[-1].casefold(): name for name in sorted(zones, reverse=True)}
    wanted = zone.strip().casefold().replace(" ", "_")
    if wanted in by_key:
        return by_key[wanted]
    if _OFFSET.fullmatch(wanted):
        # Etc/GMT-3 is three hours ahead: nobody means that
        raise UserError(phrase("zone_unknown", zone=quote_typed(zone)))
    named = [name for name in zones if name.rpartition("/")[2].casefold() == wanted]
    if len(named) == 1:
        return named[0]
    near = [cities[city] for city in get_close_matches(wanted.rsplit("/", 1)[-1], cities, n=3, cutoff=0.7)]
    if near:
        raise UserError(phrase("zone_near", zone=quote_typed(zone), near=", ".join(near)))
    raise UserError(phrase("zone_unknown", zone=quote_typed(zone)))


@cache
def _list_zones() -> frozenset[str]:
    """All there are: read from hundreds of files, so once."""
    return frozenset(available_timezones())


def _read_clock(value: str) -> str | None:
    """A time of day as it is kept, "17:30"; None where it is none."""
    match = re.fullmatch(r"(\d{1,2})[:.h](\d{2})", value.strip())
    if not match or int(match[1]) > 23 or int(match[2]) > 59:
        return None
    return f"{int(match[1]):02}:{int(match[2]):02}"


def _read_date(value: str) -> str | None:
    try:
        return date.fromisoformat(value.strip()).isoformat()
    except ValueError:
        return None


def read_close(value: str) -> str:
    """A time of day as it is kept, "17:30", or with a date before it; "" where somebody closes by hand."""
    if value.strip().lower() in ("", OFF):
        return ""
    on, _, clock = value.strip().rpartition(" ")
    day, time = _read_date(on) if on else "", _read_clock(clock)
    if day is None or time is None:
        raise UserError(phrase("close_wrong", value=quote_typed(value)))
    return f"{day} {time}".strip()


def read_starts(value: str) -> str:
    """The date of a meeting's first day."""
    day = _read_date(value)
    if day is None:
        raise UserError(phrase("starts_wrong", value=quote_typed(value)))
    return day


def read_hours(value: str) -> str:
    """The hours of each day, such as "09:00-18:00, 10:00-13:00"."""
    found = [_SPAN.fullmatch(span) for span in re.split(r"[,;،，]", value)]
    spans = [(_read_clock(match[1]), _read_clock(match[2])) if match else (None, None) for match in found]
    if any(begins is None or ends is None for begins, ends in spans):
        raise UserError(phrase("hours_wrong", value=quote_typed(value)))
    return ", ".join(f"{begins}-{ends}" for begins, ends in spans)


def read_digest(value: str) -> str:
    """When each day's digest is posted; "" is the day's end."""
    if value.strip().lower() in ("", OFF):
        return value.strip().lower()
    time = _read_clock(value)
    if time is None:
        raise UserError(phrase("digest_wrong", value=quote_typed(value)))
    return time


def read_remind(value: str) -> str:
    """After how many minutes without a note somebody is reminded."""
    typed = value.strip().lower()
    if typed in ("", OFF) or (re.fullmatch(r"\d{1,4}", typed) and 1 <= int(typed) <= LONGEST_SILENCE):
        return typed if typed in ("", OFF) else str(int(typed))
    raise UserError(phrase("remind_wrong", value=quote_typed(value), most=LONGEST_SILENCE))


def read_days(value: str) -> str:
    """For how many days a meeting goes on."""
    if not re.fullmatch(r"\d{1,3}", value.strip()) or not 1 <= int(value) <= MOST_DAYS:
        raise UserError(phrase("days_wrong", most=MOST_DAYS, value=quote_typed(value)))
    return str(int(value))


def _read_choice(name: str, choices: tuple[str, ...]) -> Callable[[Context, str], str]:
    def read(_: Context, value: str) -> str:
        if value.strip().lower() not in choices:
            raise UserError(phrase("choice_wrong", key=name, choices=", ".join(choices), value=quote_typed(value)))
        return value.strip().lower().replace(NONE, "")

    return read


READERS: dict[str, Callable[[Context, str], str]] = {
    "title": lambda _, value: value.strip(),
    "template": lambda context, value: context.templates.load(value).id,
    "zone": lambda _, value: read_zone(value),
    "starts": lambda _, value: read_starts(value),
    "days": lambda _, value: read_days(value),
    "hours": lambda _, value: read_hours(value),
    "close": lambda _, value: read_close(value),
    "digest": lambda _, value: read_digest(value),
    "remind": lambda _, value: read_remind(value),
    "language": _read_choice("language", LANGUAGES),
    "rule": _read_choice("rule", RULES),
    "attribution": _read_choice("attribution", ATTRIBUTIONS),
}
SETTING_KEYS = tuple(key for key in READERS if key != "title")


def tell_known(unknown: list[str], known: list[str]) -> Phrase:
    """What `/set` takes, behind the first thing that it does not know, if there is one."""
    takes = phrase("set_takes", known=", ".join(dict.fromkeys(known)))
    if not unknown:
        return takes
    near = get_close_matches(unknown[0], known, n=1)
    if near:
        return phrase("set_unknown_near", key=quote_typed(unknown[0]), near=near[0], takes=takes)
    return phrase("set_unknown", key=quote_typed(unknown[0]), takes=takes)
