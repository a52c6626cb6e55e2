"""Give up an application: recorded by HR on the person's written wish, or by the candidates themselves."""

from datetime import datetime

from sqlalchemy.orm import Session

from examsite.accounts.models import Account
from examsite.accounts.operations import actor_of
from examsite.audit.operations import Actor, record
from examsite.campaigns.models import Application
from examsite.campaigns.operations.campaigns import locked
from examsite.campaigns.operations.leaving import left
from examsite.campaigns.operations.life_notices import tell_withdrawn
from examsite.campaigns.operations.screening import move, reason_of
from examsite.campaigns.permissions import may_screen
from examsite.campaigns.queries.applications import WITHDRAWABLE, why_not_withdraw
from examsite.campaigns.roles import Role
from examsite.rules.refusal import NotFound, Refused

WITHDRAWN = "withdrawn"


def withdraw(session: Session, role: Role, application: Application, reason: str, now: datetime) -> None:
    """Record that the person gave up the application, and by which letter.

    Possible until the ranking stands (`screening.too_late_to_withdraw`), also after numbers were given: the number stays theirs and goes
    to nobody else; they may sit nothing any more, and no ranking counts them. Seats that are not settled yet are free at once
    (`leaving`). Refuses also (`screening.`) `cannot_withdraw`.
    """
    role.must(may_screen(role))
    _withdraw(session, application, role.account, role.actor, "hr", reason, now)


def withdraw_own(session: Session, account: Account, application: Application, reason: str, now: datetime) -> None:
    """Give up one's own application. Refuses as `withdraw`; whose application it is not finds nothing (NotFound)."""
    if application.account_id != account.id:
        raise NotFound
    _withdraw(session, application, account, actor_of(account), "candidate", reason, now)


def _withdraw(session: Session, application: Application, account: Account, actor: Actor, by: str, reason: str, now: datetime) -> None:
    why = reason_of(reason)
    campaign = locked(session, application.campaign)
    if refusal := why_not_withdraw(application):
        raise Refused(refusal)
    move(session, account.id, application, WITHDRAWABLE, WITHDRAWN, why, now, "screening.cannot_withdraw")
    left(session, campaign, [application.id], actor, now)
    data = {"by": by, "reason": why}
    record(session, campaign.chain, "campaigns:application:withdrawn", f"application:{application.public_id}", actor, now, data)
    tell_withdrawn(session, application, now, by_candidate=by == "candidate")
