"""The abbreviations in a report, with what the notes themselves say that they mean. Pure; placement calls it.

A meaning is somebody's own words, whole, beside the abbreviation in brackets; where that is unsure there is none.
"""

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence

from reports.report import Grid

# a bracket this long explains no abbreviation, nor do as many characters before one
_LONGEST_FORM = 200

# letters that stand close to an abbreviation without being of it
_CHINESE = r"\u3040-\u30ff\u3400-\u9fff"
_TOKEN = re.compile(
    rf"(?<![#@.+-])(?<![^\W{_CHINESE}])[^\W\d_{_CHINESE}](?:[^\W{_CHINESE}]|\+)*(?:-\d+)?(?![^\W{_CHINESE}])"
)
# most texts have no word with two capitals: they need no closer look
_CAPITALS = "".join(filter(str.isupper, map(chr, range(0x10000))))
_HAS_SHORT = re.compile(rf"[{_CAPITALS}]\w*[{_CAPITALS}]").search
_BRACKET = re.compile(rf"[(（]([^()（）\n]{{1,{_LONGEST_FORM}}})[)）]")
_LETTERED = re.compile(r"[^\W_][\w+-]*").fullmatch
# up to 89: beyond, the letters rather are an abbreviation (CD, MDC)
_ROMAN = re.compile(r"(?:XL|L?X{0,3})(?:IX|IV|V?I{0,3})").fullmatch
# a capital with the small letters after it: Af, C, F, T, A
_CHUNK = re.compile(r"[^\W\d_][^\W\d_A-ZА-ЯЁ]*")
# the article that stands with its word in French: l’action
_ELIDED = re.compile("^[ld]['’]", re.IGNORECASE)
_QUOTES = "“”«»\"'’(),;:"
# words of an explained term that need no letter in its abbreviation
_SMALL = frozenset(
    {"of", "the", "and", "for", "on", "in", "to", "a", "an", "among", "at", "by", "from", "with", "between", "against"}
    | {"de", "la", "le", "les", "del", "el", "los", "las", "des", "du", "et", "pour", "sur", "aux", "au", "en", "entre"}
    | {"y", "e", "para", "do", "da", "dos", "das", "no", "na", "em", "por", "contra", "по", "и", "в", "на", "с", "для"}
)
# after these a term says whose it is: "of the United Nations"; so many words at most
_WHOSE = frozenset({"of", "de", "des", "du", "del", "da", "do"})
_LONGEST_TAIL = 5
# small words that are shouted among others; as abbreviations they stand only where a note says what they mean
_SHOUTED = frozenset(
    {"OK", "AM", "PM", "IS", "IT", "ARE", "WAS", "BE", "NOT", "NO", "YES", "ALL", "VERY", "MUST", "NOW", "NEVER"}
    | {"AND", "OR", "BUT", "THE", "OF", "FOR", "TO", "IN", "ON", "AT", "BY", "IF", "WE", "THIS", "THAT", "DO", "ONLY"}
    | {"ALSO", "MORE", "TOO", "WITH", "NEW", "IMPORTANT", "URGENT", "NB", "PS"}
    | {"LE", "LA", "LES", "DE", "DES", "DU", "ET", "EST", "PAS", "TRÈS", "NON", "OUI", "EL", "LOS", "LAS", "ES", "MUY"}
    | {"SÍ", "TODOS", "NÃO", "SIM", "MUITO", "TODO", "НЕ", "НЕТ", "ДА", "ЭТО", "ОЧЕНЬ", "И", "ВСЕ", "НО"}
)
# a text of more words than this, all in capitals, is shouted; so is a run of as many as the second within one
_SHORT = 4
_RUN = 3


def list_abbreviations(words: Mapping[str, str], texts: Sequence[str]) -> Grid | None:
    """The abbreviations in these texts, with what one of them says that they mean; None where there is none."""
    meanings: dict[str, str] = {}
    for text in filter(_HAS_SHORT, texts):
        for bracket in _BRACKET.finditer(text):
            before = text[max(0, bracket.start() - _LONGEST_FORM) : bracket.start()].split()
            meanings |= dict(_explain(before, bracket[1], meanings))
    found = {short: meanings.get(short, "") for text in texts for short in _find_abbreviations(text, meanings)}
    if not found:
        return None
    return Grid("", (words["abbreviation"], words["meaning"]), tuple(sorted(found.items())))


def _find_abbreviations(text: str, explained: Iterable[str]) -> Iterator[str]:
    """Words of at least two capitals, which are at least half of their letters: SDG, MGoS, BAPA+40, ООН."""
    if not _HAS_SHORT(text):
        return
    pieces = text.split()
    quiet = " ".join(_leave_out_shouted([piece for piece in pieces if not _is_address(piece)]))
    whole = " ".join(pieces)
    for match in _TOKEN.finditer(quiet):
        token = _singular(match[0])
        if token in explained or (_is_short(token) and token not in _SHOUTED):
            yield token
    for match in _TOKEN.finditer(whole) if len(quiet) < len(whole) else ():
        if _singular(match[0]) in explained:
            yield _singular(match[0])


def _is_short(token: str) -> bool:
    capitals, of_all = sum(map(str.isupper, token)), sum(map(str.isalpha, token))
    return token[0].isupper() and max(2, of_all / 2) <= capitals and not _ROMAN(token)


def _leave_out_shouted(pieces: Sequence[str]) -> Iterator[str]:
    """The words but for those of runs of capitals: "It IS VERY IMPORTANT that" keeps "It" and "that"."""
    if len(pieces) > _SHORT and all(piece.isupper() for piece in pieces if any(map(str.isalpha, piece))):
        return
    run: list[str] = []
    for piece in pieces:
        # a comma or a stop ends a run: "UNDP, UNICEF, WFP" is a list
        if piece.strip(_QUOTES + ".!?…").isupper():
            run.append(piece)
            if piece[-1].isalnum():
                continue
        else:
            yield from _keep_quiet(run)
            yield piece
            run = []
            continue
        yield from _keep_quiet(run)
        run = []
    yield from _keep_quiet(run)


def _keep_quiet(run: Sequence[str]) -> Iterator[str]:
    """A run of words in capitals, unless it is shouted: long, or of two with a word that is no abbreviation."""
    small = any(piece.strip(_QUOTES + ".!?…") in _SHOUTED for piece in run)
    return iter(()) if len(run) >= _RUN or (len(run) > 1 and small) else iter(run)


def _is_address(piece: str) -> bool:
    """Whether it is one of the web or of mail, or the symbol of a document such as A/RES/71/243."""
    return "://" in piece or "@" in piece or piece.startswith("www.") or piece.count("/") > 1


def _singular(token: str) -> str:
    """ "SDG" of "SDGs"."""
    return token[:-1] if token.endswith("s") and token[:-1].isupper() else token


def _explain(before: Sequence[str], bracket: str, known: Mapping[str, str]) -> Iterator[tuple[str, str]]:
    """What a bracket explains: "South-South cooperation (SSC)", or "SSC (South-South cooperation)"."""
    if _LETTERED(bracket):
        short = _singular(bracket)
        if short not in known and _is_short(short) and (meaning := _find_long_form(before, short)):
            yield short, meaning
    elif before:
        short = _singular(before[-1].strip(_QUOTES))
        if short and short not in known and _is_short(short) and _spells(bracket.split(), short):
            yield short, " ".join(bracket.split())


def _find_long_form(before: Sequence[str], short: str) -> str:
    """The last of these words that spell the abbreviation; "" where they do not."""
    first = short[0].lower()
    for start in range(len(before) - 1, -1, -1):
        if len(before) - start > 2 * len(short) + 4:
            break
        word = before[start].lstrip(_QUOTES)
        # another sentence; the abbreviation itself
        if word.endswith((".", "!", "?", ";", ":")) or short in word:
            break
        if word[:1].lower() == first and _spells([word, *before[start + 1 :]], short):
            return " ".join([word, *before[start + 1 :]])
    return ""


def _spells(words: Sequence[str], short: str) -> bool:
    """Whether the first letters of the words make the abbreviation, but for small words, and those after "of" at last.

    So "Food and Agriculture Organization of the United Nations" is FAO; in AfCFTA "Af" is one word's beginning.
    """
    if not words or _is_small(words[0]):
        return False
    letters = [char for char in short.lower() if char.isalpha()]
    chunks = [chunk.lower() for chunk in _CHUNK.findall(short)]
    return any(_matches(words, wanted) for wanted in (letters, chunks))


def _matches(words: Sequence[str], wanted: Sequence[str]) -> bool:
    # how many of the wanted beginnings have been found, in each way to read the words so far
    reached = {0}
    for place, word in enumerate(words):
        rest = len(words) - place
        if len(wanted) in reached and word in _WHOSE and rest <= _LONGEST_TAIL and words[0][0].isupper():
            return True
        pieces = [piece.lower() for piece in _ELIDED.sub("", word.strip(_QUOTES)).split("-") if piece]
        after = set(reached) if _is_small(word) or not pieces else set()
        for at in reached:
            here = wanted[at : at + len(pieces)]
            if pieces and len(here) == len(pieces) and all(map(str.startswith, pieces, here)):
                after.add(at + len(pieces))
        reached = after
    return len(wanted) in reached


def _is_small(word: str) -> bool:
    return word.strip(_QUOTES).lower() in _SMALL
