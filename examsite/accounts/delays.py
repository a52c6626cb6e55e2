"""The growing delay after failed sign-ins: by name and source together, by name, and by source; never a lasting lock.

Candidates' names can be guessed from one another, so a failure must not cost the owner of a name more than a moment: a stranger who keeps
failing under it would keep them out of the exam. What grows to a minute is therefore kept for each name from each source.

| counted for | free tries | then each failure makes the next try wait | so a guesser has |
|---|---|---|---|
| a name from one source | 4 | 2, 4, 8, 16, 32, then 60 seconds | about one try a minute |
| a name from anywhere | 20 | 2, 4, then 5 seconds | from however many sources, one in five seconds |
| a source under any name | 300 | 2, 4, then 5 seconds | 300 in a quarter of an hour, then one in five seconds |

The longest of the three counts. A try that comes too early is turned away unseen and counts for nothing, so nobody lengthens a wait by
knocking. Whoever was quiet for a quarter of an hour starts anew.

One stranger at one place makes one counted failure a minute in the end: the owner, elsewhere, never waits longer than five seconds, and
mostly not at all. A whole house may come from one address. 60 candidates who sit down in one room and each use up their free tries come
to 240 failures before anybody is in; 300 leaves room for those who look after them. Whoever gets in takes their own slips with them, so
what remains of a name or a source are tries that nobody could open anything with. Five seconds are no more than pausing would give, and
so short that whoever knows a password gets in at the next try.
"""

import hashlib
from datetime import datetime, timedelta

from sqlalchemy import case, delete, select, update
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.orm import Session

from examsite.accounts.models import SignInDelay

FREE_TRIES = {"pair": 4, "name": 20, "source": 300}
LONGEST_WAIT = {"pair": 60, "name": 5, "source": 5}
FORGOTTEN_AFTER = timedelta(minutes=15)


def keys_for(sign_in_name: str, source: str) -> tuple[str, str, str]:
    """The keys under which a failure counts: name from this source, name, source. Hashed, so that mistyped names are not kept."""
    name, place = (hashlib.sha256(text.encode()).hexdigest() for text in (sign_in_name.strip().lower(), source))
    return f"pair:{hashlib.sha256(f'{name} {place}'.encode()).hexdigest()}", f"name:{name}", f"source:{place}"


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


def forget(session: Session, key: str) -> None:
    """Start anew after a success."""
    session.execute(delete(SignInDelay).where(SignInDelay.key == key))


def forgive(session: Session, keys: tuple[str, str, str], now: datetime) -> None:
    """After a success the failures of this name from this source were slips of its owner: they no longer count against name or source."""
    pair, *wider = keys
    gone = session.execute(delete(SignInDelay).where(SignInDelay.key == pair).returning(SignInDelay.failures, SignInDelay.last_failed_at))
    row = gone.one_or_none()
    if row is None or now - row.last_failed_at > FORGOTTEN_AFTER:
        return
    slips = row.failures
    left = case((SignInDelay.failures > slips, SignInDelay.failures - slips), else_=0)
    for key in wider:  # one after another, in the order in which a failure takes them
        session.execute(update(SignInDelay).where(SignInDelay.key == key).values(failures=left))


def _wait(key: str, failures: int, last_failed_at: datetime, now: datetime) -> int:
    kind = key.split(":", 1)[0]
    over = failures - FREE_TRIES[kind]
    if over <= 0 or now - last_failed_at > FORGOTTEN_AFTER:
        return 0
    delay = min(1 << min(over, 10), LONGEST_WAIT[kind])
    return max(0, delay - int((now - last_failed_at).total_seconds()))
