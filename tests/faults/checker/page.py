"""What a browser would find on a page: form tokens, where forms go, options that can be chosen, data for the script."""

import re
from dataclasses import dataclass, field
from html.parser import HTMLParser

_CHOSEN, _TYPED = re.compile(r"q(\d+)"), re.compile(r"a(\d+)")
_BY_INPUT = {"radio": "choice", "checkbox": "choices"}
_CODE = re.compile(r"\b[A-Z2-7]{5}(?:-[A-Z2-7]{5}){3}-[A-Z2-7]{6}\b")


@dataclass
class Item:
    """What is asked for: `choice` or `choices` of the option ids in the order they are shown, `line` or `number` to type, or an `essay`."""

    asks: str
    options: list[str] = field(default_factory=list)


class Page(HTMLParser):
    """A page, read once. `items` maps the number of an item to what it asks for."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.form_token = ""
        self.chosen = ""
        self.actions: list[str] = []
        self.items: dict[int, Item] = {}
        self.data: dict[str, str] = {}
        self.feed(text)
        found = _CODE.search(text)
        self.receipt_code = found.group(0).replace("-", "") if found else ""

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """Keep what this checker needs of a tag."""
        told = {name: value or "" for name, value in attrs}
        if tag == "form" and told.get("action"):
            self.actions.append(told["action"])
        if tag == "input" and told.get("name") == "csrf_token":
            self.form_token = told.get("value", "")
        if tag == "input" and told.get("name") == "asked" and "checked" in told:
            self.chosen = told.get("value", "")
        if tag == "input" and told.get("type") in _BY_INPUT:
            self._option(told)
        if tag in ("input", "textarea") and (typed := _TYPED.fullmatch(told.get("id", ""))):
            asks = "essay" if tag == "textarea" else "number" if told.get("inputmode") == "decimal" else "line"
            self.items[int(typed.group(1))] = Item(asks)
        if told.get("id") == "room":
            self.data = {name.removeprefix("data-"): value for name, value in told.items() if name.startswith("data-")}

    def _option(self, told: dict[str, str]) -> None:
        if item := _CHOSEN.fullmatch(told.get("name", "")):
            asked = self.items.setdefault(int(item.group(1)), Item(_BY_INPUT[told["type"]]))
            asked.options.append(told.get("value", ""))
