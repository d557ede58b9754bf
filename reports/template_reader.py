"""Template folders: found, read and checked. How to write one stands in `docs/templates.md`.

A template is a folder with template.toml (fields, sections, routing, English wording), for each other language
words.<language>.toml and, where wanted, the Word file that drafts are made in, report.docx. Handlers load templates by
id; `rapporteur templates check FOLDER` prints what `check_template` finds.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from difflib import get_close_matches
from pathlib import Path

from core.errors import SettingError, TemplateError, UserError
from core.phrases import phrase, quote_typed
from reports.template import FieldSpec, Template
from reports.template_parts import (
    read_annexes,
    read_counts,
    read_fields,
    read_outputs,
    read_package,
    read_phrases,
    read_sections,
    read_themes,
)
from reports.template_routing import read_routing
from reports.toml_table import Table, read_toml
from reports.words import SHIPPED, Wording


@dataclass(frozen=True, slots=True)
class TemplateCatalog:
    """The templates there are, as folders by id; each is read when it is first asked for."""

    folders: Mapping[str, Path]
    _loaded: dict[str, Template] = field(default_factory=dict, repr=False, compare=False)

    def ids(self) -> tuple[str, ...]:
        """All ids, in alphabetical order."""
        return tuple(sorted(self.folders))

    def load(self, template_id: str) -> Template:
        """The template of this id.

        A `UserError` lists the ids there are; a `TemplateError` says what is wrong in the folder.
        """
        wanted = template_id.strip().lower()
        if wanted not in self.folders:
            said = {"template": quote_typed(template_id), "known": ", ".join(self.ids())}
            near = get_close_matches(wanted, self.ids(), n=1)
            raise UserError(
                phrase("template_near", near=near[0], **said) if near else phrase("template_unknown", **said)
            )
        if wanted not in self._loaded:
            self._loaded[wanted] = read_template(self.folders[wanted])
        return self._loaded[wanted]


def load_templates(extra: Path | None = None) -> TemplateCatalog:
    """The shipped templates and those in `extra` (TEMPLATES_DIR); an id in both means the one in `extra`."""
    folders = _find_folders(SHIPPED)
    if extra is not None:
        if not extra.is_dir():
            raise SettingError("TEMPLATES_DIR: there is no such folder; name one that holds templates.")
        if (extra / "template.toml").exists():
            raise SettingError("TEMPLATES_DIR: this is a template itself; name the folder that holds it.")
        folders |= _find_folders(extra)
    return TemplateCatalog(folders)


def _find_folders(root: Path) -> dict[str, Path]:
    # a folder without template.toml counts too: loading it then says what is missing
    return {p.name.lower(): p for p in sorted(root.iterdir()) if p.is_dir() and p.name[0] not in "._"}


def read_template(folder: Path) -> Template:
    """The template in this folder; a `TemplateError` lists all its problems."""
    template, problems = _read(folder)
    if template is None or problems:
        raise TemplateError("\n".join([f"The template {folder.name} cannot be used:", *problems]))
    return template


def check_template(folder: Path) -> list[str]:
    """Every problem of the template in this folder, each with file, key, what is wrong and what to do."""
    return _read(folder)[1]


def _read(folder: Path) -> tuple[Template | None, list[str]]:
    """The template, as far as it can be read, and all its problems."""
    if not folder.is_dir():
        return None, [f"{folder.name}: there is no such folder"]
    problems: list[str] = []
    data = read_toml(folder / "template.toml", problems)
    wording = Wording(folder, problems)
    if data is None:
        return None, problems
    top = Table(data, "template.toml", problems)
    title = wording.say("title", top.text("title", "every template needs a title"))
    fields = read_fields(top, wording)
    sections = read_sections(top, wording)
    template = Template(
        id=folder.resolve().name.lower(),
        title=title,
        subtitle=wording.say("subtitle", top.text("subtitle")),
        preamble=wording.say("preamble", top.text("preamble")),
        fields=fields,
        sections=sections,
        routing=read_routing(top.table("routing", "say which tags go to which part"), sections),
        annexes=read_annexes(top, wording),
        themes=read_themes(top, wording),
        footnote=wording.say("footnote", top.text("footnote")),
        words=read_phrases(top, wording),
        number_paragraphs=top.flag("number_paragraphs", default=False),
        counts=read_counts(top, wording),
        outputs=read_outputs(top, sections, wording),
        package=read_package(top, wording),
        base=_read_base(folder, fields, problems),
    )
    top.close()
    wording.close()
    return template, problems


def _read_base(folder: Path, fields: Iterable[FieldSpec], problems: list[str]) -> bytes | None:
    if not any(path.stem.lower() == "report" for path in folder.iterdir()):
        return None
    from reports.base_file import read_base  # noqa: PLC0415 - lxml, which few templates need

    return read_base(folder, [field.key for field in fields], problems)
