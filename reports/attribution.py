"""Who is named in a report: nobody, organisations or speakers; under the Chatham House Rule no person at all.

Pure; placement and gathering call it.
"""

from collections.abc import Iterable
from dataclasses import replace

from core.attributes import read_attributes
from core.messages import Attachment
from core.notes import Attributes
from reports.pictures import strip_metadata
from reports.report import Annex, Item, Part, Report, Section

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
    return replace(
        report,
        sections=tuple(map(_hide_in_section, report.sections)),
        annexes=tuple(_hide_in_annex(annex) for annex in report.annexes if annex.key not in _OF_PEOPLE),
        late=_hide_in_items(report.late),
        dropped=_hide_in_items(report.dropped),
        review=tuple(replace(entry, author="") for entry in report.review),
        summary=report.summary and replace(report.summary, parts=_hide_in_parts(report.summary.parts)),
        provenance=(),
        former=tuple(replace(former, text=omit_speakers(former.text)) for former in report.former),
        # one that was told while people could be named names them
        history=report.history if report.meeting.get("rule") == "chatham" else None,
    )


def _hide_in_section(section: Section) -> Section:
    blocks = section.sessions
    if blocks is not None:
        blocks = tuple(replace(block, parts=_hide_in_parts(block.parts)) for block in blocks)
    return replace(section, parts=_hide_in_parts(section.parts), sessions=blocks)


def _hide_in_parts(parts: Iterable[Part]) -> tuple[Part, ...]:
    return tuple(
        replace(part, groups=tuple(replace(group, items=_hide_in_items(group.items)) for group in part.groups))
        for part in parts
    )


def _hide_in_annex(annex: Annex) -> Annex:
    pictures = tuple(
        replace(picture, name="", content=picture.content and strip_metadata(picture.content))
        for picture in annex.pictures
    )
    return replace(annex, items=_hide_in_items(annex.items), pictures=pictures)


def _hide_in_items(items: Iterable[Item]) -> tuple[Item, ...]:
    return tuple(
        replace(
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
        for item in items
    )
