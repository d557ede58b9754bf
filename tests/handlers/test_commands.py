"""Commands by conversation: what people type, and word for word what the bot says."""

import pytest

from core.meetings import StepKind
from core.phrases import phrase
from handlers.access import hash_code
from handlers.dispatch import COMMANDS
from tests.handlers.chat import Chat, lines

DIGEST_EMPTY = (
    "Still empty: A. Objectives of the consultation; A. Major conclusions reached; B. Final recommendations; "
    "C. Trends; C. Opportunities; D. Priority areas of South-South…; …"
)
FORMATS = "docx, html, md, markdown, json, pdf"
USUAL = """\
  template: bapa40 (as usual; change it with /set template: …)
  zone: UTC (as usual; change it with /set zone: …)
  close: when somebody sends /close
  days: 1 (as usual; change it with /set days: …)
  [addressee] [bapa40] [fssd] [hlpf]
  [igf] [whs]
  [New York] [Geneva] [Nairobi] [Addis Ababa]
  [Bangkok] [Beirut] [Santiago] [UTC]
  [close 16:00] [close 17:00] [close 17:30] [close 18:00]"""


def holds(chat: Chat, conversation: str) -> None:
    """Assert that the bot says what the conversation says it does."""
    assert chat.hold(lines(conversation)) == lines(conversation)


# --- /open ---------------------------------------------------------------------------------------------------------


def test_nothing_is_done_where_no_meeting_is_open(chat: Chat):
    holds(
        chat,
        """
        > #challenge Costs
          [1] 🤔 not understood
          No meeting is open here, so nothing is filed. Open one with /open TITLE, then send this again.
        > Hello
        > /status
          [3] 🤔 not understood
          No meeting is open here. Open one with /open TITLE.
        > /set venue: Geneva
          [4] 🤔 not understood
          No meeting is open here. Open one with /open TITLE.
        """,
    )


def test_open_says_what_it_takes_as_given(chat: Chat):
    assert chat.say("/open Pre-HLPF  meeting") == ["  Open: Pre-HLPF meeting.", *USUAL.split("\n")]


def test_open_takes_all_in_one_message(chat: Chat):
    holds(
        chat,
        """
        > /open Préparation : réunion
        . template: HLPF
        . Zone：africa/addis ababa
        . close: 5h30
        . days: 2
        . language: FR
        . rule: Chatham
          Open: Préparation : réunion.
          template: hlpf
          zone: Africa/Addis_Ababa
          close: Wednesday, 9 May 2018, 05:30
          days: 2
          language: fr
          rule: chatham
        """,
    )
    meeting = chat.record().meeting
    assert (meeting.name, meeting.title, meeting.template, meeting.zone, meeting.language) == (
        "préparation-réunion",
        "Préparation : réunion",
        "hlpf",
        "Africa/Addis_Ababa",
        "fr",
    )
    assert (meeting.close, meeting.days, meeting.rule) == ("05:30", 2, "chatham")


def test_open_without_a_title_is_named_meeting(chat: Chat):
    assert chat.say("/open") == ["  Open: meeting.", *USUAL.split("\n")]


@pytest.mark.parametrize(
    ("line", "said"),
    [
        ("zoon: UTC", "I do not understand “zoon: UTC” below /open. Did you mean “zone”? {takes}"),
        ("hello", "I do not understand “hello” below /open. {takes}"),
        ("venue: Geneva", "I do not understand “venue: Geneva” below /open. {takes}"),
        ("zone: Adis Abeba", "There is no time zone 'Adis Abeba'. Near: Africa/Addis_Ababa."),
        (
            "zone: UTC+3",
            "There is no time zone 'UTC+3'. Examples: Africa/Addis_Ababa, America/New_York, UTC.",
        ),
        ("zone: newyork", "There is no time zone 'newyork'. Near: America/New_York."),
        (
            "zone: Nowhere at all",
            "There is no time zone 'Nowhere at all'. Examples: Africa/Addis_Ababa, America/New_York, UTC.",
        ),
        ("close: 25:00", str(phrase("close_wrong", value="25:00"))),
        ("close: 17:60", str(phrase("close_wrong", value="17:60"))),
        ("close: noon", str(phrase("close_wrong", value="noon"))),
        ("starts: soon", str(phrase("starts_wrong", value="soon"))),
        (
            "hours: 9 to 5",
            str(phrase("hours_wrong", value="9 to 5")),
        ),
        (
            "hours: 09:00-18:00, 10:00",
            str(phrase("hours_wrong", value="09:00-18:00, 10:00")),
        ),
        ("digest: late", str(phrase("digest_wrong", value="late"))),
        ("remind: 0", str(phrase("remind_wrong", value="0", most=1440))),
        ("days: two", "days is a number from 1 to 31, not “two”."),
        ("days: 0", "days is a number from 1 to 31, not “0”."),
        ("days: ²", "days is a number from 1 to 31, not “²”."),
        pytest.param(f"days: {'9' * 5000}", f"days is a number from 1 to 31, not “{'9' * 60}…”.", id="days: 999…"),
        (
            "template: hplf",
            'There is no template "hplf"; did you mean hlpf? Templates are addressee, bapa40, fssd, hlpf, igf, whs.',
        ),
        ("template: un", 'There is no template "un"; templates are addressee, bapa40, fssd, hlpf, igf, whs.'),
        ("language: it", "language is one of en, fr, es, pt, ru, ar, zh, not “it”."),
        ("rule: secret", "rule is one of chatham, none, not “secret”."),
    ],
)
def test_open_refuses_what_it_does_not_understand_and_opens_nothing(chat: Chat, line: str, said: str):
    takes = (
        "Lines that it takes: template:, zone:, starts:, days:, hours:, close:, digest:, remind:, language:, rule:, "
        "attribution:."
    )
    assert chat.say(f"/open Consultation\n{line}") == ["  [1] 🤔 not understood", f"  {said.format(takes=takes)}"]
    with chat.store.read() as work:
        assert work.list_meetings() == []


def test_second_open_is_refused_while_the_first_goes_on(chat: Chat):
    chat.say("/open First")
    holds(
        chat,
        """
        > /open Second
          [2] 🤔 not understood
          A meeting is open here: First. Close it with /close first.
        """,
    )
    with chat.store.read() as work:
        assert [meeting.title for meeting in work.list_meetings()] == ["First"]
    # the record that an export is made of says the same
    assert (chat.record().meeting.title, [m.text for m in chat.record().messages]) == (
        "First",
        ["/open First", "/open Second"],
    )


def test_open_after_the_close_makes_another_meeting_with_its_own_messages(opened: Chat):
    closed = opened.record().meeting.id
    opened.hold("> #challenge Costs\n> /close\n> /open Second\n> #need Staff")
    with opened.store.read() as work:
        first = work.load_record(closed)
    second = opened.record()
    assert [[m.text for m in record.messages] for record in (first, second)] == [
        ["/open Consultation", "#challenge Costs", "/close"],
        ["/open Second", "#need Staff"],
    ]
    assert (second.meeting.title, second.meeting.closed_at) == ("Second", None)


def test_open_takes_over_a_meeting_made_ready_unless_it_was_closed(chat: Chat):
    with chat.store.work() as work:
        ready = work.create_meeting("ready", template="hlpf", zone="UTC", language="en", pinned={})
        work.link_chat("console", "", "console", ready)
    chat.say("#challenge Costs")
    assert chat.say("/open Consultation")[:2] == [
        "  Open: Consultation.",
        "  template: hlpf (as usual; change it with /set template: …)",
    ]
    assert (chat.record().meeting.id, chat.record().meeting.title) == (ready, "Consultation")


def test_open_on_a_meeting_made_ready_and_closed_makes_another(chat: Chat):
    with chat.store.work() as work:
        ready = work.create_meeting("ready", template="hlpf", zone="UTC", language="en", pinned={})
        work.link_chat("console", "", "console", ready)
    chat.hold("> #challenge Costs\n> /close\n> /open Consultation")
    meeting = chat.record().meeting
    assert (meeting.id != ready, meeting.title, meeting.closed_at) == (True, "Consultation", None)


# --- /set ----------------------------------------------------------------------------------------------------------


def test_set_fills_fields_and_settings(opened: Chat):
    holds(
        opened,
        """
        > /set venue: Church Center: 777 UN Plaza
          venue: Church Center: 777 UN Plaza
        > /set
        . date: 9 July 2017
        . close: 17.5
          [3] 🤔 not understood
          CLOSE_WRONG
        > /set
        . date: 9 July 2017
        . close: 17.45
          date: 9 July 2017
          close: Monday, 7 May 2018, 17:45
        > /set venue:
          venue: (empty)
        """.replace("CLOSE_WRONG", str(phrase("close_wrong", value="17.5"))),
    )
    meeting = opened.record().meeting
    assert (dict(meeting.fields), meeting.close) == ({"venue": "", "date": "9 July 2017"}, "17:45")


SET_TAKES = (
    "/set takes: title, date, venue, organized_by, prepared_by, template, zone, starts, days, "
    "hours, close, digest, remind, language, rule, attribution. "
    "Example: /set venue: Church Center"
)


@pytest.mark.parametrize(
    ("typed", "said"),
    [
        ("/set", SET_TAKES),
        ("/set venue Geneva", "Write it as: /set venue: Church Center, New York"),
        ("/set venu: Geneva", f"I do not know “venu”; did you mean “venue”? {SET_TAKES}"),
        ("/set city: Geneva", f"I do not know “city”. {SET_TAKES}"),
        ("/set venue: Geneva\ncity: Geneva", f"I do not know “city”. {SET_TAKES}"),
        (
            "/set venue: Geneva\nof our own",
            "I do not understand “of our own” below /set. It takes no lines below.",
        ),
    ],
)
def test_set_refuses_what_it_does_not_know(opened: Chat, typed: str, said: str):
    assert opened.say(typed) == ["  [2] 🤔 not understood", f"  {said}"]
    assert dict(opened.record().meeting.fields) == {}


def test_another_template_and_zone_hold_from_then_on_for_all(opened: Chat):
    opened.hold("> #priority Youth\n> /set template: hlpf\n. zone: Asia/Tokyo")
    report = opened.report()
    [item] = [item for part in report.parts() for item in part.items]
    assert (report.template, item.text, item.at.isoformat()) == ("hlpf", "Youth", "2018-05-07T19:01:00+09:00")


# --- /draft, /status, /close, /reopen ------------------------------------------------------------------------------


def test_draft_takes_formats(opened: Chat):
    holds(
        opened,
        """
        > /draft
          (draft: docx, json)
        > /draft HTML, markdown md
          (draft: html, md)
        > /draft odt
          [4] 🤔 not understood
          There is no format or output 'odt'. Formats: docx, html, md, markdown, json, pdf. Outputs: report, summary.
        """,
    )
    assert [step.kind for step in opened.record().steps] == [StepKind.OPEN, StepKind.DRAFT, StepKind.DRAFT]


def test_draft_takes_outputs_and_formats_in_any_order(opened: Chat):
    holds(
        opened,
        f"""
        > /draft summary
          (draft: summary/docx, summary/json)
        > /draft pdf, Summary report markdown
          (draft: summary/pdf, summary/md, pdf, md)
        > /draft co-chairs
          [4] 🤔 not understood
          There is no format or output 'co-chairs'. Formats: {FORMATS}. Outputs: report, summary.
        """,
    )
    opened.hold("> /set template: whs")
    holds(
        opened,
        f"""
        > /draft html co-chairs
          (draft: co-chairs/html)
        > /draft executive
          [7] 🤔 not understood
          There is no format or output 'executive'. Formats: {FORMATS}. Outputs: report, summary, co-chairs.
        """,
    )


def test_status_counts_what_is_filed_and_tells_what_is_not(opened: Chat):
    opened.hold("> /set template: hlpf\n> #challenge Costs\n> #session I: Opening\n> #need Staff\n> #xyzzy What?")
    holds(
        opened,
        """
        > /status
          Consultation (open, template hlpf)
          Introduction 0 · Proposed outputs 0 · Points deliberated 2
          Empty: Introduction; Proposed outputs
          To be completed: Venue; Date and time; Organized by; Prepared by
          For review: 1
          close: when somebody sends /close
        > /status now
          [8] 🤔 not understood
          /status takes nothing behind it.
        """,
    )


def test_set_reads_a_close_in_the_zone_that_is_set_with_it(opened: Chat):
    # it is nine in the old zone, and five in New York
    answered = opened.say("/set zone: America/New_York\nclose: 08:00")
    assert answered[:2] == ["  zone: America/New_York", "  close: Monday, 7 May 2018, 08:00"]


def test_close_and_reopen(opened: Chat):
    holds(
        opened,
        """
        > #challenge Costs
          [2] ✍ filed
        > /close
          Closed. Later notes are kept and listed as late; /reopen takes them in.
          Consultation – Monday, 7 May 2018
          1 note filed
          C. Challenges (1)
          EMPTY
          (draft: docx, json)
        > /close
          [4] 🤔 not understood
          The meeting is closed already. /reopen takes it up again, with its late notes.
        > #chalenge Rents
          [5] ✍ filed
          I read #chalenge as #challenge. If that is wrong, edit the message.
          The meeting is closed. This is kept and listed as late; /reopen takes it in.
        > #xyzzy What?
          [6] 🤔 not understood
          I do not know this tag, so nothing is filed. Edit the message; /tags lists the tags.
        > edit 2: #challenge Rising costs
          [2] 👌 changed
          The meeting is closed. This is kept and listed as late; /reopen takes it in.
        > reply 5: #ignore
          [7] 👎 withdrawn
        > Talk
        > /reopen
          Open again. Notes that came after the close are taken in.
        > /reopen
          [10] 🤔 not understood
          The meeting is open; there is nothing to reopen.
        > edit 2: #challenge Costs rise
          [2] 👌 changed
        """.replace("EMPTY", DIGEST_EMPTY),
    )


# --- /tags, /help --------------------------------------------------------------------------------------------------


def test_tags_lists_the_words_of_a_language_and_where_each_goes(opened: Chat):
    opened.hold("> /set template: hlpf")
    shown = opened.say("/tags FR")
    assert shown[:3] == [
        "  #objectif → Introduction",
        "  #conclusionprincipale → Résultats proposés",
        "  #recommandation → Points examinés",
    ]
    assert shown[-3:] == ["  #confidentiel (commande)", "  #nonattribué (commande)", "  #ignorer (commande)"]
    assert len(shown) == 35


def test_tags_of_a_template_with_sessions_tell_both_places(chat: Chat):
    assert [line for line in chat.say("/tags") if line.startswith(("  #topic", "  #need", "  #venue"))] == [
        "  #need → E. Needs/interests",
        "  #topic → F. Main topics discussed (no session open: G. Additional information)",
        "  #venue (field)",
    ]


def test_tags_tells_all_the_words_of_one_tag(chat: Chat):
    shown = [
        "  en: #trend #trends",
        "  fr: #tendance #tendances",
        "  es: #tendencia #tendencias",
        "  pt: #tendência #tendências",
        "  ru: #тенденция #тенденции #тренд #тренды",
        "  ar: #اتجاه #اتجاهات",
        "  zh: #趋势 #趨勢",
    ]
    assert chat.say("/tags trend") == chat.say("/tags ＃ТРЕНД") == shown


@pytest.mark.parametrize("typed", ["xyz", "SDG17"])
def test_tags_refuses_a_word_that_is_none(chat: Chat, typed: str):
    assert chat.say(f"/tags {typed}") == [
        "  [1] 🤔 not understood",
        f"  There is no tag “{typed}”. /tags lists them; languages: en, fr, es, pt, ru, ar, zh.",
    ]


def test_help_tells_how_notes_are_made_and_each_command_is_written(chat: Chat):
    holds(
        chat,
        """
        > /help
          Post notes with a tag: #recommendation Scale up funding. #session II: Financing opens a session.
          Edit a message to change its notes; reply #ignore to withdraw them.
          /open – open a meeting
          /draft – get the draft report now
          /package – get all that is sent in, as one zip file: report, documents, participants, photographs
          /status – what is filed, what is empty, what waits
          /digest – the day so far, in ten lines at most
          /tags – the tags and where they go
          /set – fill a field or change a setting
          /close – close the meeting, now or at a set time, and get its draft
          /reopen – take the meeting up again
          /move – file a note under another tag: by reply, or by its number
          /merge – put a note to another one, whose words stand
          /drop – take a note out of the report
          /keep – take a note in again, or keep one that is late or resembles another
          /edit – give a note other words
          /undo – take back the last decision on notes
          /language – the language in which you are answered
          /allow – let somebody run the meeting: reply to their message
          /revoke – take back what /allow gave
          /join – have another chat feed this meeting too
          /claim – run this bot, with the code that it printed when it was started
          /help – how this works
        > /help /open
          /open TITLE – open a meeting
          /open Pre-HLPF meeting
          template: bapa40
          zone: America/New_York
          close: 17:30
          days: 2
        > /help drft
          [3] 🤔 not understood
          There is no command /drft; did you mean /draft?
        > /help xyzzy
          [4] 🤔 not understood
          There is no command /xyzzy; /help lists the commands.
        > /drft
          There is no command /drft; did you mean /draft?
        > /xyzzy
        > /tmp/notes is full
        """,
    )


DESK = ("move", "merge", "drop", "keep", "edit", "undo")


@pytest.mark.parametrize("name", [command.name for command in COMMANDS])
def test_examples_of_help_are_understood(opened: Chat, name: str):
    if name in ("open", "reopen", "join"):
        opened.say("/close")
    if name == "revoke":
        opened.say("/allow 123456789")
    if name in DESK:
        opened.say("\n".join(f"#rec Number {number}" for number in range(1, 10)))
        opened.say("/draft")
    if name == "undo":
        opened.say("/drop R7")
    with opened.store.work() as work:
        work.keep_claim(hash_code("ABCD-EFGH"), 1 if name == "join" else None)
    example = "\n".join(line.removeprefix("  ") for line in opened.say(f"/help {name}")[1:])
    assert "not understood" not in opened.say(example)[0]


# --- once ----------------------------------------------------------------------------------------------------------


def test_command_is_not_run_again_by_a_redelivery_an_edit_or_a_deletion(opened: Chat):
    opened.say("/set venue: Geneva")
    key, payload = opened.payloads[-1]
    assert opened.deliver(key, payload) == []
    assert opened.deliver("again", payload) == []
    assert opened.say("edit 2: /set venue: Vienna") == [
        "  A command counts as it was first sent. Send this as a new message."
    ]
    assert opened.say("delete 2") == []
    assert [(s.kind, dict(s.values)) for s in opened.record().steps] == [
        (StepKind.OPEN, {"title": "Consultation"}),
        (StepKind.SET, {"venue": "Geneva"}),
    ]


def test_message_edited_into_a_command_is_none(opened: Chat):
    told = opened.hold("> Hello\n> edit 2: /close").split("\n")[-1]
    assert told == "  A command counts as it was first sent. Send this as a new message."
    assert opened.record().meeting.closed_at is None


def test_command_edited_into_a_note_stays_a_command(opened: Chat):
    assert opened.hold("> /set venue: Geneva\n> edit 2: #challenge Costs") == lines(
        """
        > /set venue: Geneva
          venue: Geneva
        > edit 2: #challenge Costs
          A command counts as it was first sent. Send this as a new message.
        """
    )
    assert "C.challenges" in opened.report().empty_parts()


def test_command_that_was_copied_out_of_arabic_words_is_understood(opened: Chat):
    assert opened.say("\u2066/set venue: Geneva\u2069") == ["  venue: Geneva"]


def test_command_for_a_bot_by_name_and_in_capitals_is_understood(opened: Chat):
    assert opened.say("/SET@rapporteur_bot venue: Geneva") == ["  venue: Geneva"]
