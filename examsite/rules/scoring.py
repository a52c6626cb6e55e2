"""From the score sheets of a panel to one official round 2 score.

Everything is exact (Fractions) until the one rounding that the rule set names; pass marks and floors are compared with exact values
unless the rule set says otherwise. Unscored is never zero. Source of the rules: the rule set, for interviews Circular 6/2020, Art. 31(2).
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal
from fractions import Fraction
from math import floor

from examsite.rules.marking import deduct
from examsite.rules.policy import Combine, Component, Decider, Mode, Penalties, Priority, Rounding, RuleSet, SpreadBand, Stage, Total
from examsite.rules.refusal import Refused

Sheet = Mapping[str, Decimal]


@dataclass(frozen=True, slots=True)
class Fault:
    """What is wrong with one criterion of a sheet: `missing`, `unknown`, `not_a_number`, `below_zero`, `above_maximum` or `off_step`."""

    component: str
    code: str
    maximum: int | None = None
    step: Decimal | None = None


@dataclass(frozen=True, slots=True)
class ComponentScore:
    """A criterion over all members: exact mean, and highest less lowest."""

    component: str
    mean: Fraction
    spread: Fraction


@dataclass(frozen=True, slots=True)
class ScoreDecision:
    """The score a person decided where the members differ too much for the mean."""

    decider: Decider
    score: Decimal
    reason: str


@dataclass(frozen=True, slots=True)
class Agreed:
    """The panel's exact score, `by` the mean or by the decider; a decided score does not change what the members gave each criterion."""

    score: Fraction
    by: Decider
    spread: Fraction
    components: tuple[ComponentScore, ...]
    reason: str = ""


@dataclass(frozen=True, slots=True)
class NeedsDecision:
    """The members differ too much: `by` must decide, after the discussion the rules ask for."""

    by: Decider
    spread: Fraction
    band: SpreadBand
    components: tuple[ComponentScore, ...]


@dataclass(frozen=True, slots=True)
class Incomplete:
    """No score yet: unscored criteria as (member, criterion), and how many members scored of at least how many."""

    missing: tuple[tuple[str, str], ...]
    members: int
    minimum_members: int


@dataclass(frozen=True, slots=True)
class Round2Score:
    """The result of round 2 of one candidate.

    `exact` is the score after penalties; `official` the same, rounded once; `total` what places go by, with `priority` points if the
    rule set adds them and the candidate passed. `failed_floors` names the criteria below their floor; the means of `components` are those
    after penalties too, so that floors and tie steps look at what counts.
    """

    exact: Fraction
    official: Decimal
    priority: Decimal
    total: Decimal
    passed: bool
    failed_floors: tuple[str, ...]
    components: tuple[ComponentScore, ...]


def check_sheet(scores: Mapping[str, Decimal | int | None], components: Sequence[Component]) -> tuple[Fault, ...]:
    """What is wrong with a sheet, in the order of the criteria; empty when it may be locked.

    A criterion that is absent or None is `missing`, which a draft may have and a locked sheet may not. TypeError for a float.
    """
    known = {component.id for component in components}
    faults = [_fault(component, scores.get(component.id)) for component in components]
    strangers = [Fault(name, "unknown") for name in sorted(scores.keys() - known)]
    return tuple(fault for fault in faults if fault) + tuple(strangers)


def _fault(component: Component, score: Decimal | int | None) -> Fault | None:
    if score is None:
        return Fault(component.id, "missing")
    if type(score) not in (int, Decimal):
        raise TypeError(f"{component.id}: {score!r} is no exact number")
    if not Decimal(score).is_finite():
        return Fault(component.id, "not_a_number", component.maximum)
    if score < 0:
        return Fault(component.id, "below_zero", component.maximum)
    if score > component.maximum:
        return Fault(component.id, "above_maximum", component.maximum)
    if Fraction(score) % Fraction(component.step):
        return Fault(component.id, "off_step", component.maximum, component.step)
    return None


def spread(totals: Iterable[Fraction]) -> Fraction:
    """Highest less lowest over all members, in points; 0 for one member, ValueError for none."""
    values = list(totals)
    return max(values) - min(values)


def panel_outcome(sheets: Mapping[str, Sheet], decision: ScoreDecision | None, rules: RuleSet) -> Agreed | NeedsDecision | Incomplete:
    """The panel's score of one candidate from the locked sheets, by member (any name that tells them apart).

    Refused: a sheet with a fault other than a missing score (`sheet_faulty`), a decision where the mean holds
    (`score_decision_not_asked`) or sheets are missing (`score_decision_too_early`), by another than the one who decides
    (`score_decision_wrong_decider`), outside 0 to the maximum (`score_decision_out_of_range`), or without reason (`reason_missing`).
    """
    components = rules.round2.components
    missing = _missing(sheets, components)
    if missing or len(sheets) < rules.round2.minimum_members:
        if decision:
            raise Refused("score_decision_too_early")
        return Incomplete(missing, len(sheets), rules.round2.minimum_members)
    totals = [sum((Fraction(score) for score in sheet.values()), Fraction(0)) for sheet in sheets.values()]
    apart, by_component = spread(totals), tuple(_component_score(component.id, sheets) for component in components)
    band = _band(apart, rules)
    if band is None:
        if decision:
            raise Refused("score_decision_not_asked", spread=apart)
        return Agreed(_mean(totals), Decider.MEAN, apart, by_component)
    if decision is None:
        return NeedsDecision(band.decider, apart, band, by_component)
    _check_decision(decision, band, rules.round2.maximum)
    return Agreed(Fraction(decision.score), decision.decider, apart, by_component, decision.reason.strip())


def _missing(sheets: Mapping[str, Sheet], components: Sequence[Component]) -> tuple[tuple[str, str], ...]:
    """Unscored (member, criterion) pairs in the order of the members' names; any other fault is refused."""
    missing = []
    for member in sorted(sheets):
        for fault in check_sheet(sheets[member], components):
            if fault.code != "missing":
                raise Refused("sheet_faulty", member=member, component=fault.component, fault=fault.code)
            missing.append((member, fault.component))
    return tuple(missing)


def _mean(values: Sequence[Fraction]) -> Fraction:
    return sum(values, Fraction(0)) / len(values)


def _component_score(component: str, sheets: Mapping[str, Sheet]) -> ComponentScore:
    scores = [Fraction(sheet[component]) for sheet in sheets.values()]
    return ComponentScore(component, _mean(scores), spread(scores))


def _band(apart: Fraction, rules: RuleSet) -> SpreadBand | None:
    """The widest band that the spread has reached; None where the mean holds."""
    reached = [band for band in rules.spread if band.holds(apart)]
    return reached[-1] if reached else None


def _check_decision(decision: ScoreDecision, band: SpreadBand, maximum: int) -> None:
    if decision.decider is not band.decider:
        raise Refused("score_decision_wrong_decider", decider=decision.decider.value, wanted=band.decider.value)
    if not decision.score.is_finite() or not 0 <= decision.score <= maximum:
        raise Refused("score_decision_out_of_range", field="score", maximum=maximum)
    if not decision.reason.strip():
        raise Refused("reason_missing", field="reason")


def round_once(value: Fraction, rounding: Rounding) -> Decimal:
    """The value with the rule set's places, exactly: the fraction itself is rounded, never a decimal made from it; 0 or more.

    >>> round_once(Fraction("49.95"), Rounding(1, Mode.HALF_UP, Stage.ROUND2, False))
    Decimal('50.0')
    """
    if value < 0:
        raise ValueError("a score is never negative")
    units = value * 10**rounding.places
    whole = floor(units + Fraction(1, 2)) if rounding.mode is Mode.HALF_UP else round(units)
    return Decimal(whole).scaleb(-rounding.places)


def priority_points(groups: Iterable[str], priority: Priority) -> Decimal:
    """The points for a candidate of these groups: the highest alone, or all together where the rule set says so; KeyError for no group."""
    points = [{group.id: group.points for group in priority.groups}[name] for name in set(groups)]
    return sum(points, Decimal(0)) if priority.combine is Combine.SUM else max(points, default=Decimal(0))


def penalty_share(kinds: Iterable[str], penalties: Penalties) -> Fraction:
    """The share that these sanctions take off, at most 1: the highest alone, or all together; KeyError for no kind of sanction.

    Sanctions of the right answers and sanctions of the score are compared and added up together, because both are shares of the full result
    (see `policy.Base`): a quarter off 20 of 30 right answers leaves 15 of 30, and a quarter off a score of 20/30 leaves 15/30.
    """
    shares = [{penalty.id: penalty.share for penalty in penalties.kinds}[name] for name in kinds]
    return min(Fraction(1), sum(shares, Fraction(0))) if penalties.combine is Combine.SUM else max(shares, default=Fraction(0))


def cancels(kinds: Iterable[str], penalties: Penalties) -> bool:
    """Whether one of these sanctions cancels the result: the candidate then counts as voided and is not scored."""
    given = set(kinds)
    return any(penalty.cancels for penalty in penalties.kinds if penalty.id in given)


def round2_score(outcome: Agreed, rules: RuleSet, *, groups: Iterable[str] = (), penalties: Iterable[str] = ()) -> Round2Score:
    """The result of round 2: penalties first, then the pass test on the exact score, then priority points for those who passed.

    `groups` are priority groups, `penalties` sanctions received in round 2, both by id. Floors are compared after the same deduction.
    """
    share = penalty_share(penalties, rules.penalties)
    exact = deduct(outcome.score, [share])
    official = round_once(exact, rules.rounding)
    components = tuple(replace(score, mean=deduct(score.mean, [share])) for score in outcome.components)
    floors = _failed_floors(components, rules.round2.components)
    passed = reaches_pass(exact, official, rules) and not floors
    added = passed and rules.ranking.total is Total.ROUND2_PLUS_PRIORITY
    points = priority_points(groups, rules.priority) if added else Decimal(0)
    return Round2Score(exact, official, points, _total(exact, official, points, rules.rounding), passed, floors, components)


def reaches_pass(exact: Fraction, official: Decimal, rules: RuleSet) -> bool:
    """Whether a score reaches the pass mark: the rounded one where the rule set rounds before it compares, else the exact one."""
    return (Fraction(official) if rules.rounding.before_compare else exact) >= Fraction(rules.round2.pass_mark)


def _total(exact: Fraction, official: Decimal, points: Decimal, rounding: Rounding) -> Decimal:
    return round_once(exact + Fraction(points), rounding) if rounding.stage is Stage.TOTAL else official + points


def _failed_floors(means: Sequence[ComponentScore], components: Sequence[Component]) -> tuple[str, ...]:
    floors = {component.id: component.floor for component in components}
    return tuple(score.component for score in means if score.mean < floors[score.component])
