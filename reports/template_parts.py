"""What a template.toml is made of, read from its table: fields, sections, routing, annexes, themes, phrases.

`reports.template_reader` calls these; every problem goes to the tables' list of problems.
"""

import re
from collections.abc import Mapping
from string import Formatter

from core.meetings import SETTINGS
from core.tags import section_tags
from reports.template import FieldSpec, PartSpec, SectionSpec, Theme, Words
from reports.toml_table import Table, name_near
from reports.words import Wording, load_words

FIELD_TYPES = ("text", "longtext", "date", "contact")
STYLES = ("bullets", "numbered", "paragraphs", "actions", "table")
GROUPINGS = ("session", "time", "addressee")
LIMITS = ("characters", "words", "items")
# those that a template without a table of annexes has
ANNEXES = ("attendance", "participants", "documents", "photographs", "glossary", "notes")

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
        empty=wording.say(f"empty.{key}", table.text("empty")),
    )
    table.close()
    return part


def read_routing(routing: Table, sections: tuple[SectionSpec, ...]) -> Mapping[str, tuple[str, str]]:
    """For each tag the part with a session open and the part with none."""
    ordinary = tuple(part.key for section in sections if not section.repeat for part in section.parts)
    repeating = tuple(part.key for section in sections if section.repeat for part in section.parts)
    for_sessions = "this part is made for each session; route to it under routing.in_session"
    for_all = "this part is not in the section that repeats; route to it under always or no_session"
    always = _read_routes(routing.table("always"), ordinary, repeating, for_sessions)
    with_session = _read_routes(routing.table("in_session"), repeating, ordinary, for_all)
    without = _read_routes(routing.table("no_session"), ordinary, repeating, for_sessions)
    for tag, part in with_session.items():
        if tag in always:
            routing.blame("in_session", _routed_twice(tag, always[tag], part))
        elif tag not in without:
            routing.blame("no_session", f'"{tag}" has no part here, only {part} in a session; add it')
    for tag, part in without.items():
        if tag in always:
            routing.blame("no_session", _routed_twice(tag, always[tag], part))
        elif tag not in with_session:
            routing.blame("in_session", f'"{tag}" has no part here; add it, or route it under routing.always')
    routing.close()
    return {tag: (part, part) for tag, part in always.items()} | {
        tag: (part, without[tag]) for tag, part in with_session.items() if tag in without
    }


def _read_routes(table: Table, parts: tuple[str, ...], wrong_parts: tuple[str, ...], why_wrong: str) -> dict[str, str]:
    """The part of each tag in one table of the routing, where a part stands with the list of its tags."""
    tags = section_tags()
    routes: dict[str, str] = {}
    for part, listed in table.lists().items():
        if part in wrong_parts:
            table.blame(part, why_wrong)
        elif part not in parts:
            table.blame(part, f'there is no part "{part}"; {name_near(part, parts + wrong_parts, "parts")}')
        for tag in listed:
            if tag not in tags:
                table.blame(part, f'there is no tag "{tag}"; {name_near(tag, tags, "tags")}')
            elif tag in routes:
                table.blame(part, _routed_twice(tag, routes[tag], part))
            else:
                routes[tag] = part
    return routes


def _routed_twice(tag: str, first: str, second: str) -> str:
    if first == second:
        return f'"{tag}" is routed twice, to {first}; keep one'
    return f'"{tag}" is routed twice, to {first} and to {second}; keep one'


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
