"""What round 1 came to for each candidate of a campaign: plain values, keyed by candidate number."""

from dataclasses import dataclass
from fractions import Fraction

from sqlalchemy import select
from sqlalchemy.orm import Session, joinedload, selectinload

from examsite.campaigns.models import Application, Campaign
from examsite.campaigns.queries import rule_set
from examsite.rounds.models import ExamSession, Paper, RosterEntry
from examsite.rounds.queries.attendance import exemptions
from examsite.rounds.queries.marks import Results, results_of
from examsite.rules.marking import UnmarkedResult
from examsite.rules.policy import Part, RuleSet


@dataclass(frozen=True)
class PartOutcome:
    """One part of one candidate. `exempt`: passed without figures. `sat` False: nothing was handed in, so nothing is right.

    `correct` and `share` are None for an exempted part, and while a sitting has no marks yet or some of its answers wait for markers.
    """

    part: str
    exempt: bool
    sat: bool
    correct: int | None
    questions: int
    share: Fraction | None
    passed: bool
    sanctions: tuple[str, ...] = ()


@dataclass(frozen=True)
class Round1Outcome:
    """One eligible candidate after round 1.

    `state`: unlisted (on no roster), listed, started, absent, voided, exempt (from every part). `settled`: nothing can change by time any
    more, because the exam session is closed or there was nothing to sit. `passed`: every part is passed; never for absent or voided.
    """

    candidate_number: str
    application: str
    position: str
    state: str
    settled: bool
    parts: tuple[PartOutcome, ...]
    passed: bool


def round1_outcomes(session: Session, campaign: Campaign) -> list[Round1Outcome]:
    """The outcome of every eligible, numbered candidate, by candidate number."""
    rules = rule_set(campaign)
    applications = _eligible(session, campaign)
    entries = _entries(session, campaign)
    exempt = exemptions(session, rules, [application.id for application in applications])
    drawn = _drawn_parts(session, campaign)
    results = results_of(session, entries.values(), rules)
    found = []
    for application in applications:
        entry = entries.get(application.id)
        covered = exempt.get(application.id, frozenset())
        if entry is not None and entry.session.state != "planned":
            covered = frozenset(part.id for part in rules.round1.parts) - drawn.get(entry.id, frozenset())
        found.append(_outcome(rules, application, entry, covered, results))
    return found


def _outcome(
    rules: RuleSet, application: Application, entry: RosterEntry | None, exempt: frozenset[str], results: Results
) -> Round1Outcome:
    parts = tuple(_part(part, entry, part.id in exempt, results) for part in rules.round1.parts)
    nothing_to_sit = all(part.exempt for part in parts)
    state = entry.state if entry else "exempt" if nothing_to_sit else "unlisted"
    return Round1Outcome(
        candidate_number=application.candidate_number or "",
        application=application.public_id,
        position=application.position.code,
        state=state,
        settled=entry.session.state == "closed" if entry else nothing_to_sit,
        parts=parts,
        passed=state in ("started", "exempt") and all(part.passed for part in parts),
    )


def _part(part: Part, entry: RosterEntry | None, exempt: bool, results: Results) -> PartOutcome:
    if exempt:
        return PartOutcome(part.id, True, False, None, part.questions, None, True)
    sitting = next((one for one in entry.sittings if one.part == part.id), None) if entry else None
    if sitting is None:
        over = entry is not None and entry.state == "started" and entry.session.state == "closed"
        return PartOutcome(part.id, False, False, 0 if over else None, part.questions, Fraction(0) if over else None, False)
    result = results.of(part, sitting)
    if result is None or isinstance(result, UnmarkedResult):
        return PartOutcome(part.id, False, True, None, part.questions, None, False)
    sanctions = results.sanctions_on(sitting)
    return PartOutcome(part.id, False, True, result.correct, result.questions, result.share, result.passed, sanctions)


def _eligible(session: Session, campaign: Campaign) -> list[Application]:
    wanted = select(Application).options(joinedload(Application.position)).where(Application.campaign_id == campaign.id)
    numbered = wanted.where(Application.state == "eligible", Application.candidate_number.is_not(None))
    return list(session.scalars(numbered.order_by(Application.candidate_number)))


def _entries(session: Session, campaign: Campaign) -> dict[int, RosterEntry]:
    wanted = (
        select(RosterEntry)
        .join(RosterEntry.session)
        .options(joinedload(RosterEntry.session), selectinload(RosterEntry.sittings))
        .where(ExamSession.campaign_id == campaign.id)
        .execution_options(populate_existing=True)
    )
    return {entry.application_id: entry for entry in session.scalars(wanted)}


def _drawn_parts(session: Session, campaign: Campaign) -> dict[int, frozenset[str]]:
    found: dict[int, set[str]] = {}
    rows = session.execute(
        select(Paper.entry_id, Paper.part)
        .join(RosterEntry, RosterEntry.id == Paper.entry_id)
        .join(ExamSession, ExamSession.id == RosterEntry.session_id)
        .where(ExamSession.campaign_id == campaign.id)
    )
    for entry_id, part in rows:
        found.setdefault(entry_id, set()).add(part)
    return {entry_id: frozenset(parts) for entry_id, parts in found.items()}
