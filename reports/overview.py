"""What a report says of itself: the table of sessions, the summary page, abbreviations. Pure.

Called by placement and `reports.outputs`. Whatever stands here are the notes' own words and counts of them; no sentence
that nobody wrote.
"""

import re
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import datetime

from reports.report import Grid, Group, Item, Part, Report, Section, SessionBlock, Summary

# the part, of a section or of a session's block, that the summary shows whole, as it does those with citable numbers
CONCLUSIONS = "conclusions"
RECOMMENDATION = "recommendation"
# of other parts it shows notes with these tags only
_SHOWN = frozenset({RECOMMENDATION, "keyconclusion", "conclusion"})
_BETWEEN = " · "
# a bracket this long explains no abbreviation, nor do as many characters before one
_LONGEST_FORM = 200

# letters that stand close to an abbreviation without being of it
_CHINESE = r"\u3040-\u30ff\u3400-\u9fff"
_TOKEN = re.compile(
    rf"(?<![#@.+-])(?<![^\W{_CHINESE}])[^\W\d_{_CHINESE}](?:[^\W{_CHINESE}]|\+)*(?:-\d+)?(?![^\W{_CHINESE}])"
)
_BRACKET = re.compile(rf"\(([^()\n]{{1,{_LONGEST_FORM}}})\)")
_LETTERED = re.compile(r"[^\W_][\w+-]*").fullmatch
# up to 89: beyond, the letters rather are an abbreviation (CD, MDC)
_ROMAN = re.compile(r"(?:XL|L?X{0,3})(?:IX|IV|V?I{0,3})").fullmatch
# words of an explained term that have no letter in its abbreviation
_SMALL = frozenset(
    {"of", "the", "and", "for", "on", "in", "to", "a", "an", "de", "la", "le", "les", "del", "el", "los", "las", "des"}
    | {"du", "et", "pour", "sur", "y", "e", "para", "do", "da", "dos", "das", "no", "na", "по", "и", "в", "на", "с"}
)
# what is written in capitals and means itself
_NO_ABBREVIATIONS = frozenset({"OK", "AM", "PM"})
# a text of more words than this, all in capitals, is shouted
_SHORT = 4


def tabulate_sessions(words: Mapping[str, str], sections: Sequence[Section]) -> Grid | None:
    """The sessions with theme, time and numbers of notes and conclusions; None where there is none."""
    blocks = [block for section in sections for block in section.sessions or ()]
    if not blocks:
        return None
    rows = []
    for block in blocks:
        items = [item for part in block.parts for item in part.items]
        concluded = sum(len(part.items) for part in block.parts if part.key == CONCLUSIONS)
        when = _tell_span(sorted(item.at for item in items))
        rows.append((block.heading, block.theme, when, str(len(items)), str(concluded)))
    heads = ("session_column", "theme_column", "time", "notes_column", "conclusions_column")
    return Grid(words["sessions_title"], tuple(words[head] for head in heads), tuple(rows))


def _tell_span(times: Sequence[datetime]) -> str:
    """From when to when, in figures; the date of the end only where it is another."""
    if not times:
        return ""
    first, last = times[0], times[-1]
    if (first.date(), first.hour, first.minute) == (last.date(), last.hour, last.minute):
        return f"{first:%Y-%m-%d %H:%M}"
    return f"{first:%Y-%m-%d %H:%M}–{last:%H:%M}" if first.date() == last.date() else _span_days(first, last)


def _span_days(first: datetime, last: datetime) -> str:
    return f"{first:%Y-%m-%d %H:%M} – {last:%Y-%m-%d %H:%M}"


def summarize(report: Report) -> Summary:
    """One page: counts, sessions, and the conclusions and recommendations as they stand in the report."""
    shown = [_show(section, part) for section in report.sections for part in section.parts]
    shown += [_show_of_session(block, part) for block in report.session_blocks() for part in block.parts]
    return Summary(
        heading=report.words["summary_title"],
        counts=tuple(_count(report)),
        sessions=tuple(block.heading for block in report.session_blocks()),
        parts=tuple(part for part in shown if part.items),
    )


def _count(report: Report) -> Iterator[str]:
    """When and where, who was there as somebody counted them, and how many sessions, notes and recommendations."""
    words = report.words
    attendance = [(a.heading, a.items[-1].text) for a in report.annexes if a.key == "attendance" and a.items]
    yield from (f"{heading}: {' '.join(text.split())}" for heading, text in attendance)
    blocks = report.session_blocks()
    parts = [*report.parts(), *(part for block in blocks for part in block.parts)]
    items = {item.note: item for part in parts for item in part.items}.values()
    recommendations = [item for item in items if item.tag == RECOMMENDATION]
    themes = Counter(code for item in recommendations for code in item.attributes.get("theme", ()))
    counted = [
        *([words["count_sessions"].format(count=len(blocks))] if blocks else []),
        words["count_notes"].format(count=len(items)),
        words["count_recommendations"].format(count=len(recommendations)),
        *(f"({code.replace('.', ') (')}): {count}" for code, count in sorted(themes.items())),
    ]
    yield _BETWEEN.join(counted)


def _show(section: Section, part: Part) -> Part:
    heading = part.heading or section.heading
    if part.key.endswith(f".{CONCLUSIONS}") or any(item.number for item in part.items):
        return _without_files(replace(part, heading=heading, over=()))
    groups = (Group(group.heading, tuple(item for item in group.items if item.tag in _SHOWN)) for group in part.groups)
    # some of a numbered list would have other numbers here
    shown = replace(part, heading=heading, style="bullets", groups=tuple(g for g in groups if g.items), over=())
    return _without_files(shown)


def _show_of_session(block: SessionBlock, part: Part) -> Part:
    shown = part.key == CONCLUSIONS
    return _without_files(replace(part, heading=block.heading, groups=part.groups if shown else (), over=()))


def _without_files(part: Part) -> Part:
    """The part without what was posted with its notes, which is not in a summary."""
    groups = (Group(g.heading, tuple(replace(item, attachments=()) for item in g.items)) for g in part.groups)
    return replace(part, groups=tuple(groups))


def list_abbreviations(words: Mapping[str, str], items: Iterable[Item]) -> Grid | None:
    """The abbreviations in the notes, with what a note itself says that they mean; None where there is none."""
    texts = [item.text for item in items]
    found = {short: "" for text in texts for short in _find_abbreviations(text)}
    for text in texts:
        for bracket in _BRACKET.finditer(text):
            before = text[max(0, bracket.start() - _LONGEST_FORM) : bracket.start()].split()
            for short, meaning in _explain(before, bracket[1]):
                if found.get(short) == "":
                    found[short] = meaning
    if not found:
        return None
    return Grid("", (words["abbreviation"], words["meaning"]), tuple(sorted(found.items())))


def _find_abbreviations(text: str) -> Iterator[str]:
    """Words of at least two capitals, which are at least half of their letters: SDG, MGoS, BAPA+40, ООН."""
    pieces = text.split()
    if len(pieces) > _SHORT and all(piece.isupper() for piece in pieces if any(map(str.isalpha, piece))):
        return
    for match in _TOKEN.finditer(" ".join(piece for piece in pieces if not _is_address(piece))):
        token = _singular(match[0])
        capitals, of_all = sum(map(str.isupper, token)), sum(map(str.isalpha, token))
        if token[0].isupper() and max(2, of_all / 2) <= capitals and not (_ROMAN(token) or token in _NO_ABBREVIATIONS):
            yield token


def _is_address(piece: str) -> bool:
    """Whether it is one of the web or of mail, or the symbol of a document such as A/RES/71/243."""
    return "://" in piece or "@" in piece or piece.startswith("www.") or piece.count("/") > 1


def _singular(token: str) -> str:
    """ "SDG" of "SDGs"."""
    return token[:-1] if token.endswith("s") and token[:-1].isupper() else token


def _explain(before: Sequence[str], bracket: str) -> Iterator[tuple[str, str]]:
    """What a bracket explains: "South-South cooperation (SSC)", or "SSC (South-South cooperation)"."""
    if _LETTERED(bracket):
        yield _singular(bracket), _find_long_form(before, _singular(bracket))
    elif before:
        short = _singular(before[-1])
        inside = bracket.split()
        if _find_long_form(inside, short) == " ".join(inside):
            yield short, " ".join(inside)


def _find_long_form(before: Sequence[str], short: str) -> str:
    """The last of these words whose first letters make the abbreviation; "" where they do not."""
    letters = [char for char in short.lower() if char.isalpha()]
    initials: list[str] = []
    for start in range(len(before) - 1, -1, -1):
        word = before[start].strip("“”«»\"'’(,;:")
        pieces = [] if word.lower() in _SMALL else [piece[0].lower() for piece in word.split("-") if piece]
        initials = [*pieces, *initials]
        if pieces and initials == letters:
            return " ".join([word, *before[start + 1 :]])
        if len(initials) >= len(letters):
            break
    return ""
