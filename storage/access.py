"""Who may do what, who speaks which language, and how the bot stands in its chats."""

from collections.abc import Sequence
from datetime import UTC, datetime
from typing import NamedTuple

from sqlalchemy import ColumnElement, and_, delete, insert, select, update

from core.messages import Place
from storage.batches import insert_into
from storage.tables import chats, claims, organizers, private_chats, speakers
from storage.transaction import Transaction


class ChatState(NamedTuple):
    """What is known of a chat; None where it is not."""

    meeting_id: int | None = None
    can_read: bool | None = None
    admins: tuple[str, ...] | None = None


class Access(Transaction):
    """Queries on organizers, claims, languages, and on how the bot stands in a chat."""

    def name_organizer(self, platform: str, workspace: str, person: str, meeting_id: int | None) -> bool:
        """This person may run this meeting, or with None all of the bot's; False where they already might."""
        if (platform, workspace, person) in self.list_organizers(meeting_id):
            return False
        row = {"platform": platform, "workspace": workspace, "person": person, "meeting_id": meeting_id}
        self._connection.execute(insert(organizers), row)
        return True

    def drop_organizer(self, platform: str, workspace: str, person: str, meeting_id: int | None) -> bool:
        """This person may no more; whether they might."""
        where = (organizers.c.platform == platform, organizers.c.workspace == workspace, organizers.c.person == person)
        statement = delete(organizers).where(*where, organizers.c.meeting_id.is_not_distinct_from(meeting_id))
        return self._connection.execute(statement).rowcount > 0

    def list_organizers(self, meeting_id: int | None) -> set[tuple[str, str, str]]:
        """Who was named to run this meeting, or with None all of the bot's: platform, workspace, person."""
        query = select(organizers.c.platform, organizers.c.workspace, organizers.c.person)
        rows = self._connection.execute(query.where(organizers.c.meeting_id.is_not_distinct_from(meeting_id)))
        return {(platform, workspace, person) for platform, workspace, person in rows}

    def is_organizer(self, platform: str, person: str) -> bool:
        """Whether this person was named to run any meeting."""
        query = select(organizers.c.id).where(organizers.c.platform == platform, organizers.c.person == person)
        return self._connection.scalar(query.limit(1)) is not None

    def keep_claim(self, code_hash: str, meeting_id: int | None = None) -> None:
        """A code that claims the bot, or joins a chat to this meeting; earlier ones hold as well until one is used."""
        row = {"code_hash": code_hash, "meeting_id": meeting_id, "made_at": datetime.now(UTC)}
        self._connection.execute(insert(claims), row)

    def use_claim(self, code_hash: str) -> bool:
        """Whether this is a code that claims the bot; then it and all others that do hold no more."""
        bot = claims.c.meeting_id.is_(None)
        found = select(claims.c.id).where(claims.c.code_hash == code_hash, bot).with_for_update()
        if self._connection.scalar(found) is None:
            return False
        return self._connection.execute(delete(claims).where(bot)).rowcount > 0

    def use_join(self, code_hash: str) -> int | None:
        """The meeting that this code joins a chat to; the code holds no more."""
        joins = (claims.c.code_hash == code_hash, claims.c.meeting_id.is_not(None))
        meeting_id: int | None = self._connection.scalar(select(claims.c.meeting_id).where(*joins).with_for_update())
        if meeting_id is not None:
            self._connection.execute(delete(claims).where(*joins))
        return meeting_id

    def choose_language(self, platform: str, workspace: str, person: str, language: str) -> None:
        """From now on this person is answered in this language."""
        row = {"platform": platform, "workspace": workspace, "person": person, "language": language}
        statement = insert_into(self._connection.dialect, speakers).on_conflict_do_update(
            index_elements=["platform", "workspace", "person"], set_={"language": language}
        )
        self._connection.execute(statement, row)

    def language_of(self, platform: str, workspace: str, person: str) -> str | None:
        """The language that this person has chosen."""
        where = (speakers.c.platform == platform, speakers.c.workspace == workspace, speakers.c.person == person)
        return self._connection.scalar(select(speakers.c.language).where(*where))

    def see_private(self, platform: str, workspace: str, person: str, chat: str) -> None:
        """This is the chat in which this person writes to the bot alone."""
        row = {"platform": platform, "workspace": workspace, "person": person, "chat": chat}
        statement = insert_into(self._connection.dialect, private_chats).on_conflict_do_update(
            index_elements=["platform", "workspace", "person"], set_={"chat": chat}
        )
        self._connection.execute(statement, row)

    def find_private(self, platform: str, person: str) -> list[Place]:
        """Where this person writes to the bot alone; more than one where several workspaces know them."""
        query = select(private_chats.c.platform, private_chats.c.workspace, private_chats.c.chat).where(
            private_chats.c.platform == platform, private_chats.c.person == person
        )
        return [(row.platform, row.workspace, row.chat) for row in self._connection.execute(query)]

    def load_chat(self, place: Place) -> ChatState:
        """What is known of a chat."""
        query = select(chats.c.meeting_id, chats.c.can_read, chats.c.admins).where(_is_chat(place))
        row = self._connection.execute(query).one_or_none()
        return ChatState(row[0], row[1], None if row[2] is None else tuple(row[2])) if row else ChatState()

    def see_chat(self, place: Place, *, can_read: bool | None = None, admins: Sequence[str] | None = None) -> None:
        """How the bot stands in a chat; what is None here stays as it is known."""
        seen = {"can_read": can_read, "admins": None if admins is None else list(admins)}
        known = {key: value for key, value in seen.items() if value is not None}
        if known:
            self._make_chat(place)
            self._connection.execute(update(chats).where(_is_chat(place)), known)

    def move_chat(self, old: Place, new: Place) -> None:
        """The new chat feeds what the old one fed, if it feeds nothing yet, and stands as that did."""
        state, known = self.load_chat(old), self.load_chat(new)
        self._make_chat(new)
        self._connection.execute(update(chats).where(_is_chat(new)), {"moved_from": old[2]})
        if state.meeting_id is not None:
            free = chats.c.meeting_id.is_(None)
            self._connection.execute(update(chats).where(_is_chat(new), free), {"meeting_id": state.meeting_id})
        # it may have been seen before this is told
        can_read = state.can_read if known.can_read is None else None
        self.see_chat(new, can_read=can_read, admins=state.admins if known.admins is None else None)

    def find_former(self, place: Place) -> Place | None:
        """What this chat was called before it moved, if it did."""
        former = self._connection.scalar(select(chats.c.moved_from).where(_is_chat(place)))
        return None if former is None else (*place[:2], former)

    def _make_chat(self, place: Place) -> None:
        row = dict(zip(("platform", "workspace", "chat"), place, strict=True))
        self._connection.execute(insert_into(self._connection.dialect, chats).on_conflict_do_nothing(), row)


def _is_chat(place: Place) -> ColumnElement[bool]:
    platform, workspace, chat = place
    return and_(chats.c.platform == platform, chats.c.workspace == workspace, chats.c.chat == chat)
