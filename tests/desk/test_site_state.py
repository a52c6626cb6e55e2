"""The state of the site: what an administrator sees of it, and nobody else; what each finding says."""

import shutil
from collections.abc import Callable
from datetime import timedelta
from types import SimpleNamespace

import pytest
from sqlalchemy import text
from sqlalchemy.orm import Session

from examsite.desk.site_state import GIGABYTE, LITTLE, LOOK, MEND, TOLD, TOO_LITTLE, WELL, state_of
from examsite.notices.models import OutgoingMail
from tests.client import Browser
from tests.conftest import NOW
from tests.factories import make_staff

NONE = timedelta()


def found(session: Session, stepped: timedelta = NONE, *, sends_mail: bool = True) -> dict[str, str]:
    """The level of each sentence."""
    return {line.code: line.level for line in state_of(session, NOW, stepped, sends_mail=sends_mail)}


def test_administrators_see_it_from_their_first_page_and_others_do_not(session: Session, browse: Callable[..., Browser]) -> None:
    administrator, officer = make_staff(session, "trung", house_role="administrator"), make_staff(session, "hang", house_role="hr_officer")
    session.commit()
    assert 'href="/site"' in browse(administrator).get("/home").text
    for language, words in (("vi", ("Lược đồ đã ở bản mới nhất", "Hệ thống này không gửi thư")), ("en", ("All migrations are applied",))):
        page = browse(administrator).get("/site", headers={"Accept-Language": language})
        assert page.status_code == 200
        for word in words:
            assert word in page.text
    assert browse(officer).get("/site").status_code == 403
    assert 'href="/site"' not in browse(officer).get("/home").text


def test_a_good_site_and_one_with_migrations_missing(session: Session, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(shutil, "disk_usage", lambda _place: SimpleNamespace(free=9 * GIGABYTE))
    good = found(session)
    assert {code: level for code, level in good.items() if level not in (WELL, TOLD)} == {}
    assert set(good) - {"disk_database"} == {"database", "schema", "clock", "disk_uploads", "mail", "backup"}
    session.execute(text("UPDATE alembic_version SET version_num = 'older'"))
    old = found(session)
    assert old["schema_old"] == MEND
    assert "schema" not in old


@pytest.mark.parametrize(
    ("free", "level", "code"),
    [
        (LITTLE, WELL, "disk_uploads"),
        (LITTLE - 1, LOOK, "disk_uploads_little"),
        (TOO_LITTLE, LOOK, "disk_uploads_little"),
        (TOO_LITTLE - 1, MEND, "disk_uploads_little"),
    ],
)
def test_free_disk_at_its_edges(session: Session, monkeypatch: pytest.MonkeyPatch, free: int, level: str, code: str) -> None:
    monkeypatch.setattr(shutil, "disk_usage", lambda _place: SimpleNamespace(free=free))
    assert found(session)[code] == level


@pytest.mark.parametrize(
    ("seconds", "code", "level"), [(1, "clock", WELL), (-1, "clock", WELL), (2, "clock_set", LOOK), (-60, "clock_set", LOOK)]
)
def test_a_clock_that_was_set(session: Session, seconds: int, code: str, level: str) -> None:
    told = found(session, timedelta(seconds=seconds))
    assert {name: told[name] for name in told if name.startswith("clock")} == {code: level}


def test_mail_that_was_given_up_and_a_site_without_mail(session: Session) -> None:
    assert found(session, sends_mail=False)["mail_off"] == TOLD
    mail = {"address": "a@example.vn", "language": "vi", "code": "x", "params": {}, "endpoint": "desk.home", "values": {}}
    session.add(OutgoingMail(**mail, queued_at=NOW, next_try_at=NOW, state="failed"))
    session.flush()
    assert found(session)["mail"] == LOOK
