"""A line of a note that counts people: its day, its heading, each number with its words. `reports.attendance` calls.

The words around numbers that count nothing themselves are in attendance.toml, in all languages together.
"""

import re
import tomllib
from collections.abc import Iterator, Mapping
from functools import cache
from importlib.resources import files as find_data

from core.text import match_key

# between the pieces of a line: commas, but for one that parts thousands, a sentence's end, a bracket before a number
_COMMAS = re.compile(r"[;；؛、]|[,，،](?!\d{3}(?!\d))|[(（](?=\d)|[.。](?=\s)|\s/\s|(?<!\d)\s[–—-]\s(?=\d)")
_NUMBER = r"\d{1,3}(?:[ \u00a0\u202f.,،٬]\d{3})+(?!\d)|\d+"
_EACH_NUMBER = re.compile(_NUMBER)
_ONE = "[人名位个]?"
# the name of a group of ages
_RANGE = re.compile(r"\d{1,3}\s*(?:[–—-]\s*\d{1,3}|\+)")
# "Women 54", "0-18 3"
_NUMBER_LAST = re.compile(rf"(.*[^\d\s.,–—-]|\d+\s*[–—-]\s*\d+(?=\s))\s*({_NUMBER})\s*{_ONE}")
_AFTER_COLON = re.compile(rf"(.+?)\s*[:：]\s*({_NUMBER})\s*{_ONE}")
_ALONE = re.compile(rf"({_NUMBER})\s*{_ONE}")
_HEADING = re.compile(r"([^:：]+)[:：]")
# the end of a bracket that began before a number, and so in another piece
_UNOPENED = re.compile(r"([^()（）]*)[)）](.*)")
_TIME = re.compile(r"(?<![\d–—+-])\d{1,2}[:：]\d\d(?!\d)")
_CHINESE_DAY = re.compile(r"第[一二三四五六七八九十\d]{1,3}[天日]")
_DASHES = " \t\u00a0\u202f:：–—-"
# Chinese has no spaces between words
_SPACELESS = re.compile("[\u3400-\u9fff]")
# longer ones are sentences
_LONGEST = 80


def split_day(line: str) -> tuple[str, str]:
    """The label of a day that a line begins with, and the rest."""
    chinese = _CHINESE_DAY.match(line)
    if chinese:
        return chinese[0], line[chinese.end() :].lstrip(_DASHES)
    head = re.match(r"\S+[ \u00a0\u202f]+\S+?(?=[:：\s]|$)", line)
    known = head and any(fold_label(word) in _load_words()["day"] for word in head[0].split())
    if not head or not known or ":" in head[0]:
        return "", line
    rest = line[head.end() :]
    # "Day 1 women" says less than "Day 1: women" or "Day 1 – women"
    return (head[0], rest.lstrip(_DASHES)) if not rest or rest.lstrip()[:1] in ":：–—-" else ("", line)


def split_heading(line: str) -> tuple[str, str]:
    """What stands before a colon and counts nothing: "Age" of "Age: 0-18: 3", not "Women" of "Women: 54"."""
    found = _HEADING.match(line)
    if not found or found[1][:1].isdecimal() or _TIME.search(line):
        return "", line
    rest = line[found.end() :].strip()
    first = _COMMAS.split(rest, maxsplit=1)[0].strip().rstrip(" .。)）")
    return ("", line) if rest and _ALONE.fullmatch(first) else (found[1].strip(), rest)


def read_pieces(line: str) -> Iterator[tuple[str, str]]:
    """Label and number of each number between commas that has its words; the label is "" for a number alone."""
    for piece in _split_pieces(line):
        if len(piece) > _LONGEST or _TIME.search(piece):
            continue
        first = _AFTER_COLON.fullmatch(piece) or _NUMBER_LAST.fullmatch(piece)
        label = _strip_thereof(first[1].rstrip()) if first else ""
        if match := _ALONE.fullmatch(piece):
            yield "", match[1]
        elif first and label and _is_label(label) and label.endswith(_strip_joining(label) or "…"):
            yield label, first[2]
        else:
            yield from (entry for words in re.split("[:：]", piece) for entry in _read_numbers(words.strip()))


def _split_pieces(line: str) -> Iterator[str]:
    """The pieces between commas, without stops and without brackets that do not both stand in them."""
    for words in _COMMAS.split(line):
        unopened = _UNOPENED.fullmatch(words)
        for piece in unopened.groups() if unopened else (words,):
            yield piece.strip().rstrip(" .。")


def _read_numbers(piece: str) -> list[tuple[str, str]]:
    """Numbers each before its words: "84 participants from 27 countries"; none where one has no words of its own."""
    found = list(_EACH_NUMBER.finditer(piece))
    if not found or _strip_joining(piece[: found[0].start()]):
        return []
    ends = [*(match.start() for match in found[1:]), len(piece)]
    read: list[tuple[str, str]] = []
    for match, end in zip(found, ends, strict=True):
        words = re.sub(r"^[名位个](?=\w)", "", piece[match.end() : end].strip())
        label = _strip_joining(words)
        # between two numbers words that join nothing may belong to either
        joined = end == len(piece) or label != words
        if not joined or not label[:1].isalpha() or not _is_label(label):
            return []
        read.append((label, match[0]))
    return read


def _is_label(label: str) -> bool:
    """Whether words say what is counted: no other number but that of a group of ages, and none that is unsure."""
    words = {fold_label(word) for word in label.split()}
    unsure = _load_words()["unsure"]
    begun = _SPACELESS.match(label) and any(label.startswith(word) for word in unsure if _SPACELESS.match(word))
    return not re.search(r"\d", _RANGE.sub("", label)) and not words & unsure and not begun


def _strip_thereof(label: str) -> str:
    """ "women" of "of which women"; "In person" stays whole."""
    thereof, first = _load_words()["thereof"], [*label.split(maxsplit=1), ""][0]
    counted = fold_label(first) in thereof or any(_SPACELESS.match(w) and first.startswith(w) for w in thereof)
    return _strip_joining(label) if counted else label


def _strip_joining(words: str) -> str:
    """Words without those at both ends that only join: "of whom", "from", 来自."""
    joining, left = _load_words()["joining"], words.strip()
    while left and fold_label(left.split(maxsplit=1)[0]) in joining:
        left = left[len(left.split(maxsplit=1)[0]) :].lstrip()
    while left and fold_label(left.rsplit(maxsplit=1)[-1]) in joining:
        left = left[: -len(left.rsplit(maxsplit=1)[-1])].rstrip()
    for word in joining if _SPACELESS.search(left) else ():
        if _SPACELESS.match(word):
            left = left.removeprefix(word).removesuffix(word)
    return left


def fold_label(label: str) -> str:
    """The label without capitals, accents and dashes; "0–18" and "0-18" are one."""
    return " ".join(match_key(word) for word in re.sub(r"[–—−]", "-", label).split())


@cache
def _load_words() -> Mapping[str, frozenset[str]]:
    """The words around numbers, folded, by what they do: day, joining, unsure."""
    data = tomllib.loads(find_data("reports").joinpath("attendance.toml").read_text("utf-8"))
    return {kind: frozenset(map(fold_label, words)) for kind, words in data.items()}
