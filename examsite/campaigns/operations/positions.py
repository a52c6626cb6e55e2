"""Add, change and remove the positions of a draft, with the criteria that applications will be screened against."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy.orm import Session

from examsite.audit.operations import record
from examsite.campaigns.models import Campaign, Criterion, Position, Unit
from examsite.campaigns.operations.campaigns import in_draft, locked
from examsite.campaigns.operations.unique import unless_taken
from examsite.campaigns.permissions import may_edit_positions
from examsite.campaigns.queries import rule_set
from examsite.campaigns.queries.positions import has_applications, judged_criteria
from examsite.campaigns.roles import Role
from examsite.db import new_public_id
from examsite.rules import canonical
from examsite.rules.refusal import Conflict, NotFound, Refused
from examsite.vietnamese import tidy

QUOTA_AT_MOST = 1000


@dataclass(frozen=True)
class PositionFacts:
    """What a position is: `quota` seats, `language` an id of the rule set's languages or None."""

    code: str
    title: str
    level: str
    quota: int
    language: str | None
    unit: Unit


def add(session: Session, role: Role, facts: PositionFacts, criteria: Sequence[str], now: datetime) -> Position:
    """Add a position to a draft.

    Refuses (`campaigns.`): `no_draft`, `text_missing`, `quota_range`, `language_unknown`, `position_code_taken`, `criterion_twice`.
    """
    role.must(may_edit_positions(role))
    campaign = locked(session, role.campaign)
    in_draft(campaign)
    checked = _checked(campaign, facts)
    with unless_taken(session, _code_taken(checked)):
        position = Position(public_id=new_public_id(), campaign_id=campaign.id)
        _set(position, checked)
        _add_criteria(position, criteria)
        session.add(position)
    _log(session, role, "created", position, now, _plain(position, facts.unit))
    return position


def edit(
    session: Session,
    role: Role,
    position: Position,
    facts: PositionFacts,
    kept: Mapping[str, str],
    added: Sequence[str],
    now: datetime,
    *,
    seen: str | None = None,
) -> None:
    """Change a position of a draft. `kept` gives the text of each criterion by its public id; one whose text is empty or that is
    missing goes, and `added` come after the others. `seen` is the `shown` of the page on which somebody filled this in; without one
    nobody looked.

    Refuses a position that is no longer so (Conflict `campaigns.changed_meanwhile`), what `add` refuses, and to change or remove a
    criterion that an application was judged against (`campaigns.criterion_judged`).
    """
    campaign = _open_for_change(session, role, position)
    if seen not in (None, shown(position)):
        raise Conflict("campaigns.changed_meanwhile")
    checked, before = _checked(campaign, facts), _plain(position, position.unit)
    with unless_taken(session, _code_taken(checked)):
        _keep_criteria(session, position, kept)
        _add_criteria(position, added)
        _set(position, checked)
    after = _plain(position, facts.unit)
    if before != after:
        _log(session, role, "changed", position, now, {"before": before, "after": after})


def shown(position: Position) -> str:
    """What a page showed of a position, in one short text."""
    return canonical.digest(_plain(position, position.unit))[:16]


def remove(session: Session, role: Role, position: Position, now: datetime) -> None:
    """Take a position out of a draft; refuses once somebody applied for it (`campaigns.position_applied_for`)."""
    _open_for_change(session, role, position)
    if has_applications(session, position):
        raise Refused("campaigns.position_applied_for")
    _log(session, role, "removed", position, now, _plain(position, position.unit))
    session.delete(position)
    session.flush()


def _open_for_change(session: Session, role: Role, position: Position) -> Campaign:
    role.must(may_edit_positions(role))
    if position.campaign_id != role.campaign.id:
        raise NotFound
    campaign = locked(session, role.campaign)
    in_draft(campaign)
    for one in (*position.criteria, position):  # as they stand now that nobody else changes them
        session.expire(one)
    return campaign


def _checked(campaign: Campaign, facts: PositionFacts) -> PositionFacts:
    code, title, level = tidy(facts.code).upper(), tidy(facts.title), tidy(facts.level)
    for field, text in (("code", code), ("title", title), ("level", level)):
        if not text:
            raise Refused("campaigns.text_missing", field=field)
    if not 1 <= facts.quota <= QUOTA_AT_MOST:
        raise Refused("campaigns.quota_range", field="quota", most=QUOTA_AT_MOST)
    round1 = rule_set(campaign).round1
    if facts.language is None and any(part.by_language for part in round1.parts):
        raise Refused("campaigns.language_missing", field="language")
    if facts.language is not None and facts.language not in {language.id for language in round1.languages}:
        raise Refused("campaigns.language_unknown", field="language")
    return PositionFacts(code, title, level, facts.quota, facts.language, facts.unit)


def _set(position: Position, facts: PositionFacts) -> None:
    position.code, position.title, position.level = facts.code, facts.title, facts.level
    position.quota, position.language, position.unit = facts.quota, facts.language, facts.unit


def _keep_criteria(session: Session, position: Position, kept: Mapping[str, str]) -> None:
    judged = judged_criteria(session, position)
    for criterion in list(position.criteria):
        text = tidy(kept.get(criterion.public_id, ""))
        if text != criterion.text and criterion.id in judged:
            raise Refused("campaigns.criterion_judged", number=criterion.number)
        if text:
            criterion.text = text
        else:
            position.criteria.remove(criterion)
    session.flush()  # what goes has to be gone before its number is given to the next
    for number, criterion in enumerate(position.criteria, start=1):
        criterion.number = number


def _add_criteria(position: Position, texts: Sequence[str]) -> None:
    for text in filter(None, map(tidy, texts)):
        position.criteria.append(Criterion(public_id=new_public_id(), number=len(position.criteria) + 1, text=text))
    if len({criterion.text for criterion in position.criteria}) != len(position.criteria):
        raise Refused("campaigns.criterion_twice", field="added")


def _code_taken(facts: PositionFacts) -> Refused:
    return Refused("campaigns.position_code_taken", field="code", position=facts.code)


def _plain(position: Position, unit: Unit) -> dict[str, object]:
    return {
        "code": position.code,
        "title": position.title,
        "level": position.level,
        "quota": position.quota,
        "language": position.language,
        "unit": unit.public_id,
        "criteria": [{"id": criterion.public_id, "text": criterion.text} for criterion in position.criteria],
    }


def _log(session: Session, role: Role, action: str, position: Position, now: datetime, data: Mapping[str, object]) -> None:
    record(session, role.campaign.chain, f"campaigns:position:{action}", f"position:{position.public_id}", role.actor, now, data)
