"""What was seen of messages' times: by intake in events, by sending in answers. It lives as long as the process."""

import re

# a message's id and time: seconds and microseconds; kept as text, since as a number it would lose figures
_TS = re.compile(r"\d{1,12}\.\d{6}")
# where nothing was seen: earlier than any message
START = "0.000000"


def is_ts(name: object) -> bool:
    """Whether this is the id of a message of the channel."""
    return isinstance(name, str) and _TS.fullmatch(name) is not None


def order_of(ts: str) -> tuple[int, str]:
    """Sort key of such ids."""
    return len(ts), ts


class Tracker:
    """The newest message of each channel that was seen."""

    def __init__(self) -> None:
        self._newest: dict[str, str] = {}

    def note(self, channel: object, ts: object) -> None:
        """This message is in this channel."""
        if isinstance(channel, str) and isinstance(ts, str) and is_ts(ts):
            self._newest[channel] = max(ts, self.newest(channel), key=order_of)

    def newest(self, channel: str) -> str:
        """The newest message of the channel that was seen."""
        return self._newest.get(channel, START)
