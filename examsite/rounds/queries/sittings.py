"""Sittings of one candidate, their answers as they stand, and the papers behind them."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session, joinedload

from examsite.accounts.models import Account
from examsite.campaigns.models import Application
from examsite.rounds import chain
from examsite.rounds.models import ExamSession, Paper, RosterEntry, Sitting, SittingEvent
from examsite.rules.drawing import PaperItem
from examsite.rules.refusal import NotFound

Options = dict[int, frozenset[str]]
"""The option ids of each item of a paper, by its number from 1."""

_CACHE_LIMIT = 5_000
_options: dict[str, Options] = {}


@dataclass(frozen=True)
class Answers:
    """The answers of a sitting as they stand: the last event of each item. `choices` maps item number to option id, None: taken back."""

    choices: dict[int, str | None]
    flags: frozenset[int]

    def answered(self) -> int:
        """How many items hold an answer."""
        return sum(choice is not None for choice in self.choices.values())


def my_sitting(session: Session, account: Account, sitting_id: str) -> Sitting:
    """The sitting of this public id if it is the candidate's own, or NotFound."""
    sitting = session.scalar(
        select(Sitting)
        .join(Sitting.entry)
        .join(RosterEntry.application)
        .options(joinedload(Sitting.entry).joinedload(RosterEntry.session).joinedload(ExamSession.campaign))
        .where(Sitting.public_id == sitting_id, Application.account_id == account.id)
        .execution_options(populate_existing=True)
    )
    if sitting is None:
        raise NotFound
    return sitting


def is_closed(sitting: Sitting, now: datetime) -> bool:
    """Whether a sitting is over, whatever ran or did not run to write it down."""
    return sitting.state != "open" or now >= sitting.closes_at


def answers_of(session: Session, sitting: Sitting) -> Answers:
    """The answers of a sitting as they stand."""
    saves = select(SittingEvent.body).where(SittingEvent.sitting_id == sitting.id, SittingEvent.kind == chain.SAVE)
    return fold(body for body in session.scalars(saves.order_by(SittingEvent.seq)) if body is not None)


def fold(bodies: Iterable[str]) -> Answers:
    """Saves in their order -> the answers as they stand."""
    choices: dict[int, str | None] = {}
    flags: dict[int, bool] = {}
    for body in bodies:
        for item, kind, value in chain.value_of(body):
            if kind == "choice":
                choices[item] = value
            else:
                flags[item] = value
    return Answers(choices, frozenset(item for item, flagged in flags.items() if flagged))


def paper_items(paper: Paper) -> tuple[PaperItem, ...]:
    """The items of a stored paper, as the draw gave them."""
    return tuple(_item(*stored) for stored in paper.items)


def paper_options(session: Session, sitting_id: str) -> Options | None:
    """What may be answered in a sitting, from memory where it was asked before: a paper never changes once it is sat."""
    known = _options.get(sitting_id)
    if known is None:
        paper = session.scalar(select(Paper).join(Sitting, Sitting.paper_id == Paper.id).where(Sitting.public_id == sitting_id))
        if paper is None:
            return None
        known = {number: frozenset(item.options) for number, item in enumerate(paper_items(paper), start=1)}
        if len(_options) >= _CACHE_LIMIT:
            _options.clear()
        _options[sitting_id] = known
    return known


def _item(item: object, version: object, options: object) -> PaperItem:
    if not isinstance(item, str) or not isinstance(version, int) or not isinstance(options, list):
        raise TypeError("a stored paper holds item, version and options")
    return PaperItem(item, version, tuple(str(option) for option in options))
