"""The machine's marks of sealed sittings, the sanctions on them, and the result of a part that both make."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import cast

from sqlalchemy import Table, bindparam, func, select
from sqlalchemy.orm import Session

from examsite.rounds.models import RosterEntry, Sitting, SittingMark, Violation
from examsite.rules import marking, policy
from examsite.rules.scoring import penalty_share

# Asked by every receipt and waiting room, so built once.
_MARKS = select(SittingMark).where(SittingMark.sitting_id.in_(bindparam("sittings", expanding=True))).order_by(SittingMark.number)
_violation = cast("Table", Violation.__table__)
_SANCTIONS = (
    select(_violation.c.entry_id, _violation.c.part, func.coalesce(_violation.c.level, ""))
    .where(_violation.c.entry_id.in_(bindparam("entries", expanding=True)), _violation.c.state == "confirmed")
    .order_by(_violation.c.decided_at, _violation.c.id)
)


def marks_of(session: Session, sittings: Iterable[Sitting]) -> dict[int, SittingMark]:
    """The newest marks of each sitting, by the sitting's row. One that was opened again has none until it is sealed anew."""
    wanted = [sitting.id for sitting in sittings if sitting.state != "open"]
    if not wanted:
        return {}
    return {mark.sitting_id: mark for mark in session.scalars(_MARKS, {"sittings": wanted})}


def sanctions_of(session: Session, entries: Iterable[RosterEntry]) -> dict[tuple[int, str], tuple[str, ...]]:
    """The sanctions that were confirmed, by roster entry and part, in the order in which they were decided."""
    wanted = [entry.id for entry in entries]
    if not wanted:
        return {}
    found: dict[tuple[int, str], tuple[str, ...]] = {}
    session.flush()  # a plain statement sees what is written
    for entry_id, part, level in session.connection().execute(_SANCTIONS, {"entries": wanted}):
        found[entry_id, part] = (*found.get((entry_id, part), ()), level)
    return found


@dataclass(frozen=True)
class Results:
    """What makes the results of round 1: the marks of sittings by row, the confirmed sanctions by roster entry and part, and the rules."""

    marks: Mapping[int, SittingMark]
    sanctions: Mapping[tuple[int, str], tuple[str, ...]]
    penalties: policy.Penalties

    def of(self, part: policy.Part, sitting: Sitting) -> marking.PartResult | marking.UnmarkedResult | None:
        """The result of a part that was sat, after what its sanctions take off; None while it was not marked at all.

        `counted` is how many right answers that leaves, whether a sanction is one of the right answers or of the score: the score of such a
        part is its share of right answers (see `policy.Base`).
        """
        mark = self.marks.get(sitting.id)
        if mark is None:
            return None
        if mark.unmarked:
            return marking.UnmarkedResult(mark.unmarked)
        share = penalty_share(self.sanctions_on(sitting), self.penalties)
        taken_off = (share,) if share else ()
        return marking.counted_result(mark.correct, mark.questions, part.pass_share, taken_off)

    def sanctions_on(self, sitting: Sitting) -> tuple[str, ...]:
        """The sanctions that were confirmed for this paper."""
        return self.sanctions.get((sitting.entry_id, sitting.part), ())


def results_of(session: Session, entries: Iterable[RosterEntry], rules: policy.RuleSet) -> Results:
    """What the results of these roster entries are made of; their sittings are loaded already. No marks, no sanctions on them."""
    listed = list(entries)
    marks = marks_of(session, [sitting for entry in listed for sitting in entry.sittings])
    return Results(marks, sanctions_of(session, listed) if marks else {}, rules.penalties)
