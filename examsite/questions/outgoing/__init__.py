"""Items out of the bank into files that can be read back, one module a format. Pure: wordings in, bytes out, and what is lost."""

from collections.abc import Sequence
from dataclasses import dataclass

from examsite.questions.writing import Written

PICTURES = "exports.pictures"


@dataclass(frozen=True)
class Outgoing:
    """One item as it leaves: the number people call it by, its name, its wording, how many pictures stand below the stem.

    `bank` is the key of its bank, `language` that of the bank or None.
    """

    number: int
    name: str
    bank: str
    language: str | None
    written: Written
    pictures: int = 0


@dataclass(frozen=True)
class Loss:
    """Something of an item that a format cannot carry: which item, and the code of the reason."""

    number: int
    code: str
    params: dict[str, int | str]


@dataclass(frozen=True)
class SheetOfBank:
    """What a bank is called in the file."""

    key: str
    name: str


def pictures_lost(items: Sequence[Outgoing]) -> list[Loss]:
    """No format here carries the pictures below a stem."""
    return [Loss(item.number, PICTURES, {"count": item.pictures}) for item in items if item.pictures]
