"""Decide the score of an interview where the members differ too much for the mean."""

from datetime import datetime
from decimal import Decimal
from fractions import Fraction

from sqlalchemy import update
from sqlalchemy.orm import Session

from examsite.audit.operations import record
from examsite.campaigns.queries import rule_set
from examsite.campaigns.roles import Role
from examsite.db import rows_changed
from examsite.grading.models import Interview, Panel, SpreadDecision, new_salt
from examsite.grading.permissions import may_decide, may_judge
from examsite.grading.queries.decisions import locked_sheets, question_of, shown
from examsite.grading.queries.progress import Progress, progress_of
from examsite.grading.seats import held, seat_of
from examsite.grading.sheet_values import seal_of_decision
from examsite.rules.policy import Decider, RuleSet
from examsite.rules.refusal import Conflict, NotPermitted, Refused
from examsite.rules.scoring import NeedsDecision, ScoreDecision, panel_outcome


def decide_spread(
    session: Session,
    role: Role,
    panel: Panel,
    interview: Interview,
    score: Decimal,
    reason: str,
    now: datetime,
    *,
    seen: str | None = None,
) -> SpreadDecision:
    """Decide the score where the spread asks for it; a later decision supersedes, and the earlier one stays readable.

    By the panel's head or the council's chair, as the band of the rule set says (Circular 6/2020, Art. 31(2), for interviews); where the
    chair scored here, declared a conflict or the seat is vacant, by a deputy chair, which is recorded with the decision. Refuses
    what `scoring.panel_outcome` refuses: no decision asked, too early, outside 0 to the maximum, without a reason. `seen` is the `shown`
    of the page on which somebody decided: refused where it is no longer so (Conflict `changed_meanwhile`), since nobody decides over
    sheets they never saw; None where no page was.
    """
    if not may_judge(seat_of(session, role, panel), interview):  # before anything is said about the panel or its sheets
        raise NotPermitted("grading.not_decider")
    seat = held(session, role, panel, "drawn")
    rules = rule_set(panel.campaign)
    progress = progress_of(session, interview)
    asked = _asked(progress, rules)
    if seen not in (None, shown(progress)):
        raise Conflict("changed_meanwhile")
    if not may_decide(seat, interview, asked.by):
        raise NotPermitted("grading.not_decider")
    panel_outcome(locked_sheets(progress), ScoreDecision(asked.by, score, reason), rules)
    supersede_decision(session, role, interview, now)
    in_place = seat.in_place(interview) if asked.by is Decider.COUNCIL_CHAIR else ""
    decision = _store(session, role, interview, asked, in_place, score, reason.strip(), now)
    data = {"interview": interview.public_id, "by": asked.by.value, "band": asked.band.id, "seal": decision.seal}
    data |= {"in_place": in_place} if in_place else {}
    record(session, role.campaign.chain, "grading:spread:decided", f"interview:{interview.public_id}", role.actor, now, data)
    return decision


def supersede_decision(session: Session, role: Role, interview: Interview, now: datetime, *, own: bool = False) -> None:
    """End the standing decision of an interview, if there is one (`own`: only one that this person took): what it rested on has changed, or
    another takes its place."""
    standing = update(SpreadDecision).where(SpreadDecision.interview_id == interview.id, SpreadDecision.superseded_at.is_(None))
    if own:
        standing = standing.where(SpreadDecision.decided_by_id == role.account.id)
    if rows_changed(session, standing.values(superseded_at=now)):
        data = {"interview": interview.public_id}
        record(session, role.campaign.chain, "grading:spread:superseded", f"interview:{interview.public_id}", role.actor, now, data)


def _asked(progress: Progress, rules: RuleSet) -> NeedsDecision:
    """What the locked sheets alone ask for, whatever was decided before."""
    if progress.interview.state != "present" or not progress.complete:
        raise Refused("score_decision_too_early")
    question = question_of(progress, rules)
    if question is None:
        raise Refused("grading.no_decision_asked")
    return question


def _store(
    session: Session, role: Role, interview: Interview, asked: NeedsDecision, in_place: str, score: Decimal, reason: str, now: datetime
) -> SpreadDecision:
    decision = SpreadDecision(
        interview_id=interview.id,
        role=asked.by.value,
        in_place=in_place,
        spread=_exact(asked.spread),
        score=score,
        reason=reason,
        decided_at=now,
        decided_by_id=role.account.id,
        salt=new_salt(),
    )
    decision.seal = seal_of_decision(decision, interview.public_id)
    session.add(decision)
    session.flush()
    return decision


def _exact(spread: Fraction) -> Decimal:
    """A difference of sums of decimals has an exact decimal form; anything else would be a fault of the program."""
    found = Decimal(spread.numerator) / Decimal(spread.denominator)
    if Fraction(found) != spread:
        raise ValueError(f"{spread} has no exact decimal form")
    return found
