"""The names of files where nobody is named: people's names stand in them. Pure.

A file that came without words has its name for a text; under the Chatham House Rule `gathering` files it as
"Document 1", and `recalling` takes the name out of an earlier draft.
"""

from collections.abc import Sequence

from core.messages import Attachment
from core.text import balance_bidi
from reports.pictures import is_photograph
from reports.template import say
from reports.words import load_words

# signs between the names of several files
_BETWEEN = ", "


def is_file_name(text: str, attachments: Sequence[Attachment]) -> bool:
    """Whether a text is nothing but names of these files."""
    left = text
    # a long name may have a short one in it
    for name in sorted({balance_bidi(a.name) for a in attachments if a.name}, key=len, reverse=True):
        left = left.replace(name, "")
    return left != text and not left.strip(_BETWEEN)


def number_file(attachments: Sequence[Attachment], number: int, language: str) -> str:
    """What stands for the names of these files: "Document 1"."""
    key = "unnamed_photograph" if all(map(is_photograph, attachments)) else "unnamed_document"
    return say(load_words()[key], language).format(number=number)
