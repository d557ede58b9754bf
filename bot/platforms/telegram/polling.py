"""Long polling: an update is confirmed to Telegram only after it is kept. Run by `platform`."""

from telegram.error import TelegramError

from bot.platforms import Keep
from bot.platforms.telegram.connection import Connection
from bot.platforms.telegram.intake import Intake
from bot.platforms.telegram.outline import outline_update, whole_number
from bot.platforms.telegram.trouble import UNEXPECTED, Trouble
from core.errors import StoreError


async def poll_updates(connection: Connection, intake: Intake, keep: Keep, trouble: Trouble, seconds: int) -> None:
    """Take in updates for ever, from the earliest that is not confirmed; a poll waits for so many seconds."""
    # a webhook would refuse every poll; what waits for it is not dropped
    await trouble.outlast(connection.bot.delete_webhook)
    offset = 0
    while True:
        try:
            updates = await connection.get_updates(offset, seconds)
            batch = [outline_update(update) for update in updates]
        except (TelegramError, *UNEXPECTED) as error:
            await trouble.wait_after(error)
            continue
        try:
            if batch:
                await intake.take(batch, keep)
        except StoreError:
            await trouble.wait("the database cannot be written to; updates wait at Telegram")
            continue
        trouble.end()
        ids = [update.get("update_id") for update in updates if isinstance(update, dict)]
        numbers = [number for number in map(whole_number, ids) if number is not None]
        # the last one's, not the highest: after a week without updates ids start anew at random
        offset = numbers[-1] + 1 if numbers else offset
