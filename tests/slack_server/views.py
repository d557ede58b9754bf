"""Blocks and views: what is in them, how they must be, and how people fill them in. Called by surfaces.py, sending.py.

The limits are Block Kit's, as its reference pages give them.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from tests.slack_server.errors import invalid

if TYPE_CHECKING:
    from collections.abc import Iterator

Blocks = list[dict[str, Any]]
SECTION_LIMIT, BUTTON_LIMIT, VALUE_LIMIT, HEADER_LIMIT = 3000, 75, 2000, 150
TITLE_LIMIT, METADATA_LIMIT, OPTION_LIMIT, OPTIONS_LIMIT, ROW_LIMIT = 24, 3000, 75, 100, 25
MESSAGE_BLOCKS, VIEW_BLOCKS = 50, 100
KINDS = (
    "section",
    "actions",
    "context",
    "divider",
    "header",
    "input",
    "image",
    "rich_text",
    "file",
    "markdown",
    "table",
)


@dataclass(eq=False)
class View:
    """A modal or a home page, as a person sees it. `errors` are what the bot had against their last submission."""

    id: str
    json: dict[str, Any]
    errors: dict[str, str] = field(default_factory=dict)

    @property
    def blocks(self) -> Blocks:
        return list(self.json["blocks"])

    @property
    def title(self) -> str:
        return str(self.json["title"]["text"])

    @property
    def texts(self) -> list[str]:
        """What stands on it, a block an item."""
        return block_texts(self.blocks)

    @property
    def text(self) -> str:
        return "\n".join(self.texts)

    @property
    def buttons(self) -> list[str]:
        return [button["text"]["text"] for button in find_buttons(self.blocks)]

    @property
    def labels(self) -> list[str]:
        """What is asked for, in order."""
        return [block["label"]["text"] for block in self.inputs()]

    def inputs(self) -> Blocks:
        return [block for block in self.blocks if block["type"] == "input"]

    def find_input(self, name: str) -> dict[str, Any]:
        """The input of this label, block id or action id."""
        for block in self.inputs():
            if name in (block["label"]["text"], block["block_id"], block["element"]["action_id"]):
                return block
        raise KeyError(f"no input {name!r}; there are {self.labels}")

    def options(self, name: str) -> list[str]:
        """What can be chosen there."""
        return [option["text"]["text"] for option in list_options(self.find_input(name)["element"])]

    def preset(self, name: str) -> str | None:
        """What stands there before anything is filled in."""
        element = self.find_input(name)["element"]
        chosen = element.get("initial_option")
        return chosen["text"]["text"] if chosen else next((element[key] for key in PRESETS if key in element), None)

    def fill(self, values: dict[str, str]) -> dict[str, dict[str, Any]]:
        """The state that these entries make beside what is preset; a ValueError where something is missing."""
        given = {id(self.find_input(name)): value for name, value in values.items()}
        by_block = {block["block_id"]: value for block in self.inputs() if (value := given.get(id(block))) is not None}
        state: dict[str, dict[str, Any]] = {}
        for block in self.inputs():
            element = block["element"]
            entered = fill_element(element, by_block.get(block["block_id"]))
            if not block.get("optional") and all(v is None for k, v in entered.items() if k != "type"):
                raise ValueError(f"{block['label']['text']!r} is asked for")
            state[block["block_id"]] = {element["action_id"]: entered}
        return state


PRESETS = ("initial_value", "initial_date", "initial_time")


def fill_element(element: dict[str, Any], given: str | None) -> dict[str, Any]:
    """The state of one element: what a person put in, else what is preset."""
    kind = element["type"]
    if kind in ("static_select", "radio_buttons"):
        chosen = element.get("initial_option")
        if given is not None:
            found = [o for o in list_options(element) if given in (o["text"]["text"], o["value"])]
            if not found:
                raise ValueError(f"{given!r} cannot be chosen of {[o['text']['text'] for o in list_options(element)]}")
            chosen = found[0]
        return {"type": kind, "selected_option": chosen}
    key, preset = {
        "plain_text_input": ("value", "initial_value"),
        "datepicker": ("selected_date", "initial_date"),
        "timepicker": ("selected_time", "initial_time"),
    }[kind]
    # an empty entry is none
    return {"type": kind, key: (element.get(preset) if given is None else given) or None}


def list_options(element: dict[str, Any]) -> list[dict[str, Any]]:
    groups = element.get("option_groups", [])
    return [*element.get("options", []), *(option for group in groups for option in group["options"])]


def block_texts(blocks: Blocks) -> list[str]:
    """The words of blocks that have some, as stored."""
    found = []
    for block in blocks:
        if block["type"] in ("section", "header") and "text" in block:
            found.append(block["text"]["text"])
        elif block["type"] == "context":
            found.append(" ".join(e["text"] for e in block["elements"] if "text" in e))
    return found


def find_buttons(blocks: Blocks) -> Iterator[dict[str, Any]]:
    """The buttons, each with its `block_id`."""
    for block in blocks:
        elements = block.get("elements", []) if block["type"] == "actions" else []
        accessory = [block["accessory"]] if "accessory" in block else []
        for element in [*elements, *accessory]:
            if element["type"] == "button":
                yield element | {"block_id": block["block_id"]}


def check_view(view: Any) -> dict[str, Any]:
    """A view as given, with ids where it has none; refused where Slack would."""
    if not isinstance(view, dict) or view.get("type") not in ("modal", "home"):
        raise invalid("invalid_arguments", "failed to match all allowed schemas [json-pointer:/view]")
    if view["type"] == "modal":
        for key in ("title", "submit", "close"):
            if key == "title" or key in view:
                _check_text(view.get(key), TITLE_LIMIT, f"view/{key}")
        if any(block.get("type") == "input" for block in view["blocks"]) and "submit" not in view:
            raise invalid("invalid_arguments", "a submit is required where there are inputs [json-pointer:/view]")
    if len(view.get("private_metadata", "")) > METADATA_LIMIT:
        raise invalid("invalid_arguments", "must be less than 3001 characters [json-pointer:/view/private_metadata]")
    return view | {"blocks": check_blocks(view["blocks"], VIEW_BLOCKS, "invalid_arguments")}


def check_blocks(blocks: Blocks, most: int, error: str = "invalid_blocks") -> Blocks:
    """Blocks with ids where they have none; refused where Slack would."""
    if len(blocks) > most:
        raise invalid(error, f"no more than {most} items allowed [json-pointer:/blocks]")
    checked: Blocks = []
    for number, block in enumerate(blocks):
        where = f"blocks/{number}"
        if block.get("type") not in KINDS:
            raise invalid(error, f"unsupported type: {block.get('type')} [json-pointer:/{where}/type]")
        if block["type"] == "section" and "text" in block:
            _check_text(block["text"], SECTION_LIMIT, f"{where}/text", error)
        elif block["type"] == "header":
            _check_text(block["text"], HEADER_LIMIT, f"{where}/text", error)
        elements = [*block.get("elements", []), block.get("accessory"), block.get("element")]
        if len(block.get("elements", [])) > ROW_LIMIT:
            raise invalid(error, f"no more than {ROW_LIMIT} items allowed [json-pointer:/{where}/elements]")
        for place, element in enumerate(elements):
            if isinstance(element, dict):
                _check_element(element, f"{where}/elements/{place}", error)
        checked.append(block | {"block_id": block.get("block_id", f"block{number}")})
    ids = [block["block_id"] for block in checked]
    actions = [e["action_id"] for b in checked for e in b.get("elements", []) if "action_id" in e]
    if len(set(ids)) < len(ids) or (len(set(actions)) < len(actions)):
        raise invalid(error, "`block_id` and `action_id` must be unique [json-pointer:/blocks]")
    return checked


def _check_element(element: dict[str, Any], where: str, error: str) -> None:
    if element.get("type") == "button":
        _check_text(element.get("text"), BUTTON_LIMIT, f"{where}/text", error)
        if len(element.get("value", "")) > VALUE_LIMIT:
            raise invalid(error, f"must be less than {VALUE_LIMIT + 1} characters [json-pointer:/{where}/value]")
    options = list_options(element)
    if "options" in element and not 1 <= len(element["options"]) <= OPTIONS_LIMIT:
        raise invalid(error, f"must have 1 to {OPTIONS_LIMIT} items [json-pointer:/{where}/options]")
    for option in options:
        _check_text(option["text"], OPTION_LIMIT, f"{where}/options", error)
        if not 1 <= len(option["value"]) <= 150:
            raise invalid(error, f"must be 1 to 150 characters [json-pointer:/{where}/options/value]")
    if "initial_option" in element and element["initial_option"] not in options:
        raise invalid(error, f"`initial_option` must be one of the options [json-pointer:/{where}]")


def _check_text(text: Any, most: int, where: str, error: str = "invalid_arguments") -> None:
    if not isinstance(text, dict) or not 1 <= len(text.get("text", "")) <= most:
        raise invalid(error, f"must be 1 to {most} characters [json-pointer:/{where}]")
