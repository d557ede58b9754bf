"""Finding the tags of a message, against parsing the JSON that it comes in.

The target is 5 % of what Bolt needs for an event that nobody handles. Bolt is no dependency yet; such an event took 10
times as long as `json.loads` of the same one (slack-bolt 1.30.0, median of 9 pairs, quartiles 9.8 and 10.6), so the
target is half a `json.loads`.
"""

import json
from typing import Any

import pytest

from bench.corpus import make_event, make_texts
from bench.figures import Figures, Target, compare, show_time
from core.cutting import cut_text
from core.tags import find_tags

COUNT, LENGTH = 500, 500
OF_AN_EVENT = Target("<=", 0.5)


@pytest.mark.parametrize("tags", [0, 1, 6])
def test_tags(benchmark: Any, figures: Figures, tags: int) -> None:
    texts = make_texts(COUNT, LENGTH, tags)
    events = [make_event(text, number) for number, text in enumerate(texts)]
    pairs = compare(benchmark, lambda: [find_tags(text) for text in texts], lambda: [json.loads(e) for e in events])
    assert sum(len(find_tags(text)) for text in texts) == tags * COUNT
    ours, floor = min(pairs.ours) / COUNT, min(pairs.floor) / COUNT
    what = f"tags of a message, {LENGTH} characters, {tags} tags"
    figures.add(what, show_time(ours), f"{show_time(floor)} json.loads of its event", pairs.slower, OF_AN_EVENT)


def test_cutting(benchmark: Any, figures: Figures) -> None:
    texts = make_texts(COUNT, LENGTH, 1)
    events = [make_event(text, number) for number, text in enumerate(texts)]
    pairs = compare(benchmark, lambda: [cut_text(text) for text in texts], lambda: [json.loads(e) for e in events])
    assert sum(len(cut_text(text)) for text in texts) == COUNT
    ours, floor = min(pairs.ours) / COUNT, min(pairs.floor) / COUNT
    figures.add("... and cut into notes, 1 tag", show_time(ours), f"{show_time(floor)} the same", pairs.slower)
