"""What is deleted: old updates and replies, and a meeting with every text, name and file of it."""

import re
from collections.abc import Iterator
from contextlib import closing, contextmanager
from dataclasses import asdict, replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from threading import Thread
from typing import Any

import pytest
from sqlalchemy import Connection, Table, text, update

from core.errors import StoreError, UserError
from core.meetings import Step, StepKind
from core.messages import Author, Change, MessageKey, Version, fold
from core.notes import Note, NoteKind
from core.replies import Button, DraftFile, FileOfDraft, Reaction, Reply
from core.schedule import Due, DueKind
from storage.database import begin, open_database
from storage.files import Fetched
from storage.retention import Purged
from storage.store import Store, Work
from storage.tables import inbox, meetings, metadata, outbox

START = datetime(2017, 7, 9, 9, 0, tzinfo=UTC)
ANN = Author("U1", "Ann")
SHARED = ("slack", "T1", "C1")
# what is the time of the machine
CLOCK = {"received_at", "created_at", "done_at", "made_at"}
# two replies to messages, two to chats, one in private, one on a page; what a meeting of `hold` leaves behind it
WHOLE = Purged(
    messages=3,
    versions=2,
    notes=2,
    commands=2,
    drafts=1,
    files=1,
    attachments=2,
    numbers=1,
    names=1,
    organizers=1,
    codes=1,
    dates=1,
    cards=3,
    replies=6,
    updates=3,
)


def hold(store: Store, name: str) -> int:
    """Hold a meeting in a chat that others had, and in one of its own; every text, name and id of it has its name.

    What stays after a purge, the chat and the keys of updates, has the name backwards.
    """
    own = ("slack", "T1", f"C-{name[::-1]}")
    first, second, command = (MessageKey(*SHARED, f"{name}-{n}") for n in (1, 2, 3))
    with store.work() as work:
        id_ = work.create_meeting(name, template="hlpf", zone="UTC", language="en", pinned={"title": name})
        work.link_chat(*SHARED, id_)
        work.link_chat(*own, id_, since=START)
        work.add_step(id_, Step(StepKind.OPEN, START, command, {"title": f"{name} meeting"}))
        person = Author(f"U-{name}", f"{name} person")
        sent = Version(first, Change.SENT, START, person, f"{name} first wording")
        # saved twice, so that the file has held what is no row any more
        work.save_message(id_, fold([sent]), [Note(0, NoteKind.NOTE, ("need",), f"{name} first note")])
        work.flush()
        edited = replace(sent, change=Change.EDITED, at=START + timedelta(minutes=1), text=f"{name} wording")
        work.save_message(id_, fold([sent, edited]), [Note(0, NoteKind.NOTE, ("need",), f"{name} note")])
        said = fold([Version(second, Change.SENT, START, ANN, f"{name} by Ann")])
        work.save_message(id_, said, [Note(0, NoteKind.TALK, text=f"{name} by Ann")])
        work.save_message(id_, fold([Version(command, Change.SENT, START, ANN, f"/open {name}")]), ())
        work.flush()
        drafted = [DraftFile(f"{name}.md", "text/markdown", name.encode())]
        work.keep_draft(id_, START, {(first, 0, "R"): 1}, drafted, f"{name} report")
        lost = Fetched(("slack", f"{name} lost"), problem=f"{name} is gone")
        work.keep_files(id_, [Fetched(("slack", f"{name} file"), f"{name} photograph".encode()), lost], START)
        work.add_step(id_, Step(StepKind.CLOSE, START + timedelta(hours=1), second))
        work.add_due(id_, Due(DueKind.DIGEST, name, START))
        work.name_organizer("slack", "T1", f"U-{name}", id_)
        work.keep_claim(f"hash of {name}", id_)
        work.see_private("slack", "T1", "U1", "D1")
        for card in ("settings", "status"):
            work.keep_card(SHARED, f"{card}:{id_}", f"{name} {card}")
        for place in (SHARED, own):
            work.keep_card(place, "acks", f"{name} acks")
        work.add_replies(
            [
                Reply(first, f"{name} answer", Reaction.FILED),
                Reply(second, file=FileOfDraft(id_, 1, f"{name}.md"), meeting_id=id_),
                Reply(MessageKey(*SHARED, ""), f"{name} digest", meeting_id=id_, due_at=START),
                Reply(MessageKey(*SHARED, ""), f"{name} filed so far"),
                Reply(MessageKey("slack", "T1", "D1", ""), f"{name} cannot be reached"),
                Reply(MessageKey("slack", "T1", "home:U1", ""), buttons=((Button(f"{name} status", "/status"),),)),
            ]
        )
        for number, row in enumerate(work.take_replies("slack", "T1", 9)):
            work.finish_reply(row.id, sent_id=f"{name}-sent-{number}")
    store.put_updates("slack:T1", [(f"{name[::-1]} {n}", f"{name} payload") for n in range(4)])
    with store.work() as work:
        *taken, dead, unknown = work.take_updates(None, 9)
        work.finish_updates({**{one.id: {id_} for one in taken}, unknown.id: ()})
        work.bury_update(dead.id, f"{name} reason", id_)
    return id_


def purge(store: Store, id_: int) -> Purged:
    with store.work() as work:
        return work.purge_meeting(id_)


@contextmanager
def connect(url: str) -> Iterator[Connection]:
    engine = open_database(url)
    with begin(engine) as connection:
        yield connection
    engine.dispose()


def dump(url: str) -> dict[str, list[str]]:
    """All rows by table, each with what it refers to in place of ids."""
    with connect(url) as connection:
        rows = {
            t.name: {row.id: row._asdict() for row in connection.execute(t.select())} for t in metadata.sorted_tables
        }
    names = {id_: row["name"] for id_, row in rows["meetings"].items()}

    def show(table: Table, row: dict[str, Any]) -> dict[str, Any]:
        shown = {}
        for column in table.columns:
            value = row[column.name]
            for key in column.foreign_keys:
                referred = key.column.table
                value = None if value is None else show(referred, rows[referred.name][value])
                if referred.name == "chats":
                    value = [value["platform"], value["workspace"], value["chat"]]
            if column.name == "card":
                value = re.sub(r":(\d+)$", lambda found: f":{names[int(found[1])]}", value)
            if column.name == "file" and value:
                value = [names[value[0]], *value[1:]]
            if column.name not in {"id", *CLOCK}:
                shown[column.name] = value
        return shown

    return {t.name: sorted(repr(show(t, row)) for row in rows[t.name].values()) for t in metadata.sorted_tables}


def split(shown: dict[str, list[str]], table: str, word: str) -> tuple[list[str], list[str]]:
    """The rows of a table that hold a word, and the others."""
    return [row for row in shown[table] if word in row], [row for row in shown[table] if word not in row]


def test_purge_leaves_what_there_would_be_without_the_meeting(store: Store, database_url: str, tmp_path: Path) -> None:
    gone = hold(store, "marzipan")
    hold(store, "nougat")
    # what people were told alone, and is done with, may have named both
    assert purge(store, gone) == replace(WHOLE, replies=WHOLE.replies + 2)
    alone = f"sqlite:///{tmp_path}/alone.db"
    with closing(Store(open_database(alone))) as other:
        hold(other, "nougat")
    left, wanted = dump(database_url), dump(alone)
    # its own chat stays and feeds nothing; of its updates the keys stay
    chats, left["chats"] = split(left, "chats", "napizram")
    keys, left["inbox"] = split(left, "inbox", "napizram")
    wanted["outbox"] = [row for row in wanted["outbox"] if "'chat': 'C1'" in row]
    assert left == wanted
    assert [("'meeting_id': None" in chat, "'linked_at': None" in chat) for chat in chats] == [(True, True)]
    assert [re.findall("marzipan|'done'|'dead'", key) for key in keys] == [["'done'"]] * 3 + [["marzipan", "'done'"]]


@pytest.mark.parametrize("name", ["marzipan", "nougat"])
def test_purge_of_either_of_two_keeps_the_other(store: Store, database_url: str, name: str) -> None:
    ids = {held: hold(store, held) for held in ("marzipan", "nougat")}
    before = dump(database_url)
    [other] = ids.keys() - {name}
    assert purge(store, ids[name]).messages == WHOLE.messages
    after = dump(database_url)
    for table, rows in after.items():
        # the update of which no meeting is known stays for its days
        assert [row for row in rows if name in row and "payload'" not in row] == [], table
        if table not in ("chats", "outbox"):
            assert split(after, table, other)[0] == split(before, table, other)[0], table
    assert split(after, "people", "'Ann'")[0] == split(before, "people", "'Ann'")[0]
    assert (split(after, "people", name)[0], len(split(before, "people", name)[0])) == ([], 1)


def test_purge_of_the_last_meeting_leaves_chats_and_keys_alone(store: Store, database_url: str) -> None:
    purge(store, hold(store, "marzipan"))
    left = {table: len(rows) for table, rows in dump(database_url).items() if rows}
    # three keys, the update of no known meeting; who writes to the bot alone
    assert left == {"chats": 2, "inbox": 4, "private_chats": 1}


def test_trial_counts_what_the_purge_removes_and_removes_nothing(store: Store, database_url: str) -> None:
    id_ = hold(store, "marzipan")
    before = dump(database_url)
    with store.work() as work:
        counted = work.count_meeting(id_)
    assert dump(database_url) == before
    assert counted == purge(store, id_)
    assert min(asdict(counted).values()) > 0


def test_open_meeting_is_refused(store: Store, database_url: str) -> None:
    id_ = hold(store, "marzipan")
    with store.work() as work:
        work.add_step(id_, Step(StepKind.REOPEN, START + timedelta(hours=2), MessageKey(*SHARED, "9")))
    before = dump(database_url)
    for ask in (Work.purge_meeting, Work.count_meeting):
        with (
            pytest.raises(UserError, match=r"^The meeting marzipan is open, and not removed"),
            store.work() as work,
        ):
            ask(work, id_)
    assert dump(database_url) == before


def test_update_that_told_of_two_meetings_keeps_no_payload(store: Store, database_url: str) -> None:
    ids = {hold(store, held) for held in ("marzipan", "nougat")}
    store.put_updates("slack:T1", [("both", "nougat answers marzipan")])
    with store.work() as work:
        [both] = work.take_updates(None, 9)
        work.finish_updates({both.id: ids})
    [kept] = split(dump(database_url), "inbox", "'both'")[0]
    assert re.findall("nougat|marzipan|'done'", kept) == ["'done'"]
    assert store.put_updates("slack:T1", [("both", "again")]) == 0


def test_update_that_comes_again_after_the_purge_is_known(store: Store) -> None:
    purge(store, hold(store, "marzipan"))
    assert store.put_updates("slack:T1", [(f"napizram {n}", "marzipan payload") for n in range(4)]) == 0
    assert (store.waiting(), store.dead_letters()) == (0, [])


def test_name_and_id_of_a_purged_meeting_can_be_used_again(store: Store) -> None:
    purge(store, hold(store, "marzipan"))
    with store.work() as work:
        id_ = work.create_meeting("marzipan", template="hlpf", zone="UTC", language="en", pinned={})
        work.link_chat(*SHARED, id_)
        record = work.load_record(id_)
    assert (record.meeting.name, record.meeting.is_open, record.messages, record.steps) == ("marzipan", False, (), ())


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
def test_nothing_of_a_purged_meeting_can_be_read_in_the_file(store: Store, tmp_path: Path) -> None:
    ids = [hold(store, name) for name in ("marzipan", "nougat")]

    def find(word: bytes) -> list[str]:
        files = sorted(path for path in tmp_path.iterdir() if path.is_file())
        return [path.name for path in files if word in path.read_bytes()]

    with store.work() as work:
        work.forget_updates(datetime.now(UTC), 100)
    found = find(b"marzipan")
    purge(store, ids[0])
    store.erase_traces()
    assert (found, find(b"marzipan"), find(b"nougat")) == (["notes.db-wal"], [], ["notes.db"])
    with store.read() as work:
        assert len(work.load_record(ids[1]).messages) == 3


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
def test_traces_that_a_reader_keeps_in_the_log_are_told(database_url: str, tmp_path: Path) -> None:
    with closing(Store(open_database(database_url, busy_timeout=0.1))) as store:
        with store.read() as work:
            work.list_meetings()
            with pytest.raises(StoreError) as raised:
                store.erase_traces()
        store.erase_traces()
    told = f"The database {tmp_path}/notes.db is being read by another program. Close that one."
    assert str(raised.value) == told


@pytest.mark.parametrize("database_url", ["postgresql"], indirect=True)
def test_message_that_comes_during_the_purge_does_not_stay(store: Store, database_url: str) -> None:
    id_ = hold(store, "marzipan")
    late = fold([Version(MessageKey(*SHARED, "late"), Change.SENT, START, ANN, "marzipan late")])
    failed: list[str] = []

    def save() -> None:
        try:
            with store.work() as work:
                work.save_message(id_, late, ())
        except Exception as error:
            failed.append(type(error).__name__)

    with store.work() as work:
        work.purge_meeting(id_)
        saving = Thread(target=save)
        saving.start()
        with connect(database_url) as connection:
            waits = text(
                "SELECT count(*) FROM pg_stat_activity WHERE wait_event_type = 'Lock' AND datname = current_database()"
            )
            while not connection.scalar(waits):
                connection.rollback()
    saving.join()
    assert (failed, dump(database_url)["messages"]) == (["IntegrityError"], [])


def test_updates_and_replies_are_forgotten_after_their_time(store: Store, database_url: str) -> None:
    now = datetime.now(UTC)
    before = now - timedelta(days=30)
    hold(store, "marzipan")
    store.put_updates("slack:T1", [("waits", "1")])
    with store.work() as work:
        work.add_replies([Reply(MessageKey("slack", "T1", "C9", "1"), "waits")])
        assert (work.forget_updates(before, 9), work.forget_replies(before, 9)) == (0, 0)
    with connect(database_url) as connection:
        # as if that was long ago
        connection.execute(update(inbox).values(received_at=before - timedelta(seconds=1)))
        connection.execute(
            update(outbox).where(outbox.c.done_at.is_not(None)).values(done_at=before - timedelta(days=1))
        )
    with store.work() as work:
        counts = [(work.forget_updates(before, 3), work.forget_replies(before, 4)) for _ in range(3)]
    left = dump(database_url)
    assert counts == [(3, 4), (1, 2), (0, 0)]
    assert (len(left["inbox"]), len(left["outbox"]), len(left["messages"])) == (1, 1, 3)
    assert ("'waits'" in left["inbox"][0], "'waits'" in left["outbox"][0]) == (True, True)


def test_replies_of_a_chat_are_kept_while_one_there_is_in_doubt(store: Store, database_url: str) -> None:
    places = [MessageKey("slack", "T1", chat, "1") for chat in ("C1", "C2")]
    with store.work() as work:
        work.add_replies([Reply(to, "words") for to in (*places, *places)])
        one, other, doubted, _ = work.take_replies("slack", "T1", 9)
        for row in (one, other):
            work.finish_reply(row.id, sent_id=f"sent {row.id}")
        work.begin_reply(doubted.id, "mark")
    later = datetime.now(UTC) + timedelta(seconds=1)
    with store.work() as work:
        gone = work.forget_replies(later, 9)
        sent = [work.list_sent(to.place) for to in places]
    assert (gone, sent) == (1, [{f"sent {one.id}"}, set()])
    with store.work() as work:
        work.finish_reply(doubted.id)
        assert work.forget_replies(datetime.now(UTC) + timedelta(seconds=1), 9) == 2


def test_meetings_can_be_purged_once_they_are_closed_and_kept_for_long_enough(store: Store, database_url: str) -> None:
    closed, _new, reopened, _made = (hold(store, name) for name in ("one", "two", "three", "four"))
    with store.work() as work:
        work.add_step(reopened, Step(StepKind.REOPEN, START + timedelta(hours=2), MessageKey(*SHARED, "9")))
        work.create_meeting("never opened", template="hlpf", zone="UTC", language="en", pinned={})
    with connect(database_url) as connection:
        long_ago = START - timedelta(days=1)
        connection.execute(update(meetings).where(meetings.c.id.in_([closed, reopened])).values(created_at=long_ago))
    with store.read() as work:
        found = [work.list_purgeable(START + timedelta(hours=hours)) for hours in (1, 2)]
    # the others were replayed just now
    assert found == [[], [closed]]
