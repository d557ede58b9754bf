"""Opening and setting a meeting. Called through the command table, and by `closing`."""

import re
import unicodedata
from collections.abc import Iterator, Mapping
from dataclasses import replace
from datetime import datetime

from core.errors import UserError
from core.meetings import Meeting, Step, StepKind, with_values
from core.messages import MessageKey
from core.phrases import Phrase, phrase, tell
from core.replies import Reply
from core.schedule import find_close, plan_meeting
from handlers import Context, Request
from handlers.access import check_hearing
from handlers.settings import (
    CHOICES,
    NONE,
    READERS,
    choose_close,
    describe_setting,
    offer_settings,
    read_settings,
    tell_known,
    tell_moment,
)

# what is told of a meeting's settings also where nobody has set it
_ALWAYS_TOLD = ("template", "zone", "close", "days")
# what a close depends on
_MOVES_CLOSE = frozenset({"zone", "starts", "days", "hours"})


def open_meeting(context: Context, request: Request) -> list[Reply]:
    """`/open TITLE` with a line each for what is not as usual; asks for the rest with buttons."""
    place = request.message.key.place
    check_hearing(context, place)
    values = read_settings(context, {**({"title": request.argument} if request.argument else {}), **request.values})
    meeting_id = request.meeting_id
    current = context.meeting(meeting_id) if meeting_id is not None else None
    # a replay's meeting, or one that was made ready with the chat, is taken over
    is_ready = current is not None and current.opened_at is None and current.closed_at is None
    taken = current is not None and (context.replay_of is not None or is_ready)
    if current and not taken and current.closed_at is None:
        raise UserError(phrase("open_already", meeting=name_meeting(current)))
    if context.replay_of is None:
        _check_close(context, values, request.at)
    if meeting_id is None or not taken:
        meeting_id = create_meeting(context, values.get("title", ""))
        context.work.link_chat(*place, meeting_id)
    if context.guard:
        context.work.name_organizer(*place[:2], request.message.author.id, meeting_id)
    add_step(context, request, meeting_id, StepKind.OPEN, values)
    return [show_settings(context, meeting_id, request.message.key, request.language)]


def _check_close(context: Context, values: Mapping[str, str], at: datetime) -> None:
    """A `UserError` where a meeting that is opened with these settings would be over."""
    settings = {key: value for key, value in values.items() if key in ("close", "starts", "hours", "zone")}
    defaults = context.defaults
    meeting = Meeting(0, "", defaults.template, defaults.zone, days=int(values.get("days", 1)), opened_at=at)
    planned = find_close(replace(meeting, **settings))  # type: ignore[arg-type]
    if planned and planned <= at:
        raise UserError(phrase("close_passed", time=values["close"]))


def show_settings(context: Context, meeting_id: int, to: MessageKey, language: str) -> Reply:
    """How the meeting is set, with buttons for what nobody has said yet."""
    meeting = context.meeting(meeting_id)
    told = [*_ALWAYS_TOLD, *(key for key in READERS if key in meeting.given and key not in (*_ALWAYS_TOLD, "title"))]
    said = [phrase("opened", meeting=name_meeting(meeting)), *(describe_setting(key, meeting) for key in told)]
    # what was closed is not set by a press below an old message
    asked = () if meeting.closed_at else ("template", "zone", "close")
    buttons = [line for key in asked if key not in meeting.given for line in offer_settings(context, key)]
    text = "\n".join(tell(line, language) for line in said)
    card = f"settings:{meeting_id}"
    return Reply(to, text, card=card, buttons=tuple(buttons), language=language, meeting_id=meeting_id)


def renew_settings(context: Context, request: Request, meeting_id: int) -> Reply:
    """The settings as they now are, where they are shown."""
    return replace(show_settings(context, meeting_id, request.message.key, request.language), renews=True)


def create_meeting(context: Context, title: str) -> int:
    """Make a meeting with the defaults, named after its title."""
    defaults = context.defaults
    return context.work.create_meeting(
        make_name(title), template=defaults.template, zone=defaults.zone, language=defaults.language, pinned={}
    )


def set_values(context: Context, request: Request) -> list[Reply]:
    """`/set FIELD: VALUE`, on its line or a line each."""
    meeting_id = request.need_meeting()
    values = dict(request.values)
    if request.argument:
        key, colon, value = request.argument.partition(":")
        if not colon:
            raise UserError(phrase("set_how"))
        values = {key.strip().lower(): value.strip(), **values}
    template = context.templates.load(context.meeting(meeting_id).template)
    fields = [spec.key for spec in template.fields]
    unknown = [key for key in values if key not in (*fields, *READERS)]
    # in a replay the line that names the template may come later: a field that it lacks is then never shown
    if (unknown and context.replay_of is None) or not values:
        raise UserError(tell_known(unknown, [*fields, *READERS]))
    values = read_settings(context, values)
    if values.get("close"):
        others = {key: value for key, value in values.items() if key != "close"}
        # it is a time in the zone, and on the days, that are set with it
        meeting = with_values(context.meeting(meeting_id), others)
        values["close"] = choose_close(meeting, values["close"], request.at)
    add_step(context, request, meeting_id, StepKind.SET, values)
    told = request.answer(*_tell_values(context.meeting(meeting_id), values, request.at))
    if values.keys().isdisjoint(READERS):
        return [told]
    return [told, renew_settings(context, request, meeting_id)]


def _tell_values(meeting: Meeting, values: Mapping[str, str], at: datetime) -> Iterator[str | Phrase]:
    """What was set; and when the meeting now closes, where that changes or would be over."""
    for key, value in values.items():
        if key != "close":
            # what turns a choice off is answered as it is typed
            told = value or (NONE if key in CHOICES else "")
            yield f"{key}: {told}" if told else phrase("set_empty", key=key)
    planned = find_close(meeting)
    if "close" in values or (planned and not _MOVES_CLOSE.isdisjoint(values)):
        yield describe_setting("close", meeting)
    if planned and planned <= at and meeting.is_open:
        yield phrase("close_passed", time=tell_moment(meeting, planned)["time"])


def order_draft(context: Context, meeting_id: int, to: MessageKey, language: str) -> Reply:
    """A draft in the usual formats."""
    return Reply(to, draft=context.defaults.formats, meeting_id=meeting_id, language=language)


def add_step(context: Context, request: Request, meeting_id: int, kind: StepKind, values: Mapping[str, str]) -> None:
    """A command takes effect on a meeting, and what is due in it is planned anew."""
    context.work.add_step(meeting_id, Step(kind, request.at, request.message.key, values))
    context.forget()
    if context.replay_of is None:
        replan(context, meeting_id, request.at)


def replan(context: Context, meeting_id: int, since: datetime) -> None:
    """Put what the meeting's settings now make due on the agenda."""
    context.work.plan_due(meeting_id, plan_meeting(context.meeting(meeting_id), since), since)


def name_meeting(meeting: Meeting) -> str:
    """A meeting as people know it."""
    return meeting.title or meeting.name


def make_name(title: str) -> str:
    """A meeting's short name, safe as a file name and to type: letters and digits of any script, and hyphens."""
    words = re.findall(r"[^\W_]+", unicodedata.normalize("NFC", title.casefold()))
    return "-".join(words)[:60].strip("-") or "meeting"
