"""Fields of the form that somebody meant with a tag that there is not: "#moderator" in a form with a moderator.

Called by placement and by `handlers.notes`.
"""

import re

from core.messages import Message
from core.tags import TagKind, find_tags
from core.text import match_key
from reports.template import Template

_SIGNS = "#＃﹟"
_WORD = re.compile(r"[^\W_]+")
# shorter words, such as "of" and "and", name no field
_SHORTEST = 4


def find_field(message: Message, template: Template) -> str:
    """The key of the field that an unknown tag of the message names by its key or a word of its label, else ""."""
    tags = [tag.typed.lstrip(_SIGNS) for tag in find_tags(message.text) if tag.meaning.kind is TagKind.UNKNOWN]
    for tag in map(match_key, tags):
        for spec in template.fields:
            words = {match_key(word) for label in spec.label.values() for word in _WORD.findall(label)}
            if tag == match_key(spec.key) or (len(tag) >= _SHORTEST and tag in words):
                return spec.key
    return ""
