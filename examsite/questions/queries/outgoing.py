"""The items that leave the bank as a file: those that a filter shows, in the wording that counts."""

from sqlalchemy.orm import Session, selectinload

from examsite.campaigns.models import Campaign
from examsite.questions.answer_keys import Accepted, Choice
from examsite.questions.models import Item, ItemVersion
from examsite.questions.outgoing import Outgoing
from examsite.questions.queries.banks import banks_of
from examsite.questions.queries.items import ItemFilter, matching
from examsite.questions.writing import Written


def to_send(session: Session, campaign: Campaign, wanted: ItemFilter) -> list[tuple[ItemVersion, Outgoing]]:
    """The items that match by bank and number, each with the version that leaves: the approved one where there is one and the reader
    did not ask for another state, else the newest."""
    versions = selectinload(Item.versions)
    query = matching(campaign, wanted).options(
        versions.selectinload(ItemVersion.options), versions.selectinload(ItemVersion.accepted), versions.selectinload(ItemVersion.images)
    )
    keys = {(bank.part.id, bank.language): (place, bank.key) for place, bank in enumerate(banks_of(campaign))}
    found = []
    for item, newest in session.execute(query.order_by(Item.number)):
        place, key = keys.get((item.part, item.language), (len(keys), item.part))
        version = _leaving(item, newest, wanted)
        found.append((place, version, _outgoing(item, version, key)))
    return [(version, outgoing) for _place, version, outgoing in sorted(found, key=lambda one: (one[0], one[2].number))]


def _leaving(item: Item, newest: ItemVersion, wanted: ItemFilter) -> ItemVersion:
    if wanted.state not in ("", "approved", "retired"):
        return newest
    return next((version for version in item.versions if version.state == "approved"), newest)


def _outgoing(item: Item, version: ItemVersion, bank: str) -> Outgoing:
    written = Written(
        topic=version.topic,
        difficulty=version.difficulty,
        stem=version.stem,
        options=tuple(Choice(option.text, option.is_key) for option in version.options),
        basis=version.basis,
        kind=item.kind,
        marking_rule=version.marking_rule,
        accepted=tuple(Accepted(one.text, one.tolerance) for one in version.accepted),
        case_matters=version.case_matters,
    )
    return Outgoing(item.number, item.name, bank, item.language, written, len(version.images))
