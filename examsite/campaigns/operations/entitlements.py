"""Grant or refuse exemptions from the language part and priority groups, on evidence."""

from datetime import datetime

from sqlalchemy import select, update
from sqlalchemy.orm import Session

from examsite.audit.operations import Entry, record, record_all
from examsite.campaigns.models import Application, Entitlement, Position
from examsite.campaigns.operations.holding import must_not_be_held
from examsite.campaigns.operations.reception import held_open
from examsite.campaigns.permissions import may_grant_entitlements
from examsite.campaigns.queries import rule_set
from examsite.campaigns.queries.screening import EXEMPTION, Ground, claims, grounds
from examsite.campaigns.roles import Role
from examsite.db import new_public_id, rows_changed
from examsite.rules.policy import RuleSet
from examsite.rules.refusal import Conflict, Refused
from examsite.vietnamese import tidy


def decide(
    session: Session, role: Role, application: Application, kind: str, ground_id: str, granted: bool, evidence: str, now: datetime
) -> Entitlement:
    """Grant or refuse one ground of the rule set to an application; a new decision supersedes the earlier one, which stays readable.

    Priority points are frozen from the rule set when granted; which of several groups count is for the rules to say. `evidence` names the
    document. Refuses as `reception.held_open`, an exemption as `holding.must_not_be_held`, and (`entitlements.`): `no_language` where the
    position needs none, `unknown`, `evidence_missing`, `as_before`.
    """
    role.must(may_grant_entitlements(role))
    campaign = held_open(session, role.campaign)
    if kind == EXEMPTION:  # it decides which papers are drawn; priority points do not
        must_not_be_held(session, application)
    ground = _ground(application, kind, ground_id)
    document = tidy(evidence)
    if not document:
        raise Refused("entitlements.evidence_missing", field="evidence")
    standing = next(claim.current for claim in claims(session, application) if claim.ground == ground)
    if standing is not None:
        _supersede(session, standing, granted, document, now)
    decided = Entitlement(
        public_id=new_public_id(),
        application_id=application.id,
        kind=kind,
        ground=ground.id,
        part=ground.part,
        points=ground.points if granted else None,
        granted=granted,
        evidence=document,
        decided_at=now,
        decided_by_id=role.account.id,
    )
    session.add(decided)
    session.flush()  # a neighbour's decision on the same ground is met here, not at the commit
    data = {"application": application.public_id, "kind": kind, "ground": ground.id, "granted": granted, "evidence": document}
    record(session, campaign.chain, "campaigns:entitlement:decided", f"application:{application.public_id}", role.actor, now, data)
    return decided


def let_exemptions_lapse(session: Session, role: Role, application: Application, former: Position, now: datetime) -> None:
    """After a move from `former`: what was decided about exemptions stands no more where the language or what may be exempted is another.

    Each keeps its row and leaves an entry in the log; until it is decided anew, the application cannot be eligible.
    """
    rules, present = rule_set(role.campaign), application.position
    if _basis(rules, former) == _basis(rules, present):
        return
    mine = (Entitlement.application_id == application.id, Entitlement.kind == EXEMPTION, Entitlement.superseded_at.is_(None))
    standing = session.scalars(select(Entitlement).where(*mine).order_by(Entitlement.id)).all()
    session.execute(update(Entitlement).where(*mine).values(superseded_at=now))
    moved = {"application": application.public_id, "from": former.code, "to": present.code}
    told = [moved | {"kind": one.kind, "ground": one.ground, "granted": one.granted} for one in standing]
    entries = [Entry("campaigns:entitlement:lapsed", f"application:{application.public_id}", data) for data in told]
    record_all(session, role.campaign.chain, entries, role.actor, now)


def _basis(rules: RuleSet, position: Position) -> tuple[str | None, list[Ground]]:
    return position.language, [ground for ground in grounds(rules, position) if ground.kind == EXEMPTION]


def _ground(application: Application, kind: str, ground_id: str) -> Ground:
    offered = grounds(rule_set(application.campaign), application.position)
    found = next((ground for ground in offered if (ground.kind, ground.id) == (kind, ground_id)), None)
    if found is not None:
        return found
    if kind == EXEMPTION and application.position.language is None:
        raise Refused("entitlements.no_language", field="ground")
    raise Refused("entitlements.unknown", field="ground")


def _supersede(session: Session, standing: Entitlement, granted: bool, document: str, now: datetime) -> None:
    if (standing.granted, standing.evidence) == (granted, document):
        raise Refused("entitlements.as_before", field="evidence")
    guarded = update(Entitlement).where(Entitlement.id == standing.id, Entitlement.superseded_at.is_(None))
    if rows_changed(session, guarded.values(superseded_at=now)) != 1:
        raise Conflict("changed_meanwhile")
