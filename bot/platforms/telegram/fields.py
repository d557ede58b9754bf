"""What only Telegram's JSON has: times as whole seconds. Called by all that reads updates."""

from datetime import UTC, datetime, timedelta

from bot.fields import Json, need_number
from core.errors import UpdateError


def need_time(source: Json, key: str) -> datetime:
    """The time of this name, which must be there."""
    try:
        at = datetime.fromtimestamp(need_number(source, key), UTC)
        # a day's room on either side, so that every zone can show it
        (at - timedelta(days=1), at + timedelta(days=1))
    except (OverflowError, OSError, ValueError):
        raise UpdateError(f"{key} is out of range") from None
    return at
