"""The parts of one candidate as their pages show them."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from fractions import Fraction

from sqlalchemy.orm import Session

from examsite.rounds import timeplan
from examsite.rounds.models import Sitting
from examsite.rounds.queries.attendance import Attendance
from examsite.rounds.queries.marks import results_of
from examsite.rounds.queries.sittings import is_closed, was_handed_in
from examsite.rules import marking, policy, timing


@dataclass(frozen=True)
class PartView:
    """One part as its candidate sees it.

    `state`: exempt, not_yet (an earlier part comes first), waiting (its time lies ahead), ready (may be begun when the candidate wants),
    open (its time runs and it was not begun), working, submitted (by the candidate), closed (by the deadline, also where the page handed
    in because of it), missed.
    """

    id: str
    name: Mapping[str, str]
    minutes: int
    questions: int
    state: str
    opens_at: datetime | None
    deadline: datetime | None
    exempt: bool
    can_start: bool
    sitting: str | None


@dataclass(frozen=True)
class Sanction:
    """A confirmed sanction as its candidate is told of it, and the share that it takes off: of the right answers, or of the score."""

    id: str
    name: Mapping[str, str]
    share: Fraction
    of: policy.Base


@dataclass(frozen=True)
class ResultRow:
    """The result of one part with its working. An exempted part has no figures, and one with `unmarked` answers has none yet.

    `counted` is what `sanctions` left of the right answers, and `share` is worked out from it; the rules are those of `campaign`.
    """

    name: Mapping[str, str]
    exempt: bool
    passed: bool
    correct: int | None = None
    questions: int | None = None
    share: Fraction | None = None
    pass_share: Fraction | None = None
    unmarked: int = 0
    counted: Fraction | None = None
    sanctions: tuple[Sanction, ...] = ()
    campaign: str = ""


def words(named: policy.Words) -> dict[str, str]:
    """A label in both languages, as pages pick from it."""
    return {"vi": named.vi, "en": named.en}


def part_views(attendance: Attendance, now: datetime) -> tuple[PartView, ...]:
    """All parts of round 1, in their order."""
    plan = attendance.plan
    windows = {window.part: window for window in timing.part_windows(plan)}
    moments = {moment.part: moment for moment in timing.phases(plan, now)}
    return tuple(_view(attendance, part, windows[part.id], moments[part.id], now) for part in attendance.rules.round1.parts)


def result_rows(session: Session, attendance: Attendance) -> tuple[ResultRow, ...]:
    """The results that the rule set shows at once, of exempted parts and of those marked so far; none to somebody whose exam is voided."""
    if not attendance.rules.round1.result_shown_at_once or attendance.entry.state == "voided":
        return ()
    sittings = attendance.sittings
    results = results_of(session, [attendance.entry], attendance.rules)
    known = {kind.id: Sanction(kind.id, words(kind.name), kind.share, kind.of) for kind in attendance.rules.penalties.kinds}
    found = []
    for part in attendance.rules.round1.parts:
        if part.id in attendance.exempt:
            found.append(ResultRow(words(part.name), exempt=True, passed=True))
        elif part.id in sittings and (result := results.of(part, sittings[part.id])) is not None:
            sanctions = tuple(known[sanction] for sanction in results.sanctions_on(sittings[part.id]))
            found.append(_result_row(part, result, sanctions, attendance.exam.campaign.public_id))
    return tuple(found)


def _result_row(
    part: policy.Part, result: marking.PartResult | marking.UnmarkedResult, sanctions: tuple[Sanction, ...], campaign: str
) -> ResultRow:
    if isinstance(result, marking.UnmarkedResult):
        return ResultRow(words(part.name), exempt=False, passed=False, unmarked=result.unmarked)
    return ResultRow(
        name=words(part.name),
        exempt=False,
        passed=result.passed,
        correct=result.correct,
        questions=result.questions,
        share=result.share,
        pass_share=part.pass_share,
        counted=result.counted,
        sanctions=sanctions,
        campaign=campaign,
    )


def _view(attendance: Attendance, part: policy.Part, window: timing.PartWindow, moment: timing.Moment, now: datetime) -> PartView:
    sitting = attendance.sittings.get(part.id)
    unknown = attendance.pause is not None  # while the clock stands still nobody knows when what follows opens
    return PartView(
        id=part.id,
        name=words(part.name),
        minutes=part.minutes,
        questions=part.questions,
        state=_sat_state(sitting, now) if sitting else _unsat_state(moment),
        opens_at=sitting.opens_at if sitting else None if unknown else window.opens_at,
        deadline=sitting.deadline if sitting else None if unknown else window.deadline,
        exempt=part.id in attendance.exempt,
        can_start=sitting is None and attendance.refusal_to_start(part.id, now) is None,
        sitting=sitting.public_id if sitting else None,
    )


def _sat_state(sitting: Sitting, now: datetime) -> str:
    if sitting.state == "open":
        return "closed" if is_closed(sitting, now) else "working"
    return "submitted" if was_handed_in(sitting) else "closed"


def _unsat_state(moment: timing.Moment) -> str:
    if moment.phase in (timing.Phase.CLOSED, timing.Phase.IN_GRACE):
        return "missed"
    return moment.phase.value


def present_phase(attendance: Attendance, now: datetime) -> str:
    """Where a candidate's exam stands: absent, voided, unsealed, session_closed, paused, or the phase of the part that matters at `now`."""
    if attendance.entry.state in ("absent", "voided"):
        return attendance.entry.state
    if attendance.exam.state == "closed":
        return "session_closed"
    if attendance.exam.state == "planned":
        return "unsealed"
    if attendance.pause is not None:
        return "paused"
    return timing.present(attendance.plan, now).phase.value


def entry_closes(attendance: Attendance) -> datetime | None:
    """The last moment at which this candidate may come in, while they have not; not known while the clock stands still."""
    known = attendance.entry.state == "listed" and attendance.entry.checked_in_at is None and attendance.pause is None
    return timeplan.entry_closes(attendance.rules, attendance.plan) if known else None
