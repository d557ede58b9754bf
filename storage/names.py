"""Chats and people: the row ids behind the names that messages bear. Used by `messages`."""

from collections.abc import Collection, Sequence

from sqlalchemy import Connection, select, tuple_

from core.messages import Author, MessageKey, Place
from storage.batches import OnConflict, insert_rows
from storage.tables import chats, people
from storage.transaction import Transaction, in_chunks

# platform, workspace, the person's id, name
Person = tuple[str, str, str, str]


def name_person(key: MessageKey, author: Author) -> Person:
    """The author of a message, whose ids mean something on its platform and workspace only."""
    return key.platform, key.workspace, author.id, author.name


class Names(Transaction):
    """Queries on chats and people, by name and by row id."""

    def __init__(self, connection: Connection) -> None:
        super().__init__(connection)
        self._chat_ids: dict[Place, int] = {}
        self._person_ids: dict[Person, int] = {}

    def _hold_chats(self, places: Collection[Place]) -> None:
        """Learns these chats' row ids, making the rows that are missing, and keeps other processes out."""
        if not self._learn_chats(places):
            rows = [dict(zip(("platform", "workspace", "chat"), place, strict=True)) for place in places]
            insert_rows(self._connection, chats, rows, OnConflict.LEAVE)
            self._learn_chats(places)

    def _learn_chats(self, places: Collection[Place]) -> bool:
        """Whether all of them have a row."""
        unknown = [place for place in places if place not in self._chat_ids]
        for chunk in in_chunks(unknown):
            # in order of id, so that two processes never wait for each other
            query = (
                select(chats.c.id, chats.c.platform, chats.c.workspace, chats.c.chat)
                .where(tuple_(chats.c.platform, chats.c.workspace, chats.c.chat).in_(chunk))
                .order_by(chats.c.id)
                .with_for_update(key_share=True)
            )
            for row_id, *place in self._connection.execute(query):
                self._chat_ids[(place[0], place[1], place[2])] = row_id
        return all(place in self._chat_ids for place in unknown)

    def _learn_people(self, persons: Collection[Person]) -> None:
        """Learns these people's row ids, making rows that are not there."""
        unknown = self._find_people([person for person in persons if person not in self._person_ids])
        if unknown:
            columns = ("platform", "workspace", "person", "name")
            rows = [dict(zip(columns, person, strict=True)) for person in unknown]
            insert_rows(self._connection, people, rows, OnConflict.LEAVE)
            self._find_people(unknown)

    def _find_people(self, unknown: Sequence[Person]) -> list[Person]:
        """Learns the row ids of those of these that there are; the others."""
        columns = (people.c.platform, people.c.workspace, people.c.person, people.c.name)
        for chunk in in_chunks(unknown):
            query = select(people.c.id, *columns).where(tuple_(*columns).in_(chunk))
            for row_id, platform, workspace, person, name in self._connection.execute(query):
                self._person_ids[(platform, workspace, person, name)] = row_id
        return [person for person in unknown if person not in self._person_ids]

    def _read_places(self, chat_ids: Sequence[int]) -> dict[int, Place]:
        found: dict[int, Place] = {}
        for chunk in in_chunks(chat_ids):
            query = select(chats.c.id, chats.c.platform, chats.c.workspace, chats.c.chat)
            for row_id, platform, workspace, chat in self._connection.execute(query.where(chats.c.id.in_(chunk))):
                found[row_id] = (platform, workspace, chat)
        return found

    def _read_authors(self, person_ids: Sequence[int]) -> dict[int, Author]:
        found: dict[int, Author] = {}
        for chunk in in_chunks(person_ids):
            query = select(people.c.id, people.c.person, people.c.name).where(people.c.id.in_(chunk))
            for row_id, person, name in self._connection.execute(query):
                found[row_id] = Author(person, name)
        return found
