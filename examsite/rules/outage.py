"""Our own outages, found from what reached the server: long silences between its signs of life, and what each cost a candidate."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import pairwise

LONGEST_SILENCE = timedelta(seconds=60)
"""Pages send a sign of life every 30 seconds: with one that was lost on the way, somebody is heard of within a minute."""


@dataclass(frozen=True)
class Gap:
    """Nothing reached the server between the last sign before and the first after."""

    began_at: datetime
    ended_at: datetime


def gaps(signs: Iterable[datetime], longest: timedelta = LONGEST_SILENCE) -> tuple[Gap, ...]:
    """Silences longer than `longest` between signs of life, which may come in any order, earliest first."""
    ordered = sorted(set(signs))
    return tuple(Gap(before, after) for before, after in pairwise(ordered) if after - before > longest)


def lost_seconds(gap: Gap, begins: datetime, ends: datetime, stopped: Sequence[tuple[datetime, datetime]] = ()) -> int:
    """Whole seconds, rounded up, of a running time [begins, ends) that fell into the gap; what stood still anyway is not counted.

    `stopped`: the pauses of this candidate, which never overlap each other.
    """
    begin, end = max(gap.began_at, begins), min(gap.ended_at, ends)
    if end <= begin:
        return 0
    still = sum((max(timedelta(), min(end, until) - max(begin, since)) for since, until in stopped), timedelta())
    return -((still - (end - begin)) // timedelta(seconds=1))
