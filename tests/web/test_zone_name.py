"""A time zone stands on pages as people say it, at any time of the year."""

from collections.abc import Callable
from datetime import UTC, datetime

import pytest
from flask import Flask, g

from examsite.web.language import zone_name, zone_title
from tests.client import Browser


@pytest.mark.parametrize("month", [1, 7])
@pytest.mark.parametrize(
    ("zone", "said"),
    [
        ("Asia/Ho_Chi_Minh", "GMT+7"),
        ("Asia/Kolkata", "GMT+5:30"),
        ("Pacific/Marquesas", "GMT−9:30"),
        ("Africa/Abidjan", "GMT"),
        ("Europe/Berlin", "Europe/Berlin (GMT+1, GMT+2)"),
        ("America/New_York", "America/New_York (GMT−5, GMT−4)"),
    ],
)
def test_a_zone_is_named_by_its_offset_and_one_that_changes_by_both(app: Flask, zone: str, said: str, month: int) -> None:
    with app.test_request_context():
        g.now = datetime(2026, month, 9, tzinfo=UTC)
        assert zone_name(zone) == said


@pytest.mark.parametrize(
    ("zone", "language", "said"),
    [
        ("Asia/Ho_Chi_Minh", "vi", "Giờ Việt Nam, GMT+7"),
        ("Asia/Ho_Chi_Minh", "en", "Vietnam Time, GMT+7"),
        ("Europe/Berlin", "vi", "Giờ Đức (Berlin), GMT+1 / GMT+2"),
    ],
)
def test_whoever_chooses_a_zone_reads_whose_time_it_is(app: Flask, zone: str, language: str, said: str) -> None:
    with app.test_request_context(headers={"Accept-Language": language}):
        g.now = datetime(2026, 7, 9, tzinfo=UTC)
        assert zone_title(zone) == said


def test_the_foot_of_a_page_says_it_in_both_languages(browse: Callable[..., Browser]) -> None:
    visitor = browse()
    assert "Giờ hiển thị theo múi giờ GMT+7." in visitor.get("/sign-in").text
    assert "Times are shown in the time zone GMT+7." in visitor.get("/sign-in", headers={"Accept-Language": "en"}).text
