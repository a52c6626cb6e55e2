"""Silences of the server, and what they cost."""

from datetime import UTC, datetime, timedelta
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from examsite.rules.outage import LONGEST_SILENCE, Gap, gaps, lost_seconds

START = datetime(2026, 3, 1, 1, 0, tzinfo=UTC)


def at(second: float) -> datetime:
    return START + timedelta(seconds=second)


@pytest.mark.parametrize(
    ("seconds", "expected"),
    [
        ([], []),
        ([0], []),
        ([0, 60], []),
        ([0, 60.000001], [(0, 60.000001)]),
        ([0, 61], [(0, 61)]),
        ([200, 0, 30, 61], [(61, 200)]),
        ([0, 0, 100, 100, 300], [(0, 100), (100, 300)]),
    ],
)
def test_silences_longer_than_a_minute(seconds: list[float], expected: list[tuple[float, float]]) -> None:
    assert gaps(map(at, seconds)) == tuple(Gap(at(begin), at(end)) for begin, end in expected)


@pytest.mark.parametrize(
    ("begins", "ends", "stopped", "lost"),
    [
        (0, 1000, [], 100),
        (0, 150, [], 50),
        (150, 1000, [], 50),
        (120, 180, [], 60),
        (200, 1000, [], 0),
        (0, 100, [], 0),
        (199.5, 1000, [], 1),
        (0, 1000, [(100, 200)], 0),
        (0, 1000, [(50, 110), (190, 300)], 80),
        (0, 1000, [(300, 400)], 100),
    ],
)
def test_what_of_the_running_time_fell_into_it(begins: float, ends: float, stopped: list[tuple[float, float]], lost: int) -> None:
    assert lost_seconds(Gap(at(100), at(200)), at(begins), at(ends), [(at(since), at(until)) for since, until in stopped]) == lost


@given(st.lists(st.integers(0, 5000), max_size=60))
def test_outside_the_silences_somebody_is_heard_in_time(seconds: list[int]) -> None:
    signs = sorted(at(second) for second in seconds)
    silent = {gap.began_at for gap in gaps(signs)}
    for before, after in pairwise(signs):
        assert (after - before > LONGEST_SILENCE) == (before in silent and after != before)
