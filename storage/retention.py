"""What is deleted: what came in and went out long ago, and a whole meeting with all that was said in it.

Called by `bot.retention` and `bot.cli`. Nothing else deletes what people wrote.
"""

from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import ColumnElement, FromClause, Select, Table, and_, delete, exists, func, or_, select, tuple_, update

from core.errors import UserError
from core.messages import Place, find_parent
from storage.meetings import Meetings
from storage.tables import (
    cards,
    chats,
    claims,
    draft_files,
    drafts,
    due,
    files,
    inbox,
    meetings,
    messages,
    notes,
    numbers,
    organizers,
    outbox,
    people,
    private_chats,
    steps,
    versions,
)
from storage.transaction import in_chunks


@dataclass(frozen=True, slots=True)
class Purged:
    """How much of each goes with a meeting.

    `versions` are of messages that have several, `files` of drafts; `attachments` were fetched. `dates` are what was
    due.
    """

    messages: int
    versions: int
    notes: int
    commands: int
    drafts: int
    files: int
    attachments: int
    numbers: int
    names: int
    organizers: int
    codes: int
    dates: int
    cards: int
    replies: int
    updates: int


class Retention(Meetings):
    """What deletes. A meeting that is open is never deleted."""

    def forget_updates(self, before: datetime, limit: int) -> int:
        """Deletes the oldest updates that are done with, or could not be read, and came in before then; how many."""
        self.flush()
        old = select(inbox.c.id).where(inbox.c.state != "new", inbox.c.received_at < before)
        return self._delete(inbox, inbox.c.id.in_(old.order_by(inbox.c.id).limit(limit)))

    def forget_replies(self, before: datetime, limit: int) -> int:
        """Deletes the oldest replies that were done with before then; how many.

        Where it is in doubt whether something arrived in a chat, what was sent there is still asked for.
        """
        self.flush()
        doubted = outbox.alias()
        doubt = exists().where(_same_chat(doubted), doubted.c.intent.is_not(None), doubted.c.done_at.is_(None))
        old = select(outbox.c.id).where(outbox.c.done_at < before, ~doubt)
        return self._delete(outbox, outbox.c.id.in_(old.order_by(outbox.c.id).limit(limit)))

    def list_purgeable(self, before: datetime) -> list[int]:
        """The meetings that are closed since before then; one that was replayed later counts from then."""
        old = set(self._connection.scalars(select(meetings.c.id).where(meetings.c.created_at < before)))
        listed = [meeting for meeting in self.list_meetings() if meeting.id in old]
        return [meeting.id for meeting in listed if meeting.closed_at and meeting.closed_at < before]

    def count_meeting(self, meeting_id: int) -> Purged:
        """What `purge_meeting` would remove: it is removed and brought back."""
        with self._connection.begin_nested() as trial:
            purged = self.purge_meeting(meeting_id)
            trial.rollback()
        return purged

    def purge_meeting(self, meeting_id: int) -> Purged:
        """Removes a meeting with every text, name and file of it; a `UserError` where it is open.

        Its chats stay, and feed no meeting. Of its updates the keys stay, so that one that is delivered again is known.
        """
        self.flush()
        self._hold(meeting_id)
        meeting = self.load_meeting(meeting_id)
        if meeting.is_open:
            raise UserError(
                f"The meeting {meeting.name} is open, and not removed. Close it first: /close in its chat, or at the "
                "end of the transcript that was replayed."
            )
        gone = {"replies": self._purge_replies(meeting_id)}
        emptied = {"state": "done", "payload": "", "reason": None, "meeting_id": None}
        gone["updates"] = self._connection.execute(
            update(inbox).where(inbox.c.meeting_id == meeting_id), emptied
        ).rowcount
        gone["cards"] = self._purge_cards(meeting_id)
        unlinked = {"meeting_id": None, "linked_at": None}
        self._connection.execute(update(chats).where(chats.c.meeting_id == meeting_id), unlinked)
        for name, table, where in _list_rows(meeting_id):
            gone[name] = self._delete(table, where)
        self._connection.execute(delete(meetings).where(meetings.c.id == meeting_id))
        return Purged(**gone)

    def _hold(self, meeting_id: int) -> None:
        """Keeps other processes from adding to what is removed; chats come first, as where messages are taken."""
        written = messages.c.meeting_id == meeting_id
        authors = select(messages.c.person_id).where(written)
        earlier = select(versions.c.person_id).join(messages, messages.c.id == versions.c.message).where(written)
        for query in (
            select(chats.c.id).where(chats.c.id.in_(_chats_of(meeting_id))).with_for_update(key_share=True),
            select(meetings.c.id).where(meetings.c.id == meeting_id).with_for_update(),
            select(people.c.id).where(people.c.id.in_(authors.union(earlier))).with_for_update(),
        ):
            self._connection.execute(query.order_by(query.selected_columns.id)).all()

    def _purge_replies(self, meeting_id: int) -> int:
        """What was answered to its messages, what says that it is of the meeting, and what was said in its chats."""
        count = self._delete(outbox, or_(outbox.c.meeting_id == meeting_id, _answers(meeting_id)))
        begun = self._connection.scalar(select(meetings.c.created_at).where(meetings.c.id == meeting_id))
        free = and_(outbox.c.meeting_id.is_(None), outbox.c.created_at >= begun)
        in_chat = tuple_(outbox.c.platform, outbox.c.workspace, outbox.c.chat)
        for ended, places in self._find_ends(meeting_id, begun).items():
            until = [outbox.c.created_at < ended] if ended else []
            for chunk in in_chunks(places):
                count += self._delete(outbox, and_(free, in_chat.in_(chunk), ~_answers(None), *until))
        # what organizers were told in private, and a person's page of their meetings, may be of any meeting
        alone = or_(exists().where(_same_chat(private_chats)), ~exists().where(_same_chat(chats)))
        said = and_(free, outbox.c.message_id == "", outbox.c.done_at.is_not(None))
        return count + self._delete(outbox, and_(said, alone))

    def _find_ends(self, meeting_id: int, begun: datetime | None) -> dict[datetime | None, list[Place]]:
        """The chats of a meeting, by when the next meeting was made that they feed."""
        of_it = _chats_of(meeting_id)
        fed = select(messages.c.chat_id, messages.c.meeting_id).where(messages.c.chat_id.in_(of_it))
        feeds = select(chats.c.id, chats.c.meeting_id).where(chats.c.id.in_(of_it), chats.c.meeting_id.is_not(None))
        all_fed = fed.union(feeds).subquery()
        next_ones = (
            select(all_fed.c.chat_id, func.min(meetings.c.created_at))
            .join(meetings, meetings.c.id == all_fed.c.meeting_id)
            .where(meetings.c.created_at > begun)
            .group_by(all_fed.c.chat_id)
        )
        ends: dict[int, datetime] = {row[0]: row[1] for row in self._connection.execute(next_ones)}
        found: dict[datetime | None, list[Place]] = defaultdict(list)
        query = select(chats.c.id, chats.c.platform, chats.c.workspace, chats.c.chat).where(chats.c.id.in_(of_it))
        for chat_id, *place in self._connection.execute(query):
            found[ends.get(chat_id)].append((place[0], place[1], place[2]))
        return found

    def _purge_cards(self, meeting_id: int) -> int:
        """The cards of the meeting, and those of its chats where they feed no other."""
        fed = set(self._list_places(and_(chats.c.meeting_id.is_not(None), chats.c.meeting_id != meeting_id)))
        places = self._list_places(chats.c.id.in_(_chats_of(meeting_id)))
        free = [place for place in places if fed.isdisjoint({place, find_parent(place)})]
        count = self._delete(cards, cards.c.card.like(f"%:{meeting_id}"))
        for chunk in in_chunks(free):
            in_chat = tuple_(cards.c.platform, cards.c.workspace, cards.c.chat).in_(chunk)
            count += self._delete(cards, and_(in_chat, cards.c.card.not_like("%:%")))
        return count

    def _list_places(self, where: ColumnElement[bool]) -> list[Place]:
        rows = self._connection.execute(select(chats.c.platform, chats.c.workspace, chats.c.chat).where(where))
        return [(platform, workspace, chat) for platform, workspace, chat in rows]

    def _delete(self, table: Table, where: ColumnElement[bool]) -> int:
        return self._connection.execute(delete(table).where(where)).rowcount


def _list_rows(meeting_id: int) -> Iterator[tuple[str, Table, ColumnElement[bool]]]:
    """What a purge removes of each table, in an order in which nothing refers to what is gone."""
    written = select(messages.c.id).where(messages.c.meeting_id == meeting_id)
    compiled = select(drafts.c.id).where(drafts.c.meeting_id == meeting_id)
    yield "numbers", numbers, numbers.c.meeting_id == meeting_id
    yield "files", draft_files, draft_files.c.draft_id.in_(compiled)
    yield "attachments", files, files.c.meeting_id == meeting_id
    yield "drafts", drafts, drafts.c.meeting_id == meeting_id
    yield "notes", notes, notes.c.message.in_(written)
    yield "versions", versions, versions.c.message.in_(written)
    yield "messages", messages, messages.c.meeting_id == meeting_id
    yield "commands", steps, steps.c.meeting_id == meeting_id
    yield "dates", due, due.c.meeting_id == meeting_id
    yield "organizers", organizers, organizers.c.meeting_id == meeting_id
    yield "codes", claims, claims.c.meeting_id == meeting_id
    yield "names", people, people.c.id.not_in(select(messages.c.person_id).union(select(versions.c.person_id)))


def _chats_of(meeting_id: int) -> Select[tuple[int]]:
    """The ids of the chats that feed a meeting or have messages of it."""
    written = select(messages.c.chat_id).where(messages.c.meeting_id == meeting_id)
    return select(chats.c.id).where(or_(chats.c.meeting_id == meeting_id, chats.c.id.in_(written)))


def _answers(meeting_id: int | None) -> ColumnElement[bool]:
    """Whether a reply is to a message of this meeting, or with None of any."""
    chat, message = chats.alias(), messages.alias()
    of_it = [message.c.meeting_id == meeting_id] if meeting_id is not None else []
    to_it = (message.c.chat_id == chat.c.id, message.c.message_id == outbox.c.message_id, *of_it)
    return exists().where(_same_chat(chat), *to_it)


def _same_chat(table: FromClause) -> ColumnElement[bool]:
    """Whether a row of this table is of the chat of a reply."""
    return and_(
        table.c.platform == outbox.c.platform, table.c.workspace == outbox.c.workspace, table.c.chat == outbox.c.chat
    )
