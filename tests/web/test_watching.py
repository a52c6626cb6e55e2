"""Health without an account, and figures for this machine and the holder of the token alone."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor

import pytest
from flask import Flask
from sqlalchemy import text
from sqlalchemy.exc import OperationalError
from sqlalchemy.orm import Session

from examsite import clock, migrate
from examsite.web import metrics
from tests.client import Browser

TOKEN = "a token for figures that nobody else will ever use"
DIRECT = {"REMOTE_ADDR": "127.0.0.1"}


def test_alive_and_ready(browse: Callable[..., Browser]) -> None:
    browser = browse()
    assert browser.get("/health/live").json == {"alive": True}
    ready = browser.get("/health/ready")
    assert (ready.status_code, ready.json) == (200, {"ready": True})
    assert "Set-Cookie" not in ready.headers


@pytest.mark.parametrize(
    ("seconds", "told"), [(0.9, {}), (-0.9, {}), (1.5, {"clock_off_seconds": 1.5}), (-60, {"clock_off_seconds": -60.0})]
)
def test_a_clock_that_was_set_is_told_and_stops_nothing(
    app: Flask, monkeypatch: pytest.MonkeyPatch, seconds: float, told: dict[str, float]
) -> None:
    monkeypatch.setattr(clock, "start", lambda: clock._started + int(seconds * 10**9))
    client = app.test_client()
    answer = client.get("/health/ready")
    assert (answer.status_code, answer.json) == (200, {"ready": True} | told)
    assert _figure(client, "examsite_clock_off_seconds") == seconds


def test_not_ready_at_another_schema(browse: Callable[..., Browser], session: Session) -> None:
    session.execute(text("UPDATE alembic_version SET version_num = 'older'"))
    session.commit()
    answer = browse().get("/health/ready")
    assert (answer.status_code, answer.json) == (503, {"ready": False, "why": "schema"})


def test_not_ready_while_the_database_is_away_but_alive(browse: Callable[..., Browser], monkeypatch: pytest.MonkeyPatch) -> None:
    def away(_connection: object) -> None:
        raise OperationalError("SELECT", None, Exception("connection refused"))

    monkeypatch.setattr(migrate, "revision_of", away)
    browser = browse()
    answer = browser.get("/health/ready")
    assert (answer.status_code, answer.json) == (503, {"ready": False, "why": "database"})
    assert browser.get("/health/live").status_code == 200


@pytest.mark.parametrize(
    ("peer", "headers", "status"),
    [
        ("127.0.0.1", {}, 200),
        ("127.8.9.10", {}, 200),
        ("::1", {}, 200),
        ("192.0.2.7", {}, 404),
        ("", {}, 404),
        ("unix:", {}, 404),
        # A proxy on this machine speaks for others.
        ("127.0.0.1", {"X-Forwarded-For": "192.0.2.7"}, 404),
        ("127.0.0.1", {"X-Forwarded-For": "127.0.0.1"}, 404),
        ("127.0.0.1", {"Forwarded": "for=192.0.2.7"}, 404),
        ("192.0.2.7", {"Authorization": f"Bearer {TOKEN}"}, 200),
        ("127.0.0.1", {"X-Forwarded-For": "192.0.2.7", "Authorization": f"Bearer {TOKEN}"}, 200),
        ("192.0.2.7", {"Authorization": "Bearer "}, 404),
        ("192.0.2.7", {"Authorization": f"Bearer {TOKEN}x"}, 404),
        ("192.0.2.7", {"Authorization": "Bearer mã bí mật"}, 404),
    ],
)
def test_who_may_see_the_figures(app: Flask, monkeypatch: pytest.MonkeyPatch, peer: str, headers: dict[str, str], status: int) -> None:
    monkeypatch.setitem(app.config, "METRICS_TOKEN", TOKEN)
    answer = app.test_client().get("/metrics", environ_base={"REMOTE_ADDR": peer}, headers=headers)
    assert answer.status_code == status


def test_without_a_token_no_token_opens_them(app: Flask) -> None:
    answer = app.test_client().get("/metrics", environ_base={"REMOTE_ADDR": "192.0.2.7"}, headers={"Authorization": "Bearer "})
    assert answer.status_code == 404


def test_figures_name_endpoints_and_never_addresses(app: Flask) -> None:
    client = app.test_client()
    before = _figure(client, 'examsite_requests_total{endpoint="desk.public_campaign",status="404"}')
    client.get("/public/Nguyen-Van-An?name=secret")
    client.get("/nguyen-van-an")
    told = client.get("/metrics").text
    assert _figure(client, 'examsite_requests_total{endpoint="desk.public_campaign",status="404"}') == before + 1
    assert 'endpoint="none",status="404"' in told
    assert "guyen" not in told
    assert "secret" not in told
    assert 'examsite_request_seconds_bucket{endpoint="desk.public_campaign",le="0.1"}' in told
    assert "examsite_sittings_open 0.0" in told


def _figure(client: object, name: str) -> float:
    lines = client.get("/metrics").text.splitlines()  # type: ignore[attr-defined]
    return next((float(line.rsplit(" ", 1)[1]) for line in lines if line.startswith(name)), 0.0)


def test_every_outcome_of_a_save_is_counted(app: Flask) -> None:
    client = app.test_client()
    refused = _figure(client, 'examsite_saves_total{outcome="refused"}')
    assert client.post("/exam/nobody/save", json={}).status_code == 401
    assert _figure(client, 'examsite_saves_total{outcome="refused"}') == refused + 1


def test_no_request_is_lost_or_counted_twice_by_many_at_once(app: Flask) -> None:
    """Threads put down while others take in; what is left is taken in as a worker ends."""
    name = 'examsite_requests_total{endpoint="rounds.save_answers",status="200"}'
    saved = 'examsite_saves_total{outcome="acknowledged"}'
    client = app.test_client()
    before = [_figure(client, figure) for figure in (name, saved)]

    def work() -> None:
        for turn in range(200):
            metrics.count(metrics.SAVE, 200, 0.001)
            if turn % 20 == 0:
                metrics.take_in(app)

    with ThreadPoolExecutor(8) as pool:
        for done in [pool.submit(work) for _thread in range(8)]:
            done.result()
    assert [_figure(client, figure) for figure in (name, saved)] == [figure + 1600 for figure in before]


def test_every_request_has_a_number_of_its_own(app: Flask) -> None:
    client = app.test_client()
    numbers = {client.get("/health/live").headers["X-Request-Id"] for _request in range(5)}
    assert len(numbers) == 5
    assert all(len(number) == 16 and number.isalnum() for number in numbers)
