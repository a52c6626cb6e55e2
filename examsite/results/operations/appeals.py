"""Take in an appeal, decide it, and record what was done about one that was accepted."""

from dataclasses import dataclass
from datetime import date, datetime, time
from typing import Any, cast
from zoneinfo import ZoneInfo

from sqlalchemy import update
from sqlalchemy.orm import Session

from examsite.audit.operations import record
from examsite.campaigns.models import Application
from examsite.campaigns.operations.campaigns import locked
from examsite.campaigns.queries import rule_set
from examsite.campaigns.roles import Role
from examsite.db import new_public_id, rows_changed
from examsite.grading.queries.chairing import conflicts_with
from examsite.results.models import Appeal, Publication
from examsite.results.operations.announcing import tell_appeal_carried_out, tell_appeal_decided, tell_appeal_recorded
from examsite.results.permissions import may_decide_appeal, may_record_appeal
from examsite.results.queries.appealed import ABOUT, appellant
from examsite.results.queries.published import current, versions
from examsite.results.window import open_until
from examsite.rules.refusal import Conflict, Refused
from examsite.rules.working_days import local_day

OUTCOMES = ("accepted", "rejected")
CARRIED_OUT = ("corrected", "unchanged")


@dataclass(frozen=True, slots=True)
class AppealText:
    """What HR writes down: against which list, who (candidate number, or identity number of one without), what, received on which day."""

    about: str
    who: str
    text: str
    received_on: date


def record_appeal(session: Session, given: AppealText, role: Role, now: datetime) -> Appeal:
    """Record an appeal against a published list.

    Refused: `results.appeal_no_list` (nothing published to appeal against), `results.appellant_unknown`, `results.appellant_not_listed`,
    `results.appeal_text_missing`, and a day of receipt outside the window of the rule set (`results.appeal_early`,
    `results.appeal_late`, `results.appeal_future`). A letter that is found late is taken in at any stage, so that it is decided: the steps
    to the recommendations and to the end wait for that, and neither is taken meanwhile.
    """
    role.must(may_record_appeal(role))
    locked(session, role.campaign)
    publication = current(session, role.campaign, given.about) if given.about in ABOUT else None
    if publication is None:
        raise Refused("results.appeal_no_list", field="about")
    application = _appellant(session, given, publication, role)
    if not given.text.strip():
        raise Refused("results.appeal_text_missing", field="text")
    _check_day(session, given.received_on, publication, role, now)
    received_at = datetime.combine(given.received_on, time(), ZoneInfo(role.campaign.time_zone))
    appeal = Appeal(
        public_id=new_public_id(),
        application=application,
        about=given.about,
        text=given.text.strip(),
        received_at=min(received_at, now),
        recorded_by=role.account,
    )
    session.add(appeal)
    session.flush()
    data = {
        "list": publication.number,
        "about": given.about,
        "application": application.public_id,
        "candidate": application.candidate_number,
        "received_on": given.received_on,
        "text": appeal.text,
    }
    record(session, role.campaign.chain, "results:appeal:recorded", f"appeal:{appeal.public_id}", role.actor, now, data)
    tell_appeal_recorded(session, appeal, now)
    return appeal


def decide_appeal(session: Session, appeal: Appeal, outcome: str, decision: str, role: Role, now: datetime) -> None:
    """Decide an appeal, once; where the chair declared a conflict with the candidate, a deputy does.

    Refused: `results.appeal_outcome_missing`, `reason_missing`; Conflict where it is decided already.
    """
    kept = conflicts_with(session, [appeal.application_id])
    role.must(may_decide_appeal(role, kept))
    if outcome not in OUTCOMES:
        raise Refused("results.appeal_outcome_missing", field="outcome")
    if not decision.strip():
        raise Refused("reason_missing", field="decision")
    decided = rows_changed(
        session,
        update(Appeal)
        .where(Appeal.id == appeal.id, Appeal.decided_at.is_(None))
        .values(outcome=outcome, decision=decision.strip(), decided_at=now, decided_by_id=role.account.id),
    )
    if decided != 1:
        raise Conflict("results.appeal_decided")
    data = {"outcome": outcome, "decision": decision.strip()} | role.as_deputy(kept)
    record(session, role.campaign.chain, "results:appeal:decided", f"appeal:{appeal.public_id}", role.actor, now, data)
    tell_appeal_decided(session, appeal, outcome, decision, now)


def carry_out_appeal(session: Session, appeal: Appeal, carried_out: str, how: str, role: Role, now: datetime) -> None:
    """Record, once, what was done about an accepted appeal: what was corrected by which list or act, or why nothing changes on the list.

    Until then nothing becomes official and nobody is recommended. Permitted as the decision is. Refused: `results.carried_out_missing`,
    `reason_missing`; Conflict where the appeal is not accepted, or this is recorded already.
    """
    kept = conflicts_with(session, [appeal.application_id])
    role.must(may_decide_appeal(role, kept))
    if carried_out not in CARRIED_OUT:
        raise Refused("results.carried_out_missing", field="carried_out")
    if not how.strip():
        raise Refused("reason_missing", field="how")
    recorded = rows_changed(
        session,
        update(Appeal)
        .where(Appeal.id == appeal.id, Appeal.outcome == "accepted", Appeal.carried_out_at.is_(None))
        .values(carried_out=carried_out, carried_out_how=how.strip(), carried_out_at=now, carried_out_by_id=role.account.id),
    )
    if recorded != 1:
        raise Conflict("results.nothing_to_carry_out")
    data = {"carried_out": carried_out, "how": how.strip()} | role.as_deputy(kept)
    record(session, role.campaign.chain, "results:appeal:carried_out", f"appeal:{appeal.public_id}", role.actor, now, data)
    tell_appeal_carried_out(session, appeal, carried_out, how, now)


def _appellant(session: Session, given: AppealText, publication: Publication, role: Role) -> Application:
    application = appellant(session, role.campaign, given.who)
    if application is None:
        raise Refused("results.appellant_unknown", field="who")
    if given.about != "eligible" and application.candidate_number not in _listed(publication):
        raise Refused("results.appellant_not_listed", field="who")
    return application


def _listed(publication: Publication) -> set[str]:
    outcome = cast("dict[str, Any]", publication.draft.outcome)
    return {line["who"]["number"] for position in outcome["positions"] for line in position["lines"]}


def _check_day(session: Session, received_on: date, publication: Publication, role: Role, now: datetime) -> None:
    """A letter may be older than the list that stands: one against the version that this corrected came in time as well."""
    zone = role.campaign.time_zone
    published, today = local_day(versions(session, publication)[0].published_at, zone), local_day(now, zone)
    until = open_until(publication, rule_set(role.campaign).appeals)
    if received_on > today:
        raise Refused("results.appeal_future", field="received_on")
    if received_on < published:
        raise Refused("results.appeal_early", field="received_on", published=f"{published:%d/%m/%Y}")
    if received_on > until:
        raise Refused("results.appeal_late", field="received_on", until=f"{until:%d/%m/%Y}")
