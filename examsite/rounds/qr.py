"""The QR code of an admission card: the campaign and the candidate number, as a scanner types them into the search at the door."""

from dataclasses import dataclass
from itertools import groupby

import segno

MARGIN = 4
MASK = 3
"""Any of the eight masks can be read; one that is fixed spares the search for the best, and a session has hundreds of cards."""


@dataclass(frozen=True)
class Code:
    """A QR code as one path in a square of `side` units, quiet zone included."""

    side: int
    path: str


def card_text(campaign: str, number: str) -> str:
    """What the code of a card says."""
    return f"{campaign}/{number}"


def read_card(typed: str) -> tuple[str | None, str]:
    """What was typed or scanned, as campaign (None: a number or a name alone) and number."""
    campaign, slash, number = typed.strip().rpartition("/")
    return (campaign.strip(), number.strip()) if slash else (None, typed.strip())


def code_of(text: str) -> Code:
    """The QR code of a text, readable with a quarter of it covered."""
    rows = segno.make(text, error="q", micro=False, mask=MASK).matrix
    strokes = [stroke for y, row in enumerate(rows) for stroke in _strokes(row, y)]
    return Code(len(rows) + 2 * MARGIN, "".join(strokes))


def _strokes(row: bytearray, y: int) -> list[str]:
    """The dark runs of one row as lines one unit thick."""
    found, x = [], 0
    for dark, run in groupby(row):
        length = len(list(run))
        if dark:
            found.append(f"M{x + MARGIN} {y + MARGIN}h{length}v1h-{length}z")
        x += length
    return found
