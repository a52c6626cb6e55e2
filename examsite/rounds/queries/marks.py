"""The machine's marks of sealed sittings, and the result of a part that they make."""

from collections.abc import Iterable

from sqlalchemy import select
from sqlalchemy.orm import Session

from examsite.rounds.models import Sitting, SittingMark
from examsite.rules import marking, policy


def marks_of(session: Session, sittings: Iterable[Sitting]) -> dict[int, SittingMark]:
    """The newest marks of each sitting, by the sitting's row."""
    wanted = [sitting.id for sitting in sittings]
    if not wanted:
        return {}
    rows = session.scalars(select(SittingMark).where(SittingMark.sitting_id.in_(wanted)).order_by(SittingMark.number))
    return {mark.sitting_id: mark for mark in rows}


def result_of(part: policy.Part, mark: SittingMark) -> marking.PartResult | marking.UnmarkedResult:
    """The result of a part that was sat, from its stored marks; none yet where some of its answers wait for their markers."""
    if mark.unmarked:
        return marking.UnmarkedResult(mark.unmarked)
    return marking.counted_result(mark.correct, mark.questions, part.pass_share)
