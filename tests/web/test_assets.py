"""Files that pages load: asked for once and kept, until their content is another."""

import re
from pathlib import Path

from flask.testing import FlaskClient

from examsite.web.assets import LASTING, address


def _loaded_by(page: str) -> list[str]:
    return re.findall(r'<(?:link|script)[^>]* (?:href|src)="([^"]+\.(?:css|svg|js)[^"]*)"', page)


def test_a_browser_keeps_every_file_of_a_page(client: FlaskClient) -> None:
    files = _loaded_by(client.get("/sign-in").text)
    assert len(files) == 3
    for file in files:
        with client.get(file) as answer, client.get(file, headers={"If-None-Match": answer.headers["ETag"]}) as again:
            assert (file, answer.status_code, answer.headers["Cache-Control"]) == (file, 200, LASTING)
            assert (again.status_code, again.headers["Cache-Control"]) == (304, LASTING)


def test_an_address_that_names_no_content_of_now_is_asked_after_each_time(client: FlaskClient) -> None:
    """Also one of another version: whoever has a page from before a restart finds the script that it asks for after it."""
    packaged = next(file for file in _loaded_by(client.get("/sign-in").text) if "bootstrap" in file).partition("?")[0]
    others = ("/static/app.css", "/static/app.css?v=1", "/static/0123456789abcdef/sitting/clock.js", packaged, f"{packaged}?v=0.1")
    for file in others:
        with client.get(file) as answer:
            assert (file, answer.status_code, answer.headers["Cache-Control"]) == (file, 200, "no-cache")


def test_what_is_kept_is_the_same_for_everybody(client: FlaskClient) -> None:
    files = _loaded_by(client.get("/sign-in").text)
    assert client.get_cookie("examsite") is not None
    for file in files:
        with client.get(file) as answer:
            assert {"Vary", "Set-Cookie"}.isdisjoint(answer.headers.keys())


def test_what_is_not_there_is_a_page_that_nobody_keeps(client: FlaskClient) -> None:
    [own] = [file for file in _loaded_by(client.get("/sign-in").text) if file.endswith("app.css")]
    for file in (own.replace("app.css", "no.css"), "/static/0123456789abcdef/no.css", "/static/../pyproject.toml?v=1"):
        answer = client.get(file)
        assert (file, answer.status_code, answer.headers["Cache-Control"]) == (file, 404, "no-store")


def test_another_content_or_name_is_another_address(tmp_path: Path) -> None:
    (tmp_path / "sitting").mkdir()
    file = tmp_path / "sitting" / "clock.js"
    seen = {address(tmp_path)}
    for change in (lambda: file.write_text("one"), lambda: file.write_text("two"), lambda: file.rename(tmp_path / "clock.js")):
        change()
        seen.add(address(tmp_path))
    assert len(seen) == 4
    assert address(tmp_path) in seen
