"""Which banks a campaign has: one for each part, or one for each language where the part is by language."""

from dataclasses import dataclass

from sqlalchemy import ColumnElement

from examsite.campaigns.models import Campaign
from examsite.campaigns.queries import rule_set
from examsite.questions.models import Item
from examsite.rules.marking import ItemKind
from examsite.rules.policy import Part, PartKind, Words
from examsite.rules.refusal import NotFound

KINDS = {
    PartKind.SINGLE_CHOICE: (ItemKind.SINGLE_CHOICE,),
    PartKind.MIXED: tuple(ItemKind),
    PartKind.ESSAY: (ItemKind.ESSAY,),
}
"""The kinds of items that each kind of part may hold."""


@dataclass(frozen=True)
class Bank:
    """The items of one part, in one language where the part is by language (else None)."""

    part: Part
    language: str | None
    language_name: Words | None = None

    @property
    def key(self) -> str:
        """`general` or `language:en`, for addresses and form fields."""
        return self.part.id if self.language is None else f"{self.part.id}:{self.language}"

    @property
    def kinds(self) -> tuple[ItemKind, ...]:
        """The kinds of items that it may hold, as the rules have it."""
        return KINDS[self.part.kind]


def banks_of(campaign: Campaign) -> tuple[Bank, ...]:
    """All banks of a campaign, in the order of its parts and languages."""
    round1 = rule_set(campaign).round1
    found: list[Bank] = []
    for part in round1.parts:
        if part.by_language:
            found += [Bank(part, language.id, language.name) for language in round1.languages]
        else:
            found.append(Bank(part, None))
    return tuple(found)


def bank_of(campaign: Campaign, part: str, language: str | None) -> Bank:
    """The bank of this part and language; NotFound (`questions.no_such_bank`) where the rules know none."""
    for bank in banks_of(campaign):
        if (bank.part.id, bank.language) == (part, language or None):
            return bank
    raise NotFound("questions.no_such_bank", field="bank", part=part, language=language or "–")


def language_is(language: str | None) -> ColumnElement[bool]:
    """The condition on items of this language; None means items of a part that has no language."""
    return Item.language.is_(None) if language is None else Item.language == language
