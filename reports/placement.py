"""Placing notes in a template: (record, template) → report. Pure; handlers call it (rules.md, sections 5 and 7)."""

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from itertools import count, pairwise
from zoneinfo import ZoneInfo

from core.meetings import Record
from core.messages import Change, Message, in_time
from core.notes import Problem
from core.sessions import Session
from core.tags import read_theme
from reports.abbreviations import list_abbreviations
from reports.attendance import count_attendance
from reports.attribution import credit, hide_people, omit_speakers
from reports.checks import Found, list_checks
from reports.deciding import carry_out
from reports.decisions import Decision, Ruling
from reports.duplicates import fold_text
from reports.gathering import Doubt, Filing, Gathered, Given, gather
from reports.history import list_former, tell_decisions, tell_history, tell_lapsed, tell_overtaken
from reports.limits import tell_excess
from reports.near_fields import find_field
from reports.numbering import give_numbers, number_drafts
from reports.overview import DIVERGENCE, diverges, list_items, tabulate_sessions
from reports.participants import find_tabled, list_participants
from reports.pictures import show_photographs
from reports.provenance import trace_notes
from reports.report import Annex, Field, Group, Item, Output, Part, Report, ReviewItem, Section, SessionBlock
from reports.ruling import Desk
from reports.targets import NoteId, Numbers, list_prefixes, list_spots, name_note
from reports.template import PartSpec, SectionSpec, Template, say

RIGHT_TO_LEFT = frozenset({"ar"})


@dataclass(frozen=True, slots=True)
class Placed:
    """A filing in its part, with all who posted the same words there."""

    filing: Filing
    authors: tuple[str, ...]


@dataclass(slots=True)
class Placement:
    """Where everything stands. `parts` are keyed by part and, in a repeating section, session label."""

    gathered: Gathered
    parts: dict[tuple[str, str | None], list[Placed]] = field(default_factory=dict)
    unrouted: list[Filing] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class Settled:
    """A report, the numbers of its notes for a draft to keep, and what came of each of the desk's decisions.

    `labels` are the numbers as people type them ("R7"), those of notes without one now too; `posted` is what was
    gathered before the decisions, `gathered` what the report is made of.
    """

    report: Report
    numbers: Numbers
    rulings: Sequence[Ruling]
    labels: Mapping[NoteId, str]
    posted: Gathered
    gathered: Gathered


def place(record: Record, template: Template) -> Report:
    """The report of a record in this template. The same record always gives the same report."""
    return settle(record, template).report


def place_numbered(record: Record, template: Template) -> tuple[Report, Numbers]:
    """The report, and the numbers of its notes for a draft to keep."""
    settled = settle(record, template)
    return settled.report, settled.numbers


def settle(record: Record, template: Template) -> Settled:
    """The report with all that it was settled by."""
    desk = Desk(record, gather(record), template)
    numbers = number_drafts(
        record,
        desk,
        listing=lambda earlier, decisions: _list_numbered(distribute(gather(earlier), decisions, template), template),
    )
    placement = distribute(desk.gathered, desk.list_holding(), template)
    give_numbers(numbers, _list_numbered(placement, template))
    prefixes = list_prefixes(template)
    labels = {
        (key, place): f"{prefixes[part]}{number}" for (key, place, part), number in numbers.items() if part in prefixes
    }
    shown = _label_notes(numbers, placement, template)
    report = _Builder(record, template, placement, desk, {**labels, **shown}, shown.keys()).build()
    return Settled(report, numbers, desk.rulings, {**labels, **shown}, desk.gathered, placement.gathered)


def distribute(gathered: Gathered, decisions: Sequence[Decision], template: Template) -> Placement:
    """Put what was gathered, as the desk decided, into the parts of its tags, equal texts together."""
    placement = Placement(carry_out(gathered, decisions, template))
    order = {session.label: index for index, session in enumerate(placement.gathered.sessions.in_order(), start=1)}
    texts: dict[tuple[str, str | None, str], int] = {}
    for filing in placement.gathered.filings:
        spots = list_spots(filing, template)
        if not spots:
            placement.unrouted.append(filing)
        for key, block in spots:
            where = placement.parts.setdefault((key, block), [])
            same = texts.setdefault((key, block, fold_text(filing.text)), len(where))
            if same == len(where):
                where.append(Placed(filing, _list_authors(filing)))
            else:
                authors = dict.fromkeys([*where[same].authors, *_list_authors(filing)])
                # who is not to be named in one of them is not named by the other
                kept = where[same].filing
                where[same] = Placed(replace(kept, nonattrib=kept.nonattrib or filing.nonattrib), tuple(authors))
    for where in placement.parts.values():
        # stable: within a session the order of time stays
        where.sort(key=lambda placed: order[placed.filing.session.label] if placed.filing.session else 0)
    return placement


def _list_authors(filing: Filing) -> tuple[str, ...]:
    """Who posted a note and what the desk put to it, each once."""
    return tuple(dict.fromkeys(f.message.author.name for f in (filing, *filing.joined)))


def head_session(template: Template, session: Session, language: str) -> str:
    """What stands above a session: "Session II: Financing"."""
    if session.number is None or session.label.startswith("Breakout"):
        return f"{session.label}: {session.title}" if session.title else session.label
    wording = say(template.words["session_titled" if session.title else "session"], language)
    return wording.format(label=session.label, title=session.title)


def _list_numbered(placement: Placement, template: Template) -> list[tuple[str, Filing]]:
    """The notes of the numbered parts in the order of the report, each with its part's key."""
    prefixes = list_prefixes(template)
    return [(key, p.filing) for (key, _), where in placement.parts.items() if key in prefixes for p in where]


def _label_notes(numbers: Numbers, placement: Placement, template: Template) -> dict[NoteId, str]:
    """The citable id ("R7") of each numbered note; a note filed in several parts has it in all of them."""
    prefixes = list_prefixes(template)
    return {
        filing.id: f"{prefixes[key]}{numbers[*filing.id, key]}" for key, filing in _list_numbered(placement, template)
    }


@dataclass(slots=True)
class _Builder:
    """Makes the tree: template's words and order, notes from the placement, numbers as given."""

    record: Record
    template: Template
    placement: Placement
    desk: Desk
    labels: Mapping[NoteId, str]
    shown: Collection[NoteId]
    paragraphs: Iterator[int] = field(default_factory=lambda: count(1))
    decisions: Mapping[NoteId, tuple[str, ...]] = field(default_factory=dict)

    def build(self) -> Report:
        meeting, template, gathered = self.record.meeting, self.template, self.placement.gathered
        fields = self.fields()
        self.decisions = tell_decisions(self.desk, self.labels, self.words())
        title = next((f.value for f in fields if f.key == "title" and f.value), "")
        sections = tuple(self.section(spec) for spec in template.sections)
        late = tuple(self.item(filing) for filing in gathered.late)
        review = tuple(self.review_item(doubt) for doubt in self.doubts())
        annexes, unread = self.annexes(sections)
        report = Report(
            template=template.id,
            language=meeting.language,
            direction="rtl" if meeting.language in RIGHT_TO_LEFT else "ltr",
            title=self.say(template.title),
            subtitle=self.say(template.subtitle),
            preamble=self.say(template.preamble),
            meeting=self.describe_meeting(title),
            fields=fields,
            sections=sections,
            annexes=annexes,
            late=late,
            review=review,
            checks=(),
            provenance=trace_notes(self.words(), sections, annexes),
            footnote=self.say(template.footnote),
            words=self.words(),
            overview=tabulate_sessions(self.words(), sections, meeting.language),
            dropped=tuple(self.dropped_item(filing) for filing in gathered.dropped),
            history=tell_history(self.desk, self.labels, self.words()),
            former=list_former(self.desk, self.labels),
            outputs=tuple(Output(o.name, self.say(o.title), o.sections) for o in template.outputs),
            base=template.base,
        )
        named = meeting.rule != "chatham"
        sessions = gathered.sessions.in_order()
        nameless = {name_note(filing.id) for filing in gathered.filings if filing.nonattrib}
        overtaken, lapsed = (tell(self.desk, self.labels, self.words()) for tell in (tell_overtaken, tell_lapsed))
        found = Found(unread, overtaken, lapsed, nameless)
        checks = list_checks(report, sessions, self.desk, found, named=named)
        report = replace(report, checks=checks)
        return report if named else hide_people(report)

    def say(self, words: Mapping[str, str]) -> str:
        return say(words, self.record.meeting.language)

    def words(self) -> Mapping[str, str]:
        return {key: self.say(words) for key, words in self.template.words.items()}

    def describe_meeting(self, title: str) -> Mapping[str, object]:
        meeting = self.record.meeting
        first = min((m.sent_at for m in self.record.messages if self.counts(m)), default=None)
        return {
            "title": title or meeting.title,
            "zone": meeting.zone,
            "language": meeting.language,
            "opened_at": self.tell(min(filter(None, (meeting.opened_at, first)), default=None)),
            "closed_at": self.tell(meeting.closed_at),
            "close": meeting.close,
            "days": meeting.days,
            "rule": meeting.rule,
        }

    def counts(self, message: Message) -> bool:
        """Whether a meeting that nobody opened began with this message: not with a refused command."""
        if message.key in self.placement.gathered.off_record:
            return False
        return not message.first_text.startswith("/") or any(s.message == message.key for s in self.record.steps)

    def tell(self, at: datetime | None) -> str | None:
        return at.astimezone(self.zone()).isoformat() if at else None

    def zone(self) -> ZoneInfo:
        return ZoneInfo(self.record.meeting.zone)

    def fields(self) -> tuple[Field, ...]:
        given = self.placement.gathered.fields
        lines = []
        for spec in self.template.fields:
            label = self.say(spec.label)
            name = label.split("(")[0].rstrip(" :：\u00a0\u202f")
            placeholder = self.words()["to_complete"].format(field=name)
            value = given.get(spec.key) or None
            lines.append(Field(spec.key, label, value, spec.required, placeholder if spec.required else ""))
        return tuple(lines)

    def section(self, spec: SectionSpec) -> Section:
        section = Section(spec.id, spec.label, self.say(spec.heading), self.say(spec.help))
        if not spec.repeat:
            return replace(section, parts=tuple(self.part(part, None) for part in spec.parts))
        blocks = tuple(self.block(spec, session) for session in self.placement.gathered.sessions.in_order())
        return replace(section, sessions=blocks, empty=self.words()["no_sessions"])

    def block(self, spec: SectionSpec, session: Session) -> SessionBlock:
        return SessionBlock(
            label=session.label,
            title=session.title,
            theme=self.theme(session.theme),
            heading=self.session_heading(session),
            parts=tuple(self.part(part, session.label) for part in spec.parts),
        )

    def session_heading(self, session: Session) -> str:
        return head_session(self.template, session, self.record.meeting.language)

    def theme(self, text: str) -> str:
        """The wording of the template's theme list for a code, else the words that were given."""
        code = read_theme(text)
        known = next((theme for theme in self.template.themes if theme.code == code), None)
        return self.say(known.label) if known else text

    def part(self, spec: PartSpec, block: str | None) -> Part:
        placed = self.placement.parts.get((spec.key, block), [])
        groups = tuple(
            Group(heading, tuple(self.mark(self.item(p.filing, p.authors), spec) for p in members))
            for heading, members in self.grouped(placed, spec.group_by)
        )
        part = Part(
            key=spec.name if block is not None else spec.key,
            heading=self.say(spec.heading) or None,
            style=spec.style,
            groups=groups,
            empty=self.say(spec.empty) or self.words()["no_notes"],
        )
        numbered = self.number(part)
        return replace(numbered, over=tell_excess(spec, numbered.items, self.words()))

    def mark(self, item: Item, spec: PartSpec) -> Item:
        """The note, told apart where it is a divergent view in a part that takes other notes too."""
        others = any(tag != DIVERGENCE and spec.key in keys for tag, keys in self.template.routing.items())
        return replace(item, divergent=others and diverges(item))

    def number(self, part: Part) -> Part:
        """The part with running numbers of its paragraphs, where the template numbers them."""
        if not self.template.number_paragraphs or part.style in ("actions", "table"):
            return part
        groups = (
            replace(
                group, items=tuple(i if i.number else replace(i, paragraph=next(self.paragraphs)) for i in group.items)
            )
            for group in part.groups
        )
        return replace(part, groups=tuple(groups))

    def grouped(self, placed: list[Placed], group_by: str) -> Iterable[tuple[str | None, list[Placed]]]:
        """Notes under the headings that the part's grouping makes, in the order in which these come up.

        Those that go under none stand before all headings: below one they would be read as its own.
        """
        groups: dict[str | None, list[Placed]] = {None: []}
        for entry in placed:
            groups.setdefault(self.group_heading(entry.filing, group_by), []).append(entry)
        return [(heading, members) for heading, members in groups.items() if members]

    def group_heading(self, filing: Filing, group_by: str) -> str | None:
        if group_by == "session" and filing.session:
            return self.session_heading(filing.session)
        if group_by == "time":
            return filing.message.sent_at.astimezone(self.zone()).date().isoformat()
        if group_by == "addressee" and "to" in filing.attributes:
            return self.words()["recommendation_to"].format(to=filing.attributes["to"])
        return None

    def dropped_item(self, filing: Filing) -> Item:
        """A note that the desk took out, with the number by which it is taken in again."""
        return replace(self.item(filing), number=self.labels.get(filing.id))

    def item(self, filing: Filing, authors: tuple[str, ...] = ()) -> Item:
        message = filing.message
        hidden = ("speaker", "org") if filing.nonattrib else ()
        return Item(
            number=self.labels[filing.id] if filing.id in self.shown else None,
            tag=next(iter(filing.tags), ""),
            text=omit_speakers(filing.text) if filing.nonattrib else filing.text,
            session=filing.session.label if filing.session else None,
            message_id=message.key.id,
            chat=message.key.chat,
            platform=message.key.platform,
            author=message.author.name,
            at=message.sent_at.astimezone(self.zone()),
            attributes={k: v for k, v in filing.attributes.items() if k not in hidden},
            authors=authors or _list_authors(filing),
            edited=filing.edited,
            attachments=tuple(a for f in (filing, *filing.joined) for a in f.message.attachments),
            link=message.link,
            note=name_note(filing.id),
            credit="" if filing.nonattrib else credit(filing.attributes, self.record.meeting.attribution),
            edits=tuple(
                later.at.astimezone(self.zone())
                for earlier, later in pairwise(v for v in message.versions if v.change is not Change.DELETED)
                if later.text != earlier.text
            ),
            decisions=self.decisions.get(filing.id, ()),
            tags=filing.tags,
        )

    def annexes(self, sections: Sequence[Section]) -> tuple[tuple[Annex, ...], tuple[str, ...]]:
        """The template's annexes, and what of them could not be read."""
        gathered, files, words = self.placement.gathered.annexes, self.record.files, self.words()
        in_time = sorted(list_items(sections), key=lambda item: (item.at, item.note))
        annexes: list[Annex] = []
        unread: tuple[str, ...] = ()
        for key, heading in self.template.annexes.items():
            annex = Annex(key, self.say(heading), tuple(self.item(f) for f in gathered.get(key, ())))
            if key == "attendance":
                grids = count_attendance(annex.items, self.template, self.record.meeting.language)
                annex = replace(annex, grids=grids)
            elif key == "participants":
                grids, unread = list_participants(annex.items, files, words)
                annex = replace(annex, grids=grids, tabled=find_tabled(annex.items, words))
            elif key == "photographs":
                annex = replace(annex, pictures=show_photographs(in_time, files))
            elif key == "glossary":
                abbreviations = list_abbreviations(words, self.texts(in_time))
                annex = replace(annex, grids=(abbreviations,) if abbreviations else ())
            elif key == "notes":
                # a list of participants that is printed as a table stands here as it was posted
                lists = () if self.record.meeting.rule else self.tabled_items()
                annex = replace(annex, items=tuple(sorted((*in_time, *lists), key=lambda item: (item.at, item.note))))
            annexes.append(annex)
        return tuple(annexes), unread

    def tabled_items(self) -> tuple[Item, ...]:
        """The lists of participants of which a table holds all, where the form has that table."""
        if "participants" not in self.template.annexes:
            return ()
        items = [self.item(filing) for filing in self.placement.gathered.annexes.get("participants", ())]
        tabled = find_tabled(items, self.words())
        return tuple(item for item in items if item.note in tabled)

    def texts(self, items: Iterable[Item]) -> list[str]:
        """What people wrote that the report shows: notes, to whom, of whom, and fields but for those with names."""
        given = self.placement.gathered.fields
        fields = [given.get(spec.key) or "" for spec in self.template.fields if spec.type != "contact"]
        beside = [(item.attributes.get("to"), item.credit and item.attributes.get("org")) for item in items]
        return [*fields, *(item.text for item in items), *(str(text) for pair in beside for text in pair if text)]

    def doubts(self) -> list[Doubt]:
        """What waits for review: what gathering could not settle, and tags that the template has no part for."""
        gathered = self.placement.gathered
        fields = {spec.key for spec in self.template.fields}
        homeless: list[Filing | Given] = [
            *self.placement.unrouted,
            *(f for key, fs in gathered.annexes.items() if key not in self.template.annexes for f in fs),
            *(given for given in gathered.given if given.fills not in fields),
        ]
        unrouted = [Doubt(Problem.NOT_IN_TEMPLATE, entry.message, entry.text) for entry in homeless]
        return sorted([*gathered.doubts, *unrouted], key=lambda d: in_time(d.message.sent_at, d.message.key))

    def review_item(self, doubt: Doubt) -> ReviewItem:
        advice = self.words()[f"advice.{doubt.problem}"]
        if doubt.suggestions:
            near = ", ".join(f"#{word}" for word in doubt.suggestions)
            advice = f"{advice} {self.words()['did_you_mean'].format(suggestions=near)}"
        message = doubt.message
        if doubt.problem is Problem.UNKNOWN_TAG and (key := find_field(message, self.template)):
            advice = f"{advice} {self.words()['advice_field'].format(field=key)}"
        at = message.sent_at.astimezone(self.zone())
        return ReviewItem(doubt.problem.value, message.key.id, doubt.text, message.author.name, at, advice)
