"""The worker: inbox → handlers → rows and replies, one transaction a batch. Run by `app`, `replay` and the console."""

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from uuid import uuid4

import structlog

from bot.platforms import Reader
from core.errors import StoreError, UpdateError
from core.messages import MessageKey, Version
from core.notices import Notice
from core.phrases import phrase
from core.replies import Reaction, Reply, Update
from handlers import Context, Defaults, Guard, find_meeting
from handlers.chats import take_notice
from handlers.dispatch import take_version
from reports.template_reader import TemplateCatalog
from storage.store import Store, Work

BATCH = 500


@dataclass(frozen=True, slots=True)
class Worker:
    """Takes the updates of one platform.

    In a replay every chat feeds one meeting and nobody is answered; `refused` then collects the commands that could not
    be done, by message id, for who started the replay. Without a `guard` everybody may do everything.
    """

    store: Store
    templates: TemplateCatalog
    defaults: Defaults
    reader: Reader
    replay_of: int | None = None
    guard: Guard | None = None
    refused: list[tuple[str, str]] = field(default_factory=list)

    def take_all(self) -> None:
        """Take what waits, until nothing does."""
        while self.take_batch() == BATCH:
            pass

    def take_batch(self) -> int:
        """Take a batch in one transaction; how many updates it was. What fails is taken again one by one."""
        try:
            with self.store.work() as work:
                updates = work.take_updates([self.reader.source], BATCH)
                self._take(work, updates)
                return len(updates)
        except StoreError:
            raise
        except Exception:
            return self._take_singly()

    def _take_singly(self) -> int:
        """Take a batch update by update: the one that fails becomes a dead letter and blocks nothing."""
        with self.store.work() as work:
            updates = work.take_updates([self.reader.source], BATCH)
        for update in updates:
            try:
                with self.store.work() as work:
                    self._take(work, [update])
            except StoreError:
                raise
            except Exception as error:
                incident = uuid4().hex[:8]
                structlog.get_logger().error(
                    "update failed", source=update.source, incident=incident, error=type(error).__name__
                )
                with self.store.work() as work:
                    self._bury(work, update, incident, error)
        return len(updates)

    def _bury(self, work: Work, update: Update, incident: str, error: Exception) -> None:
        """An update that failed: tell its author, if it can be read who that is, and a meeting is held there."""
        meeting_id = self.replay_of
        try:
            told = self.reader.read(update.payload, update.received_at) if meeting_id is None else ()
        except Exception:
            told = ()
        # the message itself comes after the one that it replies to
        for one in [one for one in told if isinstance(one, Version)][-1:]:
            meeting_id = find_meeting(work, one.key.place)
            if meeting_id is not None:
                words = phrase("incident", incident=incident).into(one.language)
                work.add_replies([Reply(one.key, words, Reaction.NOT_UNDERSTOOD)])
        work.bury_update(update.id, f"incident {incident}: {type(error).__name__}", meeting_id)

    def _take(self, work: Work, updates: Sequence[Update]) -> None:
        read = [(update, told) for update in updates if (told := self._read(work, update)) is not None]
        context = Context(work, self.templates, self.defaults, self.replay_of, self.guard)
        context.prefetch({one.key for _, told in read for one in told if isinstance(one, Version)})
        # what a message is answered first is overtaken by what it is answered for its change, or its album's next part
        answers: dict[MessageKey, list[Reply]] = {}
        for _, told in read:
            for one in told:
                replies = take_version(context, one) if isinstance(one, Version) else take_notice(context, one)
                if self.replay_of is None:
                    if isinstance(one, Version) and one.reply_to:
                        replies = [replace(reply, thread=one.reply_to) for reply in replies]
                    answers |= {replies[0].to: replies} if replies else {}
                elif isinstance(one, Version) and one.text.startswith("/"):
                    self.refused.extend((r.to.id, r.text) for r in replies if r.reaction is Reaction.NOT_UNDERSTOOD)
        for replies in answers.values():
            work.add_replies(replies)
        work.finish_updates({update.id: _list_meetings(context, told) for update, told in read})

    def _read(self, work: Work, update: Update) -> Sequence[Version | Notice] | None:
        try:
            return self.reader.read(update.payload, update.received_at)
        except UpdateError as error:
            if self.replay_of is None:
                structlog.get_logger().warning("dead letter", source=update.source, reason=str(error))
            work.bury_update(update.id, str(error), self.replay_of)
            return None


def _list_meetings(context: Context, told: Sequence[Version | Notice]) -> set[int]:
    """The meetings that keep messages of what an update told."""
    found = (context.find_message(one.key) for one in told if isinstance(one, Version))
    return {kept[0] for kept in found if kept}
