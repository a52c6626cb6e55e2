"""What drawing, sitting and marking read of the bank: pool and blueprint, wording without the key, key without the wording."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal

from sqlalchemy import select, tuple_
from sqlalchemy.orm import Session, selectinload

from examsite.campaigns.models import Campaign
from examsite.questions.models import AcceptedAnswer, Blueprint, BlueprintCell, Item, ItemOption, ItemVersion
from examsite.questions.queries.banks import bank_of, language_is
from examsite.rules import drawing, marking
from examsite.rules.refusal import Refused


@dataclass(frozen=True)
class Picture:
    """An image below the stem: its public id, the words that stand for it, and its size in pixels."""

    public_id: str
    alt: str
    width: int
    height: int


@dataclass(frozen=True, eq=False)
class Wording:
    """One version as a candidate may see it: rich text by option id, in stored order; never the key. Each is itself alone, so that what is
    made of it can be remembered by it.

    `to_choose` is how many options are right in multiple response, which its candidates are told with the `marking_rule`; else 0.
    """

    version: str
    item: str
    number: int
    language: str | None
    stem: str
    options: Mapping[str, str]
    kind: str
    marking_rule: str
    to_choose: int
    case_matters: bool
    images: tuple[Picture, ...]


def pool(session: Session, campaign: Campaign, part: str, language: str | None) -> list[drawing.PoolItem]:
    """The approved versions of items that were not retired, in the order of item ids; `language` None where the part has none."""
    rows = session.execute(
        select(Item.public_id, ItemVersion.number, ItemVersion.topic, ItemVersion.difficulty, ItemOption.option_id)
        .join(ItemVersion, ItemVersion.item_id == Item.id)
        .outerjoin(ItemOption, ItemOption.version_id == ItemVersion.id)
        .where(Item.campaign_id == campaign.id, Item.part == part, language_is(language))
        .where(Item.retired_at.is_(None), ItemVersion.state == "approved")
        .order_by(Item.id, ItemOption.number)
    )
    options: dict[tuple[str, int, str, str], list[str]] = {}
    for item, number, topic, difficulty, option in rows:
        found = options.setdefault((item, number, topic, difficulty), [])
        if option is not None:  # an item whose answer is typed has none
            found.append(option)
    items = [drawing.PoolItem(*version, options=tuple(ids)) for version, ids in options.items()]
    return sorted(items, key=lambda item: item.item)


def blueprint_cells(session: Session, campaign: Campaign, part: str, language: str | None) -> tuple[drawing.Cell, ...]:
    """The lines of the blueprint in their order; empty while none was set."""
    rows = session.execute(
        select(BlueprintCell.topic, BlueprintCell.difficulty, BlueprintCell.count)
        .join(Blueprint)
        .where(Blueprint.campaign_id == campaign.id, Blueprint.part == part, Blueprint.language == (language or ""))
        .order_by(BlueprintCell.number)
    )
    return tuple(drawing.Cell(*row) for row in rows)


def feasibility(session: Session, campaign: Campaign, part: str, language: str | None) -> tuple[drawing.Shortage, ...]:
    """What keeps papers of this part from being drawn now; empty when they can be.

    Refuses (`questions.no_blueprint`) while none was set, and (`questions.blueprint_sum`) one that no longer fits the rule set.
    """
    bank = bank_of(campaign, part, language)
    cells = blueprint_cells(session, campaign, part, language)
    if not cells:
        raise Refused("questions.no_blueprint")
    check_sum(cells, bank.part.questions)
    return drawing.shortage(pool(session, campaign, part, language), cells, bank.part.bank_multiple)


def check_sum(cells: Sequence[drawing.Cell], questions: int) -> None:
    """Refuse a blueprint that does not add up to the questions of the part."""
    asked = sum(cell.count for cell in cells)
    if asked != questions:
        raise Refused("questions.blueprint_sum", asked=asked, questions=questions)


def version_public_ids(session: Session, versions: Iterable[tuple[str, int]]) -> dict[tuple[str, int], str]:
    """The public ids of versions that a paper names by item public id and version number."""
    wanted = list(versions)
    rows = session.execute(
        select(Item.public_id, ItemVersion.number, ItemVersion.public_id)
        .join(ItemVersion, ItemVersion.item_id == Item.id)
        .where(tuple_(Item.public_id, ItemVersion.number).in_(wanted))
    )
    return {(item, number): version for item, number, version in rows}


def item_kinds(session: Session, item_public_ids: Iterable[str]) -> dict[str, str]:
    """The kinds of items by public id, as `rules.marking.ItemKind` names them."""
    rows = session.execute(select(Item.public_id, Item.kind).where(Item.public_id.in_(list(item_public_ids))))
    return {row.public_id: row.kind for row in rows}


def versions_for_paper(session: Session, version_public_ids: Iterable[str]) -> dict[str, Wording]:
    """The wording of versions by public id, never the key. Versions that were never approved are not given out."""
    return {
        version.public_id: Wording(
            version=version.public_id,
            item=version.item.public_id,
            number=version.number,
            language=version.item.language,
            stem=version.stem,
            options={option.option_id: option.text for option in version.options},
            kind=version.item.kind,
            marking_rule=version.marking_rule,
            to_choose=sum(option.is_key for option in version.options) if version.item.kind == marking.ItemKind.MULTIPLE_RESPONSE else 0,
            case_matters=version.case_matters,
            images=tuple(Picture(image.public_id, image.alt, image.width, image.height) for image in version.images),
        )
        for version in _given_out(session, version_public_ids)
    }


def keys_for(session: Session, version_public_ids: Iterable[str]) -> dict[str, marking.KeyedItem]:
    """The keys of versions by public id; `item` of each is that public id."""
    return {version.public_id: _keyed(version) for version in _given_out(session, version_public_ids)}


def _keyed(version: ItemVersion) -> marking.KeyedItem:
    kind = marking.ItemKind(version.item.kind)
    return marking.KeyedItem(
        item=version.public_id,
        options=tuple(option.option_id for option in version.options),
        key=frozenset(option.option_id for option in version.options if option.is_key),
        kind=kind,
        rule=marking.MarkingRule(version.marking_rule or marking.MarkingRule.ALL_OR_NOTHING),
        texts=tuple(one.text for one in version.accepted) if kind is marking.ItemKind.SHORT_TEXT else (),
        case_matters=version.case_matters,
        numbers=tuple(_number(one) for one in version.accepted) if kind is marking.ItemKind.NUMERIC else (),
    )


def _number(accepted: AcceptedAnswer) -> marking.AcceptedNumber:
    return marking.AcceptedNumber(Decimal(accepted.text), accepted.tolerance or Decimal(0))


def _given_out(session: Session, version_public_ids: Iterable[str]) -> list[ItemVersion]:
    """Approved versions, and those that were approved until a later one took their place: a paper may still hold them."""
    return list(
        session.scalars(
            select(ItemVersion)
            .options(selectinload(ItemVersion.options), selectinload(ItemVersion.item))
            .options(selectinload(ItemVersion.accepted), selectinload(ItemVersion.images))
            .where(ItemVersion.public_id.in_(list(version_public_ids)), ItemVersion.state.in_(("approved", "superseded")))
        )
    )
