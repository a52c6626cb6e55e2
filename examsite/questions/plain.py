"""Rich text that simple text can say, and back: how an author's form shows it."""

from html import unescape

from examsite import richtext


def one_line(html: str) -> str:
    """Rich text without the paragraph around it where it is a single one, as options are kept."""
    inner = html.removeprefix("<p>").removesuffix("</p>")
    return inner if html == f"<p>{inner}</p>" and "<p" not in inner else html


def as_plain(html: str) -> str | None:
    """The plain text that `richtext.from_plain` would turn into this very rich text; None where it holds more than paragraphs."""
    body = html if html.startswith("<p>") else f"<p>{html}</p>"
    paragraphs = body.removeprefix("<p>").removesuffix("</p>").split("</p><p>")
    text = "\n\n".join(paragraph.replace("<br>", "\n") for paragraph in paragraphs)
    if not html:
        return ""
    plain = unescape(text) if "<" not in text else None
    return plain if plain is not None and richtext.from_plain(plain) == body else None
