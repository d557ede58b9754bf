import json
from collections.abc import Iterator
from importlib.resources import files
from random import Random
from unicodedata import normalize

import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from bot.replay import BadLine, replay_lines
from handlers import Defaults
from tests.bot.transcripts import TEMPLATES, Replays, line, replays, transcripts

OFTEN = settings(deadline=None, suppress_health_check=[HealthCheck.too_slow, HealthCheck.function_scoped_fixture])


@pytest.fixture(scope="module")
def in_memory() -> Iterator[Replays]:
    with replays() as made:
        yield made


# --- in any order, any number of times ------------------------------------------------------------------------------


@settings(OFTEN, max_examples=60)
@given(lines=transcripts, seed=st.integers(0, 10**6))
def test_lines_in_any_order_and_number_give_the_same_report(in_memory: Replays, lines: list[str], seed: int):
    random = Random(seed)
    shuffled = random.sample(lines, len(lines))
    doubled = [twice for one in lines for twice in (one, one)]
    both = random.sample(doubled, len(doubled))
    some = random.randrange(len(both))
    report = in_memory.render(lines)
    assert [in_memory.render(other) for other in (shuffled, doubled, both)] == [report] * 3
    # broken off and begun anew
    assert in_memory.render(both[:some], both) == report


DEMO = files("bot.demo").joinpath("pre-hlpf-2017.jsonl").read_text("utf-8").splitlines()


@pytest.mark.parametrize("seed", range(5))
def test_demo_in_any_order_and_number_gives_the_same_report(in_memory: Replays, seed: int):
    shuffled = Random(seed).sample(DEMO * (1 + seed % 2), len(DEMO) * (1 + seed % 2))
    assert in_memory.render(shuffled) == in_memory.render(DEMO)


@pytest.mark.parametrize("template", ["bapa40", "hlpf"])
def test_options_hold_whatever_the_transcript_says(in_memory: Replays, template: str):
    made = json.loads(in_memory.render(DEMO, template=template, zone="asia/tokyo"))
    again = json.loads(in_memory.render(DEMO, ["\n"]))
    assert (made["template"], made["meeting"]["zone"]) == (template, "Asia/Tokyo")
    assert (again["template"], again["meeting"]["zone"]) == ("bapa40", "America/New_York")


# --- once in the report or in the review list -----------------------------------------------------------------------

SCRIPTS = {
    "latin": ("challenge", "need", "Ă ă éà ñ ü ß The costs"),
    "cyrillic": ("вызов", "потребность", "Расходы растут ё й"),
    "arabic": ("تحد", "حاجة", "التكاليف ترتفع في الريف"),
    "chinese": ("挑战", "需求", "成本上升缺乏资源"),
    "greek": ("problem", "needs", "Το κόστος αυξάνεται"),
    "devanagari": ("barrier", "interest", "लागत बढ़ रही है नि"),
    "hebrew": ("gap", "interests", "העלויות עולות"),
}
PARTS = {0: "C.challenges", 1: "E.needs"}


@st.composite
def remarks(draw: st.DrawFn) -> tuple[str, str, tuple[str, ...]]:
    """Text of a message, words of its remark, and the parts in which these must stand; none for review."""
    *tags, letters = draw(st.sampled_from(sorted(SCRIPTS.values())))
    word = st.text(st.sampled_from(letters.replace(" ", "")), min_size=1, max_size=8)
    # texts are kept in NFC
    words = normalize("NFC", " ".join(draw(st.lists(word, min_size=1, max_size=6))))
    chosen = draw(st.lists(st.sampled_from([0, 1]), min_size=0, max_size=2, unique=True))
    names = [tags[index] for index in chosen] or [draw(st.sampled_from(["xyzzyq", "неизвестнотег", "qqqqww"]))]
    sign = draw(st.sampled_from(["#", "＃", "\u200f#"]))
    opening = " ".join(f"{sign}{name}" for name in names)
    text = draw(st.sampled_from([f"{opening} {{}}", f"{opening}: {{}}", f"{opening}\n{{}}"]))
    return text.format(words), words, tuple(PARTS[index] for index in chosen)


@settings(OFTEN, max_examples=60)
@given(st.lists(remarks(), min_size=1, max_size=12))
def test_every_tagged_remark_is_in_each_part_once_or_in_review(
    in_memory: Replays, written: list[tuple[str, str, tuple[str, ...]]]
):
    # a number in each remark keeps equal ones apart
    lines, expected, waiting = [], {"C.challenges": [], "E.needs": []}, []
    for number, (text, words, parts) in enumerate(written, start=1):
        lines.append(line(f"{text} {number}", number, author=f"Author {number}"))
        for part in parts:
            expected[part].append(f"{words} {number}")
        waiting += [] if parts else [f"{text} {number}".strip()]
    report = in_memory.replay(lines)
    assert {p.key: [i.text for i in p.items] for p in report.parts() if p.items} == {
        part: texts for part, texts in expected.items() if texts
    }
    assert [(entry.kind, entry.text) for entry in report.review] == [("unknown_tag", text) for text in waiting]


@settings(OFTEN, max_examples=40)
@given(transcripts)
@example([line("#challenge Costs #need Staff #xyzzy", 1)])
def test_no_line_is_bad_that_the_format_allows(in_memory: Replays, lines: list[str]):
    parts = (in_memory.store, TEMPLATES, Defaults())
    assert replay_lines(lines, parts, f"allowed {hash(tuple(lines))}", {}).bad_lines == ()


# --- lines that are not valid ---------------------------------------------------------------------------------------

GOOD = '"ts": "2018-05-07T10:00:00Z", "platform": "telegram", "chat": "room", "author": "Ana"'
BAD = [
    ("not json", "it is not valid JSON"),
    ("[1, 2]", "it is no JSON object"),
    ("null", "it is no JSON object"),
    ('{"ts": ', "it is not valid JSON"),
    ("[" * 100_000, "it is not valid JSON"),
    ("{}", "ts, platform, chat, author, message_id, text is missing"),
    (f'{{{GOOD}, "text": "#need A"}}', "message_id is missing"),
    (f'{{{GOOD}, "message_id": "", "text": "#need A"}}', "message_id is missing"),
    (f'{{{GOOD}, "message_id": "1"}}', "text is missing"),
    (f'{{{GOOD}, "edit_of": "1"}}', "text is missing"),
    (f'{{{GOOD}, "message_id": "1", "text": null}}', "text is not text"),
    (f'{{{GOOD}, "message_id": true, "text": "#need A"}}', "message_id is not text"),
    (f'{{{GOOD}, "message_id": 1.5, "text": "#need A"}}', "message_id is not text"),
    (f'{{{GOOD}, "message_id": {"9" * 5000}, "text": "#need A"}}', "it is not valid JSON"),
    (f'{{{GOOD}, "message_id": "1", "text": "#need A", "reply_to": []}}', "reply_to is not text"),
    (
        f'{{{GOOD}, "message_id": "1", "text": "A", "edit_of": "1", "delete_of": "2"}}',
        "it has both edit_of and delete_of",
    ),
    (
        f'{{{GOOD}, "message_id": "1", "text": "#need A", "attachments": {{}}}}'.replace("{}", '{"a": 1}'),
        "attachments is no list of objects",
    ),
    (f'{{{GOOD}, "message_id": "1", "text": "#need A", "attachments": ["a"]}}', "attachments is no list of objects"),
    (line("#need A", ts="2018-05-07T10:00:00"), "ts has no offset, such as +00:00"),
    (line("#need A", ts="yesterday"), "ts is no ISO 8601 time"),
    (line("#need A", ts=5), "ts is no ISO 8601 time"),
    (line("#need A", ts="0001-01-01T00:00:00+14:00"), "ts is out of range"),
    (line("#need A", ts="9999-12-31T23:59:59-01:00"), "ts is out of range"),
]


def test_lines_that_are_not_valid_are_told_by_number_and_the_others_used(in_memory: Replays):
    lines = [part for bad, _ in BAD for part in (bad, "")] + [line("#challenge Costs", 7)]
    replayed = replay_lines(lines, (in_memory.store, TEMPLATES, Defaults()), "bad lines", {})
    assert replayed.bad_lines == tuple(BadLine(1 + 2 * n, reason) for n, (_, reason) in enumerate(BAD))
    with in_memory.store.read() as work:
        record = work.load_record(replayed.meeting_id)
    assert [message.text for message in record.messages] == ["#challenge Costs"]


@pytest.mark.parametrize(
    ("raw", "text"),
    [
        ("\ufeff" + line("#need Staff"), "Staff"),
        (line("#need Staff") + "\r", "Staff"),
        (f"\t {line('#need Staff')}  ", "Staff"),
        (line("#need Staff").replace("Staff", "St\x00aff"), "Staff"),
        (line("#need Staff").replace("Staff", "St\\ud800aff"), "Staff"),
        (line("#need Staff").replace("Staff", "St\ud800aff"), "Staff"),
        (line("#need Staff").replace("Staff", "\\ud83d\\udc4d"), "👍"),
        (line("#need Staff", message_id=5), "Staff"),
        (line("#need Staff", reply_to=None, edit_of="", attachments=None), "Staff"),
        (line("#need Staff", unknown={"key": [1]}), "Staff"),
        (line("#need Staff", ts="2018-05-07T10:00Z"), "Staff"),
    ],
)
def test_lines_that_are_odd_but_readable_are_used(in_memory: Replays, raw: str, text: str):
    made = json.loads(in_memory.render([raw]))
    assert ([note["text"] for note in made["parts"]["E.needs"]], made["review"]) == ([text], [])


def test_deletion_needs_no_text_and_no_author(in_memory: Replays):
    deletion = {"ts": "2018-05-07T11:00:00Z", "platform": "telegram", "chat": "room", "delete_of": "1"}
    made = json.loads(in_memory.render([line("#need Staff"), json.dumps(deletion)]))
    assert made["parts"]["E.needs"] == []


def test_slack_texts_are_unescaped_and_others_are_not(in_memory: Replays):
    texts = ["#need R&amp;D &lt;b&gt; <https://un.org|UN>", "<#C1|challenge> Costs"]
    lines = [
        line(text, n, platform=p) for n, (text, p) in enumerate((t, p) for t in texts for p in ("slack", "telegram"))
    ]
    made = json.loads(in_memory.render(lines))
    assert [note["text"] for note in made["parts"]["E.needs"]] == [
        "R&D <b> UN (https://un.org)",
        "R&amp;D &lt;b&gt; <https://un.org|UN>",
    ]
    assert [note["text"] for note in made["parts"]["C.challenges"]] == ["Costs"]


def test_two_transcripts_of_one_chat_do_not_mix(in_memory: Replays):
    one, other = (json.loads(in_memory.render([line(text)])) for text in ("#need Staff", "#challenge Costs"))
    assert [len(made["parts"]["E.needs"]) for made in (one, other)] == [1, 0]


@pytest.mark.parametrize(
    ("earlier", "venue"), [("/set venue: Geneva", "Geneva"), ("Hello", None), ("/set city: Geneva", None)]
)
def test_of_two_messages_under_one_id_the_earlier_is_the_command(in_memory: Replays, earlier: str, venue: str | None):
    lines = [line(earlier, 1), line("/set venue: Vienna", 1, minute=2)]
    for given_lines in (lines, lines[::-1]):
        assert json.loads(in_memory.render(given_lines))["fields"]["venue"] == venue
