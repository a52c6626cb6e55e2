"""What came too late, or from a device without the pen -> which of its answers may count, by what the server alone knows.

No clock of a candidate's machine proves when something was typed. What the server knows is the *place* of each save that it acknowledged,
the pair (epoch, seq): devices held the pen one after another, and each counted its saves upward. A piece of evidence has a place too:

- it came from the device that held the pen (after the close, or after handing in): the place that it states, because the server compared
  epoch and sign-in with its own when it arrived;
- it came from a device that did not hold the pen: the epoch that it states, but none later than the one before the pen's holder then,
  because of such a device it is known only that it held the pen before, if ever.

**The rule.** An answer of the evidence takes effect for its item unless an acknowledged save at the same or a later place answered that
item: what was acknowledged on time, from the device that went on with the exam, is never replaced by what came from before it. Several
pieces that count are taken in the order of their places, and at one place in the order of their arrival.

**A difference** (an essay is saved as what was typed since) has no meaning by itself. It takes effect only if the save right before it is
known: the acknowledged one with the seq before, of its own epoch or an earlier one, or another piece of the same epoch that counts.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum


class Came(StrEnum):
    """How a piece of evidence came."""

    LATE = "late"
    """From the device that held the pen, after the close."""
    CLOSED = "closed"
    """From the device that held the pen, after handing in, or after an end before the time."""
    MOVED = "moved"
    """From a device that did not hold the pen."""


class Effect(StrEnum):
    """What becomes of one answer of a piece of evidence, if the piece counts."""

    COUNTS = "counts"
    NEWER = "newer"
    """An answer stands that was acknowledged at the same or a later place."""
    UNFOUNDED = "unfounded"
    """It is a difference to a text that the server does not hold."""


@dataclass(frozen=True, order=True)
class Place:
    """Where a save stands in the order that the server knows: the device by its epoch, then its own count."""

    epoch: int
    seq: int


@dataclass(frozen=True)
class Save:
    """An acknowledged save: its place, and the numbers of the items that it answered (a flag is no answer)."""

    place: Place
    items: frozenset[int]


@dataclass(frozen=True)
class Piece:
    """One piece of evidence. `epoch` and `seq` are stated by the page, `held_epoch` is that of the pen's holder when it arrived.

    `items` are the numbers of the items that it answers, `differences` those of them that it answers by a difference.
    """

    name: str
    came: Came
    epoch: int
    seq: int
    held_epoch: int
    items: frozenset[int]
    differences: frozenset[int] = frozenset()

    @property
    def place(self) -> Place:
        """The place that can be believed."""
        if self.came is Came.MOVED:
            return Place(min(self.epoch, self.held_epoch - 1), self.seq)
        return Place(self.epoch, self.seq)


def in_order(pieces: Iterable[Piece]) -> list[Piece]:
    """Pieces in the order in which they take effect; `pieces` come in the order of their arrival."""
    return sorted(pieces, key=lambda piece: piece.place)


def effects(saves: Sequence[Save], counted: Iterable[Piece]) -> dict[str, dict[int, Effect]]:
    """What becomes of each answer of the pieces that count, by the piece's name and the item's number.

    `counted` come in the order of their arrival, and the result is in the order in which they take effect.
    """
    state = _State({save.place for save in saves}, _newest(saves))
    return {piece.name: state.take(piece) for piece in in_order(counted)}


class _State:
    """What is known while the pieces are taken one after another."""

    def __init__(self, acknowledged: set[Place], newest: Mapping[int, Place]) -> None:
        self.acknowledged, self.newest = acknowledged, newest
        self.founded: set[Place] = set()
        self.taken: dict[int, Place] = {}

    def take(self, piece: Piece) -> dict[int, Effect]:
        """The effects of the next piece."""
        follows = self._follows(piece.place)
        found = {item: self._effect(piece, item, follows) for item in sorted(piece.items)}
        if follows:
            self.founded.add(piece.place)
        self.taken.update({item: piece.place for item, effect in found.items() if effect is Effect.COUNTS})
        return found

    def _follows(self, place: Place) -> bool:
        """Whether the save right before this place is known; before the very first there is the empty text."""
        acknowledged = any(one.seq == place.seq - 1 and one < place for one in self.acknowledged)
        return place.seq == 1 or acknowledged or Place(place.epoch, place.seq - 1) in self.founded

    def _effect(self, piece: Piece, item: int, follows: bool) -> Effect:
        last = self.newest.get(item)
        if last is not None and last >= piece.place:
            return Effect.NEWER
        if item in piece.differences and not (follows and self._own(piece.place, self.taken.get(item))):
            return Effect.UNFOUNDED
        return Effect.COUNTS

    def _own(self, place: Place, taken: Place | None) -> bool:
        """Whether the page that sent the difference knew what was taken for its item so far."""
        return taken is None or (taken.epoch == place.epoch and taken.seq < place.seq)


def _newest(saves: Iterable[Save]) -> dict[int, Place]:
    """The last place at which each item was answered."""
    newest: dict[int, Place] = {}
    for save in saves:
        for item in save.items:
            newest[item] = max(save.place, newest.get(item, save.place))
    return newest
