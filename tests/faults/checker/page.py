"""What a browser would find on a page: form tokens, where forms go, options that can be chosen, data for the script."""

import re
from html.parser import HTMLParser

_ITEM = re.compile(r"q(\d+)")
_CODE = re.compile(r"\b[A-Z2-7]{5}(?:-[A-Z2-7]{5}){3}-[A-Z2-7]{6}\b")


class Page(HTMLParser):
    """A page, read once. `options` maps the number of an item to its option ids, in the order they are shown."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.form_token = ""
        self.actions: list[str] = []
        self.options: dict[int, list[str]] = {}
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
        if tag == "input" and told.get("type") == "radio":
            self._option(told)
        if told.get("id") == "room":
            self.data = {name.removeprefix("data-"): value for name, value in told.items() if name.startswith("data-")}

    def _option(self, told: dict[str, str]) -> None:
        item = _ITEM.fullmatch(told.get("name", ""))
        if item:
            self.options.setdefault(int(item.group(1)), []).append(told.get("value", ""))
