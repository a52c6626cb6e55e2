"""Taking in GIFT files: dry run first, all or the good ones, known questions skipped, and every item in review under its importer."""

import io
import json
import re
from collections import Counter
from collections.abc import Callable
from contextlib import nullcontext
from datetime import datetime
from pathlib import Path

import pytest
from click.testing import CliRunner
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from examsite.audit.models import LogEntry
from examsite.cli import session as cli_session
from examsite.cli.questions import import_questions
from examsite.db import open_session
from examsite.questions import formats, intake
from examsite.questions.intake import Intake, Source, topic_of
from examsite.questions.models import Item, ItemVersion, QuestionFile
from examsite.questions.operations import importing, reviewing, writing
from examsite.questions.queries.banks import bank_of
from examsite.questions.queries.files import dry_run, file_of
from examsite.rules.refusal import NotFound, NotPermitted, Refused
from examsite.sheets import SheetRefused
from examsite.wording import SENTENCES
from tests.client import Browser
from tests.databases import Copy
from tests.factories import appoint, make_campaign, make_item, make_staff
from tests.questions.conftest import Cast
from tests.questions.typed import agreed, without_a_lock

Browse = Callable[..., Browser]
BANK = Path(__file__).parents[2] / "examsite" / "demo" / "bank"
FILES = sorted(BANK.glob("*.gift"))
GOOD = """$CATEGORY: general/law

// [tag:difficulty:hard]
::g-1::Which law? {
=This one
~That one
####Article 1.
}

::g-2::Thủ đô là gì? { =Hà Nội ~Huế }
"""
FAULTY = GOOD + "\nNo answers here {}\n\nWHICH  Law? {=again ~never}\n\nWhich, with a picture? {=<img src\\=x> ~no}\n"


def _source(cast: Cast, text: str | bytes = GOOD, part: str = "general", language: str | None = None, **more: str) -> Source:
    data = text if isinstance(text, bytes) else text.encode()
    return Source(bank_of(cast.campaign, part, language), "questions.gift", data, **more)


def _take(session: Session, cast: Cast, source: Source, now: datetime, *, leave_faulty: bool = False) -> Intake:
    return importing.take(session, cast.role(session, cast.author), source, leave_faulty=leave_faulty, now=now)


def test_items_land_in_review_with_their_importer_as_author(session: Session, cast: Cast, now: datetime) -> None:
    intake = _take(session, cast, _source(cast), now)
    assert (len(intake.ready), intake.rejected, intake.duplicates) == (2, (), ())
    first, second = session.scalars(select(Item).order_by(Item.number))
    assert [(item.number, item.name, item.part, item.language) for item in (first, second)] == [
        (1, "g-1", "general", None),
        (2, "g-2", "general", None),
    ]
    version = first.versions[0]
    assert (version.state, version.author_id, version.submitted_at) == ("in_review", cast.author.id, now)
    assert (version.topic, version.difficulty, version.stem_fold, version.basis) == ("law", "hard", "which law?", "<p>Article 1.</p>")
    assert [(option.text, option.is_key) for option in version.options] == [("This one", True), ("That one", False)]
    assert second.versions[0].difficulty == "medium"
    with pytest.raises(NotPermitted, match="own_version"):
        reviewing.approve(session, cast.role(session, cast.author), version, now)
    reviewing.approve(session, cast.role(session, cast.reviewer), version, now)


def test_the_log_holds_digests_and_no_word(session: Session, cast: Cast, now: datetime) -> None:
    source = _source(cast)
    _take(session, cast, source, now)
    entry = session.scalars(select(LogEntry).where(LogEntry.kind == "questions:items:imported")).one()
    data = json.loads(entry.content or "")["data"]
    assert (data["file"], data["items"], data["part"]) == (source.digest, 2, "general")
    assert "Which law" not in (entry.content or "")
    assert "This one" not in (entry.content or "")


def test_the_same_file_twice_changes_nothing(session: Session, cast: Cast, now: datetime) -> None:
    _take(session, cast, _source(cast), now)
    entries = session.scalar(select(func.count()).select_from(LogEntry))
    again = _take(session, cast, _source(cast), now)
    assert again.ready == ()
    assert [(found.place.line, found.code, found.params) for found in again.duplicates] == [
        (4, "questions.duplicate_in_bank", {"number": 1}),
        (10, "questions.duplicate_in_bank", {"number": 2}),
    ]
    assert session.scalar(select(func.count()).select_from(Item)) == 2
    assert session.scalar(select(func.count()).select_from(LogEntry)) == entries


def test_a_fault_keeps_the_whole_file_out_unless_the_good_ones_are_chosen(session: Session, cast: Cast, now: datetime) -> None:
    with pytest.raises(Refused) as refusal:
        _take(session, cast, _source(cast, FAULTY), now)
    assert (refusal.value.code, refusal.value.params) == ("questions.file_has_faults", {"count": 2})
    assert session.scalar(select(func.count()).select_from(Item)) == 0
    intake = _take(session, cast, _source(cast, FAULTY), now, leave_faulty=True)
    assert [(found.place.line, found.code) for found in intake.rejected] == [(12, "items.kind_essay"), (16, "items.picture_or_formula")]
    assert [(found.place.line, found.code, found.params) for found in intake.differing] == [(14, "questions.differs_in_file", {"line": 4})]
    assert session.scalar(select(func.count()).select_from(Item)) == 2


def test_more_than_six_options_are_refused_with_their_place(session: Session, cast: Cast) -> None:
    intake = dry_run(session, cast.campaign, _source(cast, "Seven? {=1 ~2 ~3 ~4 ~5 ~6 ~7}"))
    assert [(found.place.line, found.code, found.params["count"]) for found in intake.rejected] == [(1, "questions.options_many", 7)]


def test_duplicates_are_looked_for_in_the_same_bank_and_a_retired_one_stays_out(session: Session, cast: Cast, now: datetime) -> None:
    make_item(session, cast.campaign, "language", language="en", stem="Which law?")
    assert len(dry_run(session, cast.campaign, _source(cast)).ready) == 2
    retired = make_item(session, cast.campaign, stem="WHICH   law?")
    writing.retire(session, cast.role(session, cast.head), retired, "Out of date.", now)
    assert [found.params for found in dry_run(session, cast.campaign, _source(cast)).differing] == [{"number": retired.number}]


def test_what_names_no_topic_or_difficulty_gets_the_given_one_and_is_named(session: Session, cast: Cast) -> None:
    bare = "Where? {=here ~there}"
    intake = dry_run(session, cast.campaign, _source(cast, bare))
    assert [(ready.written.topic, ready.written.difficulty) for ready in intake.ready] == [("Kiến thức chung", "medium")]
    assert [note.code for note in intake.notes] == ["questions.topic_given", "questions.difficulty_given"]
    chosen = dry_run(session, cast.campaign, _source(cast, bare, topic="places", difficulty="easy"))
    assert [(ready.written.topic, ready.written.difficulty) for ready in chosen.ready] == [("places", "easy")]


@pytest.mark.parametrize(
    ("path", "part", "language", "topic"),
    [
        (("general", "law"), "general", None, "law"),
        (("Kiến thức chung", "luật", "đất đai"), "general", None, "luật / đất đai"),
        (("language-en", "grammar"), "language", "en", "grammar"),
        (("language-en", "grammar"), "language", "fr", "language-en / grammar"),
        (("general",), "general", None, "general"),
        ((), "general", None, ""),
    ],
)
def test_an_outermost_category_that_repeats_the_bank_is_left_out(
    cast: Cast, path: tuple[str, ...], part: str, language: str | None, topic: str
) -> None:
    assert topic_of(path, bank_of(cast.campaign, part, language)) == topic


def test_bytes_that_are_no_questions_are_refused(session: Session, cast: Cast, now: datetime) -> None:
    with pytest.raises(SheetRefused):
        _take(session, cast, _source(cast, b"\x89PNG\r\n\x1a\n\x00\x00\xff\xfe"), now)
    with pytest.raises(Refused, match="file_empty"):
        _take(session, cast, _source(cast, b""), now)


@pytest.mark.parametrize("who", ["supervisor", "council", "hr", "administrator", "stranger"])
def test_nobody_off_the_board_takes_in_a_file(session: Session, cast: Cast, now: datetime, who: str) -> None:
    role = cast.role(session, getattr(cast, who))
    for act in (importing.upload, lambda *args: importing.take(*args[:3], leave_faulty=True, now=args[3])):
        with pytest.raises(NotPermitted):
            act(session, role, _source(cast), now)


def _upload(browser: Browser, cast: Cast, text: str = GOOD, **fields: str) -> str:
    data = {"bank": "general", "topic": "", "difficulty": "medium", "file": (io.BytesIO(text.encode()), "đề.gift"), **fields}
    answer = browser.post(f"{cast.address}/import", data, content_type="multipart/form-data")
    assert answer.status_code == 303, answer.text
    return str(answer.location)


def test_the_pages_show_the_dry_run_then_take_all_or_the_good_ones(
    session: Session, browse: Browse, cast: Cast, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(intake, "read_gift", without_a_lock(intake.read_gift))
    author = browse(cast.author)
    address = _upload(author, cast, FAULTY)
    page = author.get(address).text
    assert "Chạy thử: chưa nhập gì" in page
    assert "dòng 12" in page
    assert "Đây là câu tự luận" in page
    assert "Dòng 4 của tệp có cùng nội dung" in page
    assert session.scalar(select(func.count()).select_from(Item)) == 0
    shown = agreed(page)
    assert shown["how"] == "good"
    refused = author.post(address, shown | {"how": "all"})
    assert refused.status_code == 422
    assert "Có 2 chỗ trong tệp không nhập được" in refused.text
    assert author.post(address, shown).status_code == 303
    assert session.scalars(select(ItemVersion.state)).all() == ["in_review", "in_review"]
    assert session.scalars(select(QuestionFile.content)).all() == [None], "no key stays behind in a file"
    assert author.get(address).status_code == 422
    assert author.post(address, shown).status_code == 422


def test_a_file_is_its_uploaders_alone_and_can_be_dropped(session: Session, browse: Browse, cast: Cast) -> None:
    author = browse(cast.author)
    address = _upload(author, cast)
    assert browse(cast.reviewer).get(address).status_code == 404
    assert browse(cast.head).post(f"{address}/drop").status_code == 404
    assert author.post(f"{address}/drop").status_code == 303
    assert session.scalars(select(QuestionFile.content)).all() == [None]
    assert session.scalar(select(func.count()).select_from(Item)) == 0


def test_a_second_upload_replaces_the_undecided_first(session: Session, browse: Browse, cast: Cast) -> None:
    author = browse(cast.author)
    first = _upload(author, cast)
    second = _upload(author, cast, FAULTY)
    assert author.get(first).status_code == 404
    assert author.get(second).status_code == 200
    assert session.scalar(select(func.count()).select_from(QuestionFile)) == 1


def test_the_page_asks_for_a_file_and_for_a_known_part(browse: Browse, cast: Cast) -> None:
    author = browse(cast.author)
    missing = author.post(f"{cast.address}/import", {"bank": "general", "difficulty": "easy"}, content_type="multipart/form-data")
    assert missing.status_code == 422
    assert "Hãy chọn tệp" in missing.text


def _run(database: Copy, monkeypatch: pytest.MonkeyPatch, *arguments: str) -> tuple[int, str]:
    monkeypatch.setenv("DATABASE_URL", database.url)
    monkeypatch.setattr(cli_session, "engine", lambda: nullcontext(database.engine))
    monkeypatch.setenv("EXAMSITE_SECRET_KEY", "a key for tests that nobody else will ever use")
    result = CliRunner().invoke(import_questions, arguments)
    return result.exit_code, result.output


@pytest.fixture
def operator(own_database: Copy) -> Copy:
    """A database with one campaign, an author on its question board, and somebody who is not on it."""
    with open_session(own_database.engine) as session:
        campaign = make_campaign(session, code="CLI-1")
        appoint(session, campaign, make_staff(session, "author"), "question")
        make_staff(session, "outsider")
        session.commit()
    return own_database


def test_the_command_takes_a_file_twice_and_fails_on_faults(operator: Copy, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    good, faulty = tmp_path / "good.gift", tmp_path / "faulty.gift"
    good.write_text(GOOD, encoding="utf-8")
    faulty.write_text(FAULTY, encoding="utf-8")
    status, said = _run(operator, monkeypatch, "cli-1", "general", str(faulty), "--author", "author")
    assert status == 1
    assert "12" in said
    assert _run(operator, monkeypatch, "CLI-1", "general", str(faulty), "--author", "author", "--dry-run")[0] == 1
    assert _run(operator, monkeypatch, "CLI-1", "general", str(good), "--author", "author", "--dry-run")[0] == 0
    with open_session(operator.engine) as session:
        assert session.scalar(select(func.count()).select_from(Item)) == 0
    assert _run(operator, monkeypatch, "CLI-1", "general", str(good), "--author", "author")[0] == 0
    assert _run(operator, monkeypatch, "CLI-1", "general", str(faulty), "--author", "author", "--good-rows")[0] == 0
    with open_session(operator.engine) as session:
        assert session.scalars(select(ItemVersion.state)).all() == ["in_review", "in_review"]


@pytest.mark.parametrize(
    ("arguments", "status"),
    [
        (("NONE", "general", "--author", "author"), 1),
        (("CLI-1", "nonsense", "--author", "author"), 1),
        (("CLI-1", "language", "--author", "author"), 1),
        (("CLI-1", "general", "--author", "nobody"), 1),
        (("CLI-1", "general", "--author", "outsider"), 1),
        (("CLI-1", "general"), 2),
        (("CLI-1", "general", "--author", "author", "--difficulty", "brutal"), 2),
    ],
)
def test_the_command_refuses_with_one_and_wrong_usage_with_two(
    operator: Copy, monkeypatch: pytest.MonkeyPatch, tmp_path: Path, arguments: tuple[str, ...], status: int
) -> None:
    file = tmp_path / "good.gift"
    file.write_text(GOOD, encoding="utf-8")
    code, said = _run(operator, monkeypatch, *arguments[:2], str(file), *arguments[2:])
    assert code == status, said
    assert said.strip()
    assert _run(operator, monkeypatch, "CLI-1", "general", str(tmp_path / "no.gift"), "--author", "author")[0] == 2


def _bank_of_file(path: Path) -> tuple[str, str | None]:
    part, *rest = path.stem.split("-")
    return (part, rest[0]) if part == "language" else (part, None)


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.stem)
def test_each_file_of_the_demonstration_is_taken_whole(session: Session, cast: Cast, now: datetime, path: Path) -> None:
    part, language = _bank_of_file(path)
    source = Source(bank_of(cast.campaign, part, language), path.name, path.read_bytes())
    intake = _take(session, cast, source, now)
    assert (intake.rejected, intake.duplicates, intake.notes) == ((), (), ())
    items = session.scalars(select(Item)).all()
    assert len(items) == len(intake.ready) == path.read_text("utf-8").count("\n::")
    assert len({item.name for item in items}) == len(items)
    versions = [item.versions[0] for item in items]
    assert all(version.basis for version in versions)
    keys = Counter(option.number for version in versions for option in version.options if option.is_key)
    assert set(keys) == {1, 2, 3, 4}
    assert max(keys.values()) <= len(items) * 35 // 100, keys
    assert {version.difficulty for version in versions} == {"easy", "medium", "hard"}


def test_no_question_stands_twice_in_the_files_of_the_demonstration(session: Session, cast: Cast, now: datetime) -> None:
    taken: Counter[tuple[str, str | None]] = Counter()
    for path in FILES:
        part, language = _bank_of_file(path)
        source = Source(bank_of(cast.campaign, part, language), path.name, path.read_bytes())
        intake = _take(session, cast, source, now)
        assert intake.duplicates == ()
        taken[part, language] += len(intake.ready)
    assert taken["language", "en"] >= 120
    assert taken["general", None] >= 147
    stems = session.scalars(select(ItemVersion.stem_fold)).all()
    assert len(stems) == len(set(stems)) == taken.total()


def test_every_reason_that_a_reader_gives_has_its_sentence() -> None:
    sources = [path.read_text("utf-8") for path in Path(formats.__file__).parent.glob("*.py")]
    bare = {f"items.{code}" for text in sources for code in re.findall(r'NotTaken\(\s*"([a-z_]+)"', text)}
    codes = bare | {code for text in sources for code in re.findall(r'"((?:items|sheets)\.[a-z_]+)"', text)}
    assert len(codes) > 20
    assert sorted(codes - SENTENCES.keys()) == []


def test_an_upload_of_another_campaign_is_not_found(session: Session, cast: Cast, now: datetime) -> None:
    file = importing.upload(session, cast.role(session, cast.author), _source(cast), now)
    with pytest.raises(NotFound):
        file_of(session, make_campaign(session, code="ELSE"), cast.author, file.public_id)
