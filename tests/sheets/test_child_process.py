import subprocess
import sys
import time
from dataclasses import replace

import pytest

from examsite import confined, sheets
from examsite.sheets import LIMITS


@pytest.mark.parametrize(
    "body",
    [
        '<dimension ref="A1:XFD1048576"/><sheetData><row r="1"><c r="A1"><v>1</v></c></row></sheetData>',
        '<dimension ref="A1:XFD1048576"/><sheetData/>',
        '<sheetData><row r="1048576"><c r="XFD1048576"/></row></sheetData>',
    ],
)
def test_a_small_file_that_claims_17_billion_cells_is_refused_at_once(raw_xlsx, body):
    data = raw_xlsx(body)
    assert len(data) < 5_000
    started = time.perf_counter()
    with pytest.raises(sheets.SheetRefused) as caught:
        sheets.read(data)
    assert time.perf_counter() - started < 3, "about a second on a quiet machine"
    assert (caught.value.code, caught.value.params["rows"], caught.value.params["columns"]) == ("sheets.claims_too_much", 1_048_576, 16_384)


def refused(data: bytes, limits: sheets.Limits) -> str:
    with pytest.raises(sheets.SheetRefused) as caught:
        sheets.read(data, limits)
    return caught.value.code


def test_memory_and_time_of_the_child_are_limited(raw_xlsx):
    shared = "".join(f"<si><t>{number:060d}</t></si>" for number in range(400_000))
    data = raw_xlsx("", shared=shared)
    roomy = replace(LIMITS, characters=50_000_000)
    assert refused(data, replace(roomy, memory_bytes=64 * 1024 * 1024)) == "sheets.too_much_memory"
    assert refused(data, replace(roomy, wall_seconds=0)) == "sheets.too_slow"
    assert refused(data, replace(roomy, cpu_seconds=0)) == "sheets.too_slow"


def test_the_child_sees_nothing_of_our_environment(monkeypatch):
    seen: dict[str, object] = {}
    original = confined.subprocess.run

    def spy(command, **options):
        seen.update(options["env"])
        return original(command, **options)

    monkeypatch.setenv("SECRET_KEY", "hidden")
    monkeypatch.setattr(confined.subprocess, "run", spy)
    sheets.read(b"a,b\n1,2\n")
    assert set(seen) == {"PYTHONPATH", "PYTHONUTF8", "PYTHONDONTWRITEBYTECODE"}


def test_a_child_that_dies_is_a_refusal_and_is_logged(monkeypatch, caplog):
    monkeypatch.setattr(confined.sys, "executable", "/bin/false")
    with pytest.raises(sheets.SheetRefused, match="reader_failed"):
        sheets.read(b"a,b\n1,2\n")
    assert "ended with 1" in caplog.text


def test_a_file_too_big_to_look_at():
    assert refused(b"a,b\n" * 100, replace(LIMITS, file_bytes=399)) == "sheets.file_too_big"


def test_the_child_that_reads_does_not_load_what_writes():
    """It begins anew for each file; the library that writes would be most of what it costs."""
    asked = "import sys, examsite.sheets.__main__; print('openpyxl' in sys.modules)"
    assert subprocess.check_output([sys.executable, "-c", asked], text=True) == "False\n"
