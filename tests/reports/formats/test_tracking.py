"""Tracked changes: accepting all gives the later body, rejecting all the earlier; what did not change is not marked."""

import re
from datetime import UTC, datetime
from random import Random
from time import process_time

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st
from lxml import etree

from reports.formats.docx.body import paragraph, row, run, table
from reports.formats.docx.styles import NAMESPACE
from reports.formats.docx.tracking import track_changes
from tests.reports.formats.hostile_texts import HOSTILE, texts

W = f"{{{NAMESPACE}}}"
AT = datetime(2017, 7, 9, 17, 30, tzinfo=UTC)
SAID = 'w:author="Rapporteur" w:date="2017-07-09T17:30:00Z"'


# --- what a reader of the file sees --------------------------------------------------------------------------------


def settle(xml: str, accepted: bool | None = None) -> list[object]:
    """The blocks of a body, with all changes accepted or rejected as Word does it: properties and text of each."""
    parser = etree.XMLParser(huge_tree=True)
    body = etree.fromstring(f'<w:body xmlns:w="{NAMESPACE}">{xml}</w:body>', parser)
    if accepted is not None:
        settle_changes(body, gone="del" if accepted else "ins", former=not accepted)
    assert {element.tag for element in body.iter()} & {
        f"{W}{n}" for n in ("ins", "del", "delText", "pPrChange")
    } == set()
    return show(body)


def settle_changes(body: etree._Element, *, gone: str, former: bool) -> None:
    for line in body.findall(f".//{W}tr"):
        if line.find(f"{W}trPr/{W}{gone}") is not None:
            line.getparent().remove(line)
    for grid in [grid for grid in body.iter(f"{W}tbl") if grid.find(f"{W}tr") is None]:
        grid.getparent().remove(grid)
    for element in list(body.iter(f"{W}p")):
        for marked in element.findall(f"{W}{gone}"):
            element.remove(marked)
        joined = element.find(f"{W}pPr/{W}rPr/{W}{gone}") is not None
        change = element.find(f"{W}pPr/{W}pPrChange")
        if change is not None and former:
            element.replace(element.find(f"{W}pPr"), change.find(f"{W}pPr"))
        elif change is not None:
            change.getparent().remove(change)
        if joined:
            join(element)
    etree.strip_tags(body, f"{W}ins", f"{W}del")
    for text in body.iter(f"{W}delText"):
        text.tag = f"{W}t"


def join(element: etree._Element) -> None:
    """Join a paragraph with the next one, whose properties both then have; an empty one goes also before a table."""
    following = element.getnext()
    assert following is not None
    words = [child for child in element if child.tag in {f"{W}{name}" for name in ("r", "ins", "del")}]
    if following.tag == f"{W}p":
        own = following.find(f"{W}pPr")
        for word in reversed(words):
            following.insert(0 if own is None else 1, word)
    else:
        assert words == []
    element.getparent().remove(element)


def show(parent: etree._Element) -> list[object]:
    return [
        (write(block.find(f"{W}pPr")), [*read_runs(block)])
        if block.tag == f"{W}p"
        else [[show(cell) for cell in line.iterchildren(f"{W}tc")] for line in block.iterchildren(f"{W}tr")]
        for block in parent.iterchildren(f"{W}p", f"{W}tbl")
    ]


def read_runs(element: etree._Element) -> list[tuple[str, str]]:
    """The text of a paragraph by how it looks; how it is cut into runs makes no difference."""
    pieces: list[tuple[str, str]] = []
    for part in element.iter(f"{W}r"):
        look = write(part.find(f"{W}rPr"))
        text = "".join(piece.text or "" if piece.tag == f"{W}t" else "\n" for piece in part if piece.tag != f"{W}rPr")
        if pieces and pieces[-1][0] == look:
            text = pieces.pop()[1] + text
        pieces.append((look, text))
    return [(look, text) for look, text in pieces if text]


def write(element: etree._Element | None) -> str:
    """Properties as XML, without the ids of lists and what is empty."""
    written = "" if element is None else etree.tostring(element, encoding="unicode", with_tail=False)
    written = re.sub(r' xmlns:w="[^"]*"|<w:rPr/>|(?<=<w:numId w:val=")\d+', "", written)
    return re.sub(r"<w:pPr/>|<w:pPr></w:pPr>", "", written)


def track(before: str, after: str) -> str:
    return track_changes(before, after, AT)[0]


def p(text: str, style: str = "ListBullet", numbered: int = 0) -> str:
    return paragraph(style, run(text), numbered=numbered)


def t(*lines: tuple[str, ...]) -> str:
    widths = (1000,) * len(lines[0])
    rows = [row(widths, map(p, line), head=n == 0) for n, line in enumerate(lines)]
    return table(widths, rows, rtl=False, head=True)


def look(text: str, kind: str = "t") -> str:
    return f'<w:r><w:rPr><w:lang w:val="en-GB"/></w:rPr><w:{kind} xml:space="preserve">{text}</w:{kind}></w:r>'


# --- the marks -----------------------------------------------------------------------------------------------------


def test_an_unchanged_body_stays_as_it_is():
    body = p("Objectives", "Heading1") + p("One & two") + t(("What", "Who"), ("Plan", "UN")) + p("End", "FormNote")
    assert track_changes(body, body, AT) == (body, ())


def test_changed_words_are_marked_in_their_paragraph():
    head, end = p("Needs", "Heading1"), p("End")
    made = track(head + p("Costs rise in most countries.") + end, head + p("Costs rose in most countries now.") + end)
    words = (
        f'{look("Costs")}<w:del w:id="1" {SAID}>{look(" rise", "delText")}</w:del>'
        f'<w:ins w:id="2" {SAID}>{look(" rose")}</w:ins>{look(" in most countries")}'
        f'<w:ins w:id="3" {SAID}>{look(" now")}</w:ins>{look(".")}'
    )
    assert made == f'{head}<w:p><w:pPr><w:pStyle w:val="ListBullet"/></w:pPr>{words}</w:p>{end}'


def test_paragraphs_that_came_and_went_are_marked_with_their_ends():
    made = track(p("Gone") + p("End"), p("Here now") + p("End"))
    gone = f'<w:pPr><w:pStyle w:val="ListBullet"/><w:rPr><w:del w:id="1" {SAID}/></w:rPr></w:pPr>'
    come = f'<w:pPr><w:pStyle w:val="ListBullet"/><w:rPr><w:ins w:id="3" {SAID}/></w:rPr></w:pPr>'
    assert made == (
        f'<w:p>{gone}<w:del w:id="2" {SAID}>{look("Gone", "delText")}</w:del></w:p>'
        f'<w:p>{come}<w:ins w:id="4" {SAID}>{look("Here now")}</w:ins></w:p>{p("End")}'
    )


def test_rows_that_came_and_went_are_marked_and_changed_ones_in_their_cells():
    before = t(("What", "Who"), ("Gone for good", "UN"), ("Plan the forum", "UNDP")) + p("End")
    after = t(("What", "Who"), ("Plan the forum", "UNDP, UN"), ("Quite another one", "")) + p("End")
    made = etree.fromstring(f'<w:body xmlns:w="{NAMESPACE}">{track(before, after)}</w:body>')
    rows = [
        [
            [mark.tag.removeprefix(W) for mark in line.findall(f"{W}trPr/*") if mark.tag in (f"{W}ins", f"{W}del")],
            [[mark.tag.removeprefix(W) for mark in cell.iter(f"{W}ins", f"{W}del")] for cell in line.iter(f"{W}tc")],
        ]
        for line in made.iter(f"{W}tr")
    ]
    assert rows == [[[], [[], []]], [["del"], [["del"], ["del"]]], [[], [[], ["ins"]]], [["ins"], [["ins"], []]]]
    assert len(made.findall(f"{W}tbl")) == 1


def test_a_note_with_another_paragraph_number_stays_one_paragraph():
    before = [p(f"{n}.\tPoint of {word} and others") for n, word in enumerate(("health", "food", "peace"), 1)]
    after = [p(f"{n}.\tPoint of {word} and others") for n, word in enumerate(("work", "health", "food", "peace"), 1)]
    made = track("".join([*before, p("End")]), "".join([*after, p("End")]))
    # the new one whole, of the others their figures
    assert (made.count("<w:rPr><w:ins "), made.count("<w:rPr><w:del "), made.count("<w:del ")) == (1, 0, 3)


def test_lists_of_the_earlier_body_have_ids_that_the_later_has():
    before = p("One", numbered=2) + p("Gone", numbered=2) + p("Old list", numbered=3) + p("End")
    after = p("New list", numbered=2) + p("One", numbered=3) + p("End")
    made, lists = track_changes(before, after, AT)
    shown = re.findall(r'numId w:val="(\d+)".*?xml:space="preserve">([^<]*)<', made)
    assert (shown, lists) == ([("2", "New list"), ("3", "One"), ("3", "Gone"), ("4", "Old list")], (2, 3, 4))


def test_a_note_that_moved_below_another_heading_leaves_the_heading_where_it_is():
    heads = p("Challenges", "Heading2"), p("Opportunities", "Heading2")
    before = heads[0] + p("Visas") + heads[1] + p("Webinars") + p("End")
    after = heads[0] + p("Visas") + p("Webinars") + heads[1] + p("End")
    made = track(before, after)
    assert [made.count(head) for head in heads] == [1, 1]
    assert (settle(made, accepted=True), settle(made, accepted=False)) == (settle(after), settle(before))


def test_tables_whose_columns_are_wider_are_the_same():
    before = t(("What", "Who"), ("Plan", "UN")) + p("End")
    after = re.sub(r'(gridCol|tcW) w:w="\d+"', r'\1 w:w="1500"', before)
    assert (after != before, track(before, after)) == (True, after)


def test_a_heading_keeps_its_bookmark_once():
    def head(text: str, number: int) -> str:
        mark = f'w:id="{number}"'
        return f'<w:p><w:bookmarkStart {mark} w:name="_Toc{number}"/>{run(text)}<w:bookmarkEnd {mark}/></w:p>'

    before = head("Needs and costs", 1) + head("Gone", 2) + head("Means", 3) + p("End")
    after = head("Needs and all costs", 1) + head("Means", 2) + head("Entirely fresh", 3) + p("End")
    made = track(before, after)
    assert re.findall(r'_Toc\d|bookmarkEnd w:id="\d"', made) == [
        *("_Toc1", 'bookmarkEnd w:id="1"', "_Toc2", 'bookmarkEnd w:id="2"', "_Toc3", 'bookmarkEnd w:id="3"'),
    ]
    assert (settle(made, accepted=True), settle(made, accepted=False)) == (settle(after), settle(before))


# --- accepting and rejecting ---------------------------------------------------------------------------------------

vocabulary = ["costs", "rise", "in", "3", "countries", "–", "建议", "加强", "«now».", "R7\t\n", "and"]
sentences = st.lists(st.sampled_from(vocabulary), max_size=8)
plain_texts = st.one_of(sentences.map(" ".join), sentences.map(" ".join), texts)
paragraphs = st.builds(p, plain_texts, st.sampled_from(["ListBullet", "ListBullet", "Normal"]), st.integers(0, 3))
tables = st.integers(1, 3).flatmap(
    lambda width: st.lists(st.tuples(*[plain_texts] * width), min_size=1, max_size=4).map(lambda lines: t(*lines))
)
blocks = st.one_of(paragraphs, paragraphs, tables)


@st.composite
def pairs_of_bodies(draw: st.DrawFn) -> tuple[str, str]:
    """A body, and what became of it: some blocks dropped, repeated or elsewhere, others new; or another altogether."""
    before = draw(st.lists(blocks, max_size=6))
    kept = draw(st.lists(st.sampled_from(before), max_size=6)) if before else []
    stays = [block for block in before if draw(st.integers(0, 3))]
    after = draw(st.sampled_from([kept, stays])) + draw(st.lists(blocks, max_size=3))
    ends = st.sampled_from(["End", "Costs rise", ""])
    return "".join([*before, p(draw(ends))]), "".join([*after, p(draw(ends), "FormNote")])


@settings(deadline=None, max_examples=40)
@given(pairs_of_bodies())
@example((t(("a", "b")) + p("x"), t(("a",)) + p("y")))
@example((p("x"), p("x", "Normal", 2)))
def test_any_two_bodies_are_had_from_the_one_with_the_changes(pair: tuple[str, str]):
    before, after = pair
    made = track(before, after)
    assert settle(made, accepted=True) == settle(after)
    assert settle(made, accepted=False) == settle(before)


@pytest.mark.parametrize("name", HOSTILE)
def test_hostile_texts_come_and_go_and_change(name: str):
    text = HOSTILE[name]
    before = p(text) + p("Plain.") + t(("What", text)) + p(f"{text} then") + p("End")
    after = p("Plain.") + p(text) + t(("What", f"{text} now")) + p(f"{text} later") + p(text)
    made = track(before, after)
    assert (settle(made, accepted=True), settle(made, accepted=False)) == (settle(after), settle(before))


def test_thousands_of_notes_with_changes_take_seconds_and_many_equal_ones_no_longer():
    random = Random(7)
    detail = p("To: Member States", "ListDetail")
    notes = [
        f"Point {n}: {' '.join(random.choices(('costs', 'rise', 'share', 'data', 'means'), k=30))}" for n in range(600)
    ]
    later = [f"{note} now" if n % 50 == 0 else note for n, note in enumerate(notes) if n % 60]
    later.insert(5, later.pop(300))
    before, after = ("".join([*(p(note) + detail for note in each), p("End")]) for each in (notes, later))
    begin = process_time()
    made = track(before, after)
    took = process_time() - begin
    assert (settle(made, accepted=True), settle(made, accepted=False)) == (settle(after), settle(before))
    # some of those that changed are gone; one was moved
    assert made.count("<w:rPr><w:del ") == 2 * (10 + 1)
    assert took < 5
