"""The practice paper: a fixed one about the use of the exam room, in both languages, from files in the format that question authors use."""

from functools import cache
from importlib.resources import files

from examsite.questions.formats import ReadItem
from examsite.questions.formats.gift import read_gift
from examsite.questions.queries import Wording
from examsite.rounds.queries.room import ItemView
from examsite.rounds.queries.sittings import Answerable, Options
from examsite.rules.keys import ItemKind

MINUTES = 10
ADDRESS = "practice"
"""What stands in its addresses where those of an exam have the public id of a sitting."""


@cache
def practice_items(language: str, *, essay: bool) -> tuple[ItemView, ...]:
    """The items as the exam room shows them, in `vi` or `en`; with an essay only where the exam may have one."""
    found = [item for item in _read(language) if essay or item.kind != ItemKind.ESSAY]
    return tuple(_view(number, item) for number, item in enumerate(found, start=1))


@cache
def practice_options() -> Options:
    """What may be answered at each item; the same in both languages, and the essay comes last."""
    items = practice_items("en", essay=True)
    return {item.number: Answerable(item.kind, item.order) for item in items}


def _read(language: str) -> tuple[ReadItem, ...]:
    data = (files(__name__) / f"{language}.gift").read_bytes()
    reading = read_gift(data, frozenset(ItemKind))
    if reading.rejected:
        raise RuntimeError(f"the practice paper in {language} cannot be read: {reading.rejected}")
    return reading.items


def _view(number: int, item: ReadItem) -> ItemView:
    several = item.kind == ItemKind.MULTIPLE_RESPONSE
    options = {f"{number}-{place}": option.text for place, option in enumerate(item.options, start=1)}
    wording = Wording(
        version="",
        item="",
        number=number,
        language=None,
        stem=item.stem,
        options=options,
        kind=item.kind.value,
        marking_rule=item.rule,
        to_choose=sum(option.is_key for option in item.options) if several else 0,
        case_matters=item.case_matters,
        images=(),
    )
    return ItemView(number, wording, tuple(options))
