"""Where the value of an attribute in words ends: "Dr. A. Lee, UNDP – text". Called by the reading of attributes."""

import re

# a stop ends a value, but not that of a title or an initial: "Dr. A. Lee"
_TITLES = (
    *("Dr", "Mr", "Ms", "St", "Sr", "Mrs", "Sra", "Dra", "Mme", "Mlle", "Prof", "Amb", "Hon", "Gen", "Col", "Rev"),
    *("Eng", "Ing", "Lic", "Min", "Sen", "Gov"),
)
_ABBREVIATED = re.compile(rf"\b(?:{'|'.join(_TITLES)}|[^\W\d_a-zа-яё]|[^\W\d_]\.[^\W\d_])\Z")
# a sentence, not the rest of a name: "A. Then we" beside "A. Lee, UNDP"
_PROSE = re.compile(r"\s+(\w+)\s+(\w+)")
_SIGN = re.compile(
    r"\n|[;；؛()（）\[\]【】。！？]|[.!?؟](?=\s)|:(?=\s)|："
    r"|[^\S\n]++[–—-][^\S\n]+|(?<!\d)–|—|–(?!\d)"
)
_DASH = re.compile(r"[^\S\n][–—-][^\S\n]")
_OPEN, _CLOSED = "(（[【", ")）]】"
_SENTENCE = ".!?؟。！？"
# "Amb" may be a title, "Lee" behind "Ann" is none
_MAYBE_TITLE = re.compile(r"(?:\A|\.)\s*[^\W\d_]{2,5}\Z")
_WORD = re.compile(r"\w+")
# small words within names: "Bank for Reconstruction", "Ministère de la Santé"
_SMALL = re.compile("of|the|and|for|de|du|des|la|le|les|et|del|el|y|da|do|dos|e|и")
_LONGEST_NAME = 120


def find_end(text: str, start: int, limit: int, *, spoken: bool) -> tuple[int, int]:
    """Where a value ends and where the text goes on; `limit` is where it ends at the latest.

    Brackets that open in it close in it. `spoken` says that it names a speaker, whom a colon may end.
    """
    depth = 0
    for found in _SIGN.finditer(text, start, limit):
        sign = found[0].strip() or "\n"
        if sign in _OPEN:
            depth += 1
        elif sign in _CLOSED and depth:
            depth -= 1
        elif sign in _CLOSED or sign == "\n":
            return found.start(), found.start()
        elif not depth and _ends(text, start, found, limit, sign=sign, spoken=spoken):
            return found.start(), found.end() + _spaces(text, found.end(), limit)
    return limit, limit


def ends_sentence(text: str, stop: int, after: int) -> bool:
    """Whether a value that ends here was ended by its sentence."""
    return text[stop:after].strip()[:1] in tuple(_SENTENCE)


def _ends(text: str, start: int, found: re.Match[str], limit: int, *, sign: str, spoken: bool) -> bool:
    """Whether a sign outside brackets ends the value."""
    if sign in ":：":
        return spoken and not _is_name(text, found.end(), limit)
    if sign == "." and _ABBREVIATED.search(text, max(start, found.start() - 6), found.start()):
        return not spoken and _is_prose(text, found.end(), limit)
    if not spoken:
        # "Asia–Pacific" is one word
        return sign != "–" or found[0] != sign
    if sign == ".":
        titled = _MAYBE_TITLE.search(text[start : found.start()][-_LONGEST_NAME:])
        return not (titled and _is_name(text, found.end(), limit, dashed=True))
    if sign == "–" == found[0]:
        return not _DASH.search(text, found.end(), _line_end(text, found.end(), limit))
    return True


def _is_name(text: str, start: int, limit: int, *, dashed: bool = False) -> bool:
    """Whether what follows, up to a dash or the end of its line, reads as a name: each word with a capital.

    `dashed` asks for the dash. Scripts without capitals tell nothing.
    """
    line = _line_end(text, start, limit)
    dash = _DASH.search(text, start, line)
    if dashed and not dash:
        return False
    words = _WORD.findall(text, start, dash.start() if dash else line)
    return bool(words) and all(word[0].isupper() or word[0].isdigit() or _SMALL.fullmatch(word) for word in words)


def _is_prose(text: str, start: int, limit: int) -> bool:
    """Whether a sentence follows: a word with a capital, then one that has none and is none of those within names."""
    words = _PROSE.match(text, start, limit)
    return words is not None and words[1][0].isupper() and words[2][0].islower() and not _SMALL.fullmatch(words[2])


def _line_end(text: str, start: int, limit: int) -> int:
    """The end of the line, as far as a name may reach."""
    limit = min(limit, start + _LONGEST_NAME)
    line = text.find("\n", start, limit)
    return limit if line < 0 else line


def _spaces(text: str, start: int, limit: int) -> int:
    """How many spaces follow."""
    end = start
    while end < limit and text[end] in " \t\xa0\u202f":
        end += 1
    return end - start
