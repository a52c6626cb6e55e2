"""Compare closed exam sessions with what the log took when they were closed: the chains of their sittings, and their marks."""

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field

from sqlalchemy import select
from sqlalchemy.orm import Session, joinedload

from examsite.audit.models import LogEntry
from examsite.audit.queries import data_of, entries_by_object
from examsite.rounds import chain
from examsite.rounds.models import ExamSession, RosterEntry, Sitting, SittingEvent, SittingMark
from examsite.rounds.queries.marking import marks_digest, root_of

CLOSED, DECIDED = "rounds:session:closed", "rounds:evidence:decided"
Decided = Mapping[tuple[str, str], Sequence[LogEntry]]
"""The entries of decisions on late evidence, by chain and object."""


@dataclass(frozen=True)
class ClosingCheck:
    """One exam session, and why it does not hold.

    log: it stands closed and the log does not say so, or the other way round; sittings: the chains of its sittings are not those that
    the log took; marks: nor are their marks, or those that a decision on late evidence left.
    """

    campaign: str
    name: str
    fault: str | None


@dataclass
class _Trail:
    """One sitting: the head after its sealing and after each decision, the marks of each, and what the log took after the closing."""

    heads: list[bytes] = field(default_factory=list)
    marks: list[bytes] = field(default_factory=list)
    later: list[str] = field(default_factory=list)

    @property
    def at_closing(self) -> int:
        """The place in both lists of what stood when the session was closed."""
        return len(self.marks) - 1 - len(self.later)

    def holds(self) -> bool:
        """Whether the marks of later decisions are those that the log took of them; the chain binds the decisions themselves."""
        return self.at_closing >= 0 and [one.hex() for one in self.marks[self.at_closing + 1 :]] == self.later


def check_closings(session: Session) -> Iterator[ClosingCheck]:
    """Check every exam session that stands closed, or that the log calls so."""
    closed, decided = entries_by_object(session, CLOSED), entries_by_object(session, DECIDED)
    for exam in session.scalars(select(ExamSession).options(joinedload(ExamSession.campaign)).order_by(ExamSession.id)).all():
        closings = closed.get((exam.campaign.chain, f"session:{exam.public_id}"), [])
        if closings or exam.state == "closed":
            yield ClosingCheck(exam.campaign.code, exam.name, _fault(session, exam, closings, decided))


def _fault(session: Session, exam: ExamSession, closings: Sequence[LogEntry], decided: Decided) -> str | None:
    if len(closings) != 1 or exam.state != "closed":
        return "log"
    told, trails = data_of(closings[0]), _trails(session, exam)
    for sitting, trail in trails.items():
        after = (data_of(one) for one in decided.get((exam.campaign.chain, f"sitting:{sitting}"), ()) if one.number > closings[0].number)
        trail.later += [str(data["marks"]) for data in after if "marks" in data]
    if any(len(one.heads) != len(one.marks) or not one.holds() for one in trails.values()):
        return "marks"
    if root_of(one.heads[one.at_closing] for one in trails.values()) != told.get("sittings_root"):
        return "sittings"
    return None if root_of(one.marks[one.at_closing] for one in trails.values()) == told.get("marks_root") else "marks"


def _trails(session: Session, exam: ExamSession) -> dict[str, _Trail]:
    found: dict[str, _Trail] = defaultdict(_Trail)
    mine = RosterEntry.session_id == exam.id
    heads = select(Sitting.public_id, SittingEvent.head).join(Sitting, Sitting.id == SittingEvent.sitting_id).join(Sitting.entry)
    heads = heads.where(mine, SittingEvent.kind.in_((chain.SEAL, chain.ADMITTED)))
    for sitting, head in session.execute(heads.order_by(SittingEvent.sitting_id, SittingEvent.seq)):
        found[sitting].heads.append(head)
    marks = select(Sitting, SittingMark).join(SittingMark, SittingMark.sitting_id == Sitting.id).join(Sitting.entry).where(mine)
    for row in session.execute(marks.order_by(SittingMark.sitting_id, SittingMark.number)):
        found[row.Sitting.public_id].marks.append(marks_digest(row.Sitting, row.SittingMark))
    return found
