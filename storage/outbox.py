"""The outbox: replies on their way to their platforms."""

from collections.abc import Sequence
from datetime import UTC, datetime
from typing import Any

from sqlalchemy import ColumnElement, Connection, Table, and_, func, or_, select, update

from core.messages import MessageKey, Place
from core.replies import Button, FileOfDraft, Outgoing, Reaction, Reply
from storage.batches import insert_into, insert_rows
from storage.tables import cards, outbox
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
    outbox.c.file,
    outbox.c.card,
    outbox.c.renews,
    outbox.c.buttons,
    outbox.c.language,
    outbox.c.thread,
    outbox.c.meeting_id,
    outbox.c.everywhere,
    outbox.c.due_at,
    outbox.c.intent,
)


class Outbox(Transaction):
    """Queries on the outbox. Replies are written at the end of the work, in one go."""

    def __init__(self, connection: Connection) -> None:
        super().__init__(connection)
        self._replies: list[Reply] = []

    def add_replies(self, replies: Sequence[Reply]) -> None:
        """These are to be sent, in this order."""
        self._replies += replies

    def take_replies(self, platform: str, workspace: str, limit: int) -> list[Outgoing]:
        """The oldest replies that wait; no other process takes them meanwhile."""
        self._flush_outbox()
        query = (
            select(*_REPLY)
            .where(outbox.c.platform == platform, outbox.c.workspace == workspace, outbox.c.done_at.is_(None))
            .order_by(outbox.c.id)
            .limit(limit)
            .with_for_update(skip_locked=True)
        )
        return [Outgoing(row.id, _read_reply(row), row.intent) for row in self._connection.execute(query)]

    def begin_reply(self, id: int, intent: str) -> None:  # noqa: A002
        """This reply is about to be sent; `intent` is by what to find out later whether it arrived."""
        self._connection.execute(update(outbox).where(outbox.c.id == id), {"intent": intent})

    def finish_reply(self, id: int, sent_id: str | None = None, failure: str | None = None) -> None:  # noqa: A002
        """This reply was sent, and got this id; or was given up for this reason."""
        values = {"done_at": datetime.now(UTC), "sent_id": sent_id, "failure": failure}
        self._connection.execute(update(outbox).where(outbox.c.id == id), values)

    def list_sent(self, place: Place) -> set[str]:
        """The ids of the messages that were sent to this chat."""
        query = select(outbox.c.sent_id).where(_in_chat(outbox, place), outbox.c.sent_id.is_not(None))
        return {row.sent_id for row in self._connection.execute(query)}

    def meeting_of_sent(self, place: Place, sent_id: str) -> int | None:
        """The meeting that a message of the bot's in this chat is of."""
        where = (_in_chat(outbox, place), outbox.c.sent_id == sent_id, outbox.c.meeting_id.is_not(None))
        return self._connection.scalar(select(outbox.c.meeting_id).where(*where).limit(1))

    def list_failures(self) -> list[tuple[Place, str]]:
        """The chats where a reply was given up, and why, each once."""
        query = (
            select(outbox.c.platform, outbox.c.workspace, outbox.c.chat, outbox.c.failure)
            .where(outbox.c.failure.is_not(None))
            .distinct()
        )
        rows = self._connection.execute(query.order_by(*query.selected_columns))
        return [((platform, workspace, chat), failure) for platform, workspace, chat, failure in rows]

    def count_due_replies(self, place: Place, meeting_id: int, after: int, until: datetime) -> int:
        """How many replies wait for this chat behind this one that were to be said before then, with drafts for all."""
        self._flush_outbox()
        here = or_(_in_chat(outbox, place), and_(outbox.c.everywhere, outbox.c.meeting_id == meeting_id))
        where = (here, outbox.c.done_at.is_(None), outbox.c.due_at < until, outbox.c.id > after)
        return self._connection.scalar(select(func.count()).select_from(outbox).where(*where)) or 0

    def was_given_up(self, place: Place, meeting_id: int) -> bool:
        """Whether something that the bot had to say by itself of this meeting in this chat was given up."""
        given_up = (outbox.c.failure.is_not(None), outbox.c.due_at.is_not(None), outbox.c.meeting_id == meeting_id)
        query = select(func.count()).select_from(outbox).where(_in_chat(outbox, place), *given_up)
        return bool(self._connection.scalar(query))

    def find_card(self, place: Place, card: str) -> str | None:
        """The id of the message that stands in the chat under this name."""
        return self._connection.scalar(select(cards.c.message_id).where(_in_chat(cards, place), cards.c.card == card))

    def keep_card(self, place: Place, card: str, message_id: str) -> None:
        """From now on this message stands in the chat under this name."""
        platform, workspace, chat = place
        row = {"platform": platform, "workspace": workspace, "chat": chat, "card": card, "message_id": message_id}
        statement = insert_into(self._connection.dialect, cards).on_conflict_do_update(
            index_elements=["platform", "workspace", "chat", "card"], set_={"message_id": message_id}
        )
        self._connection.execute(statement, row)

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
        "file": reply.file,
        "card": reply.card,
        "renews": reply.renews,
        "buttons": reply.buttons,
        "language": reply.language,
        "thread": reply.thread,
        "meeting_id": reply.meeting_id,
        "everywhere": reply.everywhere,
        "due_at": reply.due_at,
        "created_at": now,
    }


def _read_reply(row: Any) -> Reply:
    _, platform, workspace, chat, message_id, words, reaction, draft, file, card, renews, buttons, language = row[:13]
    thread, meeting_id, everywhere, due_at = row[13:17]
    return Reply(
        to=MessageKey(platform, workspace, chat, message_id),
        text=words,
        reaction=Reaction(reaction) if reaction else None,
        draft=tuple(draft or ()),
        file=FileOfDraft(*file) if file else None,
        card=card,
        renews=renews,
        buttons=tuple(tuple(Button(*button) for button in line) for line in buttons or ()),
        language=language,
        thread=thread,
        meeting_id=meeting_id,
        everywhere=everywhere,
        due_at=due_at,
    )


def _in_chat(table: Table, place: Place) -> ColumnElement[bool]:
    platform, workspace, chat = place
    return and_(table.c.platform == platform, table.c.workspace == workspace, table.c.chat == chat)
