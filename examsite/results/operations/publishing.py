"""Publish a list: HR signs the draft, somebody of the council signs it after a fresh computation gave the same digest."""

from datetime import date, datetime
from typing import Any, cast

from sqlalchemy import update
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from examsite.accounts import acts
from examsite.accounts.models import TwoPersonAct
from examsite.audit.operations import record
from examsite.audit.queries import head_of
from examsite.campaigns.operations import telling
from examsite.campaigns.operations.campaigns import locked
from examsite.campaigns.queries import rule_set
from examsite.campaigns.roles import Role, role_of
from examsite.db import new_public_id, rows_changed
from examsite.holidays.queries import work_calendar
from examsite.results.models import Draft, Publication
from examsite.results.operations.announcing import tell_published
from examsite.results.outcomes import Computed, Round1ListOutcome, stored
from examsite.results.permissions import may_draft, may_publish, may_withdraw_publication
from examsite.results.queries.appealed import ABOUT
from examsite.results.queries.fresh import fresh, obstacles
from examsite.results.queries.published import current
from examsite.results.queries.putting_forward import PUBLICATION, about, body_of, page_of, signed_content, waiting_publication
from examsite.results.window import last_day
from examsite.rounds.operations.entrants import enter_round2
from examsite.rules import canonical
from examsite.rules.refusal import Conflict, Refused
from examsite.rules.working_days import local_day


def put_forward(session: Session, draft: Draft, reason: str, role: Role, now: datetime) -> TwoPersonAct:
    """Sign a draft as its first person; `reason` says why a list that stands already is corrected, and is asked for then only.

    Refused: what `obstacles` finds (another stage, an open tie or appeal, appeals still taken), `results.draft_closed`, `reason_missing`;
    Conflict (`results.input_changed`) where a computation now gives another digest.
    """
    role.must(may_draft(role))
    _checked(session, draft, now)
    if current(session, draft.campaign, draft.kind) is not None and not reason.strip():
        raise Refused("reason_missing", field="reason")
    content = signed_content(draft, body_of(session, draft, reason.strip()))
    act = acts.propose(
        session, chain=draft.campaign.chain, kind=PUBLICATION, about=about(draft), content=content, actor=role.account, now=now
    )
    signers = telling.board_members(session, draft.campaign, ("council",))
    telling.signature_waits(session, draft.campaign, act, signers, page_of(draft), now)
    return act


def take_back(session: Session, draft: Draft, reason: str, role: Role, now: datetime) -> None:
    """Withdraw a draft that waits for its second signature, with a reason; it can be put forward again."""
    role.must(may_withdraw_publication(role))
    act = _waiting(session, draft)
    acts.withdraw(session, act, reason, role.account, now)
    telling.act_withdrawn(session, draft.campaign, act, role.account, reason, page_of(draft), now)


def publish(session: Session, draft: Draft, shown: str, role: Role, now: datetime) -> Publication:
    """Publish a draft as its second person; `shown` is the digest that stood on the page.

    Everything is computed afresh first. The list is frozen with its signatures; an earlier one of its kind is superseded, and stays
    readable. Publishing the result of round 1 lets those who advance enter round 2. Refused: as `put_forward`, `results.not_put_forward`,
    `results.drafter_signs`, and what `acts.sign` refuses.
    """
    role.must(may_publish(role))
    act = _waiting(session, draft)
    if role.account.id == draft.drafted_by_id:
        raise Refused("results.drafter_signs")
    again = _checked(session, draft, now)
    body = body_of(session, draft, str(cast("dict[str, Any]", act.content)["reason"]))
    first_may = may_draft(role_of(session, act.first, draft.campaign))
    acts.sign(session, act, signed_content(draft, body), shown, role.account, now, first_may=first_may)
    publication = _freeze(session, draft, act, body, role, now)
    if isinstance(again.outcome, Round1ListOutcome):
        _let_in(session, again.outcome, publication, role, now)
    telling.act_signed(session, draft.campaign, act, role.account, page_of(draft), now)
    tell_published(session, publication, corrected=body["corrects"] is not None, now=now)
    return publication


def _waiting(session: Session, draft: Draft) -> TwoPersonAct:
    act = waiting_publication(session, draft)
    if act is None:
        raise Refused("results.not_put_forward")
    return act


def _checked(session: Session, draft: Draft, now: datetime) -> Computed:
    """The draft computed again, if it is open, nothing is in its way, and it still holds; meanwhile no step is taken."""
    locked(session, draft.campaign)
    if draft.state != "open":
        raise Conflict("results.draft_closed")
    again = fresh(session, draft.campaign, draft.kind)
    if again.digest != draft.digest:
        raise Conflict("results.input_changed")
    for obstacle in obstacles(session, draft, again.outcome, now):
        raise obstacle.refusal()
    return again


def _freeze(session: Session, draft: Draft, act: TwoPersonAct, body: dict[str, Any], role: Role, now: datetime) -> Publication:
    campaign = draft.campaign
    content = stored({**body, "signatures": _signatures(act, role, now), "appeals_until": _appeals_until(session, draft, now)})
    publication = Publication(
        public_id=new_public_id(),
        campaign=campaign,
        draft=draft,
        kind=draft.kind,
        number=body["number"],
        content=content,
        digest=canonical.digest(content),
        log_head="",
        published_at=now,
        drafted_by=act.first,
        published_by=role.account,
    )
    _replace(session, publication, now)
    data = {"kind": draft.kind, "number": publication.number, "digest": publication.digest, "draft_digest": draft.digest}
    record(session, campaign.chain, "results:publication:published", f"publication:{publication.public_id}", role.actor, now, data)
    publication.log_head = head_of(session, campaign.chain)
    session.flush()
    return publication


def _appeals_until(session: Session, draft: Draft, now: datetime) -> date | None:
    """The last day on which an appeal against this list is taken; None for a list that is final."""
    if draft.kind not in ABOUT:
        return None
    return last_day(local_day(now, draft.campaign.time_zone), rule_set(draft.campaign).appeals, work_calendar(session))


def _signatures(act: TwoPersonAct, role: Role, now: datetime) -> dict[str, object]:
    return {
        "first": {"name": act.first.display_name, "board": "hr", "at": act.first_at},
        "second": {"name": role.account.display_name, "board": "council", "duty": role.duties["council"], "at": now},
    }


def _replace(session: Session, publication: Publication, now: datetime) -> None:
    """Put the list in the place of the one that stood; of two who publish at once, the second is told."""
    draft = publication.draft
    closed = rows_changed(session, update(Draft).where(Draft.id == draft.id, Draft.state == "open").values(state="published"))
    if closed != 1:
        raise Conflict("results.draft_closed")
    same_list = (Publication.campaign_id == draft.campaign_id, Publication.kind == draft.kind, Publication.superseded_at.is_(None))
    rows_changed(session, update(Publication).where(*same_list).values(superseded_at=now))
    try:
        with session.begin_nested():
            session.add(publication)
    except IntegrityError as error:
        raise Conflict("acts.no_longer_open") from error


def _let_in(session: Session, outcome: Round1ListOutcome, publication: Publication, role: Role, now: datetime) -> None:
    numbers = [line.who.number for position in outcome.positions for line in position.lines if line.advances]
    enter_round2(session, numbers, publication.public_id, role, now)
