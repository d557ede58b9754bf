"""A meeting that forty changes were made to between its drafts."""

from datetime import UTC, datetime, timedelta
from itertools import count

from bot.replay import replay_lines
from core.replies import Draft
from handlers import Defaults
from handlers.making import make_draft
from reports.report import Report
from storage.store import Store
from tests.bot.transcripts import TEMPLATES, line

FIRST_AT = datetime(2018, 5, 7, 18, 0, tzinfo=UTC)
SECOND_AT = FIRST_AT + timedelta(hours=3)

_TEXTS = (
    *("#objective Promote understanding of the 2030 Agenda", "#objective Learn from peers in other regions"),
    *("#keyconclusion Participation must last the whole year", "#recommendation Share data to: Member States by: 2019"),
    *("#recommendation Open a channel for civil society in national reviews", "#recommendation Fund local skills"),
    *("#recommendation Publish the list of side events", "#recommendation 加强南南合作的体制框架"),
    *("#trend Online platforms carry learning", "#trend Remote work grows", "#challenge Coordination omits groups"),
    *("#challenge نحتاج إلى آلية تنسيق أفضل", "#challenge Costs are rising", "#challenge Data are out of date"),
    *("#opportunity Webinars carry far", "#opportunity Young people ask for more", "#priority Youth first"),
    *("#need Staff at local level", "#need Rooms", "#institutional One focal point in each ministry"),
    *("#resources A fund for travel", "#venue Church Center", "#date 9 July 2017", "#title Pre-HLPF meeting"),
    "#session I: Participation",
    *("#topic Civil society space", "#topic Paragraph 89", "#conclusion The method is slow"),
    *("#action Draft terms of reference to: Group 3B by: 15 September", "#action Keep the list open to: UNOSSC"),
    "#action Report back",
    "#session II: Means",
    *("#topic Costs and budgets", "#conclusion Funds are late", "#action Ask for funds to: UN DESA by: May"),
    *("#additional Side events: 140 are registered", "#document Concept note", "#attendance 120 people"),
)
FIRST = [line("/open Talks", 0), *(line(text, number) for number, text in enumerate(_TEXTS, 1))]

_id = {text: str(number) for number, text in enumerate(_TEXTS, 1)}
_EDITS = {
    # words
    **{_TEXTS[n]: f"{_TEXTS[n]}, and soon" for n in (0, 2, 8, 11, 12, 16, 25, 35)},
    _TEXTS[4]: "#recommendation Open an official channel for civil society in reviews",
    _TEXTS[7]: "#recommendation 加强南南合作的体制框架和资源",
    _TEXTS[28]: "#action Draft the terms of reference to: Group 3B by: 15 September",
    # addressee and date
    _TEXTS[5]: "#recommendation Fund local skills to: UNOSSC by: 2020",
    _TEXTS[34]: "#action Ask for funds to: UN DESA by: June",
    # another part, another session
    _TEXTS[14]: "#challenge Webinars carry far",
    _TEXTS[10]: "#recommendation Coordination omits groups",
    _TEXTS[30]: "#action #s2 Report back",
    # fields and sessions
    _TEXTS[21]: "#venue Church Center, New York",
    _TEXTS[23]: "#title Preparatory meeting",
    _TEXTS[31]: "#session II: Means of implementation",
}
_WITHDRAWN = [_TEXTS[n] for n in (1, 3, 9, 13, 18, 26, 29, 36)]
_NEW = (
    *("#objective Prepare the forum", "#recommendation Translate the report", "#recommendation Pay the interpreters"),
    *("#trend Fewer flights", "#challenge Visas take months", "#need Interpreters", "#resources Regional funds"),
    *("#session III: Youth", "#theme b1", "#topic Schools", "#conclusion Listen more", "#action Invite students"),
    "#organizer Major Groups",
)
_numbers = count(200)
FORTY = [
    *(line(new, next(_numbers), edit_of=_id[old]) for old, new in _EDITS.items()),
    *(line("", next(_numbers), delete_of=_id[old]) for old in _WITHDRAWN),
    *(line(text, next(_numbers)) for text in _NEW),
]


def take(store: Store, lines: list[str], **options: str) -> int:
    """Replay lines of the meeting; its id."""
    return replay_lines(lines, (store, TEMPLATES, Defaults()), "talks", options).meeting_id


def make_both(store: Store, *wanted: str, **options: str) -> tuple[list[Draft], list[Report]]:
    """The drafts before and after the forty changes, and what was rendered; the second is wanted in these."""
    meeting_id = take(store, FIRST, **options)
    first, before = make_draft(store, TEMPLATES, meeting_id, ("md",), FIRST_AT)
    take(store, FORTY)
    second, after = make_draft(store, TEMPLATES, meeting_id, wanted, SECOND_AT)
    return [first, second], [before, after]
