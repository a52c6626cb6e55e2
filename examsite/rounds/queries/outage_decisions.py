"""What was decided on the outages of a session: by whom, when and why."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session, joinedload

from examsite.rounds.models import ExamSession, OutageDecision, RosterEntry


@dataclass(frozen=True)
class Ruling:
    """One decision on an outage, with the numbers of the candidates whose loss it settled."""

    decision: str
    reason: str
    began_at: datetime
    ended_at: datetime
    decided_by: str
    decided_by_id: int
    decided_at: datetime
    numbers: frozenset[str]

    def meets(self, began_at: datetime, ended_at: datetime) -> bool:
        """Whether it stands for the outage with these bounds, as they are read now."""
        return self.began_at < ended_at and self.ended_at > began_at


def rulings_in(session: Session, exam: ExamSession) -> tuple[Ruling, ...]:
    """Every decision on an outage of this session, the earliest first."""
    mine = select(OutageDecision).join(OutageDecision.entry).where(RosterEntry.session_id == exam.id).order_by(OutageDecision.id)
    acts: dict[str, list[OutageDecision]] = {}
    for row in session.scalars(mine.options(joinedload(OutageDecision.entry), joinedload(OutageDecision.decided_by))):
        acts.setdefault(row.batch, []).append(row)
    return tuple(_ruling(rows) for rows in acts.values())


def _ruling(rows: list[OutageDecision]) -> Ruling:
    one = rows[0]
    who = (one.decided_by.display_name, one.decided_by_id, one.decided_at)
    return Ruling(one.decision, one.reason, one.began_at, one.ended_at, *who, frozenset(row.entry.candidate_number for row in rows))
