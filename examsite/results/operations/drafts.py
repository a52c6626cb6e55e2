"""Compute a list and keep it as a draft."""

from datetime import datetime

from sqlalchemy import update
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from examsite.accounts import acts
from examsite.audit.operations import record
from examsite.campaigns.operations import telling
from examsite.campaigns.roles import Role
from examsite.db import rows_changed
from examsite.results.models import Draft
from examsite.results.outcomes import Computed
from examsite.results.permissions import may_draft
from examsite.results.queries.drafts import last_number, open_draft
from examsite.results.queries.fresh import fresh
from examsite.results.queries.putting_forward import about, page_of, waiting_publication
from examsite.results.queries.standing import counting
from examsite.rules.refusal import Conflict, Refused


def make_draft(session: Session, kind: str, role: Role, now: datetime) -> Draft:
    """Compute the list of this kind and keep it; an open draft of another digest is superseded, and one that still holds is returned.

    Refused: what `fresh` refuses, and `results.nothing_to_correct` where the list that is published already says the same and still counts.
    """
    role.must(may_draft(role))
    again = fresh(session, role.campaign, kind)
    standing = open_draft(session, role.campaign, kind)
    if standing is not None and standing.digest == again.digest:
        return standing
    published = counting(session, role.campaign, kind)
    if standing is None and published is not None and published.draft.digest == again.digest:
        raise Refused("results.nothing_to_correct", number=published.number)
    if standing is not None:
        _supersede(session, standing, role, now)
    return _keep(session, kind, again, role, now)


def _keep(session: Session, kind: str, again: Computed, role: Role, now: datetime) -> Draft:
    campaign = role.campaign
    draft = Draft(
        campaign=campaign,
        kind=kind,
        number=last_number(session, campaign, kind) + 1,
        input=again.input,
        outcome=again.plain,
        digest=again.digest,
        drafted_at=now,
        drafted_by=role.account,
    )
    try:
        with session.begin_nested():
            session.add(draft)
    except IntegrityError as error:
        raise Conflict("changed_meanwhile") from error
    data = {"kind": kind, "number": draft.number, "digest": draft.digest, "rules": campaign.rules_hash}
    record(session, campaign.chain, "results:draft:computed", about(draft), role.actor, now, data)
    return draft


def _supersede(session: Session, draft: Draft, role: Role, now: datetime) -> None:
    """Close an open draft; what waits for a second signature over it is taken back, and whom this concerns is told."""
    waiting = waiting_publication(session, draft)
    if waiting is not None:
        acts.withdraw(session, waiting, f"superseded by draft {draft.number + 1}", role.account, now)
        telling.act_withdrawn(session, draft.campaign, waiting, role.account, "results.newer_draft", page_of(draft), now)
    closed = rows_changed(session, update(Draft).where(Draft.id == draft.id, Draft.state == "open").values(state="superseded"))
    if closed != 1:
        raise Conflict("changed_meanwhile")
    record(session, draft.campaign.chain, "results:draft:superseded", about(draft), role.actor, now, {"number": draft.number})
