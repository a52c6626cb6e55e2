"""Builders with dull defaults: a test names only what matters to it."""

from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from functools import cache

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from examsite import policies
from examsite.accounts.models import STAFF, Account
from examsite.accounts.passwords import hash_password
from examsite.campaigns.models import Campaign, Criterion, Membership, Position, Unit
from examsite.questions.models import Blueprint, BlueprintCell, Item, ItemOption, ItemVersion
from examsite.rules import policy
from examsite.vietnamese import fold

PASSWORD = "a quiet morning by the lake"
CREATED = datetime(2026, 9, 1, 2, 0, tzinfo=UTC)


@cache
def _hashed(kind: str) -> str:
    return hash_password(PASSWORD, kind)


def make_staff(
    session: Session, name: str = "staff", display_name: str = "", *, house_role: str | None = None, password: bool = False
) -> Account:
    """A member of staff; `password` gives it the one of these tests."""
    account = Account(
        sign_in_name=name,
        display_name=display_name or name.title(),
        kind=STAFF,
        house_role=house_role,
        created_at=CREATED,
        password_hash=_hashed(STAFF) if password else None,
    )
    session.add(account)
    session.flush()
    return account


def appoint(session: Session, campaign: Campaign, account: Account, board: str, duty: str = "member") -> Membership:
    """A seat on a board, by hand."""
    seat = Membership(
        campaign_id=campaign.id, account_id=account.id, board=board, duty=duty, appointed_at=CREATED, appointed_by_id=account.id
    )
    session.add(seat)
    session.flush()
    return seat


def make_campaign(
    session: Session,
    rule_set: str = "leader-screening",
    code: str = "LA-2026-01",
    stage: str = "draft",
    hr: Account | None = None,
    changes: Mapping[str, object] | None = None,
) -> Campaign:
    """A campaign whose HR board is headed by `hr`; `changes` are values of its own. Beyond the draft its rules are frozen."""
    head = hr or make_staff(session, f"hr-{code.lower()}", house_role="hr_officer")
    entries = policies.load(rule_set).entries
    for key, value in (changes or {}).items():
        entries = policy.override(entries, key, value, "for the test")
    frozen = stage != "draft"
    campaign = Campaign(
        code=code,
        title=f"Campaign {code}",
        organisation="City of Lac An",
        time_zone="Asia/Ho_Chi_Minh",
        stage=stage,
        rule_set=rule_set,
        rules=policy.dump(entries),
        rules_hash=policy.digest(entries) if frozen else None,
        frozen_at=CREATED if frozen else None,
        created_at=CREATED,
        created_by_id=head.id,
    )
    session.add(campaign)
    session.flush()
    appoint(session, campaign, head, "hr", "head")
    return campaign


def make_unit(session: Session, code: str = "SNV", name: str = "Department of Home Affairs", parent: Unit | None = None) -> Unit:
    """A unit of the house."""
    unit = Unit(code=code, name=name, parent_id=parent.id if parent else None, created_at=CREATED)
    session.add(unit)
    session.flush()
    return unit


def make_position(
    session: Session,
    campaign: Campaign,
    code: str = "VT01",
    title: str = "Head of division",
    *,
    unit: Unit | None = None,
    quota: int = 1,
    language: str | None = "en",
    criteria: Sequence[str] = ("A university degree.", "Five years in the field."),
) -> Position:
    """A position with its criteria, in a unit of its own unless one is given."""
    position = Position(
        campaign_id=campaign.id,
        unit_id=(unit or make_unit(session, f"U-{campaign.code}-{code}"[:40])).id,
        code=code,
        title=title,
        level="Division",
        quota=quota,
        language=language,
        criteria=[Criterion(number=number, text=text) for number, text in enumerate(criteria, start=1)],
    )
    session.add(position)
    session.flush()
    return position


def make_item(
    session: Session,
    campaign: Campaign,
    part: str = "general",
    topic: str = "law",
    difficulty: str = "easy",
    *,
    language: str | None = None,
    approved: bool = True,
    key: int = 0,
    options: Sequence[str] = ("one", "two", "three", "four"),
    stem: str = "",
    author: Account | None = None,
    reviewer: Account | None = None,
) -> Item:
    """An item with one version, approved by somebody else or still in review; `key` is the place of the right option."""
    number = (session.scalar(select(func.max(Item.number)).where(Item.campaign_id == campaign.id)) or 0) + 1
    words = stem or f"Question {number} about {topic}?"
    writer = author or _one_of(session, campaign, "author")
    version = ItemVersion(
        number=1,
        topic=topic,
        difficulty=difficulty,
        stem=f"<p>{words}</p>",
        stem_fold=fold(words),
        basis="The law, article 1.",
        state="approved" if approved else "in_review",
        author_id=writer.id,
        written_at=CREATED,
        submitted_at=CREATED,
        reviewer_id=(reviewer or _one_of(session, campaign, "reviewer")).id if approved else None,
        reviewed_at=CREATED if approved else None,
        options=[
            ItemOption(number=place, option_id=f"{number}-{place}", text=f"<p>{text}</p>", is_key=place == key)
            for place, text in enumerate(options)
        ],
    )
    item = Item(campaign_id=campaign.id, number=number, part=part, language=language, created_at=CREATED, versions=[version])
    session.add(item)
    session.flush()
    return item


def make_bank(
    session: Session, campaign: Campaign, part: str, cells: Sequence[tuple[str, str, int]], multiple: int = 1, language: str | None = None
) -> list[Item]:
    """Approved items: for each cell (topic, difficulty, count) `multiple` times its count, the keys spread over the places."""
    return [
        make_item(session, campaign, part, topic, difficulty, language=language, key=place % 4)
        for topic, difficulty, count in cells
        for place in range(count * multiple)
    ]


def make_blueprint(
    session: Session, campaign: Campaign, part: str, cells: Sequence[tuple[str, str, int]], language: str | None = None
) -> Blueprint:
    """The blueprint of a part, from cells (topic, difficulty, count); whether they add up is the test's business."""
    blueprint = Blueprint(
        campaign_id=campaign.id,
        part=part,
        language=language or "",
        changed_at=CREATED,
        changed_by_id=_one_of(session, campaign, "author").id,
        cells=[
            BlueprintCell(number=number, topic=topic, difficulty=difficulty, count=count)
            for number, (topic, difficulty, count) in enumerate(cells, start=1)
        ],
    )
    session.add(blueprint)
    session.flush()
    return blueprint


def _one_of(session: Session, campaign: Campaign, what: str) -> Account:
    """The account of this campaign that stands for all authors, or for all reviewers."""
    name = f"{what}-{campaign.code}".lower()
    return session.scalar(select(Account).where(Account.sign_in_name == name)) or make_staff(session, name)
