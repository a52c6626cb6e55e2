"""Builders with dull defaults: a test names only what matters to it."""

from collections.abc import Mapping, Sequence
from datetime import UTC, date, datetime
from decimal import Decimal
from functools import cache
from hashlib import sha256

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from examsite import policies
from examsite.accounts.models import CANDIDATE, STAFF, Account
from examsite.accounts.passwords import hash_password
from examsite.campaigns.models import Application, Campaign, Criterion, Membership, Person, Position, Unit
from examsite.campaigns.roles import role_of
from examsite.grading.models import Interview, Panel, PanelMember
from examsite.questions.models import AcceptedAnswer, Blueprint, BlueprintCell, Item, ItemImage, ItemOption, ItemVersion
from examsite.rounds.models import Entrant
from examsite.rules import policy
from examsite.vietnamese import fold, name_sort_key

_known_rules: dict[tuple[str, str], tuple[str, str]] = {}
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
    rules, digest = _rules(rule_set, repr(sorted((changes or {}).items())), changes or {})
    frozen = stage != "draft"
    campaign = Campaign(
        code=code,
        title=f"Campaign {code}",
        organisation="City of Lac An",
        time_zone="Asia/Ho_Chi_Minh",
        stage=stage,
        rule_set=rule_set,
        rules=rules,
        rules_hash=digest if frozen else None,
        frozen_at=CREATED if frozen else None,
        created_at=CREATED,
        created_by_id=head.id,
    )
    session.add(campaign)
    session.flush()
    appoint(session, campaign, head, "hr", "head")
    return campaign


def _rules(rule_set: str, key: str, changes: Mapping[str, object]) -> tuple[str, str]:
    """The text of a rule set with values of its own, and its digest; thousands of tests ask for the same few."""
    if (rule_set, key) not in _known_rules:
        entries = policies.load(rule_set).entries
        for name, value in changes.items():
            entries = policy.override(entries, name, value, "for the test")
        _known_rules[rule_set, key] = policy.dump(entries), policy.digest(entries)
    return _known_rules[rule_set, key]


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
    writer = author or _one_of(session, campaign, "author")
    judge = (reviewer or _one_of(session, campaign, "reviewer")) if approved else None
    item = _item(_last_number(session, campaign) + 1, campaign, part, topic, difficulty, language, key, options, stem, writer, judge)
    session.add(item)
    session.flush()
    return item


def _last_number(session: Session, campaign: Campaign) -> int:
    return session.scalar(select(func.max(Item.number)).where(Item.campaign_id == campaign.id)) or 0


def _item(
    number: int,
    campaign: Campaign,
    part: str,
    topic: str,
    difficulty: str,
    language: str | None,
    key: int,
    options: Sequence[str],
    stem: str,
    writer: Account,
    judge: Account | None,
) -> Item:
    words = stem or f"Question {number} about {topic}?"
    version = ItemVersion(
        number=1,
        topic=topic,
        difficulty=difficulty,
        stem=f"<p>{words}</p>",
        stem_fold=fold(words),
        basis="The law, article 1.",
        state="approved" if judge else "in_review",
        author_id=writer.id,
        written_at=CREATED,
        submitted_at=CREATED,
        reviewer_id=judge.id if judge else None,
        reviewed_at=CREATED if judge else None,
        options=[
            ItemOption(number=place, option_id=f"{number}-{place}", text=f"<p>{text}</p>", is_key=place == key)
            for place, text in enumerate(options)
        ],
    )
    return Item(campaign_id=campaign.id, number=number, part=part, language=language, created_at=CREATED, versions=[version])


def make_bank(
    session: Session, campaign: Campaign, part: str, cells: Sequence[tuple[str, str, int]], multiple: int = 1, language: str | None = None
) -> list[Item]:
    """Approved items: for each cell (topic, difficulty, count) `multiple` times its count, the keys spread over the places."""
    writer, judge, first = _one_of(session, campaign, "author"), _one_of(session, campaign, "reviewer"), _last_number(session, campaign) + 1
    wanted = [(topic, difficulty, place % 4) for topic, difficulty, count in cells for place in range(count * multiple)]
    options = ("one", "two", "three", "four")
    items = [
        _item(number, campaign, part, topic, difficulty, language, key, options, "", writer, judge)
        for number, (topic, difficulty, key) in enumerate(wanted, start=first)
    ]
    session.add_all(items)
    session.flush()
    return items


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


def make_person(
    session: Session, name: str = "Nguyễn Văn An", identity_number: str = "", birth_date: date = date(1985, 3, 12), gender: str = "male"
) -> Person:
    """A person; without an identity number the next free one that is in order."""
    count = session.scalar(select(func.count()).select_from(Person)) or 0
    person = Person(
        identity_number=identity_number or f"001{'0' if gender == 'male' else '1'}{birth_date.year % 100:02d}{count + 1:06d}",
        full_name=name,
        name_fold=fold(name),
        name_sort_key=name_sort_key(name),
        birth_date=birth_date,
        gender=gender,
        created_at=CREATED,
    )
    session.add(person)
    session.flush()
    return person


def make_candidate(session: Session, sign_in_name: str, display_name: str = "", *, password: bool = True) -> Account:
    """The account of a candidate, activated with the password of these tests unless `password` is False."""
    account = Account(
        sign_in_name=sign_in_name.lower(),
        display_name=display_name or sign_in_name,
        kind=CANDIDATE,
        created_at=CREATED,
        password_hash=_hashed(CANDIDATE) if password else None,
    )
    session.add(account)
    session.flush()
    return account


def make_application(
    session: Session,
    position: Position,
    name: str = "Nguyễn Văn An",
    state: str = "received",
    number: str | None = None,
    account: Account | bool = False,
    person: Person | None = None,
    **columns: object,
) -> Application:
    """An application of a new person, or of `person`; `account=True` gives it an activated account called campaign code-number."""
    someone = person or make_person(session, name)
    if account is True:
        account = make_candidate(session, f"{position.campaign.code}-{number or someone.identity_number}", someone.full_name)
    application = Application(
        campaign_id=position.campaign_id,
        position_id=position.id,
        person_id=someone.id,
        account_id=account.id if account else None,
        candidate_number=number,
        state=state,
        received_at=CREATED,
        **columns,
    )
    if state in {"eligible", "rejected"}:
        application.decided_at, application.decided_by_id = CREATED, position.campaign.created_by_id
        application.decision_reason = "Decided for the test."
    session.add(application)
    session.flush()
    return application


def _one_of(session: Session, campaign: Campaign, what: str) -> Account:
    """The account of this campaign that stands for all authors, or for all reviewers."""
    name = f"{what}-{campaign.code}".lower()
    return session.scalar(select(Account).where(Account.sign_in_name == name)) or make_staff(session, name)


def make_entrant(session: Session, application: Application) -> Entrant:
    """Let an application enter round 2, as the publication of the round 1 result does."""
    entrant = Entrant(campaign_id=application.campaign_id, application_id=application.id, publication="by-hand", entered_at=CREATED)
    session.add(entrant)
    session.flush()
    return entrant


def make_panel(
    session: Session, campaign: Campaign, members: Sequence[Account] = (), applications: Sequence[Application] = (), name: str = "Panel 1"
) -> Panel:
    """A panel before its lots: the first of `members` is its head; all of them come to the panel board. Applications enter round 2."""
    panel = Panel(campaign_id=campaign.id, name=name, place="Room B", starts_at=CREATED)
    session.add(panel)
    session.flush()
    for place, account in enumerate(members):
        if "panel" not in role_of(session, account, campaign).duties:
            appoint(session, campaign, account, "panel")
        session.add(PanelMember(panel_id=panel.id, account_id=account.id, duty="member" if place else "head"))
    for application in applications:
        make_entrant(session, application)
        session.add(Interview(panel_id=panel.id, application_id=application.id))
    session.flush()
    return panel


def make_item_of_kind(session: Session, campaign: Campaign, kind: str, part: str = "general", topic: str = "", **columns: object) -> Item:
    """An approved item of another kind than single choice, under the topic of its kind; the first two of four options are right, the texts
    `Hà Nội` and `Thủ đô`, the number 3.14 ± 0.01."""
    item = make_item(session, campaign, part, topic or kind)
    item.kind = kind
    [version] = item.versions
    if kind == "multiple_response":
        version.marking_rule = "partial"
        for option in version.options:
            option.is_key = option.number < 2
    else:
        version.options.clear()
    if kind == "short_text":
        version.accepted = [AcceptedAnswer(number=place, text=text) for place, text in enumerate(("Hà Nội", "Thủ đô"), start=1)]
    if kind == "numeric":
        version.accepted = [AcceptedAnswer(number=1, text="3.14", tolerance=Decimal("0.01"))]
    for name, value in columns.items():
        setattr(version, name, value)
    session.flush()
    return item


def make_image(session: Session, item: Item, content: bytes, alt: str = "A picture.", media_type: str = "image/png") -> ItemImage:
    """A picture below the stem of an item's newest version, as it would be after re-encoding; its size is not looked at."""
    image = ItemImage(
        version_id=item.versions[-1].id,
        number=len(item.versions[-1].images) + 1,
        alt=alt,
        media_type=media_type,
        width=120,
        height=80,
        digest=sha256(content).hexdigest(),
        content=content,
    )
    session.add(image)
    session.flush()
    session.expire(item.versions[-1], ["images"])
    return image
