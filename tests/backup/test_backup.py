"""`examsite backup` and `examsite restore`: everything comes back, to either database, or nothing does and the reason is told."""

import os
import stat
import zipfile
from pathlib import Path

import pytest
from sqlalchemy import inspect, select, text

from examsite.audit.operations import SYSTEM, record
from examsite.backup import archive, restoring, writing
from examsite.backup.archive import BackupError, DamagedError, Manifest
from examsite.backup.tables import tables_of
from examsite.campaigns.models import Unit
from examsite.db import make_engine, open_session
from examsite.rounds.models import ExamSession
from tests.backup.conftest import Run, unheard
from tests.conftest import NOW
from tests.databases import Copy
from tests.factories import make_unit


def save(copy: Copy, target: Path) -> Manifest:
    return writing.write(copy.engine, target, NOW, unheard)


def rows_in(copy: Copy) -> int:
    with copy.engine.connect() as connection:
        return sum(connection.scalar(text(f'SELECT count(*) FROM "{table.name}"')) or 0 for table in tables_of(connection))


def test_everything_comes_back_and_the_database_goes_on_from_there(filled: Copy, empty: Copy, run: Run, tmp_path: Path) -> None:
    target = tmp_path / "exam.examsite"
    made = run(filled.url, "backup", str(target))
    assert (made.exit_code, stat.S_IMODE(target.stat().st_mode)) == (0, 0o600), made.output
    assert [path.name for path in tmp_path.iterdir()] == ["exam.examsite"]
    back = run(empty.url, "restore", str(target))
    assert back.exit_code == 0, back.output
    told, checked = back.stdout.split("Checked besides, and everything holds:\n")
    assert told.splitlines()[1:] == made.stdout.splitlines()[1:]
    assert [line.rpartition(": ")[2] for line in checked.splitlines()][1:] == ["0", "those of 1 campaigns", "1 with 1 events", "0"]
    assert save(empty, tmp_path / "again").tables == archive.check(target).tables
    with open_session(empty.engine) as session:
        highest = max(session.scalars(select(Unit.id)))
        assert make_unit(session, "C", "Made after the restore").id == highest + 1
        session.commit()
    assert run(empty.url, "check-sittings").exit_code == 0


def test_a_backup_goes_from_one_kind_of_database_into_the_other_and_back(saved: Path, empty: Copy, tmp_path: Path) -> None:
    """On PostgreSQL: from there into SQLite without a schema, and back; on SQLite twice into SQLite."""
    between = make_engine(f"sqlite:///{tmp_path}/between.db")
    manifest = restoring.restore(between, saved, unheard)
    moved = writing.write(between, tmp_path / "two", NOW, unheard)
    between.dispose()
    assert (moved.tables, moved.chains, moved.database) == (manifest.tables, manifest.chains, "sqlite")
    restoring.restore(empty.engine, tmp_path / "two", unheard)
    assert save(empty, tmp_path / "three").tables == manifest.tables
    with empty.engine.connect() as connection:
        keys = [key for several in inspect(connection).get_multi_foreign_keys().values() for key in several]
        assert not any(key["options"].get("deferrable") for key in keys)


def test_a_backup_never_replaces_a_file(filled: Copy, run: Run, tmp_path: Path) -> None:
    target = tmp_path / "here"
    target.write_text("something of somebody")
    refused = run(filled.url, "backup", str(target))
    assert (refused.exit_code, target.read_text()) == (1, "something of somebody")
    assert "exists already" in refused.stderr
    dangling = tmp_path / "link"
    dangling.symlink_to(tmp_path / "nowhere")
    assert run(filled.url, "backup", str(dangling)).exit_code == 1
    assert run(filled.url, "backup", str(tmp_path / "no" / "folder")).exit_code == 1


def test_two_who_choose_the_same_name_do_not_share_a_file(filled: Copy, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    target, check = tmp_path / "one", archive.check

    def slow(path: Path) -> Manifest:
        target.write_text("the other was quicker")
        return check(path)

    monkeypatch.setattr(archive, "check", slow)
    with pytest.raises(BackupError, match="in the meantime"):
        save(filled, target)
    assert [path.read_text() for path in tmp_path.iterdir()] == ["the other was quicker"]


def test_until_it_is_whole_there_is_no_file_of_its_name_and_what_there_is_is_no_backup(filled: Copy, tmp_path: Path) -> None:
    """Whoever kills it at any moment leaves this behind."""
    seen = set()

    def look(_rows: int) -> None:
        [draft] = tmp_path.iterdir()
        seen.add(draft.name)
        assert draft.name.startswith(".one.")
        assert stat.S_IMODE(draft.stat().st_mode) == 0o600
        if len(heard) % 100 == 0:
            with pytest.raises(DamagedError):
                archive.check(draft)
        heard.append(_rows)

    heard: list[int] = []
    manifest = writing.write(filled.engine, tmp_path / "one", NOW, lambda _rows: look)
    assert (len(heard), len(seen)) == (manifest.rows, 1)


def test_what_was_cut_short_leaves_nothing(filled: Copy, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def full(*_: object) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(os, "fsync", full)
    with pytest.raises(OSError, match="No space left"):
        save(filled, tmp_path / "one")
    assert not list(tmp_path.iterdir())


def test_a_file_cut_short_is_refused_before_anything_is_written(saved: Path, empty: Copy, run: Run, tmp_path: Path) -> None:
    short, whole = tmp_path / "short", saved.read_bytes()
    for kept in (0, 1, 500, len(whole) // 2, len(whole) - 30, len(whole) - 1):
        short.write_bytes(whole[:kept])
        with pytest.raises(DamagedError):
            archive.check(short)
    refused = run(empty.url, "restore", str(short))
    assert (refused.exit_code, rows_in(empty)) == (1, 0)
    assert "damaged" in refused.stderr


def test_a_changed_byte_is_found_wherever_it_counts(saved: Path, tmp_path: Path) -> None:
    manifest, whole = archive.check(saved), saved.read_bytes()
    found = 0
    for place in range(7, len(whole), 2999):
        (tmp_path / "changed").write_bytes(whole[:place] + bytes([whole[place] ^ 0x10]) + whole[place + 1 :])
        try:
            assert archive.check(tmp_path / "changed") == manifest  # a byte of the zip that says nothing, such as a file's date
        except DamagedError:
            found += 1
    assert found > len(whole) / 2999 / 2


def test_rows_changed_with_their_checksum_are_found_by_the_digest(saved: Path, empty: Copy, run: Run, tmp_path: Path) -> None:
    with zipfile.ZipFile(saved) as whole, zipfile.ZipFile(tmp_path / "forged", "w") as forged:
        for name in whole.namelist():
            content = whole.read(name)
            forged.writestr(name, content.replace(b"hai", b"ba!") if name == "tables/unit.jsonl" else content)
    refused = run(empty.url, "restore", str(tmp_path / "forged"))
    assert (refused.exit_code, rows_in(empty)) == (1, 0)
    assert "the rows of unit are not those that were saved" in refused.stderr


def test_only_an_empty_database_takes_a_backup(saved: Path, empty: Copy, run: Run, tmp_path: Path) -> None:
    with open_session(empty.engine) as session:
        make_unit(session, "Z", "Here already")
        session.commit()
    refused = run(empty.url, "restore", str(saved))
    assert (refused.exit_code, rows_in(empty)) == (1, 1)
    assert "not empty: there are rows in unit" in refused.stderr
    assert "Make a new empty database" in refused.stderr


def test_a_backup_of_a_newer_version_is_refused(saved: Path, empty: Copy, run: Run, tmp_path: Path) -> None:
    with zipfile.ZipFile(saved) as whole, zipfile.ZipFile(tmp_path / "newer", "w") as newer:
        for name in whole.namelist():
            newer.writestr(name, whole.read(name).replace(b'"revision": "', b'"revision": "f'))
    refused = run(empty.url, "restore", str(tmp_path / "newer"))
    assert (refused.exit_code, rows_in(empty)) == (1, 0)
    assert "made by a newer examsite" in refused.stderr


def test_a_restore_that_breaks_off_leaves_no_rows(saved: Path, empty: Copy) -> None:
    seen = []

    def heard(rows: int) -> None:
        seen.append(rows)
        if len(seen) == 5:
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        restoring.restore(empty.engine, saved, lambda _rows: heard)
    assert rows_in(empty) == 0
    assert sum(seen) > 0
    manifest = restoring.restore(empty.engine, saved, unheard)
    assert rows_in(empty) == manifest.rows


def test_what_was_broken_when_it_was_saved_is_said_after_the_restore(
    saved: Path, own_database: Copy, empty: Copy, run: Run, tmp_path: Path
) -> None:
    restoring.restore(own_database.engine, saved, unheard)
    with open_session(own_database.engine) as session:
        session.execute(text("UPDATE sitting_event SET epoch = 7"))
        exam = session.scalars(select(ExamSession)).one()
        exam.state = "closed"
        lost = {"kind": "eligible", "number": 1}
        record(session, exam.campaign.chain, "results:publication:published", "publication:lost", SYSTEM, NOW, lost)
        session.commit()
    save(own_database, tmp_path / "one")
    told = run(empty.url, "restore", str(tmp_path / "one"))
    assert told.exit_code == 1
    assert "did not hold when it was saved" in told.stderr
    assert "event 0 is broken" in told.stderr
    assert "session Ca 1: it stands closed and the log does not say so once" in told.stderr
    assert "eligible list 1 (lost) does not hold: the log says that it was published, and it is not there" in told.stderr
    assert rows_in(empty) == rows_in(own_database)


def test_wrong_usage_is_status_2(run: Run, own_database: Copy) -> None:
    assert run(own_database.url, "backup").exit_code == 2
    assert run(own_database.url, "restore", "/no/such/file").exit_code == 2
