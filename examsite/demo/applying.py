"""Applications of the demonstration: a spreadsheet as the office fills it in, screening, entitlements, numbers, accounts."""

from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta

from sqlalchemy import select
from sqlalchemy.orm import Session

from examsite.accounts.operations import activate
from examsite.campaigns.models import Application, Campaign, Person
from examsite.campaigns.operations import access_codes, entitlements, intake, numbers, screening
from examsite.campaigns.operations.screening import Found, Verdict
from examsite.campaigns.queries.intake import position_codes, read_file
from examsite.campaigns.queries.screening import judged, stamp
from examsite.campaigns.roles import Role
from examsite.demo.cast import PASSWORD
from examsite.demo.people import Invented, invent
from examsite.demo.setup import role
from examsite.sheets.writing import NewSheet, write_xlsx

HEADER = (
    "Họ và tên", "Ngày sinh", "Giới tính", "Số định danh cá nhân", "Đơn vị công tác hiện tại", "Chức vụ hiện tại", "Mã vị trí dự tuyển",
    "Trình độ chuyên môn", "Ngoại ngữ", "Điện thoại", "Email", "Đối tượng ưu tiên", "Miễn thi ngoại ngữ",
)  # fmt: skip
PRIORITY_EVIDENCE = "Quyết định xuất ngũ số 112/QĐ, bản sao chứng thực"
EXEMPTION = "Bằng cử nhân ngôn ngữ Anh, Đại học Ngoại ngữ, số hiệu QH-0457"
UNMET = "Quyết định bổ nhiệm ngạch cho thấy mới công tác 3 năm."


def apply(session: Session, campaign: Campaign, wanted: Mapping[str, Sequence[int]], now: datetime) -> None:
    """Take in the applications of these people (by number) for each position, from one spreadsheet."""
    people = [(code, invent(number)) for code, numbers_ in wanted.items() for number in numbers_]
    sheet = NewSheet("Hồ sơ", HEADER, [_row(code, person, place) for place, (code, person) in enumerate(people)])
    file = read_file("ho-so-du-tuyen.xlsx", write_xlsx([sheet]), position_codes(session, campaign))
    intake.take(session, role(session, campaign, "phuc"), file, good_rows=False, now=now)


def screen(session: Session, campaign: Campaign, now: datetime, *, every: int = 9) -> None:
    """Judge every application; one in `every` lacks years of service and is rejected. Grant what was claimed."""
    officer = role(session, campaign, "phuc")
    query = select(Application).join(Person).where(Application.campaign_id == campaign.id).order_by(Person.name_sort_key)
    for place, application in enumerate(session.scalars(query).all(), start=1):
        _judge(session, application, officer, place % every == 0, now)
        _grant(session, application, officer, now)


def let_in(session: Session, campaign: Campaign, now: datetime, *, soon: int | None = None) -> None:
    """Give numbers and codes; everybody uses the code at once, or the first `soon` by candidate number."""
    officer = role(session, campaign, "phuc")
    numbers.give(session, officer, "by_name", now)
    for slip in access_codes.issue(session, officer, now + timedelta(minutes=10))[:soon]:
        activate(session, slip.code, PASSWORD, now + timedelta(days=1))


def _row(code: str, person: Invented, place: int) -> list[str]:
    priority = "Hoàn thành nghĩa vụ quân sự" if place % 7 == 3 else ""
    exempt = EXEMPTION if place % 11 == 5 else ""
    born = person.birth_date.strftime("%d/%m/%Y")
    gender = {"male": "Nam", "female": "Nữ"}[person.gender]
    who = [person.name, born, gender, person.identity_number]
    return [*who, person.workplace, person.post, code, person.degree, "Tiếng Anh", person.phone, person.email, priority, exempt]


def _judge(session: Session, application: Application, officer: Role, lacks_years: bool, now: datetime) -> None:
    found = judged(session, application)
    verdicts = {
        one.criterion.public_id: Found(
            met=not (lacks_years and place == 1), why=UNMET if lacks_years and place == 1 else "Đã đối chiếu hồ sơ gốc."
        )
        for place, one in enumerate(found)
    }
    decision = Verdict(
        stamp(application, found),
        verdicts,
        "rejected" if lacks_years else "eligible",
        "Chưa đủ 5 năm công tác." if lacks_years else "",
    )
    screening.screen(session, officer, application, decision, now)


def _grant(session: Session, application: Application, officer: Role, now: datetime) -> None:
    if application.state != "eligible":
        return
    if application.claimed_priority:
        entitlements.decide(session, officer, application, "priority", "service", True, PRIORITY_EVIDENCE, now)
    if application.claimed_exemption:
        entitlements.decide(session, officer, application, "exemption", "language_degree", True, EXEMPTION, now)
