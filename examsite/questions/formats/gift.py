"""GIFT, the text format of Moodle: https://docs.moodle.org/en/GIFT_format

Items are parted by blank lines, so that a broken one never swallows the next. Items of the kinds that are asked for are taken; every
other kind, and what is broken, is listed with its line and reason.
"""

import re
from collections.abc import Collection, Iterator
from dataclasses import dataclass, replace

from examsite import richtext
from examsite.questions.formats import (
    CHOICE_ALONE,
    ItemReading,
    NotTaken,
    Place,
    ReadAnswer,
    ReadItem,
    ReadOption,
    Rejected,
    difficulty_of,
    excerpt,
)
from examsite.questions.formats.checks import CARRIES_MEANING, check_read, rich
from examsite.questions.formats.gift_answers import read_key
from examsite.rules.keys import ItemKind, MarkingRule
from examsite.sheets import SheetRefused, decode_text

LARGEST_FILE = 2_000_000
MOST_ITEMS = 5_000
CATEGORY = "$CATEGORY:"
BLANK = "_____"
LINE_END = re.compile(r"\r\n|\r|\n")
# Tags that show a text to be HTML though they are not kept.
DRESS = frozenset({"a", "div", "font", "h1", "h2", "h3", "h4", "h5", "h6", "span"})
LABEL = re.compile(r"\[(id|tag):([^\[\]]*)\]", re.IGNORECASE)
FORMAT = re.compile(r"\[(html|moodle|plain|markdown)\]\s*", re.IGNORECASE)
TAG = re.compile(r"</?(?:" + "|".join(sorted(richtext.TAGS | CARRIES_MEANING | DRESS)) + r")\b[^<>]*>", re.IGNORECASE)

ALL_OR_NOTHING = f"marking:{MarkingRule.ALL_OR_NOTHING}"
CASE_MATTERS = "case:matters"
OWN_TAGS = frozenset({ALL_OR_NOTHING, CASE_MATTERS})
BLANK_REFERENCE = re.compile(r"&#(\d{1,5});")

# Escaped signs become code points that no text may contain, so that what follows sees only signs with a meaning.
HIDDEN = {sign: chr(0xFDD0 + index) for index, sign in enumerate("~=#{}:\\n")}
SHOWN = {hidden: "\n" if sign == "n" else sign for sign, hidden in HIDDEN.items()}
ESCAPED = re.compile(r"\\([~=#{}:\\n])")
RESERVED = re.compile("[\ufdd0-\ufdd7]")


@dataclass(frozen=True, slots=True)
class Block:
    """The lines of one item, where it starts, and what was said about it before."""

    line: int
    text: str
    topic: tuple[str, ...]
    labels: tuple[tuple[str, str], ...]


def read_gift(data: bytes, kinds: Collection[ItemKind] = CHOICE_ALONE, true_false: tuple[str, str] = ("Đúng", "Sai")) -> ItemReading:
    """All items of a GIFT file (UTF-8 or UTF-16) that are of these kinds; a true or false question is one with these two options.

    Raises SheetRefused, with a `sheets.` code, where the bytes are no such text."""
    if len(data) > LARGEST_FILE:
        raise SheetRefused("sheets.file_too_big", limit=LARGEST_FILE // 1_000_000)
    text, _ = decode_text(data)
    items: list[ReadItem] = []
    rejected: list[Rejected] = []
    notes: list[Rejected] = []
    for block in _blocks(RESERVED.sub("", text)):
        if len(items) + len(rejected) == MOST_ITEMS:
            rejected.append(Rejected(Place(block.line), "items.too_many", {"limit": MOST_ITEMS}, excerpt(block.text)))
            break
        try:
            item, left_out = _item(block, kinds, true_false)
        except NotTaken as reason:
            rejected.append(Rejected(Place(block.line), reason.code, reason.params, excerpt(block.text)))
            continue
        items.append(item)
        notes += left_out
    if not items and not rejected:
        rejected.append(Rejected(Place(1), "items.nothing_found", {}))
    return ItemReading(tuple(items), tuple(rejected), tuple(notes))


def _blocks(text: str) -> Iterator[Block]:
    topic: tuple[str, ...] = ()
    labels: list[tuple[str, str]] = []
    lines: list[str] = []
    start = 0
    for number, raw in enumerate([*LINE_END.split(text), ""], start=1):
        line = raw.strip()
        if line.startswith("//"):
            labels += LABEL.findall(line)
            continue
        is_category = line.upper().startswith(CATEGORY)
        if lines and (not line or is_category):
            yield Block(start, "\n".join(lines), topic, tuple(labels))
            lines = []
        if is_category:
            topic = _topic(line[len(CATEGORY) :])
        if not line or is_category:
            labels = []
            continue
        start = start if lines else number
        lines.append(line)


def _topic(path: str) -> tuple[str, ...]:
    """`$course$/top/Law/Chapter 1` -> Law, Chapter 1; a doubled slash stands for a slash."""
    parts = [part.replace("\0", "/").strip() for part in path.replace("//", "\0").split("/")]
    return tuple(part for part in parts if part and part != "top" and not re.fullmatch(r"\$\w+\$", part))


def _item(block: Block, kinds: Collection[ItemKind], true_false: tuple[str, str]) -> tuple[ReadItem, list[Rejected]]:
    text = ESCAPED.sub(lambda match: HIDDEN[match[1]], block.text)
    name, text = _name(text)
    default, text = _format(text, "moodle")
    before, inside, after = _braces(text)
    answers_text, _, general = inside.partition("####")
    key = read_key(answers_text, kinds, true_false)
    difficulty, tags, left_out = _labels(block)
    ours = _own_tags(block)
    item = ReadItem(
        place=Place(block.line),
        name=_shown(name).strip() or next((value.strip() for kind, value in block.labels if kind.lower() == "id"), ""),
        topic=block.topic,
        difficulty=difficulty,
        stem=_rich(before + BLANK + after if after.strip() else before, default),
        options=tuple(ReadOption(_rich(option.text, default, line=True), option.is_key) for option in key.options),
        basis=_rich(general, default),
        tags=tags,
        kind=key.kind,
        rule=MarkingRule.ALL_OR_NOTHING if key.rule and ALL_OR_NOTHING in ours else key.rule,
        accepted=tuple(ReadAnswer(_plain(answer.text, default), answer.tolerance) for answer in key.accepted),
        case_matters=key.kind is ItemKind.SHORT_TEXT and CASE_MATTERS in ours,
    )
    check_read(item)
    if default == "markdown":
        left_out.append(Rejected(item.place, "items.markdown_as_written", {}))
    left_out += [Rejected(Place(block.line), f"items.{note}", {}) for note in key.notes]
    return item, [replace(one, excerpt=excerpt(block.text)) for one in left_out]


def _name(text: str) -> tuple[str, str]:
    if not text.startswith("::"):
        return "", text
    name, closed, rest = text[2:].partition("::")
    if not closed:
        raise NotTaken("name_open")
    return name, rest.lstrip()


def _format(text: str, default: str) -> tuple[str, str]:
    match = FORMAT.match(text.lstrip())
    return (match[1].lower(), text.lstrip()[match.end() :]) if match else (default, text)


def _braces(text: str) -> tuple[str, str, str]:
    opening, closing = text.find("{"), text.find("}")
    if opening < 0 and closing < 0:
        raise NotTaken("kind_description")
    if opening < 0 or 0 <= closing < opening:
        raise NotTaken("brace_not_opened")
    if closing < 0:
        raise NotTaken("brace_not_closed")
    before, inside, after = text[:opening], text[opening + 1 : closing], text[closing + 1 :]
    if re.search("[{}]", inside + after):
        raise NotTaken("brace_twice")
    return before, inside, after


def _own_tags(block: Block) -> frozenset[str]:
    """What our own files say in tags since the format has no sign for it."""
    return OWN_TAGS & {value.strip().lower() for kind, value in block.labels if kind.lower() == "tag"}


def _labels(block: Block) -> tuple[str | None, tuple[str, ...], list[Rejected]]:
    difficulty: str | None = None
    tags: list[str] = []
    left_out: list[Rejected] = []
    for kind, value in block.labels:
        if kind.lower() != "tag" or value.strip().lower() in OWN_TAGS:
            continue
        name, _, word = value.partition(":")
        if name.strip().lower() != "difficulty":
            tags.append(value.strip())
        elif (known := difficulty_of(word)) is not None:
            difficulty = known
        else:
            left_out.append(Rejected(Place(block.line), "items.difficulty_unknown", {"found": word.strip()}))
    return difficulty, tuple(tags), left_out


def _rich(text: str, default: str, *, line: bool = False) -> str:
    """Rich text from a text of the file in its format; `line` for what stands inside a line."""
    chosen, body = _format(text, default)
    shown = _shown(re.sub(r"\s+", " ", body.strip()))
    if chosen == "html" or (chosen == "moodle" and TAG.search(shown)):
        return rich(BLANK_REFERENCE.sub(_blank, shown.replace("\n", "<br>")))
    return rich(richtext.from_line(shown) if line else richtext.from_plain(shown))


def _blank(reference: re.Match[str]) -> str:
    """The blank that a reference names; `&#8203;` and other characters stay references."""
    character = chr(int(reference[1]))
    return character if character.isspace() else reference[0]


def _plain(text: str, default: str) -> str:
    """The words of an answer that is typed."""
    return " ".join(richtext.to_text(_rich(text, default, line=True)).split())


def _shown(text: str) -> str:
    return "".join(SHOWN.get(character, character) for character in text)
