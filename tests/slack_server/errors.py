"""What a method answers when it refuses. Raised all over, made an answer by server.py."""

from typing import Any


class SlackError(Exception):
    """A refusal by Slack's name for it, such as `channel_not_found`; `more` is what stands beside it in the answer."""

    def __init__(self, error: str, **more: Any) -> None:
        super().__init__(error)
        self.error = error
        self.more = more

    def json(self) -> dict[str, Any]:
        return {"ok": False, "error": self.error, **self.more}


def invalid(error: str, *reasons: str) -> SlackError:
    """A refusal of something that is not as it should be, with the reasons in words as Slack gives them."""
    return SlackError(error, response_metadata={"messages": [f"[ERROR] {reason}" for reason in reasons]})
