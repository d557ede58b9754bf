"""The outbox: replies on their way to their platforms."""

from collections.abc import Sequence
from datetime import UTC, datetime
from typing import Any

from sqlalchemy import Connection, select, update

from core.messages import MessageKey
from core.replies import Reaction, Reply
from storage.batches import insert_rows
from storage.tables import outbox
from storage.transaction import Transaction

_REPLY = (
    outbox.c.id,
    outbox.c.platform,
    outbox.c.workspace,
    outbox.c.chat,
    outbox.c.message_id,
    outbox.c.text,
    outbox.c.reaction,
    outbox.c.draft,
)


class Outbox(Transaction):
    """Queries on the outbox. Replies are written at the end of the work, in one go."""

    def __init__(self, connection: Connection) -> None:
        super().__init__(connection)
        self._replies: list[Reply] = []

    def add_replies(self, replies: Sequence[Reply]) -> None:
        """These are to be sent, in this order."""
        self._replies += replies

    def take_replies(self, platform: str, workspace: str, limit: int) -> list[tuple[int, Reply]]:
        """The oldest replies that wait, with their ids; no other process takes them meanwhile."""
        self._flush_outbox()
        query = (
            select(*_REPLY)
            .where(outbox.c.platform == platform, outbox.c.workspace == workspace, outbox.c.done_at.is_(None))
            .order_by(outbox.c.id)
            .limit(limit)
            .with_for_update(skip_locked=True)
        )
        return [(row.id, _read_reply(row)) for row in self._connection.execute(query)]

    def finish_reply(self, id: int) -> None:  # noqa: A002
        """This reply was sent."""
        self._connection.execute(update(outbox).where(outbox.c.id == id), {"done_at": datetime.now(UTC)})

    def _flush_outbox(self) -> None:
        replies, self._replies = self._replies, []
        now = datetime.now(UTC)
        insert_rows(self._connection, outbox, [_write_reply(reply, now) for reply in replies])


def _write_reply(reply: Reply, now: datetime) -> dict[str, Any]:
    platform, workspace, chat, message_id = reply.to
    return {
        "platform": platform,
        "workspace": workspace,
        "chat": chat,
        "message_id": message_id,
        "text": reply.text,
        "reaction": reply.reaction.value if reply.reaction else None,
        "draft": reply.draft,
        "created_at": now,
    }


def _read_reply(row: Any) -> Reply:
    _, platform, workspace, chat, message_id, words, reaction, draft = row
    return Reply(
        to=MessageKey(platform, workspace, chat, message_id),
        text=words,
        reaction=Reaction(reaction) if reaction else None,
        draft=tuple(draft or ()),
    )
