"""What a browser would send of a form as it stands on a page."""

from html.parser import HTMLParser


class _Reader(HTMLParser):
    """Collects the controls of whichever form comes last."""

    def __init__(self) -> None:
        super().__init__()
        self.found: dict[str, str] = {}
        self.name = ""
        self.kind = ""

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = {name: value or "" for name, value in attrs}
        if tag == "form":
            self.found = {}
        elif tag == "input" and given.get("type") not in {"radio", "checkbox"}:
            self.found[given["name"]] = given.get("value", "")
        elif tag in {"textarea", "select"}:
            self.name, self.kind = given["name"], tag
            self.found[self.name] = ""
        elif tag == "option" and "selected" in given:
            self.found[self.name] = given["value"]

    def handle_data(self, data: str) -> None:
        if self.kind == "textarea":
            self.found[self.name] += data

    def handle_endtag(self, tag: str) -> None:
        if tag == "textarea":
            self.found[self.name] = self.found[self.name].removeprefix("\r\n").removeprefix("\n")
            self.kind = ""


def shown_form(page: str) -> dict[str, str]:
    """The last form within the content of a page, without its token."""
    reader = _Reader()
    reader.feed(page[page.index("<main") : page.index("</main>")])
    return {name: value for name, value in reader.found.items() if name != "csrf_token"}
