"""The worker: inbox → handlers → rows and replies, one transaction a batch. Run by `app`, `replay` and the console."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from uuid import uuid4

import structlog

from bot.platforms import Reader
from core.errors import StoreError, UpdateError
from core.messages import Version
from core.replies import Reaction, Reply, Update
from handlers import Context, Defaults
from handlers.dispatch import take_version
from reports.template_reader import TemplateCatalog
from storage.store import Store, Work

BATCH = 500


@dataclass(frozen=True, slots=True)
class Worker:
    """Takes the updates of one platform.

    In a replay every chat feeds one meeting and nobody is answered; `refused` then collects the commands that could not
    be done, by message id, for who started the replay.
    """

    store: Store
    templates: TemplateCatalog
    defaults: Defaults
    reader: Reader
    replay_of: int | None = None
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
                    work.bury_update(update.id, f"incident {incident}: {type(error).__name__}")
                    work.add_replies(self._own_up(update, incident))
        return len(updates)

    def _own_up(self, update: Update, incident: str) -> list[Reply]:
        """Tell the author of an update that failed, if it can be read who that is."""
        try:
            versions = self.reader.read(update.payload) if self.replay_of is None else ()
        except Exception:
            return []
        told = f"Something went wrong, so nothing is filed. Tell who runs the bot: incident {incident}."
        return [Reply(version.key, told, Reaction.NOT_UNDERSTOOD) for version in versions[:1]]

    def _take(self, work: Work, updates: Sequence[Update]) -> None:
        read = [(update, versions) for update in updates if (versions := self._read(work, update)) is not None]
        context = Context(work, self.templates, self.defaults, self.replay_of)
        context.prefetch({version.key for _, versions in read for version in versions})
        for _, versions in read:
            for version in versions:
                replies = take_version(context, version)
                if self.replay_of is None:
                    work.add_replies(replies)
                elif version.text.startswith("/"):
                    self.refused.extend((r.to.id, r.text) for r in replies if r.reaction is Reaction.NOT_UNDERSTOOD)
        work.finish_updates([update.id for update, _ in read])

    def _read(self, work: Work, update: Update) -> Sequence[Version] | None:
        try:
            return self.reader.read(update.payload)
        except UpdateError as error:
            if self.replay_of is None:
                structlog.get_logger().warning("dead letter", source=update.source, reason=str(error))
            work.bury_update(update.id, str(error))
            return None
