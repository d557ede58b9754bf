"""Wording by language: the fixed phrases of all reports, and what a template says in its other languages.

`templates/words.toml` holds the fixed phrases; a template has English in its template.toml and each other
language in words.<language>.toml beside it. Used by `reports.template_reader` and `reports.template_parts`.
"""

import re
from collections.abc import Mapping
from functools import cache
from pathlib import Path

from core.errors import TemplateError
from reports.template import Words
from reports.toml_table import Table, name_near, read_toml

SHIPPED = Path(__file__).parent / "templates"

_LANGUAGE_FILE = r"words\.([a-z]{2,3})\.toml"


@cache
def load_words() -> Mapping[str, Words]:
    """The fixed phrases by key ("advice.late") and language; a template may word them its own way."""
    problems: list[str] = []
    phrases: dict[str, dict[str, str]] = {}
    texts = Table(read_toml(SHIPPED / "words.toml", problems) or {}, "words.toml", problems).texts()
    for key, text in texts.items():
        phrase, _, language = key.rpartition(".")
        phrases.setdefault(phrase, {})[language] = text
    if problems:
        raise TemplateError("\n".join(problems))
    return phrases


class Wording:
    """What one template says in its other languages, by dotted key, beside the English that it stands for."""

    def __init__(self, folder: Path, problems: list[str]) -> None:
        self._problems = problems
        self._texts: dict[str, dict[str, str]] = {}
        self._has_english: dict[str, bool] = {}
        for path in sorted(folder.glob("*.toml")):
            language = re.fullmatch(_LANGUAGE_FILE, path.name)
            if language and language[1] != "en":
                data = read_toml(path, problems) or {}
                self._texts[language[1]] = Table(data, path.name, problems).texts()
            elif path.name != "template.toml":
                problems.append(
                    f"{path.name}: is not read; English stands in template.toml, other languages in "
                    "words.fr.toml, words.ar.toml and so on"
                )

    def say(self, key: str, english: str) -> Words:
        """This wording in all the languages that have it; nothing where there is no English."""
        self._has_english[key] = bool(english)
        if not english:
            return {}
        return {"en": english} | {lang: texts[key] for lang, texts in self._texts.items() if texts.get(key)}

    def blame(self, key: str, language: str, what: str) -> None:
        """Add a problem with this wording in the file where it stands."""
        file = "template.toml" if language == "en" else f"words.{language}.toml"
        self._problems.append(f"{file}: {key}: {what}")

    def close(self) -> None:
        """Blame the wording that has no place in the template, or no English there."""
        for language, texts in self._texts.items():
            for key in texts:
                if key not in self._has_english:
                    near = name_near(key, self._has_english, "keys")
                    self.blame(key, language, f"there is no such wording in template.toml; {near}")
                elif not self._has_english[key]:
                    self.blame(key, language, "there is no English for it; add the English to template.toml")
