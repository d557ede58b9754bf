"""Words and buttons as Slack's blocks. Called by `sending`, `finding` and whoever shows the home page.

The limits are those of Slack's reference: "Block Kit: section, actions, button", "chat.postMessage", "views.publish".
"""

from collections.abc import Iterator, Sequence
from typing import Any

from bot.mrkdwn import write_mrkdwn
from bot.platforms.slack.forms import write_press
from core.replies import Button

# signs of one section, escaped
SECTION = 3000
# sections of one message: Slack refuses blocks that are too long together, and does not say how long that is
_SECTIONS = 4
_BUTTONS_IN_A_ROW = 5
_LABEL, _VALUE = 75, 2000
# blocks of a message beside its sections, and of a home page in all
_ROWS, _HOME_BLOCKS = 40, 100

Blocks = list[dict[str, Any]]


def split_words(text: str) -> list[list[str]]:
    """The words of each message that a text takes: escaped, in pieces that each fit into a section."""
    pieces = list(_split_sections(text))
    return [pieces[start : start + _SECTIONS] for start in range(0, len(pieces), _SECTIONS)]


def _split_sections(text: str) -> Iterator[str]:
    """Whole lines as far as they fit; sections of blanks alone are refused, and left out."""
    section = ""
    for line in text.split("\n"):
        for piece in _split_line(line):
            longer = f"{section}\n{piece}" if section else piece
            if len(longer) > SECTION:
                yield section
                longer = piece
            section = longer
    if section.strip():
        yield section


def _split_line(line: str) -> Iterator[str]:
    """A line, escaped; where it is too long, in pieces, between words if there are some. No entity is cut."""
    while line:
        escaped = write_mrkdwn(line)
        if len(escaped) <= SECTION:
            yield escaped
            return
        size = min(len(line), SECTION)
        while len(write_mrkdwn(line[:size])) > SECTION:
            size -= (len(write_mrkdwn(line[:size])) - SECTION + 4) // 5
        blank = line.rfind(" ", size // 2, size)
        size = blank if blank > 0 else size
        yield write_mrkdwn(line[:size])
        line = line[size:].lstrip(" ")
    yield ""


def make_sections(pieces: Sequence[str]) -> Blocks:
    """Sections with these escaped words. `verbatim`: Slack makes no links of what looks like a channel or a person."""
    return [{"type": "section", "text": {"type": "mrkdwn", "text": piece, "verbatim": True}} for piece in pieces]


def make_rows(buttons: Sequence[Sequence[Button]]) -> Blocks:
    """Rows of buttons; those are left out whose command is too long to be carried."""
    rows: Blocks = []
    for line in buttons:
        carried = [(button.label, write_press(button.command, button.chat)) for button in line]
        fitting = [(label, value) for label, value in carried if len(value) <= _VALUE]
        for start in range(0, len(fitting), _BUTTONS_IN_A_ROW):
            row = fitting[start : start + _BUTTONS_IN_A_ROW]
            elements = [_make_button(f"{len(rows)}-{n}", label, value) for n, (label, value) in enumerate(row)]
            rows.append({"type": "actions", "elements": elements})
    return rows[:_ROWS]


def _make_button(name: str, label: str, value: str) -> dict[str, Any]:
    shown = label if len(label) <= _LABEL else f"{label[: _LABEL - 1]}…"
    text = {"type": "plain_text", "text": shown, "emoji": False}
    return {"type": "button", "action_id": f"press-{name}", "text": text, "value": value}


def make_home(text: str, buttons: Sequence[Sequence[Button]]) -> dict[str, Any]:
    """The view of a home page: a section for each group of lines, then the buttons."""
    rows = make_rows(buttons)
    groups = [piece for group in text.split("\n\n") for piece in _split_sections(group)]
    return {"type": "home", "blocks": [*make_sections(groups)[: _HOME_BLOCKS - len(rows)], *rows]}
