"""Published lists against the log: whatever was changed behind the application's back is named, and not shown to the public."""

from typing import Any

import pytest
from sqlalchemy import text

from examsite.results.queries.seals import check_publications
from tests.results.ground import Ground


@pytest.fixture
def published(ground: Ground) -> Ground:
    """A list of those eligible, and a provisional ranking that was corrected."""
    ground.ranked(("001", "70"), ("002", "68"))
    ground.published("eligible")
    ground.published("provisional")
    ground.entitle("002", "priority", "service")
    ground.published("provisional", "A paper came in.")
    return ground


def faults(ground: Ground) -> list[tuple[str, int, str]]:
    ground.session.flush()
    checks = list(check_publications(ground.session))
    assert {one.campaign for one in checks} == {ground.campaign.code}
    return [(one.kind, one.number, one.fault) for one in checks if one.fault]


def test_lists_hold_as_they_were_published(published: Ground) -> None:
    assert [(one.kind, one.number, one.fault) for one in check_publications(published.session)] == [
        ("eligible", 1, None),
        ("provisional", 1, None),
        ("provisional", 2, None),
    ]


IN_LAST = "WHERE kind = 'provisional' AND number = 2"
FIRST = "(SELECT {} FROM publication AS other WHERE other.kind = 'provisional' AND other.number = 1)"
CHANGES = {
    f"UPDATE publication SET content = replace(content, '\"70.5\"', '\"80.5\"') {IN_LAST}": "content",
    f"UPDATE publication SET content = 'nonsense' {IN_LAST}": "content",
    f"UPDATE publication SET content = '1.5' {IN_LAST}": "content",
    f"UPDATE draft SET outcome = replace(outcome, '\"70.5\"', '\"80.5\"') WHERE id = (SELECT draft_id FROM publication {IN_LAST})": "draft",
    f"UPDATE publication SET published_at = '2026-01-01 00:00:00' {IN_LAST}": "log",
    f"UPDATE publication SET log_head = '00' {IN_LAST}": "log",
    f"UPDATE publication SET content = {FIRST.format('content')}, digest = {FIRST.format('digest')} {IN_LAST}": "log",
    f"UPDATE publication SET superseded_at = published_at {IN_LAST}": "order",
    f"DELETE FROM publication {IN_LAST}": "gone",
}
"""What somebody with full rights on the database may do to the newest list, and what is said of it."""


def test_what_was_changed_is_named(published: Ground) -> None:
    for statement, why in CHANGES.items():
        with published.session.begin_nested() as point:
            published.session.execute(text(statement))
            found = [fault for fault in faults(published) if fault[1] == 2]
            assert found == [("provisional", 2, why)], statement
            point.rollback()
    assert faults(published) == []


def test_the_public_is_not_shown_what_was_not_published(published: Ground, browse: Any) -> None:
    damaged = next(one for one in check_publications(published.session) if (one.kind, one.number) == ("provisional", 2))
    published.session.execute(text("UPDATE publication SET content = replace(content, '\"70.5\"', '\"80.5\"')"))
    published.session.commit()
    for address in (f"/lists/{damaged.publication}", f"/lists/{damaged.publication}.json"):
        page = browse().get(address)
        assert page.status_code == 409
        assert "không còn đúng như khi công bố" in page.text
        assert "80.5" not in page.text
