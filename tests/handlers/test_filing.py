"""Notes by conversation: what people post, and how quietly the bot answers."""

from pathlib import Path

from bot.worker import Worker
from handlers import Defaults
from reports.template_reader import load_templates
from tests.handlers.chat import Chat, lines


def holds(chat: Chat, conversation: str) -> None:
    """Assert that the bot says what the conversation says it does."""
    assert chat.hold(lines(conversation)) == lines(conversation)


def test_filed_notes_get_a_sign_and_talk_gets_nothing(opened: Chat):
    holds(
        opened,
        """
        > #challenge Costs
          [2] ✍ filed
        > Good morning!
        > … and they rise
        > #session II: Means
          [5] ✍ filed
        > #theme b-ii
          [6] ✍ filed
        > #venue Geneva
          [7] ✍ filed
        > #defi Coûts #besoin Personnel
          [8] ✍ filed
        """,
    )


def test_words_come_where_somebody_must_do_something(opened: Chat):
    holds(
        opened,
        """
        > #recomendaton Scale up
          [2] ✍ filed
          I read #recomendaton as #recommendation. If that is wrong, edit the message.
        > #chlanges Costs
          [3] 🤔 not understood
          I do not know this tag, so nothing is filed. Edit the message; /tags lists the tags.
        > #attendanc 112
          [4] 🤔 not understood
          I do not know this tag, so nothing is filed. Edit the message; /tags lists the tags. Did you mean #attendance?
        > #challenge
          [5] 🤔 not understood
          A tag needs words behind it. Edit the message, or send the tag as a reply to one.
        > #challenge #need #trend #topic Costs
          [6] 🤔 not understood
          That is more than three tags for one text. Edit the message and keep up to three.
        > #SDG17 Partnerships
          [7] 🤔 not understood
          No tag says where this goes. Add one, such as #challenge; /tags lists them.
        > #ignore
          [8] 🤔 not understood
          #ignore works as a reply to the message that is to be withdrawn.
        > #theme b-ii
          [9] 🤔 not understood
          No session is open here. Open one first: #session II: title.
        """,
    )
    assert len(opened.report().review) == 7


def test_off_the_record_is_confirmed_and_not_repeated(opened: Chat):
    holds(
        opened,
        """
        > #offrecord The minister resigns
          Off the record: that message is in no draft, digest or export.
        > #challenge The minister stays
          [3] ✍ filed
        > edit 3: #confidentiel The minister stays
          Off the record: that message is in no draft, digest or export.
        > The minister goes
        > reply 4: #offrecord
          Off the record: that message is in no draft, digest or export.
        > #ofrecord The minister
          [6] 🤔 not understood
          I do not know this tag, so nothing is filed. Edit the message; /tags lists the tags.
        """,
    )


def test_replies_file_and_withdraw(opened: Chat):
    holds(
        opened,
        """
        > Costs are rising
        > reply 2: #challenge
          [3] ✍ filed
        > reply 2: #ignore
          [4] 👎 withdrawn
        > delete 2
        > reply 2: #need
          [5] 🤔 not understood
          I do not know the message that this replies to, or it is deleted. Send its words.
        """,
    )


def test_edits_change_or_withdraw_and_one_that_changes_nothing_is_quiet(opened: Chat):
    holds(
        opened,
        """
        > #challenge Costs
          [2] ✍ filed
        > edit 2: #challenge Rising costs
          [2] 👌 changed
        > edit 2: #challenge Rising costs
        > edit 2: #chalenge Rising costs
          [2] 👌 changed
          I read #chalenge as #challenge. If that is wrong, edit the message.
        > edit 2: #xyzzy Rising costs
          [2] 🤔 not understood
          I do not know this tag, so nothing is filed. Edit the message; /tags lists the tags.
        > edit 2: Rising costs
          [2] 👎 withdrawn
        > edit 2: Costs that rise
        > edit 2: #need Costs
          [2] 👌 changed
        > delete 2
        """,
    )
    assert [len(part.items) for part in opened.report().parts()] == [0] * 12
    [message] = [m for m in opened.record().messages if len(m.versions) > 1]
    assert [version.text for version in message.versions] == [
        "#challenge Costs",
        "#challenge Rising costs",
        "#challenge Rising costs",
        "#chalenge Rising costs",
        "#xyzzy Rising costs",
        "Rising costs",
        "Costs that rise",
        "#need Costs",
        "",
    ]


def test_tag_that_the_template_has_no_part_for_is_told(chat: Chat, tmp_path: Path):
    folder = tmp_path / "templates" / "own"
    folder.mkdir(parents=True)
    (folder / "template.toml").write_text(
        'title = "Own"\n[[sections]]\nid = "A"\nheading = "All"\nparts = [{ name = "items" }]\n'
        '[routing.always]\nA.items = ["challenge"]\n'
    )
    chat.templates = load_templates(folder.parent)
    chat.say("/open Consultation\ntemplate: own")
    holds(
        chat,
        """
        > #challenge Costs
          [2] ✍ filed
        > #need #challenge Costs
          [3] ✍ filed
        > #need Staff
          [4] 🤔 not understood
          The template has no part for this tag, so a person decides. /tags lists the tags.
        """,
    )


def test_redelivered_message_is_answered_once(opened: Chat):
    assert opened.say("#challenge Costs") == ["  [2] ✍ filed"]
    key, payload = opened.payloads[-1]
    assert opened.deliver(key, payload) == []
    assert opened.deliver("under another key", payload) == []
    assert len(opened.record().messages) == 2


def test_edit_that_came_before_its_original_is_answered_with_it(opened: Chat):
    # the platform delivers the edit first
    sent = opened.console.write_update("#challenge Costs", opened.clock)
    edit = opened.console.write_update("edit 2: #need Costs", opened.clock)
    assert opened.deliver(*edit) == []
    assert opened.deliver(*sent) == ["  [2] ✍ filed"]
    assert [part.key for part in opened.report().parts() if part.items] == ["E.needs"]


def test_reader_of_another_platform_is_not_answered_here(opened: Chat):
    # every worker takes the updates of its own source only
    opened.store.put_updates("elsewhere", [("1", "{}")])
    Worker(opened.store, opened.templates, Defaults(), opened.console).take_all()
    assert (opened.store.waiting(), opened.store.dead_letters()) == (1, [])


def test_unknown_tag_that_names_a_line_of_the_form_is_answered_with_how_to_fill_it(opened: Chat):
    holds(
        opened,
        """
        > /set template: igf
          template: igf
        > #moderator Ana Souza
          [3] 🤔 not understood
          I do not know this tag, so nothing is filed. The form has a line for it: send /set moderator: …
        > /set template: whs
          template: whs
        > #cochairs Ana Souza
          [5] 🤔 not understood
          I do not know this tag, so nothing is filed. The form has a line for it: send /set co_chairs: …
        > #moderator Ana Souza
          [6] 🤔 not understood
          I do not know this tag, so nothing is filed. Edit the message; /tags lists the tags.
        """,
    )


def test_prompts_of_a_form_are_short_in_a_status(opened: Chat):
    opened.hold("> /set template: igf")
    assert opened.say("/status")[1:2] == [
        "  Key Issues raised (1 sentence per issue) 0 · If there are Presentations during the… 0 · Please describe the "
        "Discussions that… 0 · Please describe any Participant… 0"
    ]


def test_choices_that_are_turned_off_are_answered_as_they_are_typed(opened: Chat):
    holds(
        opened,
        """
        > /set attribution: named
          attribution: named
        > /set attribution: none
          attribution: none
        > /set rule: none
          rule: none
        """,
    )
