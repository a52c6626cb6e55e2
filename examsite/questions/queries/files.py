"""Uploaded question files, and the dry run over one: nothing is written here."""

from collections.abc import Collection

from sqlalchemy import select
from sqlalchemy.orm import Session, contains_eager, selectinload

from examsite.accounts.models import Account
from examsite.campaigns.models import Campaign
from examsite.questions.intake import Intake, Known, Source, essence, sort_out
from examsite.questions.models import Item, ItemVersion, QuestionFile
from examsite.questions.queries.banks import Bank, bank_of, language_is
from examsite.questions.writing import Accepted, Choice, Written
from examsite.rules.refusal import NotFound, Refused

PORTION = 500
"""How many stems one statement asks for."""


def file_of(session: Session, campaign: Campaign, uploader: Account, public_id: str) -> QuestionFile:
    """A file that this person uploaded and has not decided about, or NotFound: it holds keys, so nobody else sees it."""
    found = session.scalar(
        select(QuestionFile).where(
            QuestionFile.campaign_id == campaign.id,
            QuestionFile.uploaded_by_id == uploader.id,
            QuestionFile.public_id == public_id,
        )
    )
    if found is None:
        raise NotFound
    return found


def source_of(campaign: Campaign, file: QuestionFile) -> Source:
    """The file with its bank; refuses one whose content was wiped."""
    if file.content is None:
        raise Refused("questions.file_decided")
    return Source(bank_of(campaign, file.part, file.language), file.name, file.content, file.topic, file.difficulty)


def dry_run(session: Session, campaign: Campaign, source: Source) -> Intake:
    """What taking this file would do now."""
    stems = {stem for _item, stem, _found in source.items.looked_at}
    return sort_out(source, known_items(session, campaign, source.bank, stems))


def known_items(session: Session, campaign: Campaign, bank: Bank, stems: Collection[str]) -> dict[str, Known]:
    """What the bank ever held under each of these folded stems: a retired question does not come back by a file.

    Of an item the last version with the stem counts, of several items with one stem each; the lowest number names them.
    """
    found: dict[str, dict[int, ItemVersion]] = {}
    wanted = sorted(stems)
    for start in range(0, len(wanted), PORTION):
        query = (
            select(ItemVersion)
            .join(ItemVersion.item)
            .options(contains_eager(ItemVersion.item), selectinload(ItemVersion.options), selectinload(ItemVersion.accepted))
            .where(Item.campaign_id == campaign.id, Item.part == bank.part.id, language_is(bank.language))
            .where(ItemVersion.stem_fold.in_(wanted[start : start + PORTION]))
            .order_by(ItemVersion.number)
        )
        for version in session.scalars(query):
            found.setdefault(version.stem_fold, {})[version.item.number] = version
    return {stem: Known(min(items), frozenset(essence(_written(one)) for one in items.values())) for stem, items in found.items()}


def _written(version: ItemVersion) -> Written:
    return Written(
        topic=version.topic,
        difficulty=version.difficulty,
        stem=version.stem,
        options=tuple(Choice(option.text, option.is_key) for option in version.options),
        kind=version.kind,
        marking_rule=version.marking_rule,
        accepted=tuple(Accepted(one.text, one.tolerance) for one in version.accepted),
        case_matters=version.case_matters,
    )
