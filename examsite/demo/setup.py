"""The ground of the demonstration: staff, units, campaigns with their positions and boards, the question bank."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from importlib.resources import files

from sqlalchemy import select
from sqlalchemy.orm import Session

from examsite.accounts import operations as accounts
from examsite.accounts.models import Account
from examsite.accounts.queries import account_by_name
from examsite.campaigns.models import Campaign, Unit
from examsite.campaigns.operations import boards, positions, rules, units
from examsite.campaigns.operations.campaigns import CampaignFacts, create
from examsite.campaigns.operations.positions import PositionFacts
from examsite.campaigns.roles import Role, role_of
from examsite.demo.cast import ADMINISTRATOR, HR, PASSWORD, STAFF, Member
from examsite.demo.posts import Wanted
from examsite.holidays.operations import take_known_at_set_up
from examsite.questions.intake import Source
from examsite.questions.operations import blueprints, importing, reviewing
from examsite.questions.queries.banks import Bank, bank_of
from examsite.questions.queries.items import waiting
from examsite.questions.queries.paper import pool
from examsite.rounds.operations import exam_rooms
from examsite.rounds.room_facts import RoomFacts
from examsite.rules.drawing import Cell

BANK_FILES = files("examsite.demo") / "bank"
UNITS = (
    ("LA", "Thành phố Lạc An", None),
    ("SNV", "Sở Nội vụ", "LA"),
    ("SXD", "Sở Xây dựng", "LA"),
    ("SKHCN", "Sở Khoa học và Công nghệ", "LA"),
    ("SGDDT", "Sở Giáo dục và Đào tạo", "LA"),
    ("THCS-LL", "Trường Trung học cơ sở Lê Lợi", "SGDDT"),
    ("TH-HB", "Trường Tiểu học Hòa Bình", "SGDDT"),
    ("P-DH", "UBND phường Đông Hà", "LA"),
    ("P-KS", "UBND phường Kim Sơn", "LA"),
)
ROOMS = ("P03", "P04")
STANDARDS = (
    "Tốt nghiệp đại học trở lên, ngành phù hợp với vị trí.",
    "Có ít nhất 5 năm công tác, trong đó ít nhất 2 năm trong lĩnh vực của vị trí.",
    "Được xếp loại hoàn thành tốt nhiệm vụ trở lên trong 3 năm liên tiếp.",
    "Có chứng chỉ bồi dưỡng quản lý nhà nước ngạch chuyên viên hoặc tương đương.",
    "Không trong thời hạn bị kỷ luật, đủ sức khỏe, còn đủ tuổi công tác ít nhất 5 năm.",
)


def make_staff(session: Session, now: datetime) -> None:
    """Create every member of staff; each uses the code to choose the password that is printed. The public holidays come in with them."""
    take_known_at_set_up(session, now)
    administrator, code = accounts.create_first_administrator(session, ADMINISTRATOR.sign_in_name, ADMINISTRATOR.name, now)
    accounts.activate(session, code, PASSWORD, now)
    for member in (HR, *STAFF):
        _account, code = accounts.invite_staff(session, member.sign_in_name, member.name, member.house_role, administrator, now)
        accounts.activate(session, code, PASSWORD, now)


def make_units(session: Session, now: datetime) -> None:
    """The city and those of its units that fill posts."""
    officer = named(session, HR)
    made: dict[str, Unit] = {}
    for code, name, above in UNITS:
        made[code] = units.create(session, code, name, made[above] if above else None, officer, now)


def make_rooms(session: Session, now: datetime) -> None:
    """The rooms of the examination centre."""
    officer = named(session, HR)
    centre = "Trung tâm Khảo thí thành phố, 12 đường Lý Thái Tổ"
    exam_rooms.create_room(
        session, RoomFacts("P03", "Phòng máy 03", f"Tầng 1, {centre}", rows=6, columns=7, serves=("step_free",)), officer, now
    )
    exam_rooms.create_room(
        session, RoomFacts("P04", "Phòng máy 04", f"Tầng 2, {centre}", rows=6, columns=6, out_of_use=("C4",)), officer, now
    )
    quiet = RoomFacts("P05", "Phòng yên tĩnh", f"Tầng 1, {centre}", seats=2, serves=("screen", "quiet", "assistant"), reserved=True)
    exam_rooms.create_room(session, quiet, officer, now)


def open_campaign(
    session: Session, facts: CampaignFacts, wanted: Sequence[Wanted], changes: Mapping[str, tuple[object, str]], now: datetime
) -> Campaign:
    """A campaign in its draft with boards and positions; `changes` gives rules of its own, each with its reason."""
    officer = named(session, HR)
    campaign = create(session, facts, "leader-screening", officer, now)
    role = role_of(session, officer, campaign)
    for key, (value, reason) in changes.items():
        rules.change(session, role, {key: value}, reason, now)  # type: ignore[dict-item]
    for member in STAFF:
        for board, duty in member.seats:
            boards.appoint(session, role, named(session, member), board, duty, now)
    for one in wanted:
        unit = session.scalars(select(Unit).where(Unit.code == one.unit)).one()
        positions.add(session, role, PositionFacts(one.code, one.title, one.level, one.quota, "en", unit), STANDARDS, now)
    return campaign


def fill_banks(session: Session, campaign: Campaign, now: datetime) -> Campaign:
    """Take the question files in as one member of the question board, approve them as another, write the blueprints.

    Returns the campaign loaded anew: the session forgets the items again and again, so that it does not grow slow.
    """
    author = role(session, campaign, "nghia")
    for file in sorted(BANK_FILES.iterdir(), key=lambda path: path.name):
        bank = _bank_of_file(campaign, file.name)
        if bank is not None:
            importing.take(session, author, Source(bank, file.name, file.read_bytes()), leave_faulty=False, now=now)
    for part, language in (("general", None), ("language", "en")):
        campaign = _approve_all(session, campaign, bank_of(campaign, part, language), now)
        bank = bank_of(campaign, part, language)
        cells = even_cells(session, campaign, bank)
        blueprints.set_blueprint(session, role(session, campaign, "lan"), bank, cells, blueprints.cells_digest(()), now)
    return campaign


def _approve_all(session: Session, campaign: Campaign, bank: Bank, now: datetime) -> Campaign:
    fresh = _forget(session, campaign)
    while versions := waiting(session, fresh, named(session, "lan"), bank):
        reviewing.approve_many(session, role(session, fresh, "lan"), versions, now)
        fresh = _forget(session, fresh)
    return fresh


def _forget(session: Session, campaign: Campaign) -> Campaign:
    session.flush()
    session.expunge_all()
    return session.scalars(select(Campaign).where(Campaign.id == campaign.id)).one()


def even_cells(session: Session, campaign: Campaign, bank: Bank) -> list[Cell]:
    """A blueprint that takes from each topic and difficulty in proportion to what the bank holds."""
    held: dict[tuple[str, str], int] = {}
    for item in pool(session, campaign, bank.part.id, bank.language):
        held[item.topic, item.difficulty] = held.get((item.topic, item.difficulty), 0) + 1
    total, asked = sum(held.values()), bank.part.questions
    shares = {key: count * asked // total for key, count in held.items()}
    by_remainder = sorted(held, key=lambda key: (-(held[key] * asked % total), key))
    for key in by_remainder[: asked - sum(shares.values())]:
        shares[key] += 1
    return [Cell(topic, difficulty, count) for (topic, difficulty), count in sorted(shares.items()) if count]


def named(session: Session, member: Member | str) -> Account:
    """The account of a member of the cast."""
    account = account_by_name(session, member if isinstance(member, str) else member.sign_in_name)
    if account is None:
        raise LookupError(f"{member} is not of the cast")
    return account


def role(session: Session, campaign: Campaign, member: Member | str) -> Role:
    """The role of a member of the cast in a campaign."""
    return role_of(session, named(session, member), campaign)


def _bank_of_file(campaign: Campaign, name: str) -> Bank | None:
    if name.startswith("general-"):
        return bank_of(campaign, "general", None)
    return bank_of(campaign, "language", "en") if name == "language-en.gift" else None
