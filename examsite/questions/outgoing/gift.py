"""Writes GIFT so that `formats.gift` reads the same items back: https://docs.moodle.org/en/GIFT_format

What the format has no sign for (difficulty, the marking of several right options, whether capitals count) stands in tags before the item.
"""

import re
from collections.abc import Iterable, Sequence
from decimal import Decimal

from examsite import richtext
from examsite.questions.answer_keys import Accepted
from examsite.questions.formats.gift import ALL_OR_NOTHING, CASE_MATTERS
from examsite.questions.formats.gift_answers import NUMBER
from examsite.questions.intake import TRUE_FALSE
from examsite.questions.outgoing import Loss, Outgoing, pictures_lost
from examsite.questions.writing import Written
from examsite.rules.keys import ItemKind, MarkingRule

SIGNS = re.compile(r"([\\~=#{}:])")
NOT_A_TOPIC = re.compile(r"top|\$\w+\$")
HTML = "[html]"
SHARE_PLACES = Decimal("0.00001")
BETWEEN_TOPICS = " / "


def write_gift(items: Sequence[Outgoing], notes: Sequence[str]) -> bytes:
    """Items in this order as a GIFT file in UTF-8; `notes` are sentences for its head."""
    blocks = ["".join(f"// {line}\n" for note in notes for line in note.splitlines())]
    category = ""
    for item in items:
        wanted = _category(item)
        if wanted != category:
            blocks.append(f"{wanted}\n")
            category = wanted
        blocks.append(_block(item))
    return "\n".join(block for block in blocks if block).encode()


def gift_losses(items: Sequence[Outgoing]) -> list[Loss]:
    """What the file cannot carry, item by item."""
    found = pictures_lost(items)
    for item in items:
        if any(NOT_A_TOPIC.fullmatch(piece) for piece in item.written.topic.split(BETWEEN_TOPICS)):
            found.append(Loss(item.number, "exports.topic_reserved", {"topic": item.written.topic}))
        if item.written.kind == ItemKind.NUMERIC and not all(NUMBER.fullmatch(_number(one)) for one in item.written.accepted):
            found.append(Loss(item.number, "exports.number_too_long", {}))
    return sorted(found, key=lambda loss: loss.number)


def _category(item: Outgoing) -> str:
    """The bank, then the topic; a slash within a name is doubled."""
    pieces = [item.bank.replace(":", "-"), *item.written.topic.split(BETWEEN_TOPICS)]
    return "$CATEGORY: " + BETWEEN_TOPICS.join(piece.replace("/", "//") for piece in pieces)


def _block(item: Outgoing) -> str:
    written = item.written
    tags = [f"difficulty:{written.difficulty}"]
    if written.kind == ItemKind.MULTIPLE_RESPONSE and written.marking_rule == MarkingRule.ALL_OR_NOTHING:
        tags.append(ALL_OR_NOTHING)
    if written.case_matters:
        tags.append(CASE_MATTERS)
    name = f"::{escaped(item.name)}::" if item.name else ""
    basis = f"####{_rich(written.basis)}" if written.basis else ""
    stem = _rich(written.stem)
    stem = stem if stem.startswith(HTML) else HTML + stem
    if stem.startswith(HTML + "["):
        stem = HTML + stem  # the first mark is the item's, the second the stem's own
    head = "// " + " ".join(f"[tag:{tag}]" for tag in tags)
    return f"{head}\n{name}{stem} {{{_answers(written, item.language)}{basis}}}\n"


def _answers(written: Written, language: str | None) -> str:
    match written.kind:
        case ItemKind.SINGLE_CHOICE:
            words = TRUE_FALSE.get(language or "vi", TRUE_FALSE["en"])
            if tuple(option.text for option in written.options) == words:
                return "TRUE" if written.options[0].is_key else "FALSE"
            return _lines(f"{'=' if option.is_key else '~'}{_rich(option.text)}" for option in written.options)
        case ItemKind.MULTIPLE_RESPONSE:
            share = (Decimal(100) / sum(option.is_key for option in written.options)).quantize(SHARE_PLACES)
            plain = f"{share.normalize():f}"
            return _lines(f"~%{plain if option.is_key else '-' + plain}%{_rich(option.text)}" for option in written.options)
        case ItemKind.SHORT_TEXT:
            return _lines(f"={_typed(one.text)}" for one in written.accepted)
        case ItemKind.NUMERIC:
            return "#" + _lines(f"={_number(one)}" for one in written.accepted)
    return ""


def _lines(answers: Iterable[str]) -> str:
    return "\n" + "".join(f"{answer}\n" for answer in answers)


def _rich(html: str) -> str:
    """Rich text whose first sign cannot be taken for a weight or a format."""
    return (HTML if html.startswith(("%", "[")) else "") + escaped(html)


def _typed(text: str) -> str:
    """A short answer; a star would stand for any words, an arrow for a pair, and the first sign for a weight or a format."""
    html = richtext.from_line(text).replace("*", "&#42;")
    for sign in "%[":
        if html.startswith(sign):
            html = f"&#{ord(sign)};{html[1:]}"
    return escaped(html)


def _number(accepted: Accepted) -> str:
    tolerance = accepted.tolerance or Decimal(0)
    return f"{accepted.text}:{tolerance:f}" if tolerance else accepted.text


def escaped(text: str) -> str:
    """With a backslash before each sign that has a meaning, and blanks that would be lost as references to their characters."""
    kept: list[str] = []
    for place, character in enumerate(text):
        single = character == " " and 0 < place < len(text) - 1 and not text[place - 1].isspace()
        kept.append(character if single or not character.isspace() else f"&#{ord(character)};")
    return SIGNS.sub(r"\\\1", "".join(kept))
