"""Readers of question files, one module a format. Pure: bytes or cells in, items and refusals out, each with its place."""

from dataclasses import dataclass
from decimal import Decimal

from examsite.rules.keys import ItemKind
from examsite.vietnamese import fold

Param = str | int
LONGEST_EXCERPT = 100
LONGEST_TOPIC = 120
CHOICE_ALONE = frozenset({ItemKind.SINGLE_CHOICE})
"""The kinds that a part of single choice may hold."""
DIFFICULTY_WORDS = {
    "easy": "easy",
    "de": "easy",
    "nhan biet": "easy",
    "medium": "medium",
    "trung binh": "medium",
    "thong hieu": "medium",
    "hard": "hard",
    "difficult": "hard",
    "kho": "hard",
    "van dung": "hard",
    "van dung cao": "hard",
}


@dataclass(frozen=True, slots=True)
class Place:
    """Where in the file: a line of text, or a row of a sheet and the letter of its column (empty for the whole row)."""

    line: int
    sheet: str = ""
    column: str = ""


@dataclass(frozen=True, slots=True)
class ReadOption:
    """An option in rich text."""

    text: str
    is_key: bool


@dataclass(frozen=True, slots=True)
class ReadAnswer:
    """A typed answer that counts as right: a text, or a number with its tolerance (as a text in which both may stand)."""

    text: str
    tolerance: Decimal | None = None


@dataclass(frozen=True, slots=True)
class ReadItem:
    """An item as read: stem, options and basis in clean rich text, difficulty `easy`, `medium`, `hard` or None where not told.

    `rule` is that of multiple response, else empty; `accepted` are the right answers where they are typed.
    `topic` is the path of categories, outermost first; `name` is the author's name or id of the item, often empty.
    """

    place: Place
    stem: str
    options: tuple[ReadOption, ...]
    name: str = ""
    topic: tuple[str, ...] = ()
    difficulty: str | None = None
    basis: str = ""
    tags: tuple[str, ...] = ()
    kind: ItemKind = ItemKind.SINGLE_CHOICE
    rule: str = ""
    accepted: tuple[ReadAnswer, ...] = ()
    case_matters: bool = False

    @property
    def topic_name(self) -> str:
        """The path as one text, as the bank keeps it."""
        return " / ".join(self.topic)


@dataclass(frozen=True, slots=True)
class Rejected:
    """Something that was not taken, or (among the notes) not taken whole: where, why, and how it begins."""

    place: Place
    code: str
    params: dict[str, Param]
    excerpt: str = ""


@dataclass(frozen=True, slots=True)
class ItemReading:
    """All in file order. `notes` say what was left out of items that were taken."""

    items: tuple[ReadItem, ...]
    rejected: tuple[Rejected, ...]
    notes: tuple[Rejected, ...] = ()


class NotTaken(Exception):  # noqa: N818 - caught inside this folder, where it becomes a Rejected
    """An item, or one of its cells, that cannot be taken."""

    def __init__(self, code: str, **params: Param) -> None:
        super().__init__(code)
        self.code = f"items.{code}"
        self.params = params


def excerpt(text: str) -> str:
    """How something begins, on one line."""
    line = " ".join(text.split())
    return line if len(line) <= LONGEST_EXCERPT else line[: LONGEST_EXCERPT - 1] + "…"


def difficulty_of(word: str) -> str | None:
    """`easy`, `medium` or `hard` from the word an author used, in either language; None for another word."""
    return DIFFICULTY_WORDS.get(fold(word))
