"""The libraries' errors in our words. Called wherever Slack is called."""

from collections.abc import Iterator
from contextlib import contextmanager

import aiohttp
from slack_sdk.errors import SlackApiError, SlackClientError

from bot.platforms import BusyError, RefusedError, UnreachableError

# what tells that a token is none, or is no more
TOKEN_FAULTS = frozenset(
    {"invalid_auth", "not_authed", "account_inactive", "token_revoked", "token_expired", "not_allowed_token_type"}
)
# Slack's own trouble, which it tells as if the call were wrong
_TROUBLE = frozenset({"internal_error", "fatal_error", "service_unavailable", "request_timeout", "team_not_found"})
_BUSY = frozenset({"ratelimited", "rate_limited"})
# for so long a call waits where Slack wants it to wait and does not say how long, in seconds
_USUAL_WAIT = 5.0
_REASONS = {
    "channel_not_found": "the channel is gone, or the bot is not in it; invite it with /invite",
    "not_in_channel": "the bot is not in the channel; invite it with /invite",
    "is_archived": "the channel is archived",
    "restricted_action": "the workspace does not let the bot write in this channel",
    "account_inactive": "the app was removed from the workspace; install it again",
    "cannot_dm_bot": "bots cannot be written to",
    "file_uploads_disabled": "the workspace takes no files",
}
# what the libraries let out besides their own errors, where an answer is not what Slack's should be
_UNEXPECTED = (AttributeError, LookupError, TypeError, ValueError)


@contextmanager
def translate_errors() -> Iterator[None]:
    """Raise what the contract of platforms names, where a call fails."""
    try:
        yield
    except SlackApiError as error:
        raise translate_refusal(error) from None
    except (SlackClientError, aiohttp.ClientError, OSError, TimeoutError, *_UNEXPECTED) as error:
        raise UnreachableError(name_fault(error)) from None


def translate_refusal(error: SlackApiError) -> Exception:
    """What an answer that is not "ok" means."""
    code, status = read_code(error), read_status(error)
    if status == 429 or code in _BUSY:
        return BusyError(_read_wait(error))
    if not code:
        return UnreachableError(f"Slack answers {status}" if status >= 400 else "an answer that is not Slack's")
    if code in _TROUBLE or status >= 500:
        return UnreachableError(f"Slack is in trouble: {code}")
    if code in TOKEN_FAULTS and code not in _REASONS:
        # it was accepted: whoever changes it loses nothing
        return UnreachableError("the token is not accepted")
    if code == "missing_scope":
        needed = error.response.get("needed")
        return RefusedError(f"the app lacks the scope {needed}; install it again from its manifest")
    return RefusedError(_REASONS.get(code, f"Slack says {code}"))


def read_code(error: SlackApiError) -> str:
    """Slack's name for what is wrong; empty where the answer is not Slack's."""
    data = getattr(error.response, "data", None)
    code = data.get("error") if isinstance(data, dict) else None
    return code if isinstance(code, str) else ""


def read_status(error: SlackApiError) -> int:
    """The HTTP status of the answer."""
    response = error.response
    status = getattr(response, "status_code", None) or getattr(response, "status", 0)
    return status if isinstance(status, int) else 0


def _read_wait(error: SlackApiError) -> float:
    headers = getattr(error.response, "headers", None) or {}
    try:
        return max(0.0, float(headers.get("Retry-After", _USUAL_WAIT)))
    except ValueError:
        return _USUAL_WAIT


def name_fault(error: Exception) -> str:
    """What went wrong, for the log: no address, no token, nothing of an answer that could not be read."""
    if isinstance(error, SlackApiError):
        return str(translate_refusal(error))
    if isinstance(error, aiohttp.ClientResponseError):
        return f"Slack answers {error.status}"
    if isinstance(error, (aiohttp.ClientError, OSError)):
        return f"no connection ({type(error).__name__})"
    return "an answer that is not Slack's"
