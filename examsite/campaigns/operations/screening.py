"""Judge applications against the criteria of their position, decide about them, and take a decision back."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime

from sqlalchemy import update
from sqlalchemy.orm import Session

from examsite.audit.operations import record
from examsite.campaigns.models import Application, CriterionFinding
from examsite.campaigns.operations.holding import must_not_be_held
from examsite.campaigns.operations.leaving import left
from examsite.campaigns.operations.reception import held_open
from examsite.campaigns.operations.unique import unless_taken
from examsite.campaigns.permissions import may_screen
from examsite.campaigns.queries.positions import closure_of
from examsite.campaigns.queries.screening import Judged, judged, lapsed_exemptions, stamp
from examsite.campaigns.roles import Role
from examsite.db import rows_changed
from examsite.rules.refusal import Conflict, Refused
from examsite.vietnamese import tidy

ELIGIBLE, REJECTED, RECEIVED = "eligible", "rejected", "received"


@dataclass(frozen=True)
class Found:
    """Whether a criterion is met, and why."""

    met: bool
    why: str


@dataclass(frozen=True)
class Verdict:
    """What somebody found about one application: by the public id of each criterion looked at, and the decision if it was taken.

    `decision` is empty, `eligible` or `rejected`; `seen` is the stamp of the page on which this was filled in.
    """

    seen: str
    findings: Mapping[str, Found] = field(default_factory=dict)
    decision: str = ""
    reason: str = ""


def screen(session: Session, role: Role, application: Application, verdict: Verdict, now: datetime) -> None:
    """Store findings and, if it was taken, the decision.

    A finding that differs from the present one supersedes it; the earlier one stays readable. `eligible` asks that every criterion is met
    and that no exemption waits to be decided anew, `rejected` that at least one is not met, and a reason. Refuses as
    `reception.held_open`, and (`screening.`) `position_closed`, `decided_already`, `why_missing`, `not_all_met`, `exemption_open`,
    `none_unmet`, `decision_unknown`; `changed_meanwhile` (Conflict, also without a room) where the page shown is out of date.
    """
    role.must(may_screen(role))
    fresh = _undecided(session, role, application)
    before = judged(session, fresh)
    if verdict.seen != stamp(fresh, before):
        raise _outdated(before)
    _store_findings(session, role, fresh, before, verdict.findings, now)
    if verdict.decision:
        _decide(session, role, fresh, verdict.decision, tidy(verdict.reason), now)


def screen_instead(session: Session, role: Role, application: Application, verdict: Verdict, why: str, now: datetime) -> None:
    """Put one's own verdict in the place of what a colleague decided meanwhile: take that back for `why`, then `screen`, in one act.

    Refuses as `reopen` and `screen`, and where the page shown is out of date again (Conflict).
    """
    role.must(may_screen(role))
    if not tidy(why):
        raise Refused("reason_missing", field="instead_why")
    _hold(session, role, application)
    before = judged(session, application)
    if verdict.seen != stamp(application, before):
        raise _outdated(before)
    reopen(session, role, application, why, now)
    session.refresh(application, ["state", "decision_reason"])
    screen(session, role, application, replace(verdict, seen=stamp(application, before)), now)


def all_met(found: Sequence[Judged], why: str) -> dict[str, Found]:
    """The findings that say of every criterion that it is met, for one common reason; what was found met before keeps its own."""
    return {
        one.criterion.public_id: Found(True, one.current.why if one.current and one.current.met and not why.strip() else why)
        for one in found
    }


def reopen(session: Session, role: Role, application: Application, reason: str, now: datetime) -> None:
    """Take back a decision or a withdrawal, with a reason, so that it can be decided anew. A number that was given stays given; seats
    that are not settled yet are free at once.

    Refuses as `reception.held_open` and `holding.must_not_be_held`, and (`screening.`) `position_closed`, `not_decided`, `applied_again`
    where the person has another application since.
    """
    role.must(may_screen(role))
    reason = reason_of(reason)
    _hold(session, role, application)
    must_not_be_held(session, application)
    earlier = application.state
    if earlier not in (ELIGIBLE, REJECTED, "withdrawn"):
        raise Refused("screening.not_decided")
    with unless_taken(session, Refused("screening.applied_again")):
        move(session, role.account.id, application, (earlier,), RECEIVED, "", now, "screening.not_decided")
    if earlier == ELIGIBLE:
        left(session, role.campaign, [application.id], role.actor, now)
    _log(session, role, application, "reopened", now, {"from": earlier, "reason": reason})


def _undecided(session: Session, role: Role, application: Application) -> Application:
    """The application as it stands now; only an undecided one can be judged."""
    _hold(session, role, application)
    if application.state != RECEIVED:
        raise Conflict("screening.decided_already")
    return application


def _hold(session: Session, role: Role, application: Application) -> None:
    """Nothing moves until the end, and nobody is judged for a position that was closed."""
    held_open(session, role.campaign)
    session.refresh(application, ["state", "decision_reason", "position_id", "position"])
    if closure_of(session, application.position) is not None:
        raise Refused("screening.position_closed")


def _outdated(found: Sequence[Judged]) -> Conflict:
    """Told with the name of whoever found something last."""
    newest = max((one.current for one in found if one.current), key=lambda finding: finding.id, default=None)
    return Conflict("screening.changed_meanwhile", who=newest.found_by.display_name) if newest else Conflict("changed_meanwhile")


def _store_findings(
    session: Session, role: Role, application: Application, before: Sequence[Judged], findings: Mapping[str, Found], now: datetime
) -> None:
    by_id = {one.criterion.public_id: one for one in before}
    changed = []
    for public_id, found in findings.items():
        one = by_id.get(public_id)
        if one is None:
            raise Refused("not_found")
        why = tidy(found.why)
        if not why:
            raise Refused("screening.why_missing", field=f"why-{public_id}", number=one.criterion.number)
        if one.current is None or (one.current.met, one.current.why) != (found.met, why):
            _supersede(session, one.current, now)
            changed.append({"criterion": public_id, "met": found.met, "why": why})
            session.add(_finding(role, application, one, found.met, why, now))
    if changed:
        session.flush()  # the decision reads them
        _log(session, role, application, "judged", now, {"findings": changed})


def _finding(role: Role, application: Application, one: Judged, met: bool, why: str, now: datetime) -> CriterionFinding:
    return CriterionFinding(
        application_id=application.id, criterion_id=one.criterion.id, met=met, why=why, found_at=now, found_by_id=role.account.id
    )


def _supersede(session: Session, current: CriterionFinding | None, now: datetime) -> None:
    if current is None:
        return
    guarded = update(CriterionFinding).where(CriterionFinding.id == current.id, CriterionFinding.superseded_at.is_(None))
    if rows_changed(session, guarded.values(superseded_at=now)) != 1:
        raise Conflict("changed_meanwhile")


def _decide(session: Session, role: Role, application: Application, decision: str, reason: str, now: datetime) -> None:
    found = judged(session, application)
    if decision == ELIGIBLE:
        if not all(one.current is not None and one.current.met for one in found):
            raise Refused("screening.not_all_met", field="decision")
        if lapsed_exemptions(session, [application]):
            raise Refused("screening.exemption_open", field="decision")
    elif decision == REJECTED:
        if not any(one.current is not None and not one.current.met for one in found):
            raise Refused("screening.none_unmet", field="decision")
        if not reason:
            raise Refused("reason_missing", field="reason")
    else:
        raise Refused("screening.decision_unknown", field="decision")
    move(session, role.account.id, application, (RECEIVED,), decision, reason, now, "screening.decided_already")
    _log(session, role, application, "decided", now, {"decision": decision, "reason": reason})


def move(
    session: Session,
    account_id: int,
    application: Application,
    from_states: Sequence[str],
    to_state: str,
    reason: str,
    now: datetime,
    refusal: str,
) -> None:
    """Bring an application from one state to another, with who decided and why; `refusal` where it stands otherwise by now."""
    undecided = to_state == RECEIVED
    guarded = update(Application).where(Application.id == application.id, Application.state.in_(from_states))
    moved = rows_changed(
        session,
        guarded.values(
            state=to_state,
            decision_reason=reason,
            decided_at=None if undecided else now,
            decided_by_id=None if undecided else account_id,
        ),
    )
    if moved != 1:
        raise Refused(refusal)


def reason_of(text: str) -> str:
    """A written reason without stray blanks; one of blanks is none."""
    reason = tidy(text)
    if not reason:
        raise Refused("reason_missing", field="reason")
    return reason


def _log(session: Session, role: Role, application: Application, action: str, now: datetime, data: Mapping[str, object]) -> None:
    about = f"application:{application.public_id}"
    record(session, role.campaign.chain, f"campaigns:application:{action}", about, role.actor, now, data)
