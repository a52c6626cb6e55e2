"""Make good what our own outages cost: the decision of a person, never automatic; each candidate gets the seconds they lost."""

from datetime import datetime

from sqlalchemy.orm import Session

from examsite.campaigns.roles import Role
from examsite.rounds.models import ExamSession
from examsite.rounds.operations.ledger import check_words, decide, lock
from examsite.rounds.operations.sessions import hold
from examsite.rounds.permissions import may_give_time
from examsite.rounds.queries.ledger import Preview
from examsite.rounds.queries.outages import outage_at, preview_outage
from examsite.rules.refusal import Conflict

CAUSE = "server"


def grant_outage(session: Session, exam: ExamSession, began_at: datetime, shown: str, reason: str, role: Role, now: datetime) -> Preview:
    """Give each candidate what the outage that began at this moment cost them and was not made good yet; return what was done.

    Refuses as `operations.ledger.give_time`; Conflict (`rounds.preview_changed`) when there is no such outage any more.
    """
    role.must(may_give_time(role))
    check_words(CAUSE, reason)
    hold(session, exam, "sealed")
    lock(session, exam, None)
    lost = outage_at(session, exam, began_at, now)
    if lost is None:
        raise Conflict("rounds.preview_changed")
    return decide(session, exam, preview_outage(session, exam, lost, now), shown, CAUSE, reason, role, now)
