"""The growing delay after failed sign-ins: by account name and by source, never a lasting lock.

A whole exam room comes from one address, so a source may fail much more often than a name before it has to wait.
"""

import hashlib
from datetime import datetime, timedelta

from sqlalchemy import delete, select
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.orm import Session

from examsite.accounts.models import SignInDelay

FREE_TRIES = {"name": 4, "source": 60}
LONGEST_WAIT = 60
FORGOTTEN_AFTER = timedelta(minutes=15)


def keys_for(sign_in_name: str, source: str) -> tuple[str, str]:
    """The two keys under which a failure counts; hashed, so that mistyped names are not kept."""
    name = hashlib.sha256(sign_in_name.strip().lower().encode()).hexdigest()
    return f"name:{name}", f"source:{hashlib.sha256(source.encode()).hexdigest()}"


def seconds_to_wait(session: Session, keys: tuple[str, ...], now: datetime) -> int:
    """How many seconds the next try has to wait; 0 when it may go on."""
    rows = session.scalars(select(SignInDelay).where(SignInDelay.key.in_(keys)))
    return max((_wait(row.key, row.failures, row.last_failed_at, now) for row in rows), default=0)


def add_failure(session: Session, keys: tuple[str, ...], now: datetime) -> int:
    """Count one failure under each key; return the seconds that now have to pass."""
    make = postgresql.insert if session.get_bind().dialect.name == "postgresql" else sqlite.insert
    waits = []
    for key in keys:
        fresh = make(SignInDelay).values(key=key, failures=1, last_failed_at=now)
        counted = fresh.on_conflict_do_update(
            index_elements=[SignInDelay.key], set_={"failures": SignInDelay.failures + 1, "last_failed_at": now}
        ).returning(SignInDelay.failures)
        waits.append(_wait(key, session.execute(counted).scalar_one(), now, now))
    return max(waits)


def forget(session: Session, key: str) -> None:
    """Start anew after a success, or once the failures are old."""
    session.execute(delete(SignInDelay).where(SignInDelay.key == key))


def forget_old(session: Session, now: datetime) -> None:
    """Drop counters that no longer matter."""
    session.execute(delete(SignInDelay).where(SignInDelay.last_failed_at < now - FORGOTTEN_AFTER))


def _wait(key: str, failures: int, last_failed_at: datetime, now: datetime) -> int:
    over = failures - FREE_TRIES[key.split(":", 1)[0]]
    if over <= 0 or now - last_failed_at > FORGOTTEN_AFTER:
        return 0
    delay = min(1 << min(over, 10), LONGEST_WAIT)
    return max(0, delay - int((now - last_failed_at).total_seconds()))
