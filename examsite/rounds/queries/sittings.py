"""Sittings of one candidate, their answers as they stand, and the papers behind them."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime
from typing import NamedTuple, cast

from sqlalchemy import Table, bindparam, select
from sqlalchemy.orm import Load, Session, contains_eager

from examsite.accounts.models import Account
from examsite.campaigns.models import Application
from examsite.questions.queries import item_kinds
from examsite.rounds import chain
from examsite.rounds.models import Paper, RosterEntry, Sitting, SittingEvent
from examsite.rounds.queries.attendance import beside_entry
from examsite.rules.drawing import PaperItem
from examsite.rules.refusal import NotFound
from examsite.rules.typed import Splice, is_blank, spliced


class Answerable(NamedTuple):
    """What may be answered at one item: its kind, and its option ids in the order of the paper (none where the answer is typed)."""

    kind: str
    options: tuple[str, ...]


Options = dict[int, Answerable]
"""What may be answered at each item of a paper, by its number from 1."""
AnswerValue = str | tuple[str, ...] | None
"""An option id, several in the order of the paper, or a text; None, empty or blank where nothing is answered."""

_CACHE_LIMIT = 5_000
_KINDS_LIMIT = 50_000
_options: dict[str, Options] = {}
_kinds: dict[str, str] = {}


@dataclass(frozen=True)
class Answers:
    """The answers of a sitting as they stand, by item number: the last event of each item, and of an essay all its events in order.

    `choices` holds an option id, or None where it was taken back; `several` the option ids of multiple response; `texts` what was typed.
    """

    choices: dict[int, str | None]
    flags: frozenset[int]
    several: dict[int, tuple[str, ...]] = field(default_factory=dict)
    texts: dict[int, str] = field(default_factory=dict)

    def values(self) -> dict[int, AnswerValue]:
        """The answers of all kinds by item number."""
        return {**self.choices, **self.several, **self.texts}

    def answered_items(self) -> frozenset[int]:
        """The numbers of the items that hold an answer; a text of blanks alone is none."""
        return frozenset(number for number, value in self.values().items() if is_answer(value))

    def answered(self) -> int:
        """How many items hold an answer."""
        return len(self.answered_items())


def is_answer(value: AnswerValue) -> bool:
    """Whether this answers an item."""
    return not is_blank(value) if isinstance(value, str) else bool(value)


_MINE = (
    select(Sitting)
    .join(Sitting.entry)
    .join(RosterEntry.application)
    .where(Sitting.public_id == bindparam("sitting"), Application.account_id == bindparam("account"))
    .options(contains_eager(Sitting.entry), *beside_entry(Load(Sitting).contains_eager(Sitting.entry)))
    .execution_options(populate_existing=True)
)


def my_sitting(session: Session, account: Account, sitting_id: str) -> Sitting:
    """The sitting of this public id if it is the candidate's own, or NotFound; its roster entry comes along as `attendance_of` needs it."""
    sitting = session.scalars(_MINE, {"sitting": sitting_id, "account": account.id}).unique().one_or_none()
    if sitting is None:
        raise NotFound
    return sitting


def is_closed(sitting: Sitting, now: datetime) -> bool:
    """Whether a sitting is over, whatever ran or did not run to write it down."""
    return sitting.state != "open" or now >= sitting.closes_at


def was_handed_in(sitting: Sitting) -> bool:
    """Whether the candidate ended it. From the deadline on the page hands in by itself, which is nobody's choice."""
    return sitting.state == "submitted" and ended_early(sitting)


def ended_early(sitting: Sitting) -> bool:
    """Whether it was ended while it had time left; in a pause, during which the deadline stands as it was before it, it always has."""
    return sitting.closed_at is not None and (sitting.closed_at < sitting.deadline or sitting.paused_since is not None)


def is_withheld(sitting: Sitting, now: datetime) -> bool:
    """Whether a pause covers the questions: until it ends, neither they nor the answers are given to anybody."""
    return sitting.paused_since is not None and not is_closed(sitting, now)


_event, _paper = (cast("Table", model.__table__) for model in (SittingEvent, Paper))
_SAVES = select(_event.c.body).where(_event.c.sitting_id == bindparam("sitting"), _event.c.kind == chain.SAVE).order_by(_event.c.seq)


def answers_of(session: Session, sitting: Sitting) -> Answers:
    """The answers of a sitting as they stand; one that was never saved, as all are when they open, costs no question."""
    saves = session.scalars(_SAVES, {"sitting": sitting.id}) if sitting.last_seq else ()
    return fold(body for body in saves if body is not None)


def fold(bodies: Iterable[str]) -> Answers:
    """Saves in their order -> the answers as they stand."""
    choices: dict[int, str | None] = {}
    several: dict[int, tuple[str, ...]] = {}
    texts: dict[int, str] = {}
    flags: dict[int, bool] = {}
    for changes in chain.values_of(bodies):
        for item, kind, value in changes:
            match kind:
                case "choice":
                    choices[item] = value
                case "choices":
                    several[item] = tuple(value)
                case "text":
                    texts[item] = value
                case "splice":
                    texts[item] = spliced(texts.get(item, ""), Splice(*value))
                case _:
                    flags[item] = value
    return Answers(choices, frozenset(item for item, flagged in flags.items() if flagged), several, texts)


def paper_items(paper: Paper) -> tuple[PaperItem, ...]:
    """The items of a stored paper, as the draw gave them."""
    return tuple(_item(*stored) for stored in paper.items)


_ITEMS = select(_paper.c["items"]).where(_paper.c.id == bindparam("paper"))


def items_sat(session: Session, sitting: Sitting) -> list[tuple[str, int, list[str]]]:
    """The same of a sitting as they are stored, item, version and options, without an object for any of them."""
    stored = session.execute(_ITEMS, {"paper": sitting.paper_id}).scalar_one()
    return cast("list[tuple[str, int, list[str]]]", stored)


def known_options(sitting_id: str) -> Options | None:
    """What may be answered in a sitting, if this process was asked before; the database is not."""
    return _options.get(sitting_id)


def paper_options(session: Session, sitting_id: str) -> Options | None:
    """What may be answered in a sitting, from memory where it was asked before: a paper never changes once it is sat."""
    known = _options.get(sitting_id)
    if known is None:
        paper = session.scalar(select(Paper).join(Sitting, Sitting.paper_id == Paper.id).where(Sitting.public_id == sitting_id))
        if paper is None:
            return None
        items = paper_items(paper)
        kinds = kinds_of(session, items)
        known = {number: Answerable(kinds[item.item], item.options) for number, item in enumerate(items, start=1)}
        remember_options(sitting_id, known)
    return known


def remember_options(sitting_id: str, known: Options) -> None:
    """Keep what may be answered in a sitting for the saves to come."""
    if len(_options) >= _CACHE_LIMIT:
        _options.clear()
    _options[sitting_id] = known


def kinds_of(session: Session, items: Iterable[PaperItem]) -> dict[str, str]:
    """The kind of each item of a paper, from memory where it was asked before: an item never changes its kind."""
    wanted = {item.item for item in items}
    if unknown := wanted - _kinds.keys():
        if len(_kinds) >= _KINDS_LIMIT:
            _kinds.clear()
            unknown = wanted
        _kinds.update(item_kinds(session, unknown))
    return {item: _kinds[item] for item in wanted}


def _item(item: object, version: object, options: object) -> PaperItem:
    if not isinstance(item, str) or not isinstance(version, int) or not isinstance(options, list):
        raise TypeError("a stored paper holds item, version and options")
    return PaperItem(item, version, tuple(str(option) for option in options))
