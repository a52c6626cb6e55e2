"""Rich text as people may write it here: the only caller of bleach, used on write and again on render."""

import re
from functools import lru_cache
from html import escape
from html.parser import HTMLParser

import bleach

from examsite.vietnamese import INVISIBLE, nfc

TAGS = frozenset(
    "p br b strong i em u sub sup ul ol li code pre table caption thead tbody tfoot tr th td".split()  # noqa: SIM905 - reads better
)
# Cleaning takes square time on deeply nested tags; forms and importers refuse longer texts.
LONGEST = 10_000
LANGUAGE = re.compile(r"[A-Za-z]{2,3}(-[A-Za-z0-9]{2,8})*")
UNPRINTABLE = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f]")
# Most texts are words alone, or paragraphs of them: there is nothing to clean, and to find that out bleach takes a hundred times as long.
PLAIN = re.compile("[^<>&]*|(?:<p>[^<>&]*</p>)+")
LINE_TAGS = frozenset({"p", "br", "li", "pre", "tr", "caption", "ul", "ol", "table"})
CELL_TAGS = frozenset({"th", "td"})
# Scripts and styles are taken out with their content: it is for machines, not words of the author.
MACHINE_TAG = re.compile(r"<(/?)(script|style)\b[^<>]*>", re.IGNORECASE)


@lru_cache(maxsize=4096)
def clean(html: str) -> str:
    """HTML with the allowed tags only, no attribute but `lang`, in composed form; cleaning twice changes nothing more.

    The answers are remembered: when an exam begins, everybody's page shows the same few hundred texts in the same second.
    """
    text = UNPRINTABLE.sub("", nfc(html))
    if text.isprintable() and PLAIN.fullmatch(text):
        return text.strip()
    return bleach.clean(_without_machine_text(text), tags=TAGS, attributes=_attribute_allowed, strip=True, strip_comments=True).strip()


def _without_machine_text(html: str) -> str:
    """In one pass, since a pattern that looks for each closing tag takes square time on hostile text."""
    kept: list[str] = []
    start, inside = 0, ""
    for tag in MACHINE_TAG.finditer(html):
        closing, name = bool(tag.group(1)), tag.group(2).lower()
        if not inside and not closing:
            kept.append(html[start : tag.start()])
            start, inside = tag.start(), name
        elif closing and inside == name:
            start, inside = tag.end(), ""
    return "".join([*kept, html[start:]])


def _attribute_allowed(tag: str, name: str, value: str) -> bool:  # noqa: ARG001 - as bleach calls it
    return name == "lang" and LANGUAGE.fullmatch(value) is not None


def to_text(html: str) -> str:
    """The words alone, a line for each paragraph, list item or table row; for search, excerpts and plain exports."""
    reader = _TextReader()
    reader.feed(html)
    reader.close()
    lines = (" ".join(line.split()) for line in "".join(reader.pieces).split("\n"))
    return "\n".join(line for line in lines if line)


def is_blank(html: str) -> bool:
    """Whether a reader would see nothing at all."""
    return not INVISIBLE.sub("", to_text(html)).strip()


def from_plain(text: str) -> str:
    """Plain text as rich text: blank lines part paragraphs, single line ends are kept, nothing is taken for a tag."""
    unified = UNPRINTABLE.sub("", nfc(text)).replace("\r\n", "\n").replace("\r", "\n")
    paragraphs = [part.strip() for part in re.split(r"\n\s*\n", unified)]
    return "".join(f"<p>{escape(part, quote=False).replace(chr(10), '<br>')}</p>" for part in paragraphs if part)


def from_line(text: str) -> str:
    """Plain text as rich text without a paragraph of its own, as the options of a question stand."""
    unified = UNPRINTABLE.sub("", nfc(text)).replace("\r\n", "\n").replace("\r", "\n").strip()
    return escape(unified, quote=False).replace("\n", "<br>")


def foreign_tags(html: str) -> frozenset[str]:
    """Names of tags in the text that cleaning takes out; an importer refuses a question that would lose its picture."""
    reader = _TextReader()
    reader.feed(html)
    reader.close()
    return frozenset(reader.tags - TAGS)


class _TextReader(HTMLParser):
    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.pieces: list[str] = []
        self.tags: set[str] = set()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:  # noqa: ARG002 - as HTMLParser calls it
        self.tags.add(tag)
        self._break(tag)

    def handle_endtag(self, tag: str) -> None:
        self._break(tag)

    def handle_data(self, data: str) -> None:
        self.pieces.append(data)

    def _break(self, tag: str) -> None:
        if tag in LINE_TAGS:
            self.pieces.append("\n")
        elif tag in CELL_TAGS:
            self.pieces.append(" ")
