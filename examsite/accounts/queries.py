"""Look up accounts, login sessions and acts that wait for a signature."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import ColumnElement, bindparam, select
from sqlalchemy.orm import Session, joinedload

from examsite.accounts.models import STAFF, Account, ActivationCode, LoginSession, TwoPersonAct
from examsite.accounts.passwords import hash_code, hash_token
from examsite.audit.models import HOUSE
from examsite.audit.queries import data_of, newest_about
from examsite.rules.refusal import NotFound

DISABLED = "accounts:account:disabled"


def account_by_name(session: Session, sign_in_name: str) -> Account | None:
    """The account with this sign-in name, whatever its state; case does not matter."""
    return session.scalar(select(Account).where(Account.sign_in_name == sign_in_name.strip().lower()))


def account_by_public_id(session: Session, public_id: str) -> Account:
    """The account of this public id, or NotFound."""
    account = session.scalar(select(Account).where(Account.public_id == public_id))
    if account is None:
        raise NotFound
    return account


def staff(session: Session) -> list[Account]:
    """All staff accounts by sign-in name."""
    return list(session.scalars(select(Account).where(Account.kind == STAFF).order_by(Account.sign_in_name)))


@dataclass(frozen=True)
class ShutOut:
    """Who disabled an account, when and why, as the log has it."""

    by: str
    at: datetime
    reason: str


def shut_out(session: Session, accounts: Iterable[Account]) -> dict[str, ShutOut]:
    """Of those accounts that are disabled, by their public id, how that came."""
    ids = {f"account:{account.public_id}": account.public_id for account in accounts if account.disabled_at is not None}
    entries = newest_about(session, HOUSE, DISABLED, ids) if ids else {}
    return {ids[about]: ShutOut(entry.actor_name, entry.at, str(data_of(entry).get("reason", ""))) for about, entry in entries.items()}


# Every request of a person asks this, so the statement is built once.
_STANDING_LOGIN = (
    select(LoginSession)
    .options(joinedload(LoginSession.account, innerjoin=True))
    .where(LoginSession.token_hash == bindparam("token_hash"), LoginSession.ended_at.is_(None), LoginSession.expires_at > bindparam("now"))
)


def login_session(session: Session, token: str, now: datetime) -> LoginSession | None:
    """The standing login session of a token, with its account; None once it ended, ran out, or the account is disabled."""
    found = session.scalar(_STANDING_LOGIN, {"token_hash": hash_token(token), "now": now})
    return found if found is not None and found.account.disabled_at is None else None


def usable_code(session: Session, code: str, now: datetime) -> ActivationCode | None:
    """The activation code as typed, if it can still be used."""
    return session.scalar(
        select(ActivationCode)
        .options(joinedload(ActivationCode.account))
        .where(ActivationCode.code_hash == hash_code(code), *still_usable(now))
    )


def still_usable(now: datetime) -> tuple[ColumnElement[bool], ...]:
    """What holds of an activation code that still opens its account."""
    return ActivationCode.used_at.is_(None), ActivationCode.revoked_at.is_(None), ActivationCode.expires_at > now


def open_act(session: Session, kind: str, about: str) -> TwoPersonAct | None:
    """The act of this kind about this object that waits for its second signature."""
    return session.scalar(
        select(TwoPersonAct)
        .options(joinedload(TwoPersonAct.first))
        .where(TwoPersonAct.kind == kind, TwoPersonAct.about == about, TwoPersonAct.state == "open")
    )


def open_acts(session: Session, chains: list[str]) -> list[TwoPersonAct]:
    """All acts of these chains that wait for a second signature, oldest first."""
    return list(
        session.scalars(
            select(TwoPersonAct)
            .options(joinedload(TwoPersonAct.first))
            .where(TwoPersonAct.chain.in_(chains), TwoPersonAct.state == "open")
            .order_by(TwoPersonAct.first_at)
        )
    )


def signed_acts(session: Session, kind: str, about: str) -> list[TwoPersonAct]:
    """The signed acts of this kind about this object, newest first."""
    return list(
        session.scalars(
            select(TwoPersonAct)
            .options(joinedload(TwoPersonAct.first), joinedload(TwoPersonAct.second))
            .where(TwoPersonAct.kind == kind, TwoPersonAct.about == about, TwoPersonAct.state == "signed")
            .order_by(TwoPersonAct.second_at.desc())
        )
    )
