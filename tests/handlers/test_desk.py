"""The desk in chat: who may, in which language, what is kept, and that an export gives the same report again."""

import json
import random
from pathlib import Path

from bot.platforms.transcript import write_transcript
from bot.replay import load_record, replay_lines
from core.meetings import StepKind
from handlers import Defaults
from handlers.making import make_draft
from reports.formats import load_format
from reports.placement import place
from reports.report import Report
from storage.database import open_database
from storage.store import Store
from tests.handlers.chat import Chat, lines
from tests.handlers.group import Group
from tests.handlers.group import place as place_of

NOTES = """
> #session II: Means
> #recommendation Train more staff at local level
> #recommendation Train more of the staff at local level
> #recommendation Share data
> #challenge Costs
> /draft
"""


def holds(chat: Chat, conversation: str) -> None:
    """Assert that the bot says what the conversation says it does."""
    assert chat.hold(lines(conversation)) == lines(conversation)


def decided(chat: Chat) -> list[str]:
    """The kinds of the steps that the desk took."""
    return [step.kind.value for step in chat.record().steps if step.kind not in (StepKind.OPEN, StepKind.DRAFT)]


def open_meeting(group: Group) -> None:
    """A meeting that Ana runs, with the notes 2 to 4 and R1 for the first of them."""
    group.guard = None
    group.say("/open Consultation")
    group.say("#recommendation Train staff")
    group.say("#challenge Costs\n#need Rooms", "ben")
    group.say("Hello", "ben")
    group.say("/draft")


def test_each_decision_says_in_a_line_what_now_holds(opened: Chat):
    opened.hold(NOTES)
    holds(
        opened,
        """
        > /move R1 #défi
          R1 stands under C. Challenges now. /undo takes it back.
        > /merge R2 R3
          R3 is part of R2 now. /undo takes it back.
        > /drop R2
          R2 is out of the report now, and listed for the desk. /undo takes it back.
        > /keep R2
          R2 stays, under B. Final recommendations (the actions to be taken). /undo takes it back.
        > /edit R2 Train everybody
        . in each district to: Members by: 2020 #SDG4
          R2 reads now: “Train everybody in each district” /undo takes it back.
          sdg: 4 · to: Members · by: 2020
        > /undo
          Taken back: /edit R2 Train everybody in each district to: Members by: 2020 #SD…
          R2 reads again: “Train more of the staff at local level”
        > /undo R3
          Taken back: /merge R2 R3
          R3 stands under B. Final recommendations (the actions to be taken) again.
        """,
    )


def test_what_cannot_be_is_said_and_nothing_is_kept(opened: Chat):
    opened.hold(NOTES)
    wrong = ["/move R1", "/drop R9", "/move R1 xyz", "/merge R1 R1", "/edit R1 #need X", "/undo", "/drop R1 #offrecord"]
    said = {text: opened.say(text)[1:] for text in wrong}
    assert said == {
        "/move R1": [
            "  Say which note and what to do: reply to the note, or name its number. /help shows how: /help /move"
        ],
        "/drop R9": ["  No draft has R9. Ask for /draft first, or reply to the note itself."],
        "/move R1 xyz": ["  This report has no part for “xyz”. /tags lists the tags."],
        "/merge R1 R1": ["  These two are one note already."],
        "/edit R1 #need X": ["  The new words must be one note, without a tag that files it: /move does that."],
        "/undo": ["  There is nothing to take back."],
        "/drop R1 #offrecord": ["  This is off the record, so nothing was done with it."],
    }
    assert decided(opened) == []


def test_reply_means_the_note_of_its_message(group: Group):
    open_meeting(group)
    assert group.say("/drop", reply_to=2) == [
        "R1 is out of the report now, and listed for the desk. /undo takes it back."
    ]
    assert group.say("/drop", reply_to=3) == [
        "🤔 not understood",
        "That message has several notes: 1 “Costs”, 2 “Rooms”. Put the number of one behind /drop.",
    ]
    assert group.say("/move 2 challenge", reply_to=3) == [
        "“Rooms” stands under C. Challenges now. /undo takes it back."
    ]
    nothing = "That message has no note in the report. Reply to the note itself, or name its number."
    assert [group.say("/drop", reply_to=number) for number in (4, 99)] == [["🤔 not understood", nothing]] * 2


def test_what_waits_for_review_is_moved_and_taken_out_by_a_reply(group: Group):
    open_meeting(group)
    group.say("#xyzzy Nobody knows", "ben")
    assert group.say("/move need", reply_to=6) == [
        "“Nobody knows” stands under E. Needs/interests now. /undo takes it back."
    ]
    assert group.say("/move need", reply_to=4) == ["“Hello” stands under E. Needs/interests now. /undo takes it back."]
    assert group.say("/drop", reply_to=6) == [
        "“Nobody knows” is out of the report now, and listed for the desk. /undo takes it back."
    ]
    assert group.say("/merge", reply_to=2)[1:] == [
        "The second note of /merge must have a number. Without one, reply /drop to the note that is to go: it stays on "
        "the list for the desk."
    ]


def test_note_that_was_withdrawn_or_is_off_the_record_is_out_of_reach(group: Group):
    open_meeting(group)
    group.say("#recommendation Train all")
    group.say("/draft")
    group.say("#ignore", reply_to=2)
    nothing = "That message has no note in the report. Reply to the note itself, or name its number."
    assert [group.say(text)[1:] for text in ("/keep R1", "/merge R2 R1")] == [[nothing]] * 2
    group.say("#offrecord", reply_to=6)
    assert [group.say("/drop R2")[1:], group.say("/drop", reply_to=6)[1:]] == [[nothing]] * 2
    assert group.say("/undo")[1:] == ["There is nothing to take back."]


def test_what_the_template_has_no_part_for_waits_for_review_until_it_is_dropped(group: Group):
    group.guard = None
    group.say("/open Dialogue\ntemplate: fssd")
    group.say("#participants Ana, Ben")
    assert group.say("/keep", reply_to=2) == [
        "“Ana, Ben” stays, under Notes that a person must look at. /undo takes it back."
    ]
    assert group.say("/drop", reply_to=2) == [
        "“Ana, Ben” is out of the report now, and listed for the desk. /undo takes it back."
    ]


def test_answer_is_in_the_language_of_who_asked(group: Group):
    open_meeting(group)
    assert group.say("/drop R1", language="es") == [
        "R1 ya no está en el informe; queda en la lista de la secretaría. /undo lo anula."
    ]
    assert group.say("/drop R7", language="ar")[1:] == [
        "لا توجد \u2068R7\u2069 في أي مسودة. يرجى طلب \u2066/draft\u2069 أولا، أو الرد على الملاحظة نفسها."
    ]


def test_only_organizers_decide(group: Group):
    group.see(admins=("ana",), can_read=True)
    with group.store.work() as work:
        work.name_organizer(*place_of("-100")[:2], "ana", None)
    group.say("/open Consultation")
    group.say("#recommendation Train staff", "ben")
    group.say("/draft")
    for command in ("/move R1 need", "/merge R1 R2", "/drop R1", "/keep R1", "/edit R1 X", "/undo"):
        refused = f"{command.split()[0]} is for the organizers of the meeting: who opened it, the admins of this chat, "
        assert group.say(command, "ben") == ["🤔 not understood", f"{refused}and whom they name with /allow."]


def test_command_is_given_once(opened: Chat):
    opened.hold(NOTES)
    opened.say("/drop R1")
    key, payload = opened.payloads[-1]
    assert [opened.deliver(key, payload), opened.deliver("again", payload)] == [[], []]
    assert [item.number for item in opened.report().dropped] == ["R1"]
    assert decided(opened) == ["drop"]


def test_decisions_after_the_close_hold_in_the_next_draft(opened: Chat):
    opened.hold(NOTES)
    opened.say("/close")
    make_draft(opened.store, opened.templates, 1, ("json",), opened.clock)
    opened.say("/drop R1")
    _, report = make_draft(opened.store, opened.templates, 1, ("json",), opened.clock)
    assert [item.number for item in report.dropped] == ["R1"]


# --- the same report again -----------------------------------------------------------------------------------------

DECISIONS = """
> /move R1 conclusion II
> /merge R2 R3
> #recommendation Meet again
> /edit R2 Train everybody to: Members
> /draft
> /drop R4
> /undo R1
> /close
> #trend Digital work
> /move R4 need
> /keep R4
"""


def tell(report: Report) -> tuple[object, ...]:
    """All of a report that does not name the workspace of its messages."""
    items = [item for part in report.parts() for item in part.items]
    desk = [(item.number, item.text, item.authors) for item in report.dropped]
    return (
        load_format("json").render(report),
        report.history,
        report.checks,
        report.provenance,
        desk,
        [(item.number, item.decisions) for item in items],
    )


def replay(exported: list[str], name: str, chat: Chat) -> Report:
    store = Store(open_database("sqlite://"))
    replayed = replay_lines(exported, (store, chat.templates, Defaults()), name, {})
    record = load_record(store, replayed.meeting_id)
    store.close()
    assert replayed.refused == ()
    return place(record, chat.templates.load(record.meeting.template))


def test_export_gives_the_same_report_again_in_any_order(opened: Chat, tmp_path: Path):
    # with the numbers of real drafts, and with commands that were refused
    for line in [*NOTES.strip().split("\n"), "> /drop R9", "> /undo", *DECISIONS.strip().split("\n"), "> /drop R1 R2"]:
        opened.say(line.removeprefix("> "))
        if line in ("> /draft", "> /close"):
            make_draft(opened.store, opened.templates, 1, ("json",), opened.clock)
    assert decided(opened) == ["move", "merge", "edit", "drop", "undo", "close", "keep"]
    live = tell(opened.report())
    exported = list(write_transcript(opened.record()))
    shuffled = exported.copy()
    random.Random(7).shuffle(shuffled)
    assert tell(replay(exported, "in order", opened)) == live
    assert tell(replay(shuffled, "shuffled", opened)) == live


# with replies and edits, which a console has none of
TOLD = (
    ("Ana", "#recommendation Gamma\n#challenge Delta", {}),
    ("Ana", "#recommendation Alpha", {}),
    ("Ben", "#xyzzy Nobody knows", {}),
    ("Ben", "We should build bridges", {}),
    ("Ben", "#need Rooms", {}),
    ("Ana", "#need rooms!", {}),
    ("Ana", "/draft", {}),
    ("Ana", "/edit R1 Gamma better", {}),
    ("Ana", "/merge R1 R2", {}),
    ("Ana", "/move need", {"reply_to": "3"}),
    ("Ana", "/move trend", {"reply_to": "4"}),
    ("Ana", "/drop", {"reply_to": "6"}),
    ("Ana", "#challenge Delta only", {"edit_of": "1"}),
    ("Ana", "/drop R2", {}),
    ("Ben", "#opportunity Nobody knows", {"edit_of": "3"}),
    ("Ana", "/draft", {}),
    ("Ana", "/edit Bridges", {"reply_to": "4"}),
)


def test_decisions_that_lapse_and_what_waited_are_the_same_in_a_replay_in_any_order(opened: Chat):
    transcript = [
        json.dumps(
            {"ts": f"2018-05-07T10:{number:02}:00+00:00", "platform": "telegram", "chat": "room", "author": author}
            | {"message_id": str(number), "text": text}
            | more
        )
        for number, (author, text, more) in enumerate(TOLD, start=1)
    ]
    report = replay(transcript, "first", opened)
    assert [(part.key, [item.text for item in part.items]) for part in report.parts() if part.items] == [
        ("C.trends", ["Bridges"]),
        ("C.challenges", ["Delta only"]),
        ("C.opportunities", ["Nobody knows"]),
        ("E.needs", ["Rooms"]),
    ]
    assert [(item.number, item.text) for item in report.dropped] == [("R2", "Alpha"), (None, "rooms!")]
    shuffled = transcript.copy()
    random.Random(7).shuffle(shuffled)
    assert tell(replay(shuffled, "shuffled", opened)) == tell(report)
