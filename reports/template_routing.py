"""Which tags of a template go to which part, read from its table `routing` and held to its parts.

`reports.template_reader` calls this; every problem goes to the table's list of problems.
"""

from collections.abc import Mapping

from core.tags import section_tags
from reports.template import SectionSpec
from reports.toml_table import Table, name_near


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
