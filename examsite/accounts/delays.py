"""The growing delay after failed sign-ins: by account name and by source, never a lasting lock.

A whole house may come from one address. 60 candidates who sit down in one room and each use up their free tries come to 240 failures
before anybody is in; 300 leaves room for those who look after them. Whoever gets in takes the failures of that name with them, so what
remains of a source are tries on names that nobody could open. Whoever guesses from there has 300 tries in a quarter of an hour, then one
in five seconds: no more than pausing would give, and so short that whoever knows a password gets in at the next try.
"""

import hashlib
from datetime import datetime, timedelta

from sqlalchemy import case, delete, select, update
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.orm import Session

from examsite.accounts.models import SignInDelay

FREE_TRIES = {"name": 4, "source": 300}
LONGEST_WAIT = {"name": 60, "source": 5}
FORGOTTEN_AFTER = timedelta(minutes=15)


def keys_for(sign_in_name: str, source: str) -> tuple[str, str]:
    """The two keys under which a failure counts; hashed, so that mistyped names are not kept."""
    name = hashlib.sha256(sign_in_name.strip().lower().encode()).hexdigest()
    return f"name:{name}", f"source:{hashlib.sha256(source.encode()).hexdigest()}"


def seconds_to_wait(session: Session, keys: tuple[str, ...], now: datetime) -> int:
    """How many seconds the next try has to wait; 0 when it may go on."""
    counts = select(SignInDelay.key, SignInDelay.failures, SignInDelay.last_failed_at).where(SignInDelay.key.in_(keys))
    return max((_wait(key, failures, last, now) for key, failures, last in session.execute(counts)), default=0)


def add_failure(session: Session, keys: tuple[str, ...], now: datetime) -> int:
    """Count one failure under each key; return the seconds that now have to pass."""
    make = postgresql.insert if session.get_bind().dialect.name == "postgresql" else sqlite.insert
    counted_on = case((SignInDelay.last_failed_at < now - FORGOTTEN_AFTER, 1), else_=SignInDelay.failures + 1)
    waits = []
    for key in keys:
        fresh = make(SignInDelay).values(key=key, failures=1, last_failed_at=now)
        counted = fresh.on_conflict_do_update(
            index_elements=[SignInDelay.key], set_={"failures": counted_on, "last_failed_at": now}
        ).returning(SignInDelay.failures)
        waits.append(_wait(key, session.execute(counted).scalar_one(), now, now))
    return max(waits)


def forget(session: Session, key: str) -> int:
    """Start anew after a success; return how many failures stood under the key."""
    return session.scalar(delete(SignInDelay).where(SignInDelay.key == key).returning(SignInDelay.failures)) or 0


def forgive(session: Session, keys: tuple[str, str]) -> None:
    """After a success the failures of the name were slips of its owner: they no longer count against the source either."""
    name, source = keys
    if slips := forget(session, name):
        left = case((SignInDelay.failures > slips, SignInDelay.failures - slips), else_=0)
        session.execute(update(SignInDelay).where(SignInDelay.key == source).values(failures=left))


def _wait(key: str, failures: int, last_failed_at: datetime, now: datetime) -> int:
    kind = key.split(":", 1)[0]
    over = failures - FREE_TRIES[kind]
    if over <= 0 or now - last_failed_at > FORGOTTEN_AFTER:
        return 0
    delay = min(1 << min(over, 10), LONGEST_WAIT[kind])
    return max(0, delay - int((now - last_failed_at).total_seconds()))
