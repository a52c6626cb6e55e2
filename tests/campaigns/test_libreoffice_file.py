"""Files that LibreOffice saved: the template filled in by hand as people do it, kept as XLSX and as CSV with semicolons."""

import unicodedata
from collections.abc import Mapping
from datetime import date
from pathlib import Path
from zipfile import ZipFile

import pytest
from sqlalchemy import select

from examsite.campaigns.application_rows import ApplicationRow
from examsite.campaigns.models import Application, Person
from examsite.campaigns.queries.intake import FileReading, read_file
from examsite.db import open_session
from tests import databases
from tests.campaigns.test_import_cli import Run
from tests.campaigns.test_import_cli import run as run

FILES = ("ho-so.xlsx", "ho-so.csv")
PEOPLE = 12


def data_of(samples: Path, name: str) -> bytes:
    return (samples / "libreoffice" / name).read_bytes()


def reading_of(samples: Path, name: str) -> FileReading:
    return read_file(name, data_of(samples, name), ["TP-01", "PTP-02"])


def by_name(found: FileReading) -> Mapping[str, ApplicationRow]:
    return {row.full_name: row for row in found.reading.rows}


def test_the_workbook_is_one_that_libreoffice_wrote(samples: Path) -> None:
    with ZipFile(samples / "libreoffice" / "ho-so.xlsx") as file:
        assert b"LibreOffice" in file.read("docProps/app.xml")


@pytest.mark.parametrize("name", FILES)
def test_zeros_that_were_lost_are_put_back_with_a_word(samples: Path, name: str) -> None:
    found = reading_of(samples, name)
    rows = by_name(found)
    assert rows["Trần Quốc Toản"].identity_number == "001082012346"
    assert rows["Hoàng Kỳ Thùy Dương"].identity_number == "079191003333"
    assert rows["Lê Thị Hằng Nga"].phone == "0987654322"
    repaired = [(note.code, note.row) for note in found.reading.notes if note.code.endswith("_restored")]
    assert sorted(repaired) == [
        ("applications.identity_zeros_restored", 4),
        ("applications.identity_zeros_restored", 5),
        ("applications.identity_zeros_restored", 8),
        ("applications.phone_zero_restored", 4),
        ("applications.phone_zero_restored", 5),
    ]


@pytest.mark.parametrize("name", FILES)
@pytest.mark.parametrize(
    ("who", "born", "joined"),
    [
        ("Nguyễn Thị Minh Ánh", date(1985, 3, 12), date(2011, 8, 1)),
        ("Đỗ Văn Đức", date(1979, 11, 5), date(2005, 9, 15)),
        ("Phạm Hữu Nghĩa", date(1978, 2, 1), date(2001, 6, 1)),
        ("Vũ Hoàng Yến", date(1988, 2, 29), None),
        ("Bùi Xuân Huấn", date(1983, 8, 14), None),
    ],
)
def test_days_are_the_same_as_serial_numbers_and_as_text(samples: Path, name: str, who: str, born: date, joined: date | None) -> None:
    row = by_name(reading_of(samples, name))[who]
    assert (row.birth_date, row.joined_on) == (born, joined)


@pytest.mark.parametrize("name", FILES)
def test_decomposed_names_are_composed(samples: Path, name: str) -> None:
    found = reading_of(samples, name)
    assert all(unicodedata.is_normalized("NFC", row.full_name) for row in found.reading.rows)
    assert sum(note.code == "lists.composed" for note in found.reading.notes) == 4


@pytest.mark.parametrize("name", FILES)
def test_the_command_takes_everybody_in_and_a_second_time_nobody(run: Run, own_database: databases.Copy, samples: Path, name: str) -> None:
    first = run(data_of(samples, name), name=name)
    assert first.exit_code == 0, first.output
    assert f"Đã nhập {PEOPLE} hồ sơ; 0 hồ sơ đã có từ trước" in first.stdout
    again = run(data_of(samples, name), name=name)
    assert again.exit_code == 0, again.output
    assert f"Đã nhập 0 hồ sơ; {PEOPLE} hồ sơ đã có từ trước" in again.stdout
    with open_session(own_database.engine, read_only=True) as session:
        numbers = session.scalars(select(Person.identity_number).join(Application, Application.person_id == Person.id)).all()
    assert len(set(numbers)) == PEOPLE
    assert all(len(number) == 12 for number in numbers)
