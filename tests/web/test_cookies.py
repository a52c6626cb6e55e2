"""The signed cookie: proven once, never taken for another, never changed behind a request's back."""

from flask import Flask, session
from flask.testing import FlaskClient

from examsite.web import cookies


def site() -> Flask:
    app = Flask(__name__)
    app.secret_key = "a key for tests that nobody else will ever use"
    cookies.install(app)

    @app.get("/set/<word>")
    def keep(word: str) -> str:
        session["word"] = word
        return "kept"

    @app.get("/list")
    def keep_list() -> str:
        session.setdefault("list", []).append("more")
        session.modified = True
        return str(len(session["list"]))

    @app.get("/change")
    def change() -> str:
        session["word"] = "changed"
        return "changed"

    @app.get("/")
    def show() -> str:
        return str(session.get("word"))

    return app


def cookie(client: FlaskClient) -> str:
    kept = client.get_cookie("session")
    assert kept is not None
    return kept.value


def test_a_cookie_seen_before_says_the_same() -> None:
    client = site().test_client()
    client.get("/set/one")
    assert [client.get("/").text for _time in range(3)] == ["one", "one", "one"]


def test_what_a_request_changes_stays_with_that_request() -> None:
    app = site()
    first, second = app.test_client(), app.test_client()
    first.get("/set/one")
    second.set_cookie("session", cookie(first))
    assert (first.get("/").text, first.get("/change").text) == ("one", "changed")
    assert (first.get("/").text, second.get("/").text) == ("changed", "one")


def test_a_forged_cookie_is_nobody_also_beside_a_proven_one() -> None:
    app = site()
    honest, forger = app.test_client(), app.test_client()
    honest.get("/set/one")
    honest.get("/")
    body, rest = cookie(honest).split(".", 1)
    for forged in (cookie(honest)[:-2] + "AA", body[:-1] + "." + rest, body, "", "."):
        forger.set_cookie("session", forged)
        assert forger.get("/").text == "None"


def test_lists_are_not_shared_between_requests() -> None:
    app = site()
    client = app.test_client()
    client.get("/list")
    kept = cookie(client)
    for _time in range(2):
        again = app.test_client()
        again.set_cookie("session", kept)
        assert again.get("/list").text == "2"


def test_the_memory_is_bounded(monkeypatch) -> None:
    monkeypatch.setattr(cookies, "REMEMBERED", 2)
    app = site()
    for word in ("one", "two", "three"):
        client = app.test_client()
        client.get(f"/set/{word}")
        assert client.get("/").text == word
    assert len(app.session_interface._proven) <= 2
