"""What round 1 came to, as the rule about who goes on wants it."""

from sqlalchemy import select
from sqlalchemy.orm import Session

from examsite.campaigns.models import Campaign
from examsite.rounds.models import ExamSession, RosterEntry
from examsite.rounds.queries import PartOutcome, Round1Outcome, round1_outcomes
from examsite.rounds.queries.incidents import undecided_violations
from examsite.rules.marking import ExemptResult, PartResult
from examsite.rules.ranking import Round1Entry, State
from examsite.rules.refusal import Refused

_STATES = {"started": State.PRESENT, "exempt": State.PRESENT, "absent": State.ABSENT, "voided": State.VOIDED}


def round1_entries(session: Session, campaign: Campaign) -> tuple[Round1Entry, ...]:
    """Every eligible candidate by number.

    Refused while it can still change: `results.not_listed` (on no roster), `results.round1_open` (their exam session is not closed),
    `results.not_marked` (a sitting has no marks), `results.violations_open` (a reported violation waits for the chair's decision).
    """
    if waiting := undecided_violations(session, campaign):
        raise Refused("results.violations_open", count=waiting)
    found = round1_outcomes(session, campaign)
    _refuse("results.not_listed", [one for one in found if one.state == "unlisted"])
    _refuse("results.round1_open", [one for one in found if not one.settled or one.state not in _STATES])
    _refuse("results.not_marked", [one for one in found if any(part.sat and part.correct is None for part in one.parts)])
    notes = _notes(session, campaign)
    return tuple(_entry(one, notes.get(one.candidate_number, "")) for one in found)


def _refuse(code: str, found: list[Round1Outcome]) -> None:
    if found:
        raise Refused(code, count=len(found))


def _entry(found: Round1Outcome, note: str) -> Round1Entry:
    return Round1Entry(found.candidate_number, {part.part: _part(part) for part in found.parts}, _STATES[found.state], note)


def _part(part: PartOutcome) -> PartResult | ExemptResult | None:
    if part.exempt:
        return ExemptResult()
    if not part.sat or part.correct is None or part.share is None:
        return None
    return PartResult(part.correct, part.questions, part.share * part.questions, part.share, part.passed, part.sanctions)


def _notes(session: Session, campaign: Campaign) -> dict[str, str]:
    """Why somebody is absent or voided, by candidate number."""
    rows = session.execute(
        select(RosterEntry.candidate_number, RosterEntry.reason).join(RosterEntry.session).where(ExamSession.campaign_id == campaign.id)
    )
    return {row.candidate_number: row.reason for row in rows}
