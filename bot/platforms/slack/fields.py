"""What only Slack's JSON has: ids of messages, which are times. Called by all that reads updates."""

import re
from datetime import UTC, datetime, timedelta

from bot.fields import Json, need_name
from core.errors import UpdateError

# an id and a time in one: seconds and the rest, never a float
TS = re.compile(r"(\d{1,12})\.(\d{1,9})", re.ASCII)


def need_ts(source: Json, key: str) -> str:
    """The id of a message, such as "1700000000.000100", which must be there."""
    ts = need_name(source, key)
    if not TS.fullmatch(ts):
        raise UpdateError(f"{key} is no time of Slack's")
    return ts


def need_time(source: Json, key: str) -> datetime:
    """The time that an id of Slack's is, to the microsecond; it must be there."""
    found = TS.fullmatch(need_ts(source, key))
    seconds, rest = found.groups() if found else ("", "")
    try:
        at = datetime.fromtimestamp(int(seconds), UTC) + timedelta(microseconds=int(rest[:6].ljust(6, "0")))
        # a day's room on either side, so that every zone can show it
        (at - timedelta(days=1), at + timedelta(days=1))
    except (OverflowError, OSError, ValueError):
        raise UpdateError(f"{key} is out of range") from None
    return at
