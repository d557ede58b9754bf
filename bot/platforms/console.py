"""The console: a meeting in the terminal, for trying things out. Typed lines are messages; replies are printed."""

import json
import re
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any

from core.errors import UpdateError, UserError
from core.messages import Author, Change, MessageKey, Version
from core.replies import Reaction, Reply
from core.text import clean_text

PLATFORM, WORKSPACE, CHAT = "console", "", "console"
SIGNS = {
    Reaction.FILED: "✍ filed",
    Reaction.CHANGED: "👌 changed",
    Reaction.NOT_UNDERSTOOD: "🤔 not understood",
    Reaction.WITHDRAWN: "👎 withdrawn",
}
_CHANGE = re.compile(r"(?:(reply|edit)\s+(\d{1,9})\s*:\s*(.*)|(delete)\s+(\d{1,9}))", re.DOTALL | re.IGNORECASE)


_NO_COLON = re.compile(r"(reply|edit)\s+(\d{1,9})\s+[^\s:]", re.IGNORECASE)


@dataclass(slots=True)
class Console:
    """Numbers the messages of its meeting, so that they can be replied to, edited and deleted: `edit 3: new text`.

    `ids` are those that an earlier run took, in order.
    """

    author: str
    ids: list[str] = field(default_factory=list)

    @property
    def next_number(self) -> int:
        """The number that the next message will have."""
        return len(self.ids) + 1

    @property
    def source(self) -> str:
        """Its name in the inbox."""
        return PLATFORM

    def write_update(self, text: str, at: datetime) -> tuple[str, str]:
        """Delivery key and payload of a typed line; a `UserError` where it changes a line that there is not."""
        update: dict[str, Any] = {"at": at.isoformat(), "author": self.author, "text": text, "change": Change.SENT}
        change = _CHANGE.fullmatch(text.strip())
        if hint := None if change else _NO_COLON.match(text.strip()):
            raise UserError(f"Write it with a colon: {hint[1]} {hint[2]}: … Nothing was taken.")
        if change:
            verb, target = (change[1] or change[4]).lower(), self._find(int(change[2] or change[5]))
            update["text"] = change[3] or ""
            if verb == "reply":
                update["reply_to"] = target
            else:
                update |= {"change": Change.EDITED if verb == "edit" else Change.DELETED, "id": target}
        own = str(time.time_ns())
        if update["change"] is Change.SENT:
            self.ids.append(own)
        return own, json.dumps({"id": own, **update}, ensure_ascii=False)

    def _find(self, number: int) -> str:
        if not 1 <= number <= len(self.ids):
            raise UserError(f"There is no message {number}; the last one is {len(self.ids)}.")
        return self.ids[number - 1]

    def number_of(self, message_id: str) -> int | None:
        """The number under which a message of this run was shown."""
        return self.ids.index(message_id) + 1 if message_id in self.ids else None

    def read(self, payload: str, _received_at: datetime) -> Sequence[Version]:
        """The version that a typed line is."""
        try:
            update = json.loads(payload)
            return [
                Version(
                    key=MessageKey(PLATFORM, WORKSPACE, CHAT, update["id"]),
                    change=Change(update["change"]),
                    at=datetime.fromisoformat(update["at"]).astimezone(UTC),
                    author=Author(update["author"], update["author"]),
                    text=clean_text(update["text"]),
                    reply_to=update.get("reply_to"),
                )
            ]
        except (KeyError, TypeError, ValueError):
            raise UpdateError("it is no line of the console") from None

    def confirm(self, text: str) -> str:
        """What to say at once: a deletion is answered by nobody, for its message is gone."""
        change = _CHANGE.fullmatch(text.strip())
        return f"  [{change[5]}] deleted" if change and change[4] else ""

    def show(self, reply: Reply, show_line: Callable[[str], None]) -> None:
        """Print a reply's reaction and words."""
        number = self.number_of(reply.to.id)
        head = f"[{number}] " if number else ""
        if reply.reaction:
            show_line(f"  {head}{SIGNS[reply.reaction]}")
        for line in reply.text.split("\n") if reply.text else ():
            show_line(f"  {line}")
