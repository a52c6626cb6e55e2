"""`examsite import-candidates`: exit status, reasons on standard error, and what stands afterwards."""

import os
from collections.abc import Callable
from pathlib import Path

import pytest
from click.testing import CliRunner, Result
from sqlalchemy import func, select

from examsite.accounts.models import Account
from examsite.audit.models import LogEntry
from examsite.campaigns.models import Application, ApplicationImport
from examsite.cli import group
from examsite.db import open_session
from tests import databases
from tests.campaigns.intake_file import csv, good_row, make_desk, xlsx
from tests.factories import make_staff
from tests.sheets.conftest import build

Run = Callable[..., Result]


@pytest.fixture
def run(own_database: databases.Copy, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Run:
    """`run(data, *options)`: the command on a campaign called LA-2026-01, with a file of these bytes."""
    with open_session(own_database.engine) as session:
        make_desk(session)
        make_staff(session, "stranger")
        session.commit()
    monkeypatch.setenv("DATABASE_URL", own_database.engine.url.render_as_string(hide_password=False))
    monkeypatch.setenv("EXAMSITE_SECRET_KEY", "a key for tests that nobody else will ever use")

    def command(data: bytes, *options: str, campaign: str = "LA-2026-01", name: str = "ho-so.xlsx") -> Result:
        path = tmp_path / name
        path.write_bytes(data)
        return CliRunner().invoke(group, ["import-candidates", campaign, str(path), *options])

    return command


def stored(own_database: databases.Copy) -> int:
    with open_session(own_database.engine, read_only=True) as session:
        return session.scalar(select(func.count()).select_from(Application)) or 0


def test_a_good_file(run: Run, own_database: databases.Copy) -> None:
    result = run(xlsx(good_row(1), good_row(2)))
    assert (result.exit_code, stored(own_database)) == (0, 2)
    assert "Đã nhập 2 hồ sơ; 0 hồ sơ đã có từ trước, 0 hàng để lại." in result.stdout
    with open_session(own_database.engine, read_only=True) as session:
        assert session.scalars(select(ApplicationImport.imported_by)).one() == "examsite"
        assert session.scalars(select(LogEntry.actor).where(LogEntry.kind == "campaigns:applications:imported")).one() == "system"


def test_again_changes_nothing_and_is_no_failure(run: Run, own_database: databases.Copy) -> None:
    run(xlsx(good_row(1)))
    result = run(xlsx(good_row(1)))
    assert (result.exit_code, stored(own_database)) == (0, 1)
    assert "Hồ sơ D2 (Số định danh cá nhân): Nguyễn Thị Ánh đã có hồ sơ vào vị trí TP-01" in result.stdout
    assert "Đã nhập 0 hồ sơ; 1 hồ sơ đã có từ trước" in result.stdout


def test_errors_go_to_standard_error_with_their_cells(run: Run, own_database: databases.Copy) -> None:
    result = run(xlsx(good_row(1), good_row(2, birth="31/02/1985", position="XX")))
    assert (result.exit_code, stored(own_database)) == (1, 0)
    assert "Hồ sơ B3 (Ngày sinh): Không có ngày này trong lịch." in result.stderr
    assert "Hồ sơ E3 (Mã vị trí dự tuyển): Kỳ thi tuyển không có vị trí mang mã này. Các mã hiện có: PTP-02, TP-01. [XX]" in result.stderr
    assert "Có 2 chỗ cần sửa nên chưa nhập gì." in result.stderr
    assert "31/02/1985" not in result.stdout


def test_good_rows_by_choice(run: Run, own_database: databases.Copy) -> None:
    result = run(xlsx(good_row(1), good_row(2, birth="31/02/1985")), "--good-rows")
    assert (result.exit_code, stored(own_database)) == (0, 1)
    assert "B3" in result.stderr
    assert run(xlsx(good_row(3, birth="31/02/1985")), "--good-rows").exit_code == 1


@pytest.mark.parametrize(("birth", "status"), [("12/03/1985", 0), ("31/02/1985", 1)])
def test_a_dry_run_takes_nothing(run: Run, own_database: databases.Copy, birth: str, status: int) -> None:
    result = run(xlsx(good_row(1, birth=birth)), "--dry-run")
    assert (result.exit_code, stored(own_database)) == (status, 0)


def test_a_csv_file_as_excel_writes_it(run: Run, own_database: databases.Copy) -> None:
    result = run(csv([good_row(1, identity="1185000001")]), name="ho-so.csv")
    assert (result.exit_code, stored(own_database)) == (0, 1)
    assert "D2 (Số định danh cá nhân): Đã thêm lại số 0 ở đầu: 001185000001." in result.stdout


def test_a_hostile_file_is_refused(run: Run, own_database: databases.Copy) -> None:
    body = '<dimension ref="A1:XFD1048576"/><sheetData><row r="1048576"><c r="XFD1048576"><v>1</v></c></row></sheetData>'
    result = run(build(body))
    assert result.exit_code == 1
    assert "Trang “Hồ sơ” được khai báo kéo dài đến hàng 1048576" in result.stderr


@pytest.mark.parametrize("data", [b"", b"\x00\x01\x02", b"PK\x03\x04 not really"])
def test_what_cannot_be_read_is_refused_in_a_sentence(run: Run, data: bytes) -> None:
    result = run(data)
    assert result.exit_code == 1
    assert "Anh/chị hãy" in result.stderr
    assert result.exception is None or isinstance(result.exception, SystemExit)


def test_in_the_name_of_an_officer(run: Run, own_database: databases.Copy) -> None:
    assert run(xlsx(good_row(1)), "--by", "hang-la-2026-01").exit_code == 0
    with open_session(own_database.engine, read_only=True) as session:
        officer = session.scalars(select(Account).where(Account.sign_in_name == "hang-la-2026-01")).one()
        assert session.scalars(select(LogEntry.actor).where(LogEntry.kind == "campaigns:applications:imported")).one() == officer.public_id
    assert run(xlsx(good_row(2)), "--by", "stranger").exit_code == 1
    assert run(xlsx(good_row(2)), "--by", "nobody").exit_code == 1
    assert stored(own_database) == 1


def test_an_unknown_campaign_is_refused_and_a_small_letter_is_not(run: Run) -> None:
    refused = run(xlsx(good_row(1)), campaign="XX")
    assert refused.exit_code == 1
    assert "XX" in refused.stderr
    assert run(xlsx(good_row(1)), campaign="la-2026-01").exit_code == 0


BEGINS = {"vi_VN.UTF-8": "Lỗi: ", "en_US.UTF-8": "Error: ", "C": "Lỗi: "}


@pytest.mark.parametrize(
    ("words", "vietnamese", "english"),
    [
        ([], "Lỗi: Thiếu đối số 'CAMPAIGN'.", "Error: Missing argument 'CAMPAIGN'."),
        (["LA-2026-01"], "Thiếu đối số 'FILE'.", "Missing argument 'FILE'."),
        (["LA-2026-01", "no.xlsx"], "Giá trị của 'FILE' không hợp lệ: không có tệp 'no.xlsx'.", "File 'no.xlsx' does not exist."),
        (["LA-2026-01", "/"], "'/' là một thư mục.", "File '/' is a directory."),
        (["LA-2026-01", "/", "--nonsense"], "Không có tùy chọn '--nonsense'.", "No such option '--nonsense'."),
        (["LA-2026-01", "/", "--dry-rum"], "Có phải anh/chị muốn dùng: '--dry-run'?", "Did you mean '--dry-run'?"),
        (["LA-2026-01", __file__, "--by"], "Tùy chọn '--by' cần có giá trị.", "Option '--by' requires an argument."),
        (["LA-2026-01", __file__, "x", "y"], "Thừa đối số (x y).", "Got unexpected extra arguments (x y)"),
        (["LA-2026-01", __file__, "--dry-run=1"], "không nhận giá trị", "does not take a value"),
    ],
)
@pytest.mark.parametrize("locale", BEGINS)
def test_wrong_usage_is_told_in_the_language_of_the_command(
    monkeypatch: pytest.MonkeyPatch, locale: str, words: list[str], vietnamese: str, english: str
) -> None:
    for name in ("LANGUAGE", "LC_ALL", "LC_MESSAGES"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("LANG", locale)
    wrong = CliRunner().invoke(group, ["import-candidates", *words], prog_name="examsite")
    assert (wrong.exit_code, wrong.stdout) == (2, "")
    assert BEGINS[locale] in wrong.stderr
    assert (english if locale.startswith("en") else vietnamese) in wrong.stderr
    assert "Usage:" not in wrong.stderr or locale.startswith("en")
    assert "LANGUAGE" not in os.environ


def test_help_and_the_commands_of_the_machine_stay_english(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("LC_ALL", "vi_VN.UTF-8")
    assert "Usage: examsite import-units" in CliRunner().invoke(group, ["import-units", "--help"], prog_name="examsite").stdout
    assert "Missing argument" in CliRunner().invoke(group, ["create-admin"], prog_name="examsite").stderr
