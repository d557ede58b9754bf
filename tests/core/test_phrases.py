"""What the bot says: every phrase in all seven languages, the same in each, none missing and none too many.

Where a language has a form for each of its plurals, all that holds of a phrase holds of each form.
"""

import ast
import re
import tomllib
from collections import Counter
from collections.abc import Callable, Iterator, Mapping
from datetime import date
from functools import cache
from pathlib import Path
from string import Formatter
from unicodedata import bidirectional

import pytest

from core.notes import Problem
from core.phrases import COUNT, FOLDER, find_plural, load_phrases, phrase, quote_typed, tell
from core.tags import LANGUAGES, TagKind, read_tag, vocabulary
from handlers.dispatch import COMMANDS
from reports.decisions import Refusal
from reports.template_parts import PACKAGE

ROOT = Path(__file__).parents[2]
PACKAGES = ("bot", "core", "handlers", "reports", "storage")
# what is made of more than a word, with the words it is made of
BUILT = {
    "command_": [command.name for command in COMMANDS],
    "desk_not_": [refusal.value for refusal in Refusal],
    "argument_": sorted({command.argument for command in COMMANDS if command.argument}),
    "package_missing_": list(PACKAGE),
    # attributes are no tags of their own, and unknown words none at all
    "kind_": [kind.value for kind in TagKind if kind not in (TagKind.ATTRIBUTE, TagKind.UNKNOWN)],
}
# what a phone shows at once, about; Chinese needs half of it
LONGEST = {"zh": 350}
LONGEST_OF_ALL = 700
# a menu's line
LONGEST_SUMMARY = 256
# commands, names and the words of menus stay as they are in every language
FIXED = re.compile(r"/[a-z{}]+|@\w+|ORGANIZERS|Disable|(?:Africa|America)/\w+|\bvenue:[\w ,]+\bCenter(?:, New York)?")

# what counts there can be, more or less
COUNTS = range(1001)

# a form of a phrase: key, language and plural, "" where there is one form for all
Form = tuple[str, str, str]


@cache
def list_forms() -> Mapping[Form, str]:
    """The words of every form of every phrase."""
    return {
        (key, language, plural): words
        for key, wording in load_phrases().items()
        for language, known in wording.items()
        for plural, words in ({"": known} if isinstance(known, str) else known).items()
    }


@cache
def count_plurals(language: str) -> Mapping[str, int]:
    """The plurals that whole numbers have in a language, as Babel knows them, each with how many of these it is for."""
    return Counter(find_plural(language, count) for count in COUNTS)


def find_unlike(tell_of: Callable[[str, str], object]) -> dict[Form, object]:
    """The forms of which something else is true than of the English one for many; that is asked of words, language."""
    known = {key: tell_of(words, language) for (key, language, _), words in list_forms().items() if language == "en"}
    told = {form: tell_of(words, form[1]) for form, words in list_forms().items()}
    return {form: of for form, of in told.items() if of != known[form[0]]}


def names_in(wording: str) -> list[str]:
    """What is filled into a phrase."""
    return sorted({name for _, name, _, _ in Formatter().parse(wording) if name})


def fill(form: Form) -> str:
    """A form of a phrase as it is told, each name filled in as itself, the count as the first number of the form."""
    key, language, plural = form
    values: dict[str, object] = {name: name for name in names_in(list_forms()[form])}
    if plural:
        values[COUNT] = next(count for count in COUNTS if find_plural(language, count) == plural)
    return phrase(key, **values).into(language)


# --- the data ------------------------------------------------------------------------------------------------------


def test_phrases_are_in_all_seven_languages_and_no_other():
    assert {key: list(wording) for key, wording in load_phrases().items() if tuple(wording) != LANGUAGES} == {}
    assert [form for form, words in list_forms().items() if not words or words != words.strip()] == []


def test_phrases_have_a_form_for_each_plural_of_the_language_and_no_other():
    assert {
        (key, language): list(known)
        for key, wording in load_phrases().items()
        for language, known in wording.items()
        if not isinstance(known, str) and set(known) != set(count_plurals(language))
    } == {}


def test_phrases_with_plurals_have_them_in_each_language_that_can_tell_them_apart():
    counted = [wording for wording in load_phrases().values() if not all(isinstance(w, str) for w in wording.values())]
    assert [[lang for lang, known in wording.items() if isinstance(known, str)] for wording in counted] == [
        ["zh"] for _ in counted
    ]
    assert len(counted) > 0


def test_key_stands_in_one_file_only():
    keys = [key for path in FOLDER.glob("*.toml") for key in tomllib.loads(path.read_text("utf-8"))]
    assert sorted(keys) == sorted(load_phrases())


def test_phrases_are_filled_with_the_same_in_each_language():
    lacking = {
        (key, language, plural)
        for key, language, plural in find_unlike(lambda words, _: names_in(words))
        # a form for one number alone, such as a dual, need not give it
        if count_plurals(language)[plural] > 1
        or names_in(list_forms()[key, language, plural])
        != sorted(set(names_in(list_forms()[key, "en", "other"])) - {COUNT})
    }
    assert lacking == set()


def test_phrases_have_the_same_lines_commands_and_names_in_each_language():
    assert find_unlike(lambda words, _: words.count("\n")) == {}
    assert find_unlike(lambda words, _: sorted(FIXED.findall(words))) == {}


def test_tags_in_phrases_are_the_same_and_spelled_as_their_language_teaches():
    def tags_of(words: str, language: str) -> list[tuple[str, bool]]:
        typed = re.findall(r"#(\w+)", words)
        keys = [read_tag(word).key for word in typed]
        taught = [vocabulary().tags[tag].spellings[language][0] for tag in keys]
        return [(tag, word == first) for tag, word, first in zip(keys, typed, taught, strict=True)]

    assert find_unlike(tags_of) == {}
    english = [words for (_, language, _), words in list_forms().items() if language == "en"]
    assert {taught for words in english for _, taught in tags_of(words, "en")} == {True}


def test_phrases_fit_on_the_screen_of_a_phone():
    assert [form for form in list_forms() if len(fill(form)) > LONGEST.get(form[1], LONGEST_OF_ALL)] == []


def test_summaries_of_commands_fit_into_a_menu():
    summaries = [command.describe(language) for command in COMMANDS for language in LANGUAGES]
    assert [summary for summary in summaries if len(summary) > LONGEST_SUMMARY] == []


def test_arabic_lines_begin_from_the_right_and_keep_what_is_latin_together():
    for form in (form for form in list_forms() if form[1] == "ar"):
        # no isolate stands in another one: a sign within a command would make it none
        outside = re.sub(r"[\u2066\u2068][^\u2066\u2068\u2069]*\u2069", "", fill(form))
        # a sign beside a Latin word by itself would change sides, and an isolate that is left open swallow the rest
        assert (form, re.findall(r"[/@\u2066\u2068\u2069]|\b(?!II\b)[A-Za-z]+", outside)) == (form, [])
        first = [
            next((d for d in map(bidirectional, line) if d in ("L", "R", "AL")), "") for line in outside.split("\n")
        ]
        assert (form, set(first) <= {"R", "AL"}) == (form, True)


# --- the code ------------------------------------------------------------------------------------------------------


def used_keys() -> set[str]:
    """The keys of all calls of `phrase` in the packages."""
    trees = [ast.parse(p.read_text("utf-8")) for package in PACKAGES for p in (ROOT / package).rglob("*.py")]
    functions = [
        node for tree in trees for node in ast.walk(tree) if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef)
    ]
    return {key for function in functions for key in keys_in(function)}


def keys_in(function: ast.FunctionDef | ast.AsyncFunctionDef) -> Iterator[str]:
    given = {
        target.id: node.value
        for node in ast.walk(function)
        if isinstance(node, ast.Assign)
        for target in node.targets
        if isinstance(target, ast.Name)
    }
    for node in ast.walk(function):
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id == "phrase":
            first = node.args[0]
            yield from keys_of(given.get(first.id, first) if isinstance(first, ast.Name) else first)


def keys_of(expression: ast.expr) -> Iterator[str]:
    """The keys that an expression can be; whatever builds one in another way must be told of here."""
    match expression:
        case ast.Constant(value=str(key)):
            yield key
        case ast.IfExp(body=body, orelse=orelse):
            yield from keys_of(body)
            yield from keys_of(orelse)
        case ast.JoinedStr(values=[ast.Constant(value=prefix), ast.FormattedValue()]):
            yield from (f"{prefix}{word}" for word in BUILT[prefix])
        case ast.Attribute(value=ast.Name(id="problem"), attr="value"):
            yield from (problem.value for problem in Problem)
        case _:
            raise AssertionError(ast.unparse(expression))


def test_every_phrase_is_used_and_none_is_missing():
    assert used_keys() == set(load_phrases())


# --- telling -------------------------------------------------------------------------------------------------------


def test_phrase_is_told_in_a_language_and_in_english_where_that_is_none_of_the_seven():
    words = phrase("status_late", count=2)
    assert [words.into("fr"), words.into("de"), str(words)] == ["Notes tardives\u00a0: 2", "Late: 2", "Late: 2"]
    assert [tell(words, "es"), tell("as it is", "es"), tell(3, "es")] == ["Notas tardías: 2", "as it is", "3"]


def test_phrase_in_a_phrase_is_told_in_the_same_language():
    takes = phrase("set_takes", known="venue")
    assert phrase("set_unknown", key="x", takes=takes).into("pt") == (
        "Não conheço “x”. /set aceita: venue. Exemplo: /set venue: Church Center"
    )


@pytest.mark.parametrize(
    ("language", "told"),
    [
        ("en", {0: "0 notes filed", 1: "1 note filed", 2: "2 notes filed"}),
        ("fr", {0: "0 note classée", 1: "1 note classée", 2: "2 notes classées"}),
        ("es", {0: "0 notas archivadas", 1: "1 nota archivada", 2: "2 notas archivadas"}),
        ("pt", {0: "0 notas arquivadas", 1: "1 nota arquivada", 2: "2 notas arquivadas"}),
        (
            "ru",
            {
                1: "Внесена 1 запись",
                2: "Внесены 2 записи",
                5: "Внесено 5 записей",
                11: "Внесено 11 записей",
                21: "Внесена 21 запись",
            },
        ),
        (
            "ar",
            {
                0: "لم تدرج أي ملاحظة",
                1: "أدرجت ملاحظة واحدة",
                2: "أدرجت ملاحظتان",
                3: "أدرجت \u20683\u2069 ملاحظات",
                11: "أدرجت \u206811\u2069 ملاحظة",
                100: "أدرجت \u2068100\u2069 ملاحظة",
            },
        ),
        ("zh", {0: "已归入 0 条记录", 1: "已归入 1 条记录", 2: "已归入 2 条记录"}),
    ],
)
def test_phrase_with_a_count_is_told_in_the_plural_of_the_language(language: str, told: dict[int, str]):
    assert {count: phrase("digest_counts", count=count).into(language) for count in told} == told


def test_phrase_with_a_count_is_told_in_english_plurals_where_the_language_is_none_of_the_seven():
    assert [phrase("digest_counts", count=count).into("ru-x") for count in (1, 21)] == [
        "1 note filed",
        "21 notes filed",
    ]


@pytest.mark.parametrize(
    ("language", "told"),
    [
        ("en", "Sunday, 9 July 2017"),
        ("fr", "dimanche 9 juillet 2017"),
        ("es", "domingo, 9 de julio de 2017"),
        ("pt", "domingo, 9 de julho de 2017"),
        ("ru", "воскресенье, 9 июля 2017\u202fг."),
        ("ar", "الأحد، 9 يوليو 2017"),
        ("zh", "2017年7月9日星期日"),
        ("de", "Sunday, 9 July 2017"),
    ],
)
def test_dates_are_told_as_the_language_does(language: str, told: str):
    assert tell(date(2017, 7, 9), language) == told


def test_date_in_a_phrase_is_told_in_the_same_language():
    title = phrase("digest_title", meeting="Consultation", day=date(2017, 7, 9))
    assert [title.into("pt"), title.into("ar")] == [
        "Consultation – domingo, 9 de julho de 2017",
        "\u200f\u2068Consultation\u2069 – \u2068الأحد، 9 يوليو 2017\u2069",
    ]


def test_what_is_filled_in_keeps_its_direction_in_arabic():
    assert phrase("status_late", count=2).into("ar") == "ملاحظات متأخرة: \u20682\u2069"
    assert phrase("command_near", name="opne", near="open").into("ar") == (
        "لا يوجد أمر \u2066/opne\u2069؛ هل المقصود \u2066/open\u2069؟"
    )


def test_braces_that_somebody_typed_stay_as_they_are():
    assert str(phrase("set_empty", key="{x} {}")) == "{x} {}: (empty)"


@pytest.mark.parametrize(
    ("typed", "quoted"), [("  two\n words ", "two words"), ("9" * 60, "9" * 60), ("9" * 61, f"{'9' * 60}…")]
)
def test_what_somebody_typed_is_quoted_briefly(typed: str, quoted: str):
    assert quote_typed(typed) == quoted
