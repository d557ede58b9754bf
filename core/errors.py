"""The error tree.

RapporteurError
├── UserError       a person asked for something that cannot be; shown to them as it stands
├── SettingError    a setting is missing or wrong; names the variable, never its value
├── TemplateError   a template folder is wrong; names file and key
├── StoreError      the database cannot be used: too new, locked, read-only, full, unreachable
└── UpdateError     an update from a platform cannot be read; it becomes a dead letter
"""

from core.phrases import Phrase


class RapporteurError(Exception):
    """Whatever this program raises on purpose. The text says what is wrong and what to do."""


class UserError(RapporteurError):
    """A person asked for what cannot be done. No fault of the program; `words` are shown to them as they stand."""

    def __init__(self, words: str | Phrase) -> None:
        super().__init__(str(words))
        self.words = words


class SettingError(RapporteurError):
    """A setting is missing or wrong. The text names the variable, never its value."""


class TemplateError(RapporteurError):
    """A template is wrong. The text names the file, the key and what is wrong with it."""


class StoreError(RapporteurError):
    """The database cannot be used as it stands. Nothing was half-written."""


class UpdateError(RapporteurError):
    """An update cannot be read. It is kept as a dead letter and blocks nothing."""
