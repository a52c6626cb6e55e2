"""Writes on accounts: create, activate, sign in and out, disable and enable, change the password."""

import re
import secrets
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import select, update
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from examsite.accounts import delays
from examsite.accounts.models import ADMINISTRATOR, HR_OFFICER, STAFF, Account, ActivationCode, LoginSession
from examsite.accounts.passwords import HASHER, hash_code, hash_password, hash_token, new_code, password_matches
from examsite.accounts.permissions import may_manage_staff
from examsite.accounts.queries import DISABLED, account_by_name, still_usable, usable_code
from examsite.audit.models import HOUSE
from examsite.audit.operations import SYSTEM, Actor, record
from examsite.db import new_public_id, rows_changed
from examsite.rules.refusal import NotPermitted, Refused
from examsite.vietnamese import tidy

LOGIN_LASTS = timedelta(hours=12)
CODE_LASTS = timedelta(days=60)
HOUSE_ROLES = (ADMINISTRATOR, HR_OFFICER)
MAIL_ADDRESS = re.compile(r"[^@\s<>,;\"]{1,64}@[^@\s<>,;\"]+\.[^@\s<>,;\"]+")


@dataclass(frozen=True)
class SignedIn:
    """A new login session; `token` goes into the cookie and is kept nowhere else."""

    account: Account
    token: str


@dataclass(frozen=True)
class TurnedAway:
    """A sign-in that failed; `wait` seconds must pass before the next try is looked at."""

    wait: int


def actor_of(account: Account) -> Actor:
    """How the log names this account."""
    return Actor(account.public_id, account.display_name)


def create_first_administrator(session: Session, sign_in_name: str, display_name: str, now: datetime) -> tuple[Account, str]:
    """Create an administrator from the operator's command; return the account and its activation code."""
    return _create_staff(session, sign_in_name, display_name, ADMINISTRATOR, SYSTEM, now)


def invite_staff(
    session: Session, sign_in_name: str, display_name: str, house_role: str | None, actor: Account, now: datetime
) -> tuple[Account, str]:
    """Create a staff account; return it with its activation code, which is shown this once."""
    if not may_manage_staff(actor):
        raise NotPermitted("accounts.not_administrator")
    return _create_staff(session, sign_in_name, display_name, house_role, actor_of(actor), now)


def create_account(session: Session, sign_in_name: str, display_name: str, kind: str, now: datetime) -> Account:
    """Add an account without a password. The caller logs why it exists. Refuses a sign-in name that is taken, also at the same moment."""
    name = sign_in_name.strip().lower()
    account = Account(public_id=new_public_id(), sign_in_name=name, display_name=tidy(display_name), kind=kind, created_at=now)
    try:
        with session.begin_nested():
            session.add(account)
    except IntegrityError as error:
        raise Refused("accounts.name_taken", field="sign_in_name", name=name) from error
    return account


def issue_code(session: Session, account: Account, now: datetime) -> str:
    """Give `account` a new one-use activation code and end any earlier one; return the code, which is stored only as a hash."""
    session.execute(
        update(ActivationCode)
        .where(ActivationCode.account_id == account.id, ActivationCode.used_at.is_(None), ActivationCode.revoked_at.is_(None))
        .values(revoked_at=now)
    )
    code = new_code()
    session.add(ActivationCode(account_id=account.id, code_hash=hash_code(code), created_at=now, expires_at=now + CODE_LASTS))
    return code


def reset_access(session: Session, account: Account, now: datetime) -> tuple[str, bool]:
    """Shut an account for everybody until its owner uses the code that is returned; say whether it had a password. The caller logs it.

    The password goes at once: a code is also made because somebody else knows the password, and waits at the owner's for days. It goes
    before the login sessions, so that a sign-in of this very moment is either among those that end or finds no password.
    """
    shut = update(Account).where(Account.id == account.id, Account.password_hash.is_not(None)).values(password_hash=None)
    had_password = rows_changed(session, shut) == 1
    session.refresh(account, ["password_hash"])
    code = issue_code(session, account, now)
    end_sessions(session, account, now)
    return code, had_password


def reissue_staff_code(session: Session, account: Account, actor: Account, now: datetime) -> str:
    """Reset a staff member's access: a new code; the password and every login session end."""
    _must_manage(actor, account)
    code, had_password = reset_access(session, account, now)
    data = {"for": account.sign_in_name, "password_ended": had_password}
    record(session, HOUSE, "accounts:code:issued", f"account:{account.public_id}", actor_of(actor), now, data)
    return code


def activate(session: Session, code: str, password: str, now: datetime) -> Account:
    """Use an activation code once to choose a password. The guard is in the statement: a code that ended meanwhile opens nothing."""
    found = usable_code(session, code, now)
    if found is None or found.account.disabled_at is not None:
        raise Refused("accounts.code_unusable", field="code")
    account = found.account
    hashed = hash_password(password, account.kind, (account.sign_in_name, account.display_name.casefold()))
    if rows_changed(session, update(ActivationCode).where(ActivationCode.id == found.id, *still_usable(now)).values(used_at=now)) != 1:
        raise Refused("accounts.code_unusable", field="code")
    account.password_hash = hashed
    end_sessions(session, account, now)
    record(session, HOUSE, "accounts:account:activated", f"account:{account.public_id}", actor_of(account), now, {})
    return account


def sign_in(session: Session, sign_in_name: str, password: str, source: str, now: datetime) -> SignedIn | TurnedAway:
    """Check a password and open a login session. An outcome, not an exception: a failure must be committed too."""
    account = _proven(session, account_by_name(session, sign_in_name), sign_in_name, password, source, now)
    if isinstance(account, TurnedAway):
        return account
    if account.password_hash and HASHER.check_needs_rehash(account.password_hash):
        account.password_hash = HASHER.hash(password)
    record(session, HOUSE, "accounts:session:opened", f"account:{account.public_id}", actor_of(account), now, {})
    return SignedIn(account, open_login(session, account, now))


def open_login(session: Session, account: Account, now: datetime) -> str:
    """Open a login session for an account whose identity is proven; return its token."""
    token = secrets.token_urlsafe(32)
    session.add(LoginSession(token_hash=hash_token(token), account_id=account.id, created_at=now, expires_at=now + LOGIN_LASTS))
    session.flush()  # the very next request may use it
    return token


def sign_out(session: Session, login: LoginSession, now: datetime) -> None:
    """End one login session on the server; a copied cookie is worth nothing afterwards."""
    standing = update(LoginSession).where(LoginSession.id == login.id, LoginSession.ended_at.is_(None))
    if rows_changed(session, standing.values(ended_at=now)):
        about = f"account:{login.account.public_id}"
        record(session, HOUSE, "accounts:session:closed", about, actor_of(login.account), now, {})


def end_sessions(session: Session, account: Account, now: datetime) -> None:
    """End every login session of an account."""
    session.execute(update(LoginSession).where(LoginSession.account_id == account.id, LoginSession.ended_at.is_(None)).values(ended_at=now))


def confirm_password(session: Session, account: Account, password: str, source: str, now: datetime) -> bool:
    """Prove again who acts, for a second signature; a wrong password counts towards the delay, and the caller commits either way."""
    return not isinstance(_proven(session, account, account.sign_in_name, password, source, now), TurnedAway)


def change_password(session: Session, account: Account, old: str, new: str, source: str, now: datetime) -> TurnedAway | None:
    """Replace a password by its owner, who proves the old one; all other login sessions end.

    A wrong old password counts towards the delay of sign-ins, and the caller commits it: whoever finds an open browser does not guess on.
    """
    proven = _proven(session, account, account.sign_in_name, old, source, now)
    if isinstance(proven, TurnedAway):
        return proven
    account.password_hash = hash_password(new, account.kind, (account.sign_in_name, account.display_name.casefold()))
    end_sessions(session, account, now)
    record(session, HOUSE, "accounts:password:changed", f"account:{account.public_id}", actor_of(account), now, {})
    return None


def set_email(session: Session, account: Account, email: str, now: datetime) -> None:
    """Where its owner, a member of staff, wants mail; empty for none. The log notes that it changed, not what it is."""
    wanted = email.strip()
    if account.kind != STAFF:
        raise NotPermitted("access.wrong_role")
    if wanted and not MAIL_ADDRESS.fullmatch(wanted):
        raise Refused("accounts.email_malformed", field="email")
    if wanted != (account.email or ""):
        account.email = wanted or None
        record(session, HOUSE, "accounts:email:changed", f"account:{account.public_id}", actor_of(account), now, {"given": bool(wanted)})


def choose_language(account: Account, language: str) -> None:
    """Remember in which language its owner reads, for mail."""
    account.language = language


def disable(session: Session, account: Account, reason: str, actor: Account, now: datetime) -> None:
    """Shut a member of staff out at once, with a reason; an administrator cannot shut out themself, nor any candidate."""
    _must_manage(actor, account)
    if account.id == actor.id:
        raise Refused("accounts.disable_self")
    said = _reason(reason)
    open_one = update(Account).where(Account.id == account.id, Account.disabled_at.is_(None))
    if rows_changed(session, open_one.values(disabled_at=now)):
        end_sessions(session, account, now)
        record(session, HOUSE, DISABLED, f"account:{account.public_id}", actor_of(actor), now, {"reason": said})


def enable(session: Session, account: Account, reason: str, actor: Account, now: datetime) -> None:
    """Let a member of staff in again who was shut out, with a reason; the password is the one they had."""
    _must_manage(actor, account)
    said = _reason(reason)
    shut_one = update(Account).where(Account.id == account.id, Account.disabled_at.is_not(None))
    if rows_changed(session, shut_one.values(disabled_at=None)):
        record(session, HOUSE, "accounts:account:enabled", f"account:{account.public_id}", actor_of(actor), now, {"reason": said})


def _must_manage(actor: Account, account: Account) -> None:
    if not may_manage_staff(actor):
        raise NotPermitted("accounts.not_administrator")
    if account.kind != STAFF:
        raise NotPermitted("accounts.not_staff")


def _reason(typed: str) -> str:
    if not typed.strip():
        raise Refused("reason_missing", field="reason")
    return typed.strip()


def _create_staff(
    session: Session, sign_in_name: str, display_name: str, house_role: str | None, actor: Actor, now: datetime
) -> tuple[Account, str]:
    if house_role is not None and house_role not in HOUSE_ROLES:
        raise Refused("accounts.role_unknown", field="house_role")
    account = create_account(session, sign_in_name, display_name, STAFF, now)
    account.house_role = house_role
    code = issue_code(session, account, now)
    data = {"sign_in_name": account.sign_in_name, "house_role": house_role}
    record(session, HOUSE, "accounts:account:created", f"account:{account.public_id}", actor, now, data)
    return account, code


def _proven(
    session: Session, account: Account | None, sign_in_name: str, password: str, source: str, now: datetime
) -> Account | TurnedAway:
    """The account if the password is its own; else the failure stands in the log and under name and source of the try."""
    keys = delays.keys_for(sign_in_name, source)
    if wait := delays.seconds_to_wait(session, keys, now):
        return TurnedAway(wait)
    matches = password_matches(account.password_hash if account else None, password)
    if account is None or not matches or not _still_opens(session, account):
        wait = delays.add_failure(session, keys, now)  # before the log, in the order in which a success takes both
        _record_failure(session, account, sign_in_name, now)
        return TurnedAway(wait)
    delays.forgive(session, keys, now)
    return account


def _still_opens(session: Session, account: Account) -> bool:
    """Whether the password that was proven is the account's own at this moment, and the account open. It is held so until the transaction
    ends: proving takes a tenth of a second, in which a new code or a colleague may shut it."""
    standing = (Account.id == account.id, Account.password_hash == account.password_hash, Account.disabled_at.is_(None))
    return session.scalar(select(Account.id).where(*standing).with_for_update(key_share=True)) is not None


def _record_failure(session: Session, account: Account | None, sign_in_name: str, now: datetime) -> None:
    about = f"account:{account.public_id}" if account else "account:unknown"
    record(session, HOUSE, "accounts:session:refused", about, SYSTEM, now, {"sign_in_name": sign_in_name.strip().lower()[:120]})


def account_exists(session: Session) -> bool:
    """Whether anybody can sign in at all."""
    return session.scalar(select(Account.id).limit(1)) is not None
