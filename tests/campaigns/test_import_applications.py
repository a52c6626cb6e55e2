"""Taking in a file: all rows or the good ones, nothing twice, one person known across campaigns."""

import json
import subprocess
import sys
import time
import unicodedata
from collections.abc import Callable
from datetime import UTC, date, datetime

import pytest
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from examsite.accounts.list_uploads import upload_by_public_id
from examsite.accounts.models import Account, ListUpload, TwoPersonAct
from examsite.audit.models import LogEntry
from examsite.audit.operations import SYSTEM
from examsite.campaigns.models import Application, ApplicationImport, Campaign, Person, StageStep, YearlyClassification
from examsite.campaigns.operations import intake
from examsite.campaigns.queries.intake import column_of, read_file, read_typed
from examsite.campaigns.roles import Role, role_of
from examsite.db import open_session
from examsite.rules.refusal import Conflict, NotFound, NotPermitted, Refused
from examsite.sheets import SheetRefused
from examsite.sheets.writing import NewSheet, write_xlsx
from tests import databases
from tests.campaigns.house import last_entry
from tests.campaigns.intake_file import HEADER, Desk, csv, good_row, make_desk, xlsx
from tests.factories import appoint, make_application, make_staff
from tests.races import DONE, at_once
from tests.sheets.conftest import build

READING = """
import contextlib, resource, sys
from examsite.campaigns.queries.intake import read_file
from examsite.sheets import SheetRefused
with contextlib.suppress(SheetRefused):
    read_file("hostile.xlsx", sys.stdin.buffer.read(), {})
print(resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss)
"""
"""Read a file as the page does, and tell the most memory, in KiB, that a child took."""


def waiting_file(desk: Desk, public_id: str) -> ListUpload:
    return upload_by_public_id(desk.session, desk.campaign.chain, intake.KIND, public_id)


def applications(session: Session) -> list[Application]:
    return list(session.scalars(select(Application).order_by(Application.id)))


def test_a_whole_file_becomes_people_and_applications(desk: Desk, now: datetime) -> None:
    taken = desk.take(xlsx(good_row(1), good_row(2, name="Đỗ Thị Bình", position="PTP-02")), now)
    assert (len(taken.good), taken.errors, taken.known) == (2, [], [])
    first, second = applications(desk.session)
    assert (first.person.full_name, first.person.birth_date, first.person.gender) == ("Nguyễn Thị Ánh", date(1985, 3, 12), "female")
    assert (first.person.name_fold, second.person.name_fold) == ("nguyen thi anh", "do thi binh")
    assert (first.position.code, second.position.code) == ("TP-01", "PTP-02")
    assert (first.state, first.phone, first.email, first.extra) == ("received", "0912345678", "anh@example.vn", {"languages": "Tiếng Anh"})


def test_the_log_names_the_file_and_nobody(desk: Desk, now: datetime) -> None:
    desk.take(xlsx(good_row(1), good_row(2, position="PTP-02")), now)
    entry = desk.session.scalars(select(LogEntry).where(LogEntry.kind == "campaigns:applications:imported")).one()
    assert entry.content is not None
    assert '"taken":2' in entry.content
    by_position: dict[str, list[str]] = {}
    for one in applications(desk.session):
        by_position.setdefault(one.position.code, []).append(one.public_id)
    assert json.loads(entry.content)["data"]["new"] == by_position
    for private in ("001185", "Ánh", "0912345678", "anh@example.vn"):
        assert private not in entry.content


@pytest.mark.parametrize("separator", [",", ";"])
def test_a_csv_file_with_decomposed_names_and_lost_zeros(desk: Desk, now: datetime, separator: str) -> None:
    row = good_row(name=unicodedata.normalize("NFD", "Nguyễn Thị Ánh"), identity="1185000001")
    taken = desk.take(csv([row], separator), now)
    assert {note.code for note in taken.notes} == {"applications.identity_zeros_restored", "lists.composed"}
    person = desk.session.scalars(select(Person)).one()
    assert (person.identity_number, person.full_name) == ("001185000001", "Nguyễn Thị Ánh")


def test_one_error_keeps_the_whole_file_out(desk: Desk, now: datetime) -> None:
    data = xlsx(good_row(1), good_row(2, birth="31/02/1985"))
    with pytest.raises(Refused, match="has_errors"):
        desk.take(data, now)
    assert applications(desk.session) == []


def test_good_rows_are_taken_by_choice(desk: Desk, now: datetime) -> None:
    taken = desk.take(xlsx(good_row(1), good_row(2, birth="31/02/1985"), good_row(3, position="XX")), now, good_rows=True)
    assert (len(taken.good), taken.faulty) == (1, 2)
    assert len(applications(desk.session)) == 1
    batch = desk.session.scalars(select(ApplicationImport)).one()
    assert (batch.rows_taken, batch.rows_refused, batch.imported_by) == (1, 2, "Phạm Thu Hằng")


def test_a_file_without_one_good_row_is_refused_even_by_choice(desk: Desk, now: datetime) -> None:
    with pytest.raises(Refused, match="no_good_rows"):
        desk.take(xlsx(good_row(1, name="")), now, good_rows=True)


def test_the_same_file_twice_changes_nothing(desk: Desk, now: datetime) -> None:
    data = xlsx(good_row(1), good_row(2))
    desk.take(data, now)
    before = [(one.id, one.public_id, one.received_at) for one in applications(desk.session)]
    again = desk.take(data, now)
    assert (len(again.good), [known.params["position"] for known in again.known]) == (0, ["TP-01", "TP-01"])
    assert [(one.id, one.public_id, one.received_at) for one in applications(desk.session)] == before
    assert desk.session.scalar(select(func.count()).select_from(ApplicationImport)) == 1


def test_a_longer_file_takes_only_what_is_new(desk: Desk, now: datetime) -> None:
    desk.take(xlsx(good_row(1)), now)
    taken = desk.take(xlsx(good_row(1), good_row(2)), now)
    assert ([row.row for row in taken.good], [known.row for known in taken.known]) == ([3], [2])


def test_one_person_cannot_apply_for_two_positions(desk: Desk, now: datetime) -> None:
    desk.take(xlsx(good_row(1)), now)
    file = desk.read(xlsx(good_row(1, position="PTP-02")))
    with pytest.raises(Refused, match="has_errors"):
        intake.take(desk.session, desk.role, file, good_rows=False, now=now)
    with pytest.raises(Refused, match="no_good_rows"):
        intake.take(desk.session, desk.role, file, good_rows=True, now=now)


def test_one_number_in_two_rows_takes_neither_and_names_the_other(desk: Desk, now: datetime) -> None:
    taken = desk.take(xlsx(good_row(1), good_row(1, name="Nguyễn Thị Bình"), good_row(2)), now, good_rows=True)
    assert [row.row for row in taken.good] == [4]
    assert {error.code for error in taken.errors} == {"applications.identity_twice"}
    assert [error.params["rows"] for error in taken.errors] == ["Hồ sơ 3", "Hồ sơ 2"]


def test_the_same_person_in_another_campaign_is_the_same_row(desk: Desk, now: datetime) -> None:
    other = make_desk(desk.session, "LA-2026-02")
    desk.take(xlsx(good_row(1)), now)
    other.take(xlsx(good_row(1), good_row(2)), now)
    first, second, _third = applications(desk.session)
    assert first.person_id == second.person_id
    assert first.campaign_id != second.campaign_id
    assert desk.session.scalar(select(func.count()).select_from(Person)) == 2


def test_the_age_of_an_applicant_is_held_against_the_day_by_cell(desk: Desk, now: datetime) -> None:
    """The oldest and the youngest who can apply are taken; a year more on either side is an error of its cell."""
    good = [good_row(1, birth="12/03/1946", identity="001146000001"), good_row(2, birth="31/12/2008", identity="001308000002")]
    bad = [good_row(3, birth="12/03/1945", identity="001145000003"), good_row(4, birth="01/01/2009", identity="001309000004")]
    taken = desk.take(xlsx(*good, *bad), now, good_rows=True)
    assert len(taken.good) == 2
    assert [(error.code, error.row, error.column, error.seen) for error in taken.errors] == [
        ("people.birth_range", 4, "B", "12/03/1945"),
        ("people.birth_range", 5, "B", "01/01/2009"),
    ]
    assert dict(taken.errors[0].params) == {"earliest": 1946, "latest": 2008}


@pytest.mark.parametrize("change", [{"name": "Nguyễn Thị Anh"}, {"birth": "13/03/1985"}])
def test_a_person_who_reads_otherwise_is_an_error_with_both(desk: Desk, now: datetime, change: dict[str, str]) -> None:
    other = make_desk(desk.session, "LA-2026-02")
    desk.take(xlsx(good_row(1)), now)
    taken = other.take(xlsx(good_row(1, **change), good_row(2)), now, good_rows=True)
    (error,) = taken.errors
    assert (error.code, error.row, error.column, error.title) == ("intake.person_differs", 2, "D", "Số định danh cá nhân")
    assert (error.params["known_name"], error.params["known_birth"]) == ("Nguyễn Thị Ánh", "12/03/1985")
    assert (error.params["name"], error.params["birth"]) == (change.get("name", "Nguyễn Thị Ánh"), change.get("birth", "12/03/1985"))


@pytest.mark.parametrize(
    ("stage", "code"), [("draft", "screening.not_announced"), ("screened", "screening.over"), ("closed", "screening.over")]
)
def test_only_while_applications_are_received(session: Session, now: datetime, stage: str, code: str) -> None:
    desk = make_desk(session, stage=stage)
    with pytest.raises(Refused) as refused:
        desk.take(xlsx(good_row(1)), now)
    assert refused.value.code == code


def publish_a_list(desk: Desk, now: datetime) -> None:
    chair = make_staff(desk.session, "chair")
    desk.session.add(
        TwoPersonAct(
            chain=desk.campaign.chain, kind="results:publication", about="draft:x", digest="0" * 64, content={}, state="signed",
            first_id=desk.hr.id, first_at=now, second_id=chair.id, second_at=now,
        )
    )  # fmt: skip
    desk.session.flush()


def test_not_after_a_list_was_published_until_a_step_back_says_why(desk: Desk, now: datetime, later) -> None:
    publish_a_list(desk, now)
    with pytest.raises(Refused, match=r"screening\.published"):
        desk.take(xlsx(good_row(1)), now)
    desk.session.add(
        StageStep(
            campaign_id=desk.campaign.id, from_stage="screened", to_stage="applications", reason="An appeal was accepted.",
            taken_at=later(hours=1), taken_by_id=desk.hr.id,
        )
    )  # fmt: skip
    desk.session.flush()
    assert len(desk.take(xlsx(good_row(1)), later(hours=2)).good) == 1


def test_only_the_hr_board_takes_files_in(desk: Desk, now: datetime) -> None:
    chair = make_staff(desk.session, "chair")
    appoint(desk.session, desk.campaign, chair, "council", "head")
    role = role_of(desk.session, chair, desk.campaign)
    with pytest.raises(NotPermitted):
        intake.take(desk.session, role, desk.read(xlsx(good_row(1))), good_rows=False, now=now)
    with pytest.raises(NotPermitted):
        intake.upload(desk.session, role, "x.xlsx", b"x", now)


def test_an_upload_is_wiped_when_taken(desk: Desk, now: datetime) -> None:
    data = xlsx(good_row(1))
    kept = intake.upload(desk.session, desk.role, "ho-so.xlsx", data, now)
    desk.session.commit()
    stored = waiting_file(desk, kept.public_id)
    intake.take_upload(desk.session, desk.role, stored, desk.read(stored.content), good_rows=False, now=now)
    assert desk.session.scalar(select(func.count()).select_from(ListUpload)) == 0
    with pytest.raises(Conflict, match="upload_gone"):
        intake.take_upload(desk.session, desk.role, stored, desk.read(data), good_rows=False, now=now)


def test_an_upload_is_wiped_when_dropped_replaced_or_old(desk: Desk, now: datetime, later) -> None:
    colleague = make_staff(desk.session, "colleague")
    appoint(desk.session, desk.campaign, colleague, "hr")
    theirs = intake.upload(desk.session, role_of(desk.session, colleague, desk.campaign), "b.xlsx", b"b", now)
    first = intake.upload(desk.session, desk.role, "a.xlsx", b"a", later(days=1))
    intake.upload(desk.session, desk.role, "c.xlsx", b"c", later(days=1))
    with pytest.raises(NotFound):
        waiting_file(desk, first.public_id)
    assert waiting_file(desk, theirs.public_id)
    last = intake.upload(desk.session, desk.role, "d.xlsx", b"d", later(days=3))
    with pytest.raises(NotFound):
        waiting_file(desk, theirs.public_id)
    intake.drop_upload(desk.session, desk.role, last, later(days=3))
    assert desk.session.scalar(select(func.count()).select_from(ListUpload)) == 0


def test_an_upload_of_another_campaign_is_not_found(desk: Desk, now: datetime) -> None:
    other = make_desk(desk.session, "LA-2026-02")
    kept = intake.upload(other.session, other.role, "a.xlsx", b"a", now)
    with pytest.raises(NotFound):
        waiting_file(desk, kept.public_id)


def test_an_empty_file_is_refused(desk: Desk, now: datetime) -> None:
    with pytest.raises(Refused, match="file_empty"):
        intake.upload(desk.session, desk.role, "a.xlsx", b"", now)
    with pytest.raises(SheetRefused):
        desk.read(b"")


def test_a_typed_application_goes_through_the_same_checks(desk: Desk, now: datetime) -> None:
    typed = {"full_name": "Lê Văn Cường", "birth_date": "5/11/1979", "gender": "Nam", "identity_number": "36079004321", "position": "tp-01"}
    public_id, findings = intake.add_typed(desk.session, desk.role, read_typed(typed, ["TP-01"]), now)
    assert findings == ()
    (application,) = applications(desk.session)
    assert (application.public_id, application.person.identity_number, application.import_id) == (public_id, "036079004321", None)
    _none, twice = intake.add_typed(desk.session, desk.role, read_typed(typed, ["TP-01"]), now)
    assert [finding.code for finding in twice] == ["intake.there_already"]
    _none, wrong = intake.add_typed(desk.session, desk.role, read_typed(typed | {"birth_date": "1979", "gender": "?"}, ["TP-01"]), now)
    assert [finding.code for finding in wrong] == ["applications.date_year_only", "applications.gender_unknown"]
    child = typed | {"birth_date": "5/11/2079", "identity_number": "036279004321"}
    _none, wrong = intake.add_typed(desk.session, desk.role, read_typed(child, ["TP-01"]), now)
    assert [(finding.code, column_of(finding)) for finding in wrong] == [("people.birth_range", "birth_date")]


GRADED = [*HEADER, "Xếp loại năm 2024", "Classification 2025"]


def graded(*rows: tuple[str, str]) -> bytes:
    """A file with two columns of yearly classification."""
    people = [good_row(number) for number in range(1, len(rows) + 1)]
    return write_xlsx([NewSheet("x", GRADED, [[*(one[title] for title in HEADER), *row] for one, row in zip(people, rows, strict=True)])])


def test_a_file_may_bring_the_yearly_classification(desk: Desk, now: datetime) -> None:
    desk.take(graded(("Hoàn thành tốt nhiệm vụ", "HTXSNV"), ("", "")), now)
    found = desk.session.scalars(select(YearlyClassification).order_by(YearlyClassification.year)).all()
    first = applications(desk.session)[0]
    assert [(one.application_id, one.year, one.grade) for one in found] == [(first.id, 2024, "good"), (first.id, 2025, "excellent")]
    assert {(one.source, one.recorded_by) for one in found} == {("ho-so.xlsx", desk.hr)}
    assert '"classifications":2' in last_entry(desk.session, desk.campaign.chain)
    assert desk.take(graded(("Không hoàn thành nhiệm vụ", ""), ("", "")), now).good == [], "nothing that stands is changed"


def test_a_grade_that_is_none_is_told_by_its_cell(desk: Desk) -> None:
    (error,) = desk.read(graded(("Hoàn thành", "Giỏi"), ("", ""))).reading.errors
    assert (error.code, error.row, error.column, error.title) == ("applications.grade_unknown", 2, "J", "Classification 2025")


def test_the_operator_says_in_whose_name_classifications_are_recorded(desk: Desk, now: datetime) -> None:
    file = desk.read(graded(("Tốt", "")))
    with pytest.raises(Refused, match="by_needed"):
        intake.take_as_operator(desk.session, desk.campaign, file, SYSTEM, good_rows=False, now=now)


def test_an_applicant_who_withdrew_is_named_as_there_already(desk: Desk, now: datetime) -> None:
    desk.take(xlsx(good_row(1)), now)
    (application,) = applications(desk.session)
    application.state = "withdrawn"
    desk.session.flush()
    assert [known.code for known in desk.take(xlsx(good_row(1)), now).known] == ["intake.there_already"]


def test_the_same_file_by_two_people_at_once_is_taken_once(own_database: databases.Copy) -> None:
    now = datetime(2026, 11, 9, tzinfo=UTC)
    with open_session(own_database.engine) as session:
        desk = make_desk(session)
        file = desk.read(xlsx(*(good_row(number) for number in range(1, 40))))
        make_application(session, desk.position)
        session.commit()
        campaign_id, hr_id = desk.campaign.id, desk.hr.id
    taken: list[int] = []

    def load(session: Session) -> Role:
        return role_of(session, session.get_one(Account, hr_id), session.get_one(Campaign, campaign_id))

    def take(session: Session, role: Role) -> None:
        taken.append(len(intake.take(session, role, file, good_rows=False, now=now).good))

    assert at_once(own_database, load, take, take) == [DONE, DONE]
    assert sorted(taken) == [0, 39]
    with open_session(own_database.engine) as session:
        assert session.scalar(select(func.count()).select_from(Application)) == 40


def test_two_campaigns_meet_the_same_new_people_at_once(own_database: databases.Copy) -> None:
    now = datetime(2026, 11, 9, tzinfo=UTC)
    rows = [good_row(number) for number in range(1, 30)]
    with open_session(own_database.engine) as session:
        desks = [make_desk(session, "LA-2026-01"), make_desk(session, "LA-2026-02")]
        files = [desk.read(xlsx(*some)) for desk, some in zip(desks, (rows, rows[::-1]), strict=True)]
        session.commit()
        ids = [(desk.campaign.id, desk.hr.id) for desk in desks]

    def load(session: Session) -> list[Role]:
        return [role_of(session, session.get_one(Account, hr), session.get_one(Campaign, campaign)) for campaign, hr in ids]

    def taking(place: int) -> Callable[[Session, list[Role]], object]:
        return lambda session, roles: intake.take(session, roles[place], files[place], good_rows=False, now=now)

    assert at_once(own_database, load, taking(0), taking(1)) == [DONE, DONE]
    with open_session(own_database.engine) as session:
        assert session.scalar(select(func.count()).select_from(Person)) == 29
        assert session.scalar(select(func.count()).select_from(Application)) == 58


LIBREOFFICE_STYLES = (
    '<numFmts count="1"><numFmt numFmtId="164" formatCode="General"/></numFmts><cellXfs count="2">'
    '<xf numFmtId="164" fontId="0" applyFont="false"/><xf numFmtId="14" fontId="0" applyFont="false"/></cellXfs>'
)


def test_a_file_as_libreoffice_saves_it(desk: Desk, now: datetime) -> None:
    """Shared strings, days as numbers with a date style, an identity number without its zeros, styled empty cells to the end."""
    texts = ["Họ và tên", "Ngày sinh", "Giới tính", "Số định danh cá nhân", "Mã vị trí dự tuyển", "Nguyễn Thị Ánh", "Nữ", "TP-01"]
    head = "".join(f'<c r="{letter}1" s="0" t="s"><v>{place}</v></c>' for place, letter in enumerate("ABCDE"))
    row = (
        '<c r="A2" s="0" t="s"><v>5</v></c><c r="B2" s="1" t="n"><v>31118</v></c><c r="C2" s="0" t="s"><v>6</v></c>'
        '<c r="D2" s="0" t="n"><v>1185000001</v></c><c r="E2" s="0" t="s"><v>7</v></c><c r="AMJ2" s="0"/>'
    )
    body = f'<dimension ref="A1:E2"/><sheetData><row r="1">{head}</row><row r="2">{row}</row><row r="1048576"/></sheetData>'
    data = build(body, shared="".join(f'<si><t xml:space="preserve">{text}</t></si>' for text in texts), styles=LIBREOFFICE_STYLES)
    desk.take(data, now)
    person = desk.session.scalars(select(Person)).one()
    assert (person.identity_number, person.birth_date) == ("001185000001", date(1985, 3, 12))


def test_a_hostile_file_costs_little() -> None:
    file = build('<sheetData><row r="1048576"><c r="XFD1048576"><v>1</v></c></row></sheetData>')
    began = time.process_time()
    with pytest.raises(SheetRefused):
        read_file("hostile.xlsx", file, {})
    assert time.process_time() - began < 1
    # Counted in a process that has had no other children: this one may have had a browser.
    reader = subprocess.run([sys.executable, "-c", READING], input=file, capture_output=True, check=True)
    assert 0 < int(reader.stdout) < 512 * 1024


def test_names_sort_by_the_vietnamese_alphabet_after_taking_in(desk: Desk, now: datetime) -> None:
    names = ("Lê Thị Ân", "Lê Thị Đào", "Lê Thị Dung", "Lê Thị Ánh", "Lê Thị An")
    desk.take(xlsx(*(good_row(place, name=name) for place, name in enumerate(names, start=1))), now)
    ordered = desk.session.scalars(select(Person.full_name).order_by(Person.name_sort_key))
    assert list(ordered) == ["Lê Thị An", "Lê Thị Ánh", "Lê Thị Ân", "Lê Thị Dung", "Lê Thị Đào"]
