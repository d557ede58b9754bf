"""A thing that is due, of a meeting as it now stands, and what closes, digests and reminders alike do with it.

Used by `closing` and `reminders`.
"""

from dataclasses import dataclass, replace
from datetime import datetime

from core.meetings import Meeting, Record, Step, StepKind
from core.messages import Author, Change, MessageKey, Version, fold
from core.phrases import Phrase, phrase, tell
from core.replies import Button, Reply
from core.schedule import Due, DueKind
from core.sessions import Session
from handlers import Context
from handlers.addressing import address_chats, list_chats
from handlers.digest import name_session
from handlers.meetings import order_draft
from reports.gathering import Gathered
from reports.template import Template
from storage.agenda import Waiting

# what the bot does by itself stands under this name in the transcript
_BOT = Author("", "Rapporteur")
_NOWHERE = MessageKey("", "", "", "")

# the replies, and when to look again
Done = tuple[list[Reply], datetime | None]


@dataclass(frozen=True, slots=True)
class Job:
    """Something that is due, of a meeting as it now stands."""

    context: Context
    waiting: Waiting
    meeting: Meeting
    now: datetime

    @property
    def due(self) -> Due:
        """What is due."""
        return self.waiting.due

    @property
    def told_at(self) -> datetime:
        """When this was to be said: closes and digests at their hour, all else is about now."""
        return self.due.at if self.due.kind in (DueKind.CLOSE, DueKind.DIGEST) else self.now

    def load_record(self) -> Record:
        """All that was said in the meeting."""
        return self.context.work.load_record(self.meeting.id)

    def load_template(self) -> Template:
        """The meeting's template."""
        return self.context.templates.load(self.meeting.template)

    def name_session(self, session: Session, language: str) -> str:
        """A session as people know it."""
        return name_session(self.load_template(), session, language)

    def offer_close(self, later: str = "") -> Button:
        """A button that closes the meeting now, or later."""
        label = phrase("button_close_later", time=later) if later else phrase("button_close_now")
        return Button(label.into(self.meeting.language), f"/close {later or 'now'}")

    def say(self, *lines: str | Phrase, buttons: tuple[tuple[Button, ...], ...] = ()) -> list[Reply]:
        """Words in every chat of the meeting."""
        language = self.meeting.language
        text = "\n".join(tell(line, language) for line in lines)
        reply = Reply(_NOWHERE, text, buttons=buttons, language=language, due_at=self.told_at)
        return address_chats(self.context.work, self.meeting.id, reply)


def list_open(gathered: Gathered) -> list[Session]:
    """The sessions that somebody has opened and nobody closed."""
    return [session for session in gathered.sessions.in_order() if session.open and session.announced]


def order_draft_for_all(job: Job) -> list[Reply]:
    """One draft for all chats of the meeting."""
    chats = list_chats(job.context.work, job.meeting.id)
    order = order_draft(job.context, job.meeting.id, chats[0], job.meeting.language) if chats else None
    return [replace(order, everywhere=True, due_at=job.told_at)] if order else []


def give_command(job: Job, kind: StepKind, text: str, at: datetime) -> None:
    """What the bot does by itself is a command of its own: so it stands in the transcript, and in a replay of it."""
    work, meeting_id = job.context.work, job.meeting.id
    chats = list_chats(work, meeting_id)
    home = chats[0] if chats else MessageKey("clock", "", "", "")
    key = home._replace(id=f"clock:{kind}:{at.isoformat()}")
    if work.add_step(meeting_id, Step(kind, at, key)):
        job.context.keep_message(meeting_id, fold([Version(key, Change.SENT, at, _BOT, text)]), ())
    job.context.forget()
