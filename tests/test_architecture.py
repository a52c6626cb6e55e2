"""What must hold for every room and every view, checked by listing them."""

import ast
import re
from pathlib import Path

import pytest
from flask import Flask

from examsite import app as application

ROOT = Path(__file__).parent.parent
SOURCES = sorted((ROOT / "examsite").rglob("*.py"))


def test_a_view_without_access_stops_the_start(one_app: Flask) -> None:
    silent = Flask("silent")
    silent.add_url_rule("/open", "open", lambda: "")
    with pytest.raises(RuntimeError, match="open"):
        application.check_access(silent)
    application.check_access(one_app)


def test_every_answer_carries_the_strict_headers(browse: object) -> None:
    browser = browse()  # type: ignore[operator]
    for address in ("/sign-in", "/no-such-page", "/static/app.css"):
        answer = browser.get(address)
        policy = answer.headers["Content-Security-Policy"]
        assert "default-src 'none'" in policy
        assert "unsafe-inline" not in policy
        assert answer.headers["X-Content-Type-Options"] == "nosniff"
        answer.close()


CLOCKS = r"datetime\.(now|utcnow|today)\(|date\.today\(|time\.time(_ns)?\(|clock_gettime"


def test_only_the_clock_reads_the_clock() -> None:
    readers = [path for path in SOURCES if re.search(CLOCKS, path.read_text())]
    assert [path.name for path in readers] == ["clock.py"]


def test_only_richtext_imports_bleach() -> None:
    importers = [path for path in SOURCES if re.search(r"^(import|from) bleach", path.read_text(), re.MULTILINE)]
    assert [path.name for path in importers] == ["richtext.py"]


def test_no_column_loses_decimals() -> None:
    found = [path for path in SOURCES if path.name == "models.py" and re.search(r"\b(Numeric|Float|REAL)\b", path.read_text())]
    assert not found


def test_templates_hold_no_inline_script_or_style() -> None:
    pattern = re.compile(r"<script(?![^>]*\bsrc=)(?![^>]*application/json)|\sstyle=|\son\w+=|\|\s*safe\b|<style")
    found = [f"{path}: {hit.group()}" for path in (ROOT / "templates").rglob("*.html") for hit in pattern.finditer(path.read_text())]
    assert not found


def test_no_page_asks_an_outside_host() -> None:
    pages = [*(ROOT / "templates").rglob("*.html"), *(ROOT / "static").rglob("*.css"), *(ROOT / "static").rglob("*.js")]
    found = [
        str(path) for path in pages if re.search(r"""(src|href)=["']https?://|url\(["']?https?://|from ["']https?://""", path.read_text())
    ]
    assert not found


def test_functions_stay_short() -> None:
    long = [
        f"{path.relative_to(ROOT)}:{node.name}"
        for path in SOURCES
        for node in ast.walk(ast.parse(path.read_text()))
        if isinstance(node, ast.FunctionDef) and (node.end_lineno or 0) - node.lineno > 60
    ]
    assert not long


def test_files_stay_readable() -> None:
    assert not [str(path) for path in SOURCES if len(path.read_text().splitlines()) > 400]
