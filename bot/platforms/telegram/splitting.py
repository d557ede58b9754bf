"""Words in pieces that Telegram takes, by its measure: UTF-16 code units. Called by `sending`."""

# a paragraph, a line, a word
_BREAKS = ("\n\n", "\n", " ")


def count_units(text: str) -> int:
    """The length of a text as Telegram counts."""
    return len(text) + sum(character > "\uffff" for character in text)


def split_text(text: str, limit: int) -> list[str]:
    """The text in parts within the limit, cut between paragraphs, else lines, else words, where these are not tiny."""
    parts = []
    while count_units(text) > limit:
        end = _find_end(text, limit)
        at = next((at for mark in _BREAKS if (at := text.rfind(mark, 0, end + 1)) >= end // 2), end)
        parts.append(text[:at].rstrip())
        text = text[at:].lstrip()
    return [part for part in [*parts, text] if part]


def cut_lines(text: str, limit: int) -> str:
    """The first lines of a text that fit, with a mark where others are left out; of one long line, its beginning."""
    if count_units(text) <= limit:
        return text
    end = _find_end(text, limit - 2)
    line_end = text.rfind("\n", 0, end + 1)
    return f"{text[:line_end].rstrip()}\n…" if line_end > 0 else f"{text[:end].rstrip()}…"


def _find_end(text: str, limit: int) -> int:
    """How many characters fit."""
    end = limit
    while count_units(text[:end]) > limit:
        end -= 1
    return end
