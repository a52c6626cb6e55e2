"""The clock of a server: it counts on, whatever is done to the clock of the machine."""

import subprocess
import sys
import time
from datetime import UTC, datetime, timedelta

import pytest

from examsite import clock

SHORTLY = timedelta(seconds=5)


def test_it_says_what_the_machines_clock_said_at_the_start() -> None:
    assert abs(clock.now() - datetime.now(UTC)) < SHORTLY
    assert clock.now() <= clock.now()
    assert clock.now().utcoffset() == timedelta()


@pytest.mark.parametrize("hours", [1, -1, 24 * 365])
def test_a_step_of_the_machines_clock_does_not_reach_it(monkeypatch: pytest.MonkeyPatch, hours: int) -> None:
    before, real = clock.now(), time.time_ns
    monkeypatch.setattr(time, "time_ns", lambda: real() + hours * 3600 * 10**9)
    assert timedelta() <= clock.now() - before < SHORTLY
    assert abs(clock.start() - clock._started - hours * 3600 * 10**9) < 5 * 10**9


def test_a_worker_that_starts_later_counts_from_the_start_of_its_master() -> None:
    program = "from examsite import clock; print(clock.now().timestamp())"
    hour_ahead = {clock.START: str(clock.start() + 3600 * 10**9)}
    told = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True, env=hour_ahead)
    assert abs(float(told.stdout) - clock.now().timestamp() - 3600) < SHORTLY.total_seconds()
