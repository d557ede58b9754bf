"""The platforms: where updates come from and replies go. One module each; they do not know each other.

To add one, write its module with these few things and put it into `app`.
"""

from collections.abc import Sequence
from typing import Protocol

from core.messages import Version


class Reader(Protocol):
    """What the worker needs of a platform: to read its updates."""

    @property
    def source(self) -> str:
        """The name of platform and workspace under which its updates stand in the inbox."""
        ...

    def read(self, payload: str) -> Sequence[Version]:
        """What an update says of messages; an `UpdateError` makes it a dead letter."""
        ...
