"""In what language people are answered: the one they chose, their client's, else the meeting's."""

import pytest

from core.phrases import phrase
from core.tags import LANGUAGES
from handlers.drafts import describe_draft, head_draft
from tests.handlers.chat import Chat, lines
from tests.handlers.group import Group

# what somebody types, and what is wrong with it
FORMATS = "docx, html, md, markdown, json, pdf"
TEMPLATES = "addressee, bapa40, fssd, hlpf, igf, whs"
WRONG: list[tuple[str, str, dict[str, object]]] = [
    ("/opne Réunion", "command_near", {"name": "opne", "near": "open"}),
    ("/reopen now", "command_takes_nothing", {"name": "reopen"}),
    ("/set venue Genève", "set_how", {}),
    ("/set zone: Mars", "zone_unknown", {"zone": "Mars"}),
    ("/set zone: Adis Abeba", "zone_near", {"zone": "Adis Abeba", "near": "Africa/Addis_Ababa"}),
    ("/set close: midi", "close_wrong", {"value": "midi"}),
    ("/set days: deux", "days_wrong", {"most": 31, "value": "deux"}),
    ("/set rule: aucune", "choice_wrong", {"key": "rule", "choices": "chatham, none", "value": "aucune"}),
    ("/set template: xyz", "template_unknown", {"template": "xyz", "known": TEMPLATES}),
    ("/set template: hplf", "template_near", {"template": "hplf", "near": "hlpf", "known": TEMPLATES}),
    (
        "/draft odt",
        "draft_unknown",
        {"name": "odt", "formats": FORMATS, "outputs": "report, summary"},
    ),
    ("/open Réunion", "open_already", {"meeting": "Consultation"}),
    ("/reopen", "not_closed", {}),
    ("/tags xyz", "tags_unknown", {"tag": "xyz", "languages": ", ".join(LANGUAGES)}),
    ("/language de", "language_how", {"languages": ", ".join(LANGUAGES)}),
    ("/allow", "allow_how", {}),
    ("/claim", "claim_how", {}),
]


def test_person_who_chose_french_is_answered_in_french(chat: Chat):
    conversation = lines(
        f"""
        > /language FR
          Je vous réponds en français désormais.
        > /status
          [2] 🤔 not understood
          Aucune réunion n’est ouverte ici. Ouvrez-en une avec /open TITRE.
        > /open Consultation
        . zone: UTC
        . close: 17:30
          Ouverte : Consultation.
          template: bapa40 (valeur habituelle ; pour la changer, /set template: …)
          zone: UTC
          close: lundi 7 mai 2018, 17:30
          days: 1 (valeur habituelle ; pour la changer, /set days: …)
          [addressee] [bapa40] [fssd] [hlpf]
          [igf] [whs]
        > #défi Coûts
          [4] ✍ filed
        > #défi
          [5] 🤔 not understood
          Une étiquette doit être suivie d’un texte. Modifiez le message, ou envoyez-la en réponse à un message.
        > /set venue:
          venue: (vide)
        > /set
        . date: 9 juillet 2017
        . template: hlpf
          date: 9 juillet 2017
          template: hlpf
        > /draft summary odt
          [8] 🤔 not understood
          Le format ou document « odt » n’existe pas. Formats : {FORMATS}. Documents : report, summary.
        > /status
          Consultation (ouverte, modèle hlpf)
          Introduction 0 · Proposed outputs 0 · Points deliberated 1
          Parties vides : Introduction; Proposed outputs
          À compléter : Venue; Organized by; Prepared by
          À examiner : 1
          close: lundi 7 mai 2018, 17:30
        > /help status
          /status – ce qui est classé, ce qui est vide, ce qui attend
          /status
        > /drft
          La commande /drft n’existe pas ; vouliez-vous dire /draft ?
        > /close
          La réunion est close. Les notes ultérieures sont conservées et signalées comme tardives ; /reopen les intègre.
          Consultation – Monday, 7 May 2018
          1 note filed
          Points deliberated (1)
          Still empty: Introduction; Proposed outputs
          1 note waits for review
          (draft: docx, json)
        Ben> Hello
        Ben> /close
          [14] 🤔 not understood
          The meeting is closed already. /reopen takes it up again, with its late notes.
        """
    )
    # in French a no-break space stands before a colon, and inside guillemets
    assert chat.hold(conversation).replace("\u00a0", " ") == conversation


@pytest.mark.parametrize("language", LANGUAGES)
def test_errors_are_told_in_the_language_of_who_wrote(opened: Chat, language: str):
    opened.say(f"/language {language}")
    for typed, key, values in WRONG:
        said = [line for line in opened.say(typed) if "not understood" not in line]
        assert said == [f"  {phrase(key, **values).into(language)}"]


def test_meeting_is_answered_in_its_language_where_nobody_chose_one(chat: Chat):
    chat.say("/open Consulta\nlanguage: es")
    assert chat.say("/set days: dos", "Ben") == [
        "  [2] 🤔 not understood",
        "  Para days se indica un número del 1 al 31, no «dos».",
    ]
    chat.say("/language pt", "Ben")
    assert chat.say("/reopen", "Ben")[1:] == ["  A reunião está aberta; não há nada a retomar."]
    assert chat.say("/reopen", "Ana")[1:] == ["  La reunión está abierta; no hay nada que reanudar."]


def test_client_gives_the_language_unless_the_person_chose_one(group: Group):
    group.guard = None
    group.say("/open Consulta\nlanguage: es")
    told = {
        language: group.say("/reopen", language=language)[1:]
        for language in ("ru", "", "de", "en")  # German is none of the seven: as with none, the meeting's counts
    }
    assert told == {
        "ru": ["Совещание открыто; возобновлять нечего."],
        "": ["La reunión está abierta; no hay nada que reanudar."],
        "de": ["La reunión está abierta; no hay nada que reanudar."],
        "en": ["The meeting is open; there is nothing to reopen."],
    }
    assert group.say("/language zh", language="ru") == ["今后我用中文回复您。"]
    assert group.say("/reopen", language="ru")[1:] == ["会议正在进行，无需恢复。"]
    assert group.say("/reopen", "ben", language="ru")[1:] == ["Совещание открыто; возобновлять нечего."]


def test_note_is_answered_in_the_language_of_its_author(group: Group):
    group.guard = None
    group.say("/open Consultation")
    assert group.say("#xyzzy", language="pt")[1:] == [phrase("unknown_tag").into("pt")]
    assert group.say("#xyzzy", "ben")[1:] == [phrase("unknown_tag").into("en")]


@pytest.mark.parametrize("language", LANGUAGES)
def test_tags_are_listed_in_the_language_of_who_asks(opened: Chat, language: str):
    opened.say(f"/language {language}")
    assert opened.say("/tags") == opened.say(f"/tags {language}")
    assert len(opened.say("/tags")) == 35


def test_tags_in_arabic_read_from_right_to_left(opened: Chat):
    shown = [line.strip() for line in opened.say("/tags ar")]
    assert shown[0] == "\u200f\u2068#هدف\u2069 ← \u2068\u200fA. أهداف المشاورة\u2069"
    assert shown[-1] == "\u200f\u2068#تجاهل\u2069 (\u2068تحكم\u2069)"


def test_draft_is_described_by_number_title_and_counts(opened: Chat):
    opened.hold("> /set template: hlpf\n> #challenge Costs\n> #xyzzy What?")
    counts = "Introduction 0 · Proposed outputs 0 · Points deliberated 1"
    assert [head_draft(3, describe_draft(opened.report(), language), language) for language in ("en", "zh")] == [
        f"Draft 3 · Consultation\n{counts}\nEmpty: Introduction; Proposed outputs\n"
        "To be completed: Venue; Date and time; Organized by; Prepared by\nFor review: 1",
        f"草稿 3 · Consultation\n{counts}\n空缺：Introduction; Proposed outputs\n"
        "待填写：Venue; Date and time; Organized by; Prepared by\n待查看：1",
    ]


def test_draft_of_a_meeting_without_a_title_is_described_by_its_number(chat: Chat):
    chat.hold("> /open\n> /set template: hlpf")
    assert head_draft(1, describe_draft(chat.report(), "fr"), "fr").split("\n")[0] == "Projet 1"


@pytest.mark.parametrize("language", LANGUAGES)
def test_notes_that_the_help_gives_as_examples_are_notes(opened: Chat, language: str):
    # what stands from the first tag on is what people would copy
    text = phrase("help_notes").into(language)
    example = text[text.index("#") :]
    opened.say(f"/language {language}")
    assert opened.say(example) == ["  [3] ✍ filed"]
    tags = [note.tags or (note.session,) for notes in opened.record().notes.values() for note in notes]
    assert tags == [("recommendation",), ("II",)]
