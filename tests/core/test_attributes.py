"""What a note says of itself in words, in seven languages: no value is left in the text, no word of it is moved."""

import re
import tomllib
from collections import Counter
from importlib.resources import files

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from core.attributes import read_attributes
from core.cutting import cut_text
from core.text import clean_text

TOLD = tomllib.loads(files("core").joinpath("attributes.toml").read_text("utf-8"))
SPELLINGS = [w for table in ("words", "clause_words") for words in TOLD[table].values() for w in words]
LABELS = {word for spelling in SPELLINGS for word in re.findall(r"\w+", spelling.casefold())}


def speaker(name: str, org: str) -> dict[str, str]:
    return {"speaker": name, "org": org}


@pytest.mark.parametrize(
    ("text", "said", "left"),
    [
        (
            "四十年来的南南合作。发言人：John Smith 机构：World Bank",
            speaker("John Smith", "World Bank"),
            "四十年来的南南合作。",
        ),
        (
            "« Trop attendu. » Intervenant : P. Martin Organisation : UE",
            speaker("P. Martin", "UE"),
            "« Trop attendu. »",
        ),
        ("تجربة البنك. المتحدث: John Smith الجهة: World Bank", speaker("John Smith", "World Bank"), "تجربة البنك."),
        ("Роль ЮНИСЕФ. Оратор: Анна Ким Организация: ВОЗ", speaker("Анна Ким", "ВОЗ"), "Роль ЮНИСЕФ."),
        ("Fue así. Oradora: Ana Organización: OMS", speaker("Ana", "OMS"), "Fue así."),
        ("Foi assim. Orador: Rui Organização: OMS", speaker("Rui", "OMS"), "Foi assim."),
        ("By B. speaker: Ann Lee. Organization: WHO", speaker("Ann Lee", "WHO"), "By B."),
        (
            "L’urgence. Intervenante : Awa Organisation : ministère du plan",
            speaker("Awa", "ministère du plan"),
            "L’urgence.",
        ),
        ("\u200fنعم. \u200fالمتحدث: آنا المنظمة: اليونيسف", speaker("آنا", "اليونيسف"), "\u200fنعم."),
        ("合作！（发言人：李，开发署）", speaker("李", "开发署"), "合作！"),
        ("“We wait.”speaker: Ann, UN", speaker("Ann", "UN"), "“We wait.”"),
        ("We wait!Speaker: Ann org: UN", speaker("Ann", "UN"), "We wait!"),
        ("We wait.speaker: Ann org: UN", speaker("Ann", "UN"), "We wait."),
        ("*Speaker:* Ann, UN – We wait", speaker("Ann", "UN"), "We wait"),
        ("[Speaker: Ann, UN] We wait", speaker("Ann", "UN"), "We wait"),
        ("We wait. Speaker: Ann Lee Function: Minister", {"speaker": "Ann Lee Function: Minister"}, "We wait."),
        (
            "Speaker: Ann Lee, World Health Organization: Fund it",
            speaker("Ann Lee", "World Health Organization"),
            "Fund it",
        ),
    ],
)
def test_no_speaker_or_organisation_stays_in_the_text(text: str, said: dict[str, str], left: str):
    assert read_attributes(text) == (said, left)


@pytest.mark.parametrize(
    ("text", "to", "by", "left"),
    [
        ("Préparer. À : Gouvernements Échéance : 31 mai", "Gouvernements", "31 mai", "Préparer."),
        ("Préparer. À l’attention de : la CEA, avant le : 31 mai", "la CEA", "31 mai", "Préparer."),
        (
            "Préparer À\u00a0: CEDEAO, Union africaine ; échéance\u202f: 2019",
            "CEDEAO, Union africaine",
            "2019",
            "Préparer",
        ),
        ("Preparar. Para: Gobiernos Plazo: fin de año", "Gobiernos", "fin de año", "Preparar."),
        ("Preparar. Destinatario: CEPAL antes del: 31 de mayo", "CEPAL", "31 de mayo", "Preparar."),
        ("Preparar. Para: Estados prazo: 31 de maio", "Estados", "31 de maio", "Preparar."),
        ("Создать фонд. Кому: Правительства Срок: 31 мая", "Правительства", "31 мая", "Создать фонд."),
        ("Создать фонд. Адресат: ЮНКТАД. Срок: май", "ЮНКТАД", "май", "Создать фонд."),
        ("إنشاء مركز. إلى: الإسكوا (ESCWA) قبل: 31 أيار/مايو", "الإسكوا (ESCWA)", "31 أيار/مايو", "إنشاء مركز."),
        ("إنشاء مركز. موجه إلى: الدول في موعد أقصاه: 2019", "الدول", "2019", "إنشاء مركز."),
        ("建立中心。致：亚太经社会（ESCAP） 期限：2019年", "亚太经社会（ESCAP）", "2019年", "建立中心。"),
        ("建立中心 对象：会员国；截止：2019年。", "会员国", "2019年", "建立中心"),
        ("Write. responsible: UNDP, deadline: 30 June", "UNDP", "30 June", "Write."),
        ("Write to: Asia–Pacific by: 2018–2019", "Asia–Pacific", "2018–2019", "Write"),
    ],
)
def test_addressee_and_date_are_read_in_every_language(text: str, to: str, by: str, left: str):
    assert read_attributes(text) == ({"to": to, "by": by}, left)


@pytest.mark.parametrize(
    ("text", "said", "left"),
    [
        ("Do x to: Group B. Then we left", {"to": "Group B"}, "Do x Then we left"),
        ("Do x. to: Dr. A. Lee, WHO. by: 5 p.m. tomorrow", {"to": "Dr. A. Lee, WHO", "by": "5 p.m. tomorrow"}, "Do x."),
        ("Создать фонд. Срок: 31 мая 2019 г. Далее мы", {"by": "31 мая 2019 г"}, "Создать фонд. Далее мы"),
        ("Do x to: UNOSSC! And y", {"to": "UNOSSC"}, "Do x And y"),
    ],
)
def test_value_ends_with_its_sentence_not_with_an_abbreviation(text: str, said: dict[str, str], left: str):
    assert read_attributes(text) == (said, left)


@pytest.mark.parametrize(
    ("text", "group"),
    [
        ("Plus de fonds. Groupe : femmes", "femmes"),
        ("Más fondos. Grupo: mujeres", "mujeres"),
        ("Больше средств. Группа: женщины", "женщины"),
        ("مزيد من الأموال. المجموعة: النساء", "النساء"),
        ("更多资金。团体：妇女", "妇女"),
        ("More funds group: women", "women"),
    ],
)
def test_group_is_read_in_every_language(text: str, group: str):
    assert read_attributes(text)[0] == {"group": group}


@pytest.mark.parametrize(
    "text",
    [
        "Pour : les uns. Contre : les autres",
        "Répondre à : Haïti, Kenya",
        "Se necesita para: África y Asia",
        "Ответить кому: Всем",
        "الانتقال إلى: المرحلة التالية",
        "نحتاج إلى التمويل: الآن",
        "一致：大家同意",
        "国际机构：联合国",
        "World Health Organization: Fund it. More",
        "In the Organization: Staff. More",
        "L’organisation : Une force. Oui",
        "We formed a group: women and youth. It met.",
        "Deux défis. Organisation : il faut des locaux",
        "See example.org: The site is old",
        "Plan A: Build. Plan B: Wait",
        "Responsable : le ministère a dit non. Ensuite, rien.",
        "对象：妇女和儿童。会议讨论了问题。",
        "Deux questions. Qui : les pays riches",
        "Two tasks, responsible:\n- planning\n- finance",
        "One. due\u0131 date: May. À l’attent\u0131on de : X",
    ],
)
def test_ordinary_sentences_are_left_alone(text: str):
    assert read_attributes(text) == ({}, text)


@pytest.mark.parametrize(
    ("text", "name", "left"),
    [
        ("Speaker: Ann Lee. We need two things: a, b", "Ann Lee", "We need two things: a, b"),
        ("Speaker: Ann Lee. We need more – and soon", "Ann Lee", "We need more – and soon"),
        ("Speaker: Amb. Lee – We need more", "Amb. Lee", "We need more"),
        ("Speaker: Ann Lee: Fund it – now", "Ann Lee", "Fund it – now"),
        ("Speaker: Ann Smith–Jones – Fund it", "Ann Smith–Jones", "Fund it"),
        ("Costs (Speaker: Ana) rise – and fall", "Ana", "Costs rise – and fall"),
        ("合作。发言人：李。加强合作", "李", "合作。加强合作"),
        ("发言人：李：加强", "李", "加强"),
        ("Speaker: Ann Lee (WHO, Geneva) – Fund it", "Ann Lee (WHO, Geneva)", "Fund it"),
    ],
)
def test_name_of_a_speaker_ends_where_the_sentence_begins(text: str, name: str, left: str):
    assert read_attributes(text) == ({"speaker": name}, left)


@pytest.mark.parametrize(
    ("text", "attributes"),
    [
        ("#action Circulate it. who: UNOSSC by: 15 May", {"to": "UNOSSC", "by": "15 May"}),
        ("#rec #action Circulate it. who: UNOSSC", {"to": "UNOSSC"}),
        ("#action Diffuser. Qui : BCAH", {"to": "BCAH"}),
        ("#行动 分发草案。负责人：UNOSSC 期限：9月30日", {"to": "UNOSSC", "by": "9月30日"}),
        ("#إجراء تعميم المشروع. المسؤول: UNOSSC قبل: 30 أيلول", {"to": "UNOSSC", "by": "30 أيلول"}),
        ("#action Circulate it. speaker: Ann", {"speaker": "Ann"}),
        ("#topic Trade grows. who: Ann Lee", {"speaker": "Ann Lee"}),
    ],
)
def test_who_acts_in_an_action_and_speaks_elsewhere(text: str, attributes: dict[str, str]):
    assert [note.attributes for note in cut_text(text)] == [attributes]


PROSE = ["water", "l’eau", "l’eau.", "Вода!", "ماء", "ماء؟", "水", "合作。", "Bank", "(UN)", "“so.”", "2018–2019", "A."]
BETWEEN = [
    " ",
    " ",
    " ",
    "",
    "\n",
    ", ",
    ". ",
    "; ",
    " – ",
    "—",
    " (",
    ") ",
    "（",
    "）",
    "。",
    "：",
    ": ",
    " [",
    "] ",
    "* ",
]
COLONS = st.sampled_from([": ", " : ", "：", ":", "\u00a0: ", ":* "])
NOTES = st.lists(
    st.tuples(
        st.one_of(
            st.sampled_from(PROSE), st.builds("{}{}".format, st.sampled_from([*SPELLINGS, "Organization", "À"]), COLONS)
        ),
        st.sampled_from(BETWEEN),
    ),
    max_size=10,
).map(lambda pieces: clean_text("".join(part for piece in pieces for part in piece)))


def words_of(text: str) -> list[str]:
    return re.findall(r"\w+", text.replace("_", " "))


@settings(max_examples=400)
@given(NOTES, st.booleans())
@example("l’eau. Speaker: Ann Lee Organization: WHO to: ECA", False)
def test_text_and_values_hold_every_word_in_order(text: str, acts: bool):
    said, left = read_attributes(text, acts=acts)
    values = list(said.values())
    assert [value for value in values if value not in text] == []
    rest = iter(words_of(text))
    assert [word for word in words_of(left) if word not in rest] == []
    gone = Counter(words_of(text)) - Counter(words_of(left)) - Counter(w for value in values for w in words_of(value))
    assert {word.casefold() for word in gone} <= LABELS
    assert gone.total() <= 4 * len(said)
