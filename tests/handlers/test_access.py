"""Who may do what: strangers, members, organizers, admins; and the bot at the door of a chat."""

import pytest

from core.phrases import phrase
from handlers import Command, Guard
from handlers.access import hash_code
from handlers.dispatch import COMMANDS
from tests.handlers.group import Group, place

NOT_UNDERSTOOD = "🤔 not understood"
BOSS = Guard(organizers=frozenset({"telegram:boss"}))
FOR_ORGANIZERS = [command for command in COMMANDS if command.for_organizers]
# what joins is refused where a meeting is open already
FOR_ALL = [command for command in COMMANDS if not command.for_organizers and command.name != "join"]


def refused(key: str, **values: object) -> list[str]:
    """What a refusal looks like."""
    return [NOT_UNDERSTOOD, *str(phrase(key, **values)).split("\n")]


def name_of(command: Command) -> str:
    """A test's id."""
    return command.name


def open_group(group: Group, chat: str = "-100") -> None:
    """A meeting that "boss" opened, whom the settings name."""
    group.guard = BOSS
    assert group.say("/open Consultation", "boss", chat=chat)[0] == "Open: Consultation."


# --- strangers -----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("command", COMMANDS, ids=name_of)
@pytest.mark.parametrize("guard", [Guard(), BOSS], ids=["unclaimed", "foreign"])
def test_stranger_is_refused_politely_and_nothing_is_kept(group: Group, guard: Guard, command: Command):
    group.guard = guard
    told = refused(f"{command.name}_wrong" if command.anywhere else "stranger")
    assert group.say(command.example) == told
    with group.store.read() as work:
        assert (group.kept(), work.list_meetings(), work.language_of(*place("")[:2], "ana")) == (0, [], None)
        assert work.list_organizers(None) == set()


@pytest.mark.parametrize("text", ["#challenge Costs", "Hello", "/opne Consultation", "#xyzzy What?", "#offrecord Hush"])
def test_stranger_is_not_answered_when_no_command_is_given(group: Group, text: str):
    assert (group.say(text), group.kept()) == ([], 0)


def test_organizer_is_told_that_no_meeting_is_open(group: Group):
    group.guard = BOSS
    assert group.say("#challenge Costs", "boss") == refused("no_meeting")
    assert group.say("/status", "boss") == refused("no_meeting_open")
    assert group.kept() == 0


def test_stranger_is_refused_in_the_language_of_their_client(group: Group):
    assert group.say("/status", language="ru") == [NOT_UNDERSTOOD, phrase("stranger").into("ru")]


# --- members -------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("command", FOR_ORGANIZERS, ids=name_of)
def test_member_may_not_run_the_meeting(group: Group, command: Command):
    open_group(group)
    assert group.say(command.example) == refused("organizers_only", command=f"/{command.name}")
    with group.store.read() as work:
        [meeting] = work.list_meetings()
        assert [dict(step.values) for step in work.load_record(meeting.id).steps] == [{"title": "Consultation"}]
        assert work.list_organizers(meeting.id) == {("telegram", "", "boss")}
    # what was written in the meeting belongs to its record
    assert group.texts() == ["/open Consultation", command.example]


@pytest.mark.parametrize("command", FOR_ALL, ids=name_of)
def test_member_may_ask_and_file(group: Group, command: Command):
    open_group(group)
    with group.store.work() as work:
        work.keep_claim(hash_code("ABCD-EFGH"))
    assert NOT_UNDERSTOOD not in group.say(command.example)
    assert group.say("#challenge Costs") == ["✍ filed"]


def test_meeting_is_run_only_where_it_is_held(group: Group):
    open_group(group)
    group.see("-100", admins=("ana",))
    group.say("/open Other", "boss", chat="-200")
    assert group.say("/close", chat="-200") == refused("organizers_only", command="/close")


# --- organizers ----------------------------------------------------------------------------------------------------


def test_organizer_by_setting_runs_meetings_of_others_too(group: Group):
    open_group(group)
    group.guard = Guard(organizers=frozenset({"telegram:carla", "slack:ana"}))
    assert group.say("/set venue: Geneva", "carla") == ["venue: Geneva"]
    # the same name on another service is another person
    assert group.say("/set venue: Vienna", "ana") == refused("organizers_only", command="/set")


@pytest.mark.parametrize("typed", ["K7QM-2XPD", "k7qm2xpd", "k7qm 2xpd", "K7QM–2XPD"])
def test_claim_with_the_code_makes_an_organizer_of_the_bot(group: Group, typed: str):
    with group.store.work() as work:
        work.keep_claim(hash_code("K7QM-2XPD"))
    assert group.say("/claim K7QM-2XPE", chat="ana") == refused("claim_wrong")
    assert group.say(f"/claim {typed}", chat="ana") == [str(phrase("claimed"))]
    assert group.say("/open Consultation")[0] == "Open: Consultation."


def test_claim_holds_once_and_for_all_codes(group: Group):
    with group.store.work() as work:
        work.keep_claim(hash_code("AAAA-BBBB"))
        work.keep_claim(hash_code("CCCC-DDDD"))
    assert group.say("/claim", chat="ana") == refused("claim_how")
    group.say("/claim AAAA-BBBB", chat="ana")
    assert group.say("/claim AAAA-BBBB", "ben", chat="ben") == refused("claim_wrong")
    assert group.say("/claim CCCC-DDDD", "ben", chat="ben") == refused("claim_wrong")
    with group.store.read() as work:
        assert work.list_organizers(None) == {("telegram", "", "ana")}


def test_opener_runs_the_meeting_until_it_is_revoked_and_no_other(group: Group):
    # who was named to run the bot, opened a meeting, and runs the bot no more
    open_group(group)
    group.guard = Guard(organizers=frozenset({"telegram:carla"}))
    assert group.say("/set venue: Geneva", "boss") == ["venue: Geneva"]
    assert group.say("/open Other", "boss", chat="-200") == refused("stranger")
    assert group.say("/revoke boss", "carla") == ["boss may no longer do that."]
    assert group.say("/set venue: Vienna", "boss") == refused("organizers_only", command="/set")


def test_allow_by_reply_names_an_organizer_of_the_meeting(group: Group):
    open_group(group)
    group.guard = Guard(organizers=frozenset({"telegram:carla"}))
    group.say("Hello", "ben")
    assert group.say("/allow", "boss", reply_to=2) == ["Ben may now run this meeting."]
    assert group.say("/allow", "boss", reply_to=2) == ["Ben may do that already."]
    assert group.say("/set venue: Geneva", "ben") == ["venue: Geneva"]
    assert group.say("/open Other", "ben", chat="-200") == refused("stranger")
    # and who was named may name others
    assert group.say("/allow 42", "ben") == ["42 may now run this meeting."]
    assert group.say("/set venue: Vienna", "42") == ["venue: Vienna"]


def test_allow_by_an_organizer_of_the_bot_holds_everywhere(group: Group):
    open_group(group)
    assert group.say("/allow telegram:42", "boss") == ["telegram:42 may now open and run meetings."]
    assert group.say("/open Other", "42", chat="-200")[0] == "Open: Other."
    assert group.say("/revoke 42", "boss") == ["42 may no longer do that."]
    assert group.say("/set venue: Geneva", "42") == refused("organizers_only", command="/set")
    # what they opened stays theirs
    assert group.say("/set venue: Geneva", "42", chat="-200") == ["venue: Geneva"]


def test_organizer_of_the_bot_allows_where_no_meeting_is_open(group: Group):
    group.guard = BOSS
    assert group.say("/allow ben", "boss", chat="boss") == ["ben may now open and run meetings."]
    assert group.say("/open Consultation", "ben")[0] == "Open: Consultation."


def test_allow_and_revoke_by_an_admin_are_for_the_meeting(group: Group):
    open_group(group)
    group.see(admins=("ana",))
    assert group.say("/allow ben") == ["ben may now run this meeting."]
    assert group.say("/revoke ben") == ["ben may no longer do that."]
    assert group.say("/revoke ben") == refused("revoke_none", name="ben")
    assert group.say("/set venue: Geneva", "ben") == refused("organizers_only", command="/set")
    # what an organizer of the bot gave, an admin of a chat does not take back
    group.say("/allow ben", "boss")
    assert group.say("/revoke ben") == refused("revoke_none", name="ben")
    assert group.say("/set venue: Geneva", "ben") == ["venue: Geneva"]


@pytest.mark.parametrize("name", ["allow", "revoke"])
@pytest.mark.parametrize("typed", ["", " Ben the second", " @ben"])
def test_allow_and_revoke_say_how_they_name_a_person(group: Group, name: str, typed: str):
    open_group(group)
    assert group.say(f"/{name}{typed}", "boss") == refused("allow_how")
    assert group.say(f"/{name}", "boss", reply_to=99) == refused("allow_how")


def test_organizer_by_setting_is_not_revoked_in_the_chat(group: Group):
    open_group(group)
    group.guard = Guard(organizers=frozenset({"telegram:boss", "telegram:carla"}))
    assert group.say("/revoke carla", "boss") == refused("revoke_setting", name="carla")


def test_admins_of_the_chat_run_its_meeting_while_they_are_admins(group: Group):
    open_group(group)
    group.see(admins=("ana", "ben"))
    assert group.say("/set venue: Geneva") == ["venue: Geneva"]
    # what a platform does not tell stays as it is known
    group.see(can_read=True)
    assert group.say("/set venue: Vienna") == ["venue: Vienna"]
    group.see(admins=("ben",))
    assert group.say("/set venue: Nairobi") == refused("organizers_only", command="/set")


def test_admins_of_a_chat_without_a_meeting_are_strangers(group: Group):
    group.see(admins=("ana",))
    assert group.say("/open Consultation") == refused("stranger")


def test_admins_of_a_group_run_the_meetings_of_its_topics(group: Group):
    open_group(group, "-100/7")
    group.see(admins=("ana",))
    assert group.say("/set venue: Geneva", chat="-100/7") == ["venue: Geneva"]
    assert group.say("/set venue: Vienna", "ben", chat="-100/7") == refused("organizers_only", command="/set")


@pytest.mark.parametrize("chat", ["-100", "-100/7"])
def test_who_writes_as_the_chat_itself_is_an_admin(group: Group, chat: str):
    open_group(group, chat)
    assert group.say("/set venue: Geneva", "-100", chat=chat) == ["venue: Geneva"]
    assert group.say("/set venue: Vienna", "-300", chat=chat) == refused("organizers_only", command="/set")


# --- ALLOWED_CHATS -------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("allowed", "chat", "is_allowed"),
    [
        ("telegram:-100", "-100", True),
        ("telegram:-100", "-100/7", True),
        ("telegram:-100/7", "-100/7", True),
        ("telegram:-100/7", "-100/8", False),
        ("telegram:-100/7", "-100", False),
        ("telegram:-100", "-1001", False),
        ("slack:-100", "-100", False),
    ],
)
def test_bot_works_only_in_chats_that_are_allowed(group: Group, allowed: str, chat: str, is_allowed: bool):
    group.guard = Guard(BOSS.organizers, frozenset({allowed}))
    opened = group.say("/open Consultation", "boss", chat=chat)
    filed = group.say("#challenge Costs", chat=chat)
    if is_allowed:
        assert (opened[0], filed, group.kept()) == ("Open: Consultation.", ["✍ filed"], 2)
    else:
        assert (opened, filed, group.kept()) == (refused("not_this_chat"), [], 0)


@pytest.mark.parametrize("command", COMMANDS, ids=name_of)
def test_chat_that_is_shut_out_later_gets_nothing_and_nothing_is_kept(group: Group, command: Command):
    open_group(group)
    group.guard = Guard(BOSS.organizers, frozenset({"telegram:-200"}))
    told = refused("claim_wrong" if command.name == "claim" else "not_this_chat")
    assert group.say(command.example, "boss") == told
    assert (group.say("#challenge Costs"), group.texts()) == ([], ["/open Consultation"])


def test_bot_is_claimed_in_a_private_chat_whatever_chats_are_allowed(group: Group):
    group.guard = Guard(allowed_chats=frozenset({"telegram:-100"}))
    with group.store.work() as work:
        work.keep_claim(hash_code("K7QM-2XPD"))
    assert group.say("/claim K7QM-2XPD", chat="ana") == [str(phrase("claimed"))]
    assert group.say("/open Consultation")[0] == "Open: Consultation."


# --- chats that move, and the door ---------------------------------------------------------------------------------


def test_chat_that_moves_keeps_its_meeting_and_its_admins(group: Group):
    open_group(group, "-5")
    group.see("-5", can_read=True, admins=("ana",))
    group.say("#challenge Costs", "ben", chat="-5")
    assert group.move("-5", "-1005") == []
    assert group.say("#need Staff", "ben", chat="-1005") == ["✍ filed"]
    assert group.say("/set venue: Geneva", chat="-1005") == ["venue: Geneva"]
    # told once more, as both chats tell it
    assert group.move("-5", "-1005") == []
    assert group.texts("-1005") == ["/open Consultation", "#challenge Costs", "#need Staff", "/set venue: Geneva"]


@pytest.mark.parametrize("topic", ["", "/7"])
def test_chat_that_moves_stays_allowed_and_its_next_meeting_too(group: Group, topic: str):
    group.guard = Guard(BOSS.organizers, frozenset({"telegram:-5"}))
    group.say("/open First", "boss", chat="-5")
    group.move("-5", "-1005")
    assert group.say("#need Staff", chat=f"-1005{topic}") == ["✍ filed"]
    group.say("/close", "boss", chat="-1005")
    assert group.say("/open Second", "boss", chat="-1005")[0] == "Open: Second."
    assert group.say("#challenge Costs", chat=f"-1005{topic}") == ["✍ filed"]
    assert group.say("/open Third", "boss", chat="-1006") == refused("not_this_chat")


@pytest.mark.parametrize("chat", ["-100", "-100/7"])
def test_open_is_refused_while_the_bot_cannot_read(group: Group, chat: str):
    group.guard = BOSS
    group.see(can_read=False)
    assert group.say("/open Consultation", "boss", chat=chat) == refused("cannot_read")
    with group.store.read() as work:
        assert work.list_meetings() == []
    group.see(can_read=True)
    assert group.say("/open Consultation", "boss", chat=chat)[0] == "Open: Consultation."


def test_bot_says_at_the_door_what_hides_messages_from_it(group: Group):
    group.guard = BOSS
    assert group.see(can_read=False, added_by="boss") == str(phrase("cannot_read")).split("\n")


def test_bot_says_nothing_at_the_door_of_strangers(group: Group):
    group.guard = BOSS
    assert group.see(can_read=False, added_by="ana") == []


def test_bot_says_nothing_at_the_door_where_it_can_read_or_knows_nothing(group: Group):
    group.guard = BOSS
    assert group.see(can_read=True, added_by="boss") == []
    assert group.see("-200", added_by="boss") == []
    # no coming in: what else is told of a chat is no reason to speak
    assert group.see("-300", can_read=False) == []


def test_bot_says_at_the_door_of_a_meeting_in_its_language_whoever_adds_it(group: Group):
    group.guard = BOSS
    group.say("/open Consultation\nlanguage: fr", "boss")
    assert group.see(can_read=False, added_by="ana") == phrase("cannot_read").into("fr").split("\n")


def test_bot_says_nothing_at_the_door_of_a_chat_that_is_not_allowed(group: Group):
    group.guard = Guard(BOSS.organizers, frozenset({"telegram:-200"}))
    assert group.see(can_read=False, added_by="boss") == []
