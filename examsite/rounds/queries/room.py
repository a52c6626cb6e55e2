"""What the exam room shows: the paper in its order, the answers as they stand, and the clock."""

from dataclasses import dataclass
from datetime import datetime
from typing import NamedTuple

from sqlalchemy.orm import Session

from examsite.accounts.models import Account
from examsite.questions.queries import Wording, version_public_ids, versions_for_paper
from examsite.rounds.models import Sitting
from examsite.rounds.queries.attendance import attendance_of
from examsite.rounds.queries.parts import PartView, part_views
from examsite.rounds.queries.sittings import (
    Answerable,
    Answers,
    AnswerValue,
    answers_of,
    is_answer,
    is_closed,
    items_sat,
    remember_options,
)

_CACHE_LIMIT = 5_000
_wordings: dict[tuple[str, int], Wording] = {}


class ItemView(NamedTuple):
    """One item as this candidate sees it: its wording, which all share, and the ids of its options in the order of the paper."""

    number: int
    wording: Wording
    order: tuple[str, ...]

    @property
    def kind(self) -> str:
        """What there is to do, as `rules.marking.ItemKind` names it."""
        return self.wording.kind

    @property
    def options(self) -> tuple[tuple[str, str], ...]:
        """(option id, rich text) in the order of the paper."""
        return tuple((option, self.wording.options[option]) for option in self.order)


@dataclass(frozen=True)
class RoomView:
    """The exam room of one sitting. `part_number` of `parts_total` counts the parts this candidate sits."""

    sitting: str
    part: PartView
    part_number: int
    parts_total: int
    parts: tuple[PartView, ...]
    campaign: str
    session_name: str
    place: str
    zone: str
    candidate_number: str
    candidate_name: str
    server_now: datetime
    deadline: datetime
    closes_at: datetime
    epoch: int
    last_seq: int
    save_token: str
    items: tuple[ItemView, ...]
    answers: dict[int, AnswerValue]
    flags: frozenset[int]

    @property
    def practice(self) -> bool:
        """Whether this is no exam."""
        return False

    @property
    def address(self) -> str:
        """What stands for the sitting in the addresses of its pages."""
        return self.sitting

    @property
    def answered_items(self) -> frozenset[int]:
        """The numbers of the items that hold an answer."""
        return frozenset(number for number, value in self.answers.items() if is_answer(value))

    @property
    def answered(self) -> int:
        """How many items hold an answer."""
        return len(self.answered_items)


@dataclass(frozen=True)
class StoredAnswers:
    """What the server holds of a sitting, for a page that compares."""

    last_seq: int
    epoch: int
    answers: Answers
    state: str
    deadline: datetime
    closes_at: datetime


def room(session: Session, account: Account, sitting: Sitting, save_token: str, now: datetime) -> RoomView:
    """The exam room of one's own sitting, which is loaded already."""
    attendance = attendance_of(session, sitting.entry)
    parts = part_views(attendance, now)
    sat = [part.id for part in parts if not part.exempt]
    answers = answers_of(session, sitting)
    exam = attendance.exam
    return RoomView(
        sitting=sitting.public_id,
        part=next(part for part in parts if part.id == sitting.part),
        part_number=sat.index(sitting.part) + 1,
        parts_total=len(sat),
        parts=parts,
        campaign=exam.campaign.title,
        session_name=exam.name,
        place=exam.place,
        zone=exam.campaign.time_zone,
        candidate_number=sitting.entry.candidate_number,
        candidate_name=account.display_name,
        server_now=now,
        deadline=sitting.deadline,
        closes_at=sitting.closes_at,
        epoch=sitting.epoch,
        last_seq=sitting.last_seq,
        save_token=save_token,
        items=items_of(session, sitting),
        answers=answers.values(),
        flags=answers.flags,
    )


def stored_answers(session: Session, sitting: Sitting, now: datetime) -> StoredAnswers:
    """What the server holds of a sitting now."""
    state = "closed" if sitting.state == "open" and is_closed(sitting, now) else sitting.state
    return StoredAnswers(sitting.last_seq, sitting.epoch, answers_of(session, sitting), state, sitting.deadline, sitting.closes_at)


def items_of(session: Session, sitting: Sitting) -> tuple[ItemView, ...]:
    """The items of a sitting's paper, options in the order that this candidate sees. The saves that follow need not ask for them again."""
    stored = items_sat(session, sitting)
    wordings = learn_wordings(session, {(item, version) for item, version, _options in stored})
    items = tuple(
        ItemView(number, wordings[item, version], tuple(options)) for number, (item, version, options) in enumerate(stored, start=1)
    )
    remember_options(sitting.public_id, {item.number: Answerable(item.kind, item.order) for item in items})
    return items


def learn_wordings(session: Session, wanted: set[tuple[str, int]]) -> dict[tuple[str, int], Wording]:
    """The wordings of versions that papers name, from memory where they were asked before: an approved version never changes."""
    known = {key: wording for key in wanted if (wording := _wordings.get(key)) is not None}
    unknown = wanted - known.keys()
    if not unknown:
        return known
    versions = version_public_ids(session, unknown)
    found = versions_for_paper(session, versions.values())
    read = {key: found[version] for key, version in versions.items()}
    if len(_wordings) >= _CACHE_LIMIT:
        _wordings.clear()
    _wordings.update(read)
    return known | read
