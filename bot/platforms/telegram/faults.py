"""The library's errors in our words. Called wherever Telegram is called."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta

from telegram.error import BadRequest, ChatMigrated, Conflict, Forbidden, InvalidToken, RetryAfter, TelegramError

from bot.platforms import BusyError, RefusedError, UnreachableError


@contextmanager
def translate_errors() -> Iterator[None]:
    """Raise what the contract of platforms names, where a call fails. A chat that moved is the caller's matter."""
    try:
        yield
    except ChatMigrated:
        raise
    except RetryAfter as error:
        raise BusyError(read_wait(error)) from None
    except (BadRequest, Forbidden) as error:
        raise RefusedError(name_fault(error)) from None
    except TelegramError as error:
        # a token that was accepted and is no more: the person who changes it loses nothing
        if "entity too large" in error.message.lower():
            raise RefusedError("the file is larger than Telegram takes") from None
        raise UnreachableError(name_fault(error)) from None


def read_wait(error: RetryAfter) -> float:
    """For how many seconds Telegram wants to be left alone."""
    wait = error.retry_after
    return wait.total_seconds() if isinstance(wait, timedelta) else float(wait)


def name_fault(error: Exception) -> str:
    """What went wrong, for the log: no address, no token, nothing of an answer that could not be read."""
    if isinstance(error, InvalidToken):
        return "the token is not accepted"
    if isinstance(error, Conflict):
        return "another program polls with this token, or a webhook is set; stop it, or this one"
    if isinstance(error, RetryAfter):
        return "too many requests"
    if not isinstance(error, TelegramError) or isinstance(error.__cause__, TelegramError | ValueError):
        return "an answer that is not the Bot API's"
    if error.__cause__ is not None:
        return f"no connection ({type(error.__cause__).__name__})"
    return error.message[:200]
