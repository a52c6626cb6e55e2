"""Look up and search items, for the question board. Who may is decided before; these read one campaign's bank only."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, Select, and_, func, or_, select
from sqlalchemy.orm import Session, aliased, joinedload, selectinload

from examsite.accounts.models import Account
from examsite.audit.queries import LogFilter, data_of, entries_of
from examsite.campaigns.models import Campaign
from examsite.portions import FIRST, Stretch, stretch
from examsite.questions.models import DIFFICULTIES, Item, ItemVersion
from examsite.questions.queries.banks import Bank, language_is
from examsite.rules.refusal import NotFound
from examsite.sorting import Order, in_sql, ranked
from examsite.vietnamese import fold, name_sort_key, title_sort_key

PAGE = 25
REVIEW_PAGE = 20
NEWEST = Order("number", descending=True, usual="-number")
OLDEST = Order("waiting", usual="waiting")
SORTS = ("number", "topic", "difficulty", "state", "author")
REVIEW_SORTS = ("waiting", "number", "topic", "difficulty", "author")
RETIRED, RESTORED = "questions:item:retired", "questions:item:restored"
STATES = ("draft", "in_review", "returned", "approved")


@dataclass(frozen=True)
class ItemFilter:
    """What a reader looks for; empty fields do not narrow the list. `state` may also be `retired`; without it those are left out."""

    text: str = ""
    bank: Bank | None = None
    topic: str = ""
    difficulty: str = ""
    state: str = ""
    author: str = ""
    kind: str = ""


@dataclass(frozen=True)
class Page:
    """One page of items, each with its newest version; `approved` has the number of the approved version of those that have one."""

    rows: list[tuple[Item, ItemVersion]]
    approved: dict[int, int]
    total: int
    page: int
    pages: int


def item_in(session: Session, campaign: Campaign, public_id: str) -> Item:
    """An item of this campaign with all its versions, or NotFound."""
    item = session.scalar(
        select(Item)
        .options(
            selectinload(Item.versions).selectinload(ItemVersion.options),
            selectinload(Item.versions).selectinload(ItemVersion.accepted),
            selectinload(Item.versions).selectinload(ItemVersion.images),
            selectinload(Item.versions).joinedload(ItemVersion.author),
            selectinload(Item.versions).joinedload(ItemVersion.reviewer),
        )
        .where(Item.campaign_id == campaign.id, Item.public_id == public_id)
    )
    if item is None:
        raise NotFound
    return item


def versions_in(session: Session, campaign: Campaign, public_ids: list[str]) -> list[ItemVersion]:
    """Versions of this campaign by public id, in the order of their items; NotFound where one of them is not of this campaign."""
    found = list(session.scalars(_with_everything().where(Item.campaign_id == campaign.id, ItemVersion.public_id.in_(public_ids))))
    if len(found) != len(set(public_ids)):
        raise NotFound
    return found


def search(session: Session, campaign: Campaign, wanted: ItemFilter, page: int = 1, order: Order = NEWEST) -> Page:
    """The items that match, newest first unless asked otherwise."""
    query = matching(campaign, wanted)
    total = session.scalar(select(func.count()).select_from(query.subquery())) or 0
    here = stretch(total, page, PAGE)
    sorted_by = in_sql(order, _columns(session, campaign, order), Item.number.desc())
    rows = session.execute(query.options(joinedload(ItemVersion.author)).order_by(*sorted_by).limit(PAGE).offset(here.before))
    items = [(item, version) for item, version in rows]
    return Page(items, _approved_numbers(session, [item.id for item, _ in items]), total, here.page, here.pages)


def _columns(session: Session, campaign: Campaign, order: Order) -> dict[str, Any]:
    """The column of an order. Topics and authors are few and stand in an order that no database knows: their places are told to it."""
    if order.by == "topic":
        return {"topic": ranked(ItemVersion.topic, _every_topic(session, campaign))}
    if order.by == "author":
        return {"author": ranked(ItemVersion.author_id, [one.id for one in authors_of(session, campaign)])}
    return {
        "number": Item.number,
        "waiting": ItemVersion.submitted_at,
        "difficulty": ranked(ItemVersion.difficulty, DIFFICULTIES),
        "state": ranked(ItemVersion.state, STATES),
    }


def waiting(
    session: Session, campaign: Campaign, reader: Account, bank: Bank | None, here: Stretch = FIRST, order: Order = OLDEST
) -> list[ItemVersion]:
    """A page of the versions in review that somebody else wrote, oldest first unless asked otherwise, with all there is to read."""
    sorted_by = in_sql(order, _columns(session, campaign, order), ItemVersion.submitted_at, Item.number)
    found = _with_everything().where(*_waiting_for(campaign, reader, bank)).order_by(None).order_by(*sorted_by)
    return list(session.scalars(found.limit(REVIEW_PAGE).offset(here.before)))


def count_waiting(session: Session, campaign: Campaign, reader: Account, bank: Bank | None = None) -> int:
    """How many versions wait for a review that this reader may give."""
    query = select(func.count()).select_from(ItemVersion).join(Item).where(*_waiting_for(campaign, reader, bank))
    return session.scalar(query) or 0


def drafts_of(session: Session, campaign: Campaign, author: Account) -> list[ItemVersion]:
    """What this author has begun or got back and not yet handed over, newest first."""
    later = aliased(ItemVersion)
    newest = ~select(later.id).where(later.item_id == ItemVersion.item_id, later.number > ItemVersion.number).exists()
    return list(
        session.scalars(
            select(ItemVersion)
            .join(Item)
            .options(joinedload(ItemVersion.item))
            .where(Item.campaign_id == campaign.id, Item.retired_at.is_(None), ItemVersion.author_id == author.id)
            .where(ItemVersion.state.in_(("draft", "returned")), newest)
            .order_by(ItemVersion.written_at.desc(), ItemVersion.id.desc())
        )
    )


def same_stem(session: Session, version: ItemVersion) -> list[Item]:
    """Other items of the same bank, still in use, with the same words in their stem."""
    item = version.item
    return list(
        session.scalars(
            select(Item)
            .join(ItemVersion)
            .where(Item.campaign_id == item.campaign_id, Item.part == item.part, Item.id != item.id, Item.retired_at.is_(None))
            .where(language_is(item.language), ItemVersion.stem_fold == version.stem_fold)
            .where(ItemVersion.state.in_(("draft", "in_review", "approved")))
            .distinct()
            .order_by(Item.number)
        )
    )


def topics_of(session: Session, campaign: Campaign, bank: Bank | None = None) -> list[str]:
    """Topics of items in use, in order, for filters and suggestions."""
    query = select(ItemVersion.topic).join(Item).where(Item.campaign_id == campaign.id, Item.retired_at.is_(None), *_in_bank(bank))
    return sorted(session.scalars(query.distinct()), key=title_sort_key)


def _every_topic(session: Session, campaign: Campaign) -> list[str]:
    """Topics of all items and versions, in order."""
    query = select(ItemVersion.topic).join(Item).where(Item.campaign_id == campaign.id)
    return sorted(session.scalars(query.distinct()), key=title_sort_key)


def authors_of(session: Session, campaign: Campaign) -> list[Account]:
    """Everybody who wrote a version in this bank, by name."""
    wrote = select(ItemVersion.author_id).join(Item).where(Item.campaign_id == campaign.id)
    found = session.scalars(select(Account).where(Account.id.in_(wrote)))
    return sorted(found, key=lambda one: (name_sort_key(one.display_name), one.sign_in_name))


def _with_everything() -> Select[ItemVersion]:
    return (
        select(ItemVersion)
        .join(Item)
        .options(selectinload(ItemVersion.options), joinedload(ItemVersion.author), joinedload(ItemVersion.item))
        .options(selectinload(ItemVersion.accepted), selectinload(ItemVersion.images))
        .order_by(ItemVersion.submitted_at, Item.number)
    )


def _waiting_for(campaign: Campaign, reader: Account, bank: Bank | None) -> list[ColumnElement[bool]]:
    return [
        Item.campaign_id == campaign.id,
        Item.retired_at.is_(None),
        ItemVersion.state == "in_review",
        ItemVersion.author_id != reader.id,
        *_in_bank(bank),
    ]


def _in_bank(bank: Bank | None) -> list[ColumnElement[bool]]:
    return [] if bank is None else [Item.part == bank.part.id, language_is(bank.language)]


def matching(campaign: Campaign, wanted: ItemFilter) -> Select[Item, ItemVersion]:
    """The items that a filter shows, each with its newest version."""
    newest = select(func.max(ItemVersion.number)).where(ItemVersion.item_id == Item.id).correlate(Item).scalar_subquery()
    query = (
        select(Item, ItemVersion)
        .join(ItemVersion, and_(ItemVersion.item_id == Item.id, ItemVersion.number == newest))
        .where(Item.campaign_id == campaign.id, *_in_bank(wanted.bank), _state_is(wanted.state))
    )
    if words := fold(wanted.text):
        query = query.where(_holds(words))
    if wanted.topic:
        query = query.where(ItemVersion.topic == wanted.topic)
    if wanted.difficulty:
        query = query.where(ItemVersion.difficulty == wanted.difficulty)
    if wanted.kind:
        query = query.where(Item.kind == wanted.kind)
    if wanted.author:
        query = query.where(ItemVersion.author_id.in_(select(Account.id).where(Account.public_id == wanted.author)))
    return query


def _holds(words: str) -> ColumnElement[bool]:
    """In the stem, or in the name from the file; a number alone also finds the item of that number."""
    found = [ItemVersion.stem_fold.contains(words, autoescape=True), func.lower(Item.name).contains(words, autoescape=True)]
    if words.isascii() and words.isdecimal() and len(words) < 9:
        found.append(Item.number == int(words))
    return or_(*found)


def _state_is(state: str) -> ColumnElement[bool]:
    """Approved items are those in use, whether or not a newer version is being written; the other states are the newest version's."""
    if state == "retired":
        return Item.retired_at.is_not(None)
    if not state:
        return Item.retired_at.is_(None)
    if state == "approved":
        return and_(Item.retired_at.is_(None), Item.versions.any(ItemVersion.state == "approved"))
    return and_(Item.retired_at.is_(None), ItemVersion.state == state)


def _approved_numbers(session: Session, item_ids: list[int]) -> dict[int, int]:
    query = select(ItemVersion.item_id, ItemVersion.number).where(ItemVersion.item_id.in_(item_ids), ItemVersion.state == "approved")
    return {row.item_id: row.number for row in session.execute(query)}


@dataclass(frozen=True)
class Use:
    """One time that an item was taken out of the bank, or put back: `reason` is empty where its entry was destroyed."""

    retired: bool
    at: datetime
    by: str
    reason: str


def uses_of(session: Session, item: Item) -> list[Use]:
    """When and why an item went out of the bank and came back, newest first, by the log."""
    chain, about = item.campaign.chain, f"item:{item.public_id}"
    found = [entry for kind in (RETIRED, RESTORED) for entry in entries_of(session, chain, LogFilter(kind=kind, about=about))]
    in_order = sorted(found, key=lambda entry: entry.number, reverse=True)
    return [Use(one.kind == RETIRED, one.at, one.actor_name, str(data_of(one).get("reason", ""))) for one in in_order]
