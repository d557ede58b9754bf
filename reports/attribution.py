"""Who is named in a report: nobody, organisations or speakers; under the Chatham House Rule no person at all.

Pure; placement and gathering call it.
"""

from dataclasses import replace

from core.attributes import read_attributes
from core.messages import Attachment
from core.notes import Attributes
from reports.mapping import map_items
from reports.pictures import strip_metadata
from reports.report import Annex, Item, Report

# annexes that tell who was there
_OF_PEOPLE = frozenset({"participants"})
# what ends a text while it is read: the last speaker would else be all of it
_END = "x"


def credit(attributes: Attributes, attribution: str) -> str:
    """Who said it, as far as the meeting names them: nobody, the organisation, or the speaker with it."""
    keys = {"organisation": ("org",), "named": ("speaker", "org")}.get(attribution, ())
    return ", ".join(str(attributes[key]) for key in keys if attributes.get(key))


def omit_speakers(text: str) -> str:
    """A text that may name nobody, without "Speaker: …" wherever that stands; "…" where nothing else does.

    The cutting has read the first speaker of a note, unless its words are nothing but that.
    """
    while True:
        # a line below, for words that are nothing but a speaker are left as they stand
        said, left = read_attributes(f"{text}\n{_END}", only=("speaker", "org"))
        if not said:
            return text
        text = left.removesuffix(_END).strip() or "…"


def hide_people(report: Report) -> Report:
    """The report without who spoke, who posted, and who was there.

    "Neither the identity nor the affiliation of the speaker(s), nor that of any other participant, may be revealed"
    (Chatham House Rule, 2002): this holds for the rapporteurs and for the names of files too. Fields of the form, which
    somebody filled in to be sent, stay.
    """
    annexes = (_hide_in_pictures(annex) for annex in report.annexes if annex.key not in _OF_PEOPLE)
    return replace(
        map_items(replace(report, annexes=tuple(annexes)), _hide_in_item),
        review=tuple(replace(entry, author="") for entry in report.review),
        provenance=(),
        former=tuple(replace(former, text=omit_speakers(former.text)) for former in report.former),
        # one that was told while people could be named names them
        history=report.history if report.meeting.get("rule") == "chatham" else None,
    )


def _hide_in_pictures(annex: Annex) -> Annex:
    pictures = (
        replace(picture, name="", content=picture.content and strip_metadata(picture.content))
        for picture in annex.pictures
    )
    return replace(annex, pictures=tuple(pictures))


def _hide_in_item(item: Item) -> Item:
    return replace(
        item,
        # in an earlier draft, which may have named people, they may stand in the words
        text=omit_speakers(item.text),
        author="",
        authors=(),
        attributes={key: value for key, value in item.attributes.items() if key not in ("speaker", "org")},
        credit="",
        decisions=(),
        link="",
        attachments=tuple(Attachment(a.kind, "", "") for a in item.attachments),
    )
