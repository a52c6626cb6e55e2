"""Eligible and rejected, round 1, ranking and recommendation as documents: every figure that the boards see, for the file and the table.

What stands published is what is printed; before that the list as it would be computed now, which says so. For pages only.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction
from typing import Any

from flask_babel import gettext, ngettext
from sqlalchemy.orm import Session

from examsite.campaigns.models import Campaign
from examsite.campaigns.queries import rule_set
from examsite.documents.sheet import Column, Document, Table
from examsite.results.contents import Section, sections
from examsite.results.models import Publication
from examsite.results.queries.fresh import fresh
from examsite.results.queries.standing import counting
from examsite.results.telling import Teller, in_full
from examsite.sheets import Value
from examsite.web.language import day, pick
from examsite.wording import say

DECIMALS = 4


@dataclass(frozen=True, slots=True)
class Source:
    """The outcome that a document is made from: `published` says by which list it stands, empty where it is computed just now."""

    outcome: Mapping[str, Any]
    digest: str
    published: str

    @property
    def standing(self) -> str:
        """The same as a sentence."""
        return self.published or gettext("Not published yet: as it would be computed now.")


def source_of(session: Session, campaign: Campaign, kind: str) -> Source:
    """The published list of this kind that counts, else the list of this moment; refused as computing it is refused."""
    standing = counting(session, campaign, kind)
    if standing is None:
        computed = fresh(session, campaign, kind)
        return Source(computed.plain, computed.digest, "")
    outcome: Any = standing.draft.outcome
    return Source(outcome, standing.digest, _published(standing, campaign))


def _published(standing: Publication, campaign: Campaign) -> str:
    when = day(standing.published_at, campaign.time_zone)
    return str(gettext("As published on %(when)s, version %(number)s.", when=when, number=standing.number))


def standing_of(session: Session, campaign: Campaign, document: str) -> str:
    """What a document of this module rests on, by the name of the document; refused as making it is refused."""
    kind = {"rejected": "eligible", "ranking": _ranking_kind(session, campaign)}.get(document, document)
    standing = counting(session, campaign, kind)
    # Of a published list its sentence is enough: thousands of lines are not read for it.
    return source_of(session, campaign, kind).standing if standing is None else _published(standing, campaign)


def eligible(session: Session, campaign: Campaign) -> Document:
    """Who may sit the exam, by position."""
    source, teller = source_of(session, campaign, "eligible"), Teller(rule_set(campaign))
    columns = [*_who_columns(), Column(say("results.field_exempt"), 30)]

    def row(line: Mapping[str, Any]) -> list[Value]:
        return [*_who(line), ", ".join(teller.part(part) for part in line["exempt"])]

    return _by_position(campaign, "eligible", source, gettext("List of eligible candidates"), columns, row)


def rejected(session: Session, campaign: Campaign) -> Document:
    """Whose application was not accepted, and why; this list is for the file and for letters, and stands on no public page."""
    source = source_of(session, campaign, "eligible")
    titles = {position["opening"]["code"]: position["opening"]["title"] for position in source.outcome["positions"]}
    columns = [_number_column(), Column(gettext("Name"), 30), Column(gettext("Workplace"), 32), Column(gettext("Position"), 34)]
    columns.append(Column(gettext("Reason"), 60))
    rows = [
        [place, line["name"], line["unit"], titles.get(line["position"], line["position"]), line["reason"]]
        for place, line in enumerate(source.outcome["rejected"], start=1)
    ]
    counted = ngettext("%(num)s application", "%(num)s applications", len(rows))
    table = Table("", columns, rows, [counted] if rows else [], gettext("No application was rejected."))
    return _signed(gettext("List of rejected applications"), [table], source)


def round1(session: Session, campaign: Campaign) -> Document:
    """The result of round 1 by position: right answers of each part, who goes on, and why."""
    rules, source = rule_set(campaign), source_of(session, campaign, "round1")
    teller = Teller(rules)
    parts = [Column(pick(part.name), 16, figures=True) for part in rules.round1.parts]
    columns = [*_who_columns(), *parts, Column(say("results.field_result"), 16), Column(say("results.field_reason"), 60)]

    def row(line: Mapping[str, Any]) -> list[Value]:
        result = say("results.advances" if line["advances"] else "results.advances_not")
        return [*_who(line), *(teller.part_result(part) for part in line["correct"]), result, teller.reason(line["reason"]).text]

    return _by_position(campaign, "round1", source, gettext("Round 1 result"), columns, row)


def ranking(session: Session, campaign: Campaign) -> Document:
    """Places with every figure behind them: the official ranking once it stands, before that the provisional one."""
    kind = _ranking_kind(session, campaign)
    rules, source = rule_set(campaign), source_of(session, campaign, kind)
    teller = Teller(rules)
    components = [Column(pick(one.name), 14, figures=True) for one in rules.round2.components]
    figures = [Column(say(f"results.field_{name}"), 12, figures=True) for name in ("round2_score", "priority_points", "total")]
    columns = [Column(say("results.field_place"), 10), *_who_columns()[1:], *components, *figures]
    columns += [Column(say("results.field_result"), 18), Column(say("results.field_reason"), 60)]

    def row(line: Mapping[str, Any]) -> list[Value]:
        return [
            teller.place(line["place"]),
            *_who(line),
            *(_exact(line["components"].get(one.id)) for one in rules.round2.components),
            *(_points(line[name], rules.rounding.places) for name in ("round2_score", "priority_points", "total")),
            say(f"results.result_{line['result']}"),
            teller.reason(line["reason"]).text,
        ]

    title = gettext("Ranking") if kind == "official" else gettext("Provisional ranking")
    return _by_position(campaign, kind, source, title, columns, row, numbered=False)


def recommendations(session: Session, campaign: Campaign) -> Document:
    """Who is recommended for appointment, for the authority that appoints."""
    rules, source = rule_set(campaign), source_of(session, campaign, "recommendations")
    teller = Teller(rules)
    columns = [*_who_columns(), Column(say("results.field_total"), 12, figures=True), Column(say("results.field_place"), 10)]

    def row(line: Mapping[str, Any]) -> list[Value]:
        return [*_who(line), _points(line["total"], rules.rounding.places), teller.place(line["place"])]

    return _by_position(campaign, "recommendations", source, gettext("Recommendation for appointment"), columns, row)


def _ranking_kind(session: Session, campaign: Campaign) -> str:
    return "official" if counting(session, campaign, "official") is not None else "provisional"


def _by_position(
    campaign: Campaign,
    kind: str,
    source: Source,
    title: str,
    columns: Sequence[Column],
    row: Callable[[Mapping[str, Any]], list[Value]],
    *,
    numbered: bool = True,
) -> Document:
    rules = rule_set(campaign)
    titles = {position["opening"]["code"]: position["opening"] for position in source.outcome["positions"]}
    tables = []
    for section in sections(kind, source.outcome, rules, whole=True):
        opening = titles[section["code"]]
        rows = [[place, *row(line)] if numbered else row(line) for place, line in enumerate(section["lines"], start=1)]
        heading = f"{opening['title']}, {opening['unit']}"
        tables.append(Table(heading, columns, rows, _facts(section), gettext("Nobody stands on this list for this position.")))
    return _signed(title, tables, source)


def _signed(title: str, tables: Sequence[Table], source: Source) -> Document:
    signers = [gettext("Secretary of the exam council"), gettext("Chair of the exam council")]
    return Document(title, tables, source.standing, bool(source.published), signers, digest=source.digest)


def _facts(section: Section) -> list[str]:
    counted = ngettext("%(num)s candidate", "%(num)s candidates", section["candidates"])
    facts = [gettext("Quota: %(quota)s", quota=section["quota"]), counted]
    if section.get("pass_mark"):
        facts.append(gettext("Pass mark: %(mark)s", mark=in_full(section["pass_mark"])))
    return facts


def _number_column() -> Column:
    return Column(gettext("No."), 6, figures=True)


def _who_columns() -> list[Column]:
    return [_number_column(), Column(gettext("Candidate number"), 14), Column(gettext("Name"), 30), Column(gettext("Workplace"), 32)]


def _who(line: Mapping[str, Any]) -> list[Value]:
    return [line["candidate_number"], line["name"], line["unit"]]


def _exact(value: Any) -> Value:
    """A stored figure as a number; as text where it never ends."""
    if value is None:
        return None
    scaled = Fraction(str(value)) * 10**DECIMALS
    return Decimal(scaled.numerator).scaleb(-DECIMALS).normalize() if scaled.denominator == 1 else in_full(value)


def _points(value: Any, places: int) -> Value:
    return None if value is None else Decimal(str(value)).quantize(Decimal(1).scaleb(-places))
