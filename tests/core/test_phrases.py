"""What the bot says: every phrase in all seven languages, the same in each, none missing and none too many."""

import ast
import re
import tomllib
from collections.abc import Callable, Iterator
from pathlib import Path
from string import Formatter
from unicodedata import bidirectional

import pytest

from core.notes import Problem
from core.phrases import FOLDER, load_phrases, phrase, quote_typed, tell
from core.tags import LANGUAGES, TagKind, read_tag, vocabulary
from handlers.dispatch import COMMANDS

ROOT = Path(__file__).parents[2]
PACKAGES = ("bot", "core", "handlers", "reports", "storage")
# what is made of more than a word, with the words it is made of
BUILT = {
    "command_": [command.name for command in COMMANDS],
    "argument_": sorted({command.argument for command in COMMANDS if command.argument}),
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

Told = dict[str, object]


def find_unlike(tell_of: Callable[[str, str], object]) -> dict[str, Told]:
    """What differs from English in the phrases where anything does: of key and language, by key and language."""
    told = {key: {language: tell_of(key, language) for language in LANGUAGES} for key in load_phrases()}
    unlike = {key: {lang: of for lang, of in by.items() if of != by["en"]} for key, by in told.items()}
    return {key: by for key, by in unlike.items() if by}


def names_in(wording: str) -> list[str]:
    """What is filled into a phrase."""
    return sorted({name for _, name, _, _ in Formatter().parse(wording) if name})


def fill(key: str, language: str) -> str:
    """A phrase in a language, each name filled in as itself."""
    return phrase(key, **{name: name for name in names_in(load_phrases()[key]["en"])}).into(language)


# --- the data ------------------------------------------------------------------------------------------------------


def test_phrases_are_in_all_seven_languages_and_no_other():
    assert {key: list(wording) for key, wording in load_phrases().items() if tuple(wording) != LANGUAGES} == {}
    wordings = [words for wording in load_phrases().values() for words in wording.values()]
    assert [words for words in wordings if not words or words != words.strip()] == []


def test_key_stands_in_one_file_only():
    keys = [key for path in FOLDER.glob("*.toml") for key in tomllib.loads(path.read_text("utf-8"))]
    assert sorted(keys) == sorted(load_phrases())


def test_phrases_are_filled_with_the_same_in_each_language():
    assert find_unlike(lambda key, language: names_in(load_phrases()[key][language])) == {}


def test_phrases_have_the_same_lines_commands_and_names_in_each_language():
    assert find_unlike(lambda key, language: load_phrases()[key][language].count("\n")) == {}
    assert find_unlike(lambda key, language: sorted(FIXED.findall(load_phrases()[key][language]))) == {}


def test_tags_in_phrases_are_the_same_and_spelled_as_their_language_teaches():
    def tags_of(key: str, language: str) -> list[tuple[str, bool]]:
        typed = re.findall(r"#(\w+)", load_phrases()[key][language])
        keys = [read_tag(word).key for word in typed]
        taught = [vocabulary().tags[tag].spellings[language][0] for tag in keys]
        return [(tag, word == first) for tag, word, first in zip(keys, typed, taught, strict=True)]

    assert find_unlike(tags_of) == {}
    assert {taught for key in load_phrases() for _, taught in tags_of(key, "en")} == {True}


def test_phrases_fit_on_the_screen_of_a_phone():
    assert [
        (key, language)
        for key in load_phrases()
        for language in LANGUAGES
        if len(fill(key, language)) > LONGEST.get(language, LONGEST_OF_ALL)
    ] == []


def test_summaries_of_commands_fit_into_a_menu():
    summaries = [command.describe(language) for command in COMMANDS for language in LANGUAGES]
    assert [summary for summary in summaries if len(summary) > LONGEST_SUMMARY] == []


def test_arabic_lines_begin_from_the_right_and_keep_what_is_latin_together():
    for key in load_phrases():
        # no isolate stands in another one: a sign within a command would make it none
        outside = re.sub(r"[\u2066\u2068][^\u2066\u2068\u2069]*\u2069", "", fill(key, "ar"))
        # a sign beside a Latin word by itself would change sides, and an isolate that is left open swallow the rest
        assert (key, re.findall(r"[/@\u2066\u2068\u2069]|\b(?!II\b)[A-Za-z]+", outside)) == (key, [])
        first = [
            next((d for d in map(bidirectional, line) if d in ("L", "R", "AL")), "") for line in outside.split("\n")
        ]
        assert (key, set(first) <= {"R", "AL"}) == (key, True)


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
