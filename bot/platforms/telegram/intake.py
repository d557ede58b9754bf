"""From raw updates to the inbox, the same way for polling and webhook."""

from collections.abc import Sequence

from bot.platforms import Keep
from bot.platforms.telegram.enriching import Enricher
from bot.platforms.telegram.outline import Outline
from bot.platforms.telegram.tracking import Tracker


class Intake:
    """Keeps updates with what the bot finds out of their chats."""

    def __init__(self, enricher: Enricher, tracker: Tracker) -> None:
        self._enricher = enricher
        self._tracker = tracker

    async def take(self, batch: Sequence[Outline], keep: Keep) -> None:
        """Keep these updates; they are safe when this returns. A `StoreError` where they are not."""
        # before they are kept: who answers them may ask at once
        for outline in batch:
            self._tracker.note_update(outline)
        await keep(await self._enricher.enrich(batch))
        self._enricher.settle(batch)
