"""Papers that were drawn for something else than what stands decided now: another position's language, another exemption.

Once sealed, papers alone say who sits what, so a part without one counts as passed. Nothing may drift away from them unseen.
"""

from collections.abc import Collection, Mapping
from dataclasses import dataclass

from sqlalchemy import Select, Text, func, select, type_coerce
from sqlalchemy.orm import Session

from examsite.campaigns.models import Application, Campaign, Position
from examsite.campaigns.queries import rule_set
from examsite.questions.models import Item
from examsite.rounds.models import ExamSession, Paper, RosterEntry
from examsite.rounds.queries.attendance import exemptions
from examsite.rules.policy import RuleSet

Sits = frozenset[tuple[str, str]]
BEGINNING = 64
"""So many characters of a stored paper name its first item: `[["`, an id of 22 characters, and more than enough."""


@dataclass(frozen=True)
class DrawnOtherwise:
    """One candidate, and the (part, language) pairs of the papers and of what they would sit now; no language where a part has none."""

    exam: ExamSession
    number: str
    drawn: Sits
    due: Sits


def drawn_otherwise(session: Session, campaign: Campaign, states: Collection[str] = ("sealed",)) -> list[DrawnOtherwise]:
    """Those on rosters of sessions in `states`, by session and candidate number, whose papers are not those of what is decided now.

    Only candidates who are in the running and were neither absent nor voided: nobody else's papers decide anything.
    """
    rules = rule_set(campaign)
    listed = select(ExamSession, RosterEntry.id, RosterEntry.candidate_number, RosterEntry.application_id, Position.language)
    joined = listed.select_from(RosterEntry).join(RosterEntry.session).join(RosterEntry.application).join(Application.position)
    in_order = (ExamSession.opens_at, ExamSession.id, RosterEntry.candidate_number)
    rows = session.execute(joined.where(RosterEntry.id.in_(_standing(campaign, states))).order_by(*in_order)).all()
    if not rows:
        return []
    exempt = exemptions(session, rules, [row.application_id for row in rows])
    papers = _papers(session, campaign, states, rules)
    found = []
    for exam, entry, number, application, language in rows:
        due = _due(rules, language or "", exempt.get(application, frozenset()))
        drawn = papers.get(entry, frozenset())
        if drawn != due:
            found.append(DrawnOtherwise(exam, number, drawn, due))
    return found


def _standing(campaign: Campaign, states: Collection[str]) -> Select[int]:
    return (
        select(RosterEntry.id)
        .join(RosterEntry.session)
        .join(RosterEntry.application)
        .where(ExamSession.campaign_id == campaign.id, ExamSession.state.in_(states))
        .where(RosterEntry.state.in_(("listed", "started")), Application.state == "eligible")
    )


def _due(rules: RuleSet, language: str, exempt: frozenset[str]) -> Sits:
    return frozenset((part.id, language if part.by_language else "") for part in rules.round1.parts if part.id not in exempt)


def _papers(session: Session, campaign: Campaign, states: Collection[str], rules: RuleSet) -> Mapping[int, Sits]:
    """The papers by roster entry. A paper is drawn from the bank of one language, so its first item tells it; no more of it is read."""
    by_language = {part.id for part in rules.round1.parts if part.by_language}
    items = select(Item.public_id, Item.language).where(Item.campaign_id == campaign.id, Item.part.in_(by_language))
    languages = {item: language or "" for item, language in session.execute(items)}
    beginning = func.substr(type_coerce(Paper.items, Text), 1, BEGINNING)
    found: dict[int, set[tuple[str, str]]] = {}
    drawn = select(Paper.entry_id, Paper.part, beginning).where(Paper.entry_id.in_(_standing(campaign, states)))
    for entry, part, text in session.execute(drawn):
        language = languages.get(text.split('"')[1], "") if part in by_language else ""
        found.setdefault(entry, set()).add((part, language))
    return {entry: frozenset(sits) for entry, sits in found.items()}
