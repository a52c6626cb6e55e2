"""The only reader of the clock. Everything else is given the time it works with.

Time runs on from the moment at which the server was started, by a counter that nobody can set. A step of the machine's clock (a slip of the
hand, a time server gone wrong) in the middle of an exam takes nobody's time and gives none. Who sets a wrong clock right starts the
server anew, which reads it.
All workers of a server count from the same start, which its master hands down to them.
"""

import os
import time
from datetime import UTC, datetime, timedelta

MAY_DIFFER = timedelta(seconds=1)
"""How far two clocks that should agree may be apart before somebody has to be told."""
START = "EXAMSITE_CLOCK"
"""The environment variable by which a master tells its workers what `start` gave it."""
_COUNTER = getattr(time, "CLOCK_BOOTTIME", time.CLOCK_MONOTONIC)
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)


def start() -> int:
    """What the machine's clock is ahead of its counter now, in nanoseconds."""
    return time.time_ns() - time.clock_gettime_ns(_COUNTER)


_started = int(os.environ.get(START) or start())


def now() -> datetime:
    """The present moment, aware and in UTC."""
    return _EPOCH + timedelta(microseconds=(time.clock_gettime_ns(_COUNTER) + _started) // 1000)


def step() -> timedelta:
    """How far somebody has set the machine's clock since the start: positive when it is ahead of `now()`. What a time server mends little
    by little moves both."""
    return timedelta(microseconds=(start() - _started) // 1000)
