"""Uploaded question files, and the dry run over one: nothing is written here."""

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from examsite.accounts.models import Account
from examsite.campaigns.models import Campaign
from examsite.questions.intake import Intake, Source, sort_out
from examsite.questions.models import Item, ItemVersion, QuestionFile
from examsite.questions.queries.banks import Bank, bank_of, language_is
from examsite.rules.refusal import NotFound, Refused


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
    return sort_out(source, known_stems(session, campaign, source.bank))


def known_stems(session: Session, campaign: Campaign, bank: Bank) -> dict[str, int]:
    """The number of the item for each folded stem that the bank ever held: a retired question does not come back by a file."""
    rows = session.execute(
        select(ItemVersion.stem_fold, func.min(Item.number).label("number"))
        .join(Item)
        .where(Item.campaign_id == campaign.id, Item.part == bank.part.id, language_is(bank.language))
        .group_by(ItemVersion.stem_fold)
    )
    return {row.stem_fold: row.number for row in rows}
