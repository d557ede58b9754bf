"""Whom the bot writes to by itself: all chats of a meeting, or its organizers. What came late or never is owned up to.

Called by `closing`, `reminders` and `jobs`, and by what sends and drafts in `bot`.
"""

from dataclasses import replace
from datetime import datetime, timedelta

from core.messages import MessageKey, Place
from core.phrases import Phrase, phrase
from core.replies import Reply
from handlers.meetings import name_meeting
from handlers.settings import tell_moment
from storage.store import Work

# what arrives later than this says that it is late
LATE = timedelta(minutes=5)


def list_chats(work: Work, meeting_id: int) -> list[MessageKey]:
    """The chats of a meeting, as what a reply is addressed to; the one that it was opened in first."""
    return [MessageKey(*place, "") for place in work.chats_of(meeting_id)]


def address_chats(work: Work, meeting_id: int, reply: Reply) -> list[Reply]:
    """The same said in every chat of the meeting."""
    return [replace(reply, to=to, meeting_id=meeting_id) for to in list_chats(work, meeting_id)]


def address_organizers(work: Work, meeting_id: int, told: Phrase, *, besides: Place | None = None) -> list[Reply]:
    """Said to the meeting's organizers where they write to the bot alone, in their language; else in its first chat.

    `besides` is a chat that cannot be reached.
    """
    language = work.load_meeting(meeting_id).language
    listed = {(platform, person) for platform, _, person in work.list_organizers(meeting_id)}
    private = [(person, chat) for platform, person in sorted(listed) for chat in work.find_private(platform, person)]
    replies = [
        Reply(MessageKey(*chat, ""), told.into(spoken), language=spoken, meeting_id=meeting_id)
        for person, chat in private
        if chat != besides
        for spoken in [work.language_of(*chat[:2], person) or language]
    ]
    if replies:
        return replies
    chats = [to for to in list_chats(work, meeting_id) if to.place != besides]
    return [Reply(to, told.into(language), language=language, meeting_id=meeting_id) for to in chats[:1]]


def tell_lateness(work: Work, id_: int, reply: Reply, now: datetime) -> list[Reply]:
    """A line below what was said late; nothing where more of it is still to come in the same chat."""
    if reply.due_at is None or reply.meeting_id is None or now - reply.due_at <= LATE:
        return []
    if work.count_due_replies(reply.to.place, reply.meeting_id, after=id_, until=now - LATE):
        return []
    meeting = work.load_meeting(reply.meeting_id)
    told = phrase("said_late", **tell_moment(meeting, reply.due_at))
    to = MessageKey(*reply.to.place, "")
    return [Reply(to, told.into(reply.language), language=reply.language, meeting_id=meeting.id)]


def tell_failure(work: Work, reply: Reply) -> list[Reply]:
    """The organizers are told elsewhere, once, that a chat of theirs cannot be reached."""
    if reply.due_at is None or reply.meeting_id is None or work.was_given_up(reply.to.place, reply.meeting_id):
        return []
    meeting = work.load_meeting(reply.meeting_id)
    told = phrase("chat_gone", platform=reply.to.platform.title(), meeting=name_meeting(meeting))
    return address_organizers(work, reply.meeting_id, told, besides=reply.to.place)
