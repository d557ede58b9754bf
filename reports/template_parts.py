"""What a template.toml is made of, read from its table: fields, sections, annexes, themes, counts, outputs, phrases.

`reports.template_reader` calls these; every problem goes to the tables' list of problems.
"""

import re
from collections.abc import Mapping, Sequence
from string import Formatter

from core.meetings import SETTINGS
from reports.formats import FORMATS
from reports.template import CountSpec, FieldSpec, Output, PartSpec, SectionSpec, Theme, Words
from reports.toml_table import Table, name_near
from reports.words import Wording, load_words

FIELD_TYPES = ("text", "longtext", "date", "contact")
STYLES = ("bullets", "numbered", "paragraphs", "actions", "table")
GROUPINGS = ("session", "time", "addressee")
LIMITS_OF_NOTE = ("characters", "words", "sentences", "paragraphs")
LIMITS = (*LIMITS_OF_NOTE, "items")
# those that a template without a table of annexes has
ANNEXES = ("attendance", "participants", "documents", "photographs", "glossary", "notes")
PACKAGE = ("concept_note", "participants", "photographs")
# what `/draft` takes beside the template's own outputs
USUAL_OUTPUTS = ("report", "summary", "changes")

# settings of a meeting share their command with the fields; only the title is both
_RESERVED = tuple(setting for setting in SETTINGS if setting != "title")
_THEME_CODE = r"[a-z](\.(i{1,3}|iv|vi{0,3}|ix|x))?"


def read_fields(top: Table, wording: Wording) -> tuple[FieldSpec, ...]:
    """The metadata fields, in the form's order."""
    fields: list[FieldSpec] = []
    for table in top.tables("fields", "key"):
        key = table.name("key", r"[a-z][a-z0-9_]*", "use small letters, digits and _", "a field needs a key")
        if key in _RESERVED:
            table.blame("key", f'"{key}" is a setting of the meeting; take another key')
        if key and any(field.key == key for field in fields):
            table.blame("key", f'there are two fields "{key}"; give each its own key')
        fields.append(
            FieldSpec(
                key=key,
                label=wording.say(f"fields.{key}", table.text("label", "a field needs a label")),
                type=table.choice("type", FIELD_TYPES, default="text"),
                required=table.flag("required", default=True),
            )
        )
        table.close()
    return tuple(fields)


def read_sections(top: Table, wording: Wording) -> tuple[SectionSpec, ...]:
    """The sections with their parts, in the form's order."""
    sections: list[SectionSpec] = []
    prefixes: set[str] = set()
    for table in top.tables("sections", "id", "a template needs at least one section"):
        section = _read_section(table, wording)
        if section.id and any(other.id == section.id for other in sections):
            table.blame("id", f'there are two sections "{section.id}"; give each its own id')
        if section.repeat and any(other.repeat for other in sections):
            table.blame("repeat", "only one section can repeat by session")
        for part in section.parts:
            if part.prefix and part.prefix in prefixes:
                table.blame(f"parts.{part.name}.prefix", f'"{part.prefix}" numbers another part; take another')
            prefixes.add(part.prefix)
        sections.append(section)
    return tuple(sections)


def _read_section(table: Table, wording: Wording) -> SectionSpec:
    key = table.name("id", r"\w+", "use letters, digits and _", "a section needs an id")
    section = SectionSpec(
        id=key,
        label=table.text("label"),
        heading=wording.say(f"headings.{key}", table.text("heading", "a section needs a heading")),
        help=wording.say(f"help.{key}", table.text("help")),
        parts=_read_parts(table, key, wording),
        repeat=table.flag("repeat", default=False),
    )
    table.close()
    return section


def _read_parts(section: Table, section_id: str, wording: Wording) -> tuple[PartSpec, ...]:
    parts: list[PartSpec] = []
    tables = section.tables("parts", "name", 'add at least one, such as parts = [{ name = "items" }]')
    for table in tables:
        part = _read_part(table, section_id, wording, alone=len(tables) == 1)
        if part.name and any(other.name == part.name for other in parts):
            table.blame("name", f'there are two parts "{part.key}"; give each its own name')
        parts.append(part)
    return tuple(parts)


def _read_part(table: Table, section_id: str, wording: Wording, *, alone: bool) -> PartSpec:
    name = table.name("name", r"\w+", "use letters, digits and _", "a part needs a name")
    key = f"{section_id}.{name}"
    needs_heading = "" if alone else "a part needs a heading where its section has several parts"
    part = PartSpec(
        key=key,
        name=name,
        heading=wording.say(f"headings.{key}", table.text("heading", needs_heading)),
        help=wording.say(f"help.{key}", table.text("help")),
        style=table.choice("style", STYLES, default="bullets"),
        prefix=table.name("prefix", r"[^\W\d_]+", "use letters"),
        group_by=table.choice("group_by", GROUPINGS, default=""),
        limits=table.table("limits").counts(LIMITS),
        each=table.table("each").counts(LIMITS_OF_NOTE),
        empty=wording.say(f"empty.{key}", table.text("empty")),
    )
    table.close()
    return part


def read_annexes(top: Table, wording: Wording) -> Mapping[str, Words]:
    """The annexes with their headings; all, under their usual headings, where the template says nothing."""
    if not top.has("annexes"):
        return {key: load_words()[f"annex.{key}"] for key in ANNEXES}
    table = top.table("annexes")
    annexes = {key: wording.say(f"annexes.{key}", table.text(key)) for key in ANNEXES}
    table.close()
    return {key: heading for key, heading in annexes.items() if heading}


def read_themes(top: Table, wording: Wording) -> tuple[Theme, ...]:
    """The code list of themes."""
    table = top.table("themes")
    themes = table.texts()
    for code, label in themes.items():
        if not re.fullmatch(_THEME_CODE, code):
            table.blame(code, "is no theme code; write a letter, or a letter and a roman number: a, b.ii")
        if not label:
            table.blame(code, "is empty; write the theme's wording")
    return tuple(Theme(code, wording.say(f"themes.{code}", label)) for code, label in themes.items())


def read_counts(top: Table, wording: Wording) -> tuple[CountSpec, ...]:
    """The tables of attendance counts, in the form's order."""
    counts: list[CountSpec] = []
    for table in top.tables("counts", "key"):
        key = table.name("key", r"[a-z][a-z0-9_]*", "use small letters, digits and _", "a table of counts needs a key")
        if key and any(count.key == key for count in counts):
            table.blame("key", f'there are two tables of counts "{key}"; give each its own key')
        heading = wording.say(f"counts.{key}", table.text("heading", "a table of counts needs a heading"))
        counts.append(CountSpec(key, heading, _read_categories(table, key, wording)))
        table.close()
    return tuple(counts)


def _read_categories(count: Table, key: str, wording: Wording) -> Mapping[str, Words]:
    table = count.table("categories", 'name its rows, such as categories = { women = "Women", men = "Men" }')
    categories = table.texts()
    for name, label in categories.items():
        if not re.fullmatch(r"[a-z0-9][a-z0-9_+-]*", name):
            table.blame(name, f'"{name}" will not do; use small letters, digits, _, - and +')
        if not label:
            table.blame(name, "is empty; write what the row counts")
    return {name: wording.say(f"categories.{key}.{name}", label) for name, label in categories.items()}


def read_outputs(top: Table, sections: Sequence[SectionSpec], wording: Wording) -> tuple[Output, ...]:
    """The documents made of some of the sections."""
    outputs: list[Output] = []
    ids = tuple(section.id for section in sections)
    for table in top.tables("outputs", "name"):
        name = table.name("name", r"[a-z][a-z0-9-]*", "use small letters, digits and -", "an output needs a name")
        if name in USUAL_OUTPUTS or name in FORMATS:
            table.blame("name", f'"{name}" means something else to /draft; take another name')
        if name and any(output.name == name for output in outputs):
            table.blame("name", f'there are two outputs "{name}"; give each its own name')
        title = wording.say(f"outputs.{name}", table.text("title", "an output needs a title"))
        chosen = table.entries("sections", "name the sections that it is made of")
        for section in chosen:
            if section not in ids:
                table.blame("sections", f'there is no section "{section}"; {name_near(section, ids, "sections")}')
        outputs.append(Output(name, title, tuple(chosen)))
        table.close()
    return tuple(outputs)


def read_package(top: Table, wording: Wording) -> Mapping[str, Words]:
    """What must be sent in with the report, as the form calls it."""
    table = top.table("package")
    package = {key: wording.say(f"package.{key}", table.text(key)) for key in PACKAGE}
    table.close()
    return {key: called for key, called in package.items() if called}


def read_phrases(top: Table, wording: Wording) -> Mapping[str, Words]:
    """The fixed phrases, with the template's own wording where it has one."""
    shared = load_words()
    table = top.table("phrases")
    own = table.texts()
    for key in own:
        if key not in shared:
            table.blame(key, f"there is no such phrase; {name_near(key, shared, 'phrases')}")
    phrases: dict[str, Words] = {}
    for key, words in shared.items():
        phrases[key] = {**words, **wording.say(f"phrases.{key}", own.get(key, ""))}
        allowed = _placeholders(words["en"])
        for language, text in phrases[key].items():
            if not _placeholders(text) <= allowed:
                known = ", ".join(f"{{{name}}}" for name in sorted(allowed))
                what = f"may hold {known}, and no other braces" if known else "may hold no braces"
                wording.blame(f"phrases.{key}", language, what)
    return phrases


def _placeholders(text: str) -> set[str]:
    """The names in braces; "{" for braces that do not pair."""
    try:
        return {name for _, name, _, _ in Formatter().parse(text) if name is not None}
    except ValueError:
        return {"{"}
