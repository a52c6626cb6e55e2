"""Decide on what our own outages cost: made good, each candidate by the seconds they lost, made good otherwise, or declined. Never
automatic, and only once."""

from datetime import datetime
from typing import Any

from sqlalchemy import Integer, String, Text, exists, insert, literal, select
from sqlalchemy.orm import Session

from examsite.audit.operations import record
from examsite.campaigns.roles import Role
from examsite.db import UTCDateTime, new_public_id
from examsite.rounds.models import DECLINED, MADE_GOOD, OTHERWISE, ExamSession, OutageDecision, RosterEntry
from examsite.rounds.operations.ledger import check_words, decide, lock
from examsite.rounds.operations.sessions import about, hold
from examsite.rounds.permissions import may_give_time
from examsite.rounds.queries.ledger import Preview
from examsite.rounds.queries.outages import Outage, outage_at, preview_outage
from examsite.rules.refusal import Conflict, Refused

CAUSE = "server"


def grant_outage(session: Session, exam: ExamSession, began_at: datetime, shown: str, reason: str, role: Role, now: datetime) -> Preview:
    """Give each candidate what the outage that began at this moment cost them and was not decided yet; return what was done.

    Whoever can get nothing (handed in, too late) is settled by the same act: the decider saw them named. Refuses as
    `operations.ledger.give_time`; Conflict when there is no such outage any more (`rounds.outage_changed`) or it was decided
    (`rounds.outage_decided`).
    """
    role.must(may_give_time(role))
    check_words(CAUSE, reason)
    lost = _held(session, exam, began_at, now, "sealed")
    if not lost.open_losses:
        raise Conflict("rounds.outage_decided")
    done = decide(session, exam, preview_outage(session, exam, lost, now), shown, CAUSE, reason, role, now)
    _settle(session, exam, lost, MADE_GOOD, reason, role, now)
    return done


def decline_outage(
    session: Session,
    exam: ExamSession,
    began_at: datetime,
    shown: str,
    reason: str,
    role: Role,
    now: datetime,
    *,
    decision: str = DECLINED,
) -> None:
    """Decide that no time is given for the outage that began at this moment, as far as it was not decided yet: nothing at all (`declined`),
    or something else than time (`otherwise`; the reason says what). Also of a session that is closed, where no time can be given any more.

    `shown` is the digest of the outage that was looked at. The same person saying the same again changes nothing. Refuses a missing reason
    and another decision (`rounds.outage_choose`); Conflict when the outage is no longer what was shown (`rounds.outage_changed`) or was
    decided otherwise (`rounds.outage_decided`).
    """
    role.must(may_give_time(role))
    check_words(CAUSE, reason)
    lost = _held(session, exam, began_at, now, "sealed", "closed")
    if not lost.open_losses:
        if any((one.decision, one.reason, one.decided_by_id) == (decision, reason.strip(), role.account.id) for one in lost.rulings):
            return
        raise Conflict("rounds.outage_decided")
    if decision not in (DECLINED, OTHERWISE):
        raise Refused("rounds.outage_choose", field="decision")
    if lost.digest != shown:
        raise Conflict("rounds.outage_changed")
    _settle(session, exam, lost, decision, reason, role, now)


def _held(session: Session, exam: ExamSession, began_at: datetime, now: datetime, *states: str) -> Outage:
    """The outage as it stands under the locks that every giver of time takes; once a session is closed its row is enough."""
    hold(session, exam, *states)
    if exam.state == "sealed":
        lock(session, exam, None)
    lost = outage_at(session, exam, began_at, now)
    if lost is None:
        raise Conflict("rounds.outage_changed")
    return lost


def _settle(session: Session, exam: ExamSession, lost: Outage, decision: str, reason: str, role: Role, now: datetime) -> None:
    """Write the decision for each whose loss was open, unless one that overlaps stands, and leave one entry in the log."""
    losses = lost.open_losses
    values: dict[str, Any] = {
        "batch": literal(new_public_id(), String),
        "decision": literal(decision, String),
        "reason": literal(reason.strip(), Text),
        "began_at": literal(lost.began_at, UTCDateTime),
        "ended_at": literal(lost.ended_at, UTCDateTime),
        "decided_by_id": literal(role.account.id, Integer),
        "decided_at": literal(now, UTCDateTime),
    }
    stands = exists().where(
        OutageDecision.entry_id == RosterEntry.id, OutageDecision.began_at < lost.ended_at, OutageDecision.ended_at > lost.began_at
    )
    theirs = select(RosterEntry.id, *values.values()).where(RosterEntry.public_id.in_([loss.entry for loss in losses]), ~stands)
    theirs = theirs.order_by(RosterEntry.id)
    written = session.scalars(insert(OutageDecision).from_select(["entry_id", *values], theirs).returning(OutageDecision.id)).all()
    if len(written) != len(losses):
        raise Conflict("rounds.outage_decided")
    numbers = sorted(loss.number for loss in losses)
    told = {"began_at": lost.began_at, "ended_at": lost.ended_at, "numbers": numbers, "reason": reason.strip()}
    record(session, exam.campaign.chain, f"rounds:outage:{decision}", about(exam), role.actor, now, told)
