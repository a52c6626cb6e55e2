"""Accounts of candidates, and the one-use codes that open them."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import insert, select, update
from sqlalchemy.orm import Session

from examsite.accounts.models import CANDIDATE, Account, ActivationCode
from examsite.accounts.operations import CODE_LASTS, reset_access
from examsite.accounts.passwords import hash_code, new_code
from examsite.audit.operations import record
from examsite.campaigns.models import Application, Campaign
from examsite.campaigns.operations.campaigns import locked
from examsite.campaigns.operations.life_notices import tell_access_reset
from examsite.campaigns.permissions import may_number_candidates
from examsite.campaigns.queries.numbers import waiting_for_code
from examsite.campaigns.roles import Role
from examsite.db import new_public_id
from examsite.rules import canonical
from examsite.rules.refusal import Refused

PORTION = 1_000


@dataclass(frozen=True)
class Slip:
    """What one candidate is handed. The code is kept nowhere else; the database has only its hash."""

    candidate_number: str
    full_name: str
    position: str
    sign_in_name: str
    code: str
    email: str


def issue(session: Session, role: Role, now: datetime, *, again: bool = False) -> list[Slip]:
    """Make an account with a code for each eligible candidate who has a number and no account; return the slips by candidate number.

    With `again`, also those who have not used their code get a new one, and the earlier code ends: for when slips were lost. Refuses
    (`access_codes.`) `nobody`, `name_taken`, `closed`.
    """
    role.must(may_number_candidates(role))
    campaign = _running(session, role.campaign)
    waiting = waiting_for_code(session, campaign, again=again)
    if not waiting:
        raise Refused("access_codes.nobody")
    _create_accounts(session, campaign, [one for one in waiting if one.account_id is None], now)
    _end_codes(session, waiting, now)
    codes = {one.id: new_code() for one in waiting}
    session.execute(
        insert(ActivationCode),
        [
            {"account_id": one.account_id, "code_hash": hash_code(codes[one.id]), "created_at": now, "expires_at": now + CODE_LASTS}
            for one in waiting
        ],
    )
    digest = canonical.digest(sorted(one.public_id for one in waiting))
    data = {"count": len(waiting), "again": again, "digest": digest}
    record(session, campaign.chain, "campaigns:codes:issued", f"campaign:{campaign.public_id}", role.actor, now, data)
    return [_slip(one, sign_in_name(campaign, one), codes[one.id]) for one in waiting]


def reissue(session: Session, role: Role, application: Application, now: datetime) -> Slip:
    """Give one candidate a new code; the earlier one, the password and every open login session end, and the candidate is told.

    Refuses `access_codes.no_account`, `closed`.
    """
    role.must(may_number_candidates(role))
    campaign = _running(session, role.campaign)
    if application.account is None:
        raise Refused("access_codes.no_account")
    code, had_password = reset_access(session, application.account, now)
    about = f"application:{application.public_id}"
    record(session, campaign.chain, "campaigns:code:reissued", about, role.actor, now, {"password_ended": had_password})
    tell_access_reset(session, application, now)
    return _slip(application, application.account.sign_in_name, code)


def sign_in_name(campaign: Campaign, application: Application) -> str:
    """The code of the campaign and the candidate number: `la-2026-01-0117`."""
    return f"{campaign.code}-{application.candidate_number}".lower()


def _running(session: Session, campaign: Campaign) -> Campaign:
    fresh = locked(session, campaign)
    if fresh.stage == "closed":
        raise Refused("access_codes.closed")
    return fresh


def _create_accounts(session: Session, campaign: Campaign, applications: Sequence[Application], now: datetime) -> None:
    names = {one.id: sign_in_name(campaign, one) for one in applications}
    for start in range(0, len(applications), PORTION):
        portion = applications[start : start + PORTION]
        taken = session.scalar(select(Account.sign_in_name).where(Account.sign_in_name.in_([names[one.id] for one in portion])).limit(1))
        if taken is not None:
            raise Refused("access_codes.name_taken", name=taken)
        accounts = [
            Account(
                public_id=new_public_id(), sign_in_name=names[one.id], display_name=one.person.full_name, kind=CANDIDATE, created_at=now
            )
            for one in portion
        ]
        session.add_all(accounts)
        session.flush()  # the applications and the codes name them
        for one, account in zip(portion, accounts, strict=True):
            one.account = account
    session.flush()


def _end_codes(session: Session, applications: Sequence[Application], now: datetime) -> None:
    for start in range(0, len(applications), PORTION):
        accounts = [one.account_id for one in applications[start : start + PORTION]]
        session.execute(
            update(ActivationCode)
            .where(ActivationCode.account_id.in_(accounts), ActivationCode.used_at.is_(None), ActivationCode.revoked_at.is_(None))
            .values(revoked_at=now)
            .execution_options(synchronize_session=False)
        )


def _slip(application: Application, name: str, code: str) -> Slip:
    return Slip(application.candidate_number or "", application.person.full_name, application.position.code, name, code, application.email)
