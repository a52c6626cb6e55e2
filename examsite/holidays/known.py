"""The public holidays that the program brings along, read from `known.toml`."""

import tomllib
from dataclasses import dataclass
from datetime import date
from functools import cache
from importlib.resources import files

from examsite.holidays.models import HOLIDAY, IN_LIEU


@dataclass(frozen=True, slots=True)
class KnownDay:
    """One day as the file gives it."""

    day: date
    name: str
    kind: str
    confirmed: bool


@cache
def known_days() -> tuple[KnownDay, ...]:
    """Every day of the file, in order."""
    file = tomllib.loads((files("examsite.holidays") / "known.toml").read_text("utf-8"))
    found = [
        KnownDay(day, group["name"], kind, group["confirmed"])
        for group in file["days"]
        for kind, days in ((HOLIDAY, "holidays"), (IN_LIEU, "in_lieu"))
        for day in group.get(days, ())
    ]
    return tuple(sorted(found, key=lambda known: known.day))
