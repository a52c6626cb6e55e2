"""The stages of a campaign: which apply under its rules, what is still missing before the next, and where it is mended."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import datetime

from sqlalchemy.orm import Session

from examsite.campaigns.models import STAGES, Campaign
from examsite.campaigns.queries import rule_set
from examsite.campaigns.queries.shortages import turnouts
from examsite.desk import counts
from examsite.results.queries import current
from examsite.results.queries.standing import appeals_close, reopened, window_in_words
from examsite.rounds.queries.drawn_otherwise import drawn_otherwise
from examsite.rounds.queries.incidents import undecided_violations
from examsite.rules.policy import RuleSet

MOST_NAMED = 6
CHAPTERS = {
    "prepare": ("draft", "announced"),
    "apply": ("applications", "screened"),
    "round1": ("round1_timetable", "round1_held", "round1_result"),
    "round2": ("round2_timetable", "round2_held", "provisional"),
    "result": ("appeals", "official", "recommendations", "closed"),
}
_ONLY_ROUND1 = frozenset(CHAPTERS["round1"])


@dataclass(frozen=True)
class Need:
    """One condition of the next step. `endpoint` is the page where it is mended, narrowed by `only` to what stands against it;
    `params` fill its sentence `desk.need_<code>`; `left` is how many people or things that are."""

    code: str
    met: bool
    endpoint: str = ""
    params: dict[str, object] = field(default_factory=dict)
    left: int = 0
    only: dict[str, str] = field(default_factory=dict)


def stages_of(rules: RuleSet) -> tuple[str, ...]:
    """The stages that a campaign under these rules goes through, in order."""
    return tuple(stage for stage in STAGES if rules.round1.parts or stage not in _ONLY_ROUND1)


def next_stage(campaign: Campaign, rules: RuleSet) -> str | None:
    """The stage after the present one; None at the end."""
    order = stages_of(rules)
    place = order.index(campaign.stage)
    return order[place + 1] if place + 1 < len(order) else None


def previous_stage(campaign: Campaign, rules: RuleSet) -> str | None:
    """The stage before the present one; None at the beginning, and before the announcement nothing can be taken back."""
    order = stages_of(rules)
    place = order.index(campaign.stage)
    return order[place - 1] if place > order.index("announced") else None


def needs(session: Session, campaign: Campaign, now: datetime) -> list[Need]:
    """What the next step asks for at this moment, missing ones first."""
    rules = rule_set(campaign)
    coming = next_stage(campaign, rules)
    if coming is None:
        return []
    found = list(_NEEDS[coming](session, campaign, rules))
    found += [_enough(session, campaign, rules)] if campaign.stage == "screened" else []
    found += _window(session, campaign, now) if coming == "official" else []
    return sorted(found, key=lambda need: need.met)


def _announced(session: Session, campaign: Campaign, rules: RuleSet) -> Iterator[Need]:
    positions = counts.positions(session, campaign)
    without = counts.positions_without_criteria(session, campaign)
    council = counts.members(session, campaign, "council")
    yield Need("positions", positions > 0, "campaigns.positions", {"count": positions})
    yield Need("criteria", positions > 0 and not without, "campaigns.positions", left=without)
    yield Need("rules_run", rules.runnable, "campaigns.rules")
    yield Need("council_head", counts.has_head(session, campaign, "council"), "campaigns.boards")
    yield Need("council_second", council >= 2, "campaigns.boards", {"count": council})
    if rules.round1.parts:
        authors = counts.members(session, campaign, "question")
        yield Need("question_board", authors >= 2, "campaigns.boards", {"count": authors})


def _applications(_session: Session, campaign: Campaign, _rules: RuleSet) -> Iterator[Need]:
    yield Need("rules_frozen", campaign.rules_hash is not None, "campaigns.rules")


def _screened(session: Session, campaign: Campaign, rules: RuleSet) -> Iterator[Need]:
    applications = counts.applications(session, campaign)
    undecided = counts.applications(session, campaign, "received")
    unnumbered = counts.unnumbered(session, campaign)
    yield Need("applications", applications > 0, "campaigns.applications", {"count": applications})
    yield Need("all_decided", undecided == 0, "campaigns.applications", left=undecided, only={"state": "received"})
    yield Need("numbers", unnumbered == 0 and applications > 0, "campaigns.applications", left=unnumbered)
    yield _enough(session, campaign, rules)
    yield _published(session, campaign, "eligible")


def _round1_timetable(session: Session, campaign: Campaign, rules: RuleSet) -> Iterator[Need]:
    unlisted = counts.unlisted(session, campaign)
    unsealed = counts.sessions(session, campaign, "planned")
    yield Need("sessions", counts.sessions(session, campaign) > 0, "rounds.sessions")
    yield Need("all_listed", unlisted == 0, "rounds.sessions", left=unlisted)
    unseated = counts.unseated(session, campaign)
    yield Need("all_seated", unseated == 0, "rounds.allocation", left=unseated)
    yield Need("blueprints", counts.blueprints(session, campaign) > 0 or not rules.round1.parts, "questions.all_figures")
    yield Need("papers_sealed", unsealed == 0 and counts.sessions(session, campaign) > 0, "rounds.sessions", left=unsealed)
    yield _papers_as_decided(session, campaign)


def _papers_as_decided(session: Session, campaign: Campaign) -> Need:
    """Papers alone say on the day who sits what, so they have to be those of the positions and exemptions that stand."""
    otherwise = drawn_otherwise(session, campaign)
    return Need("papers_as_decided", not otherwise, "rounds.sessions", left=len(otherwise), only={"show": "otherwise"})


def _round1_held(session: Session, campaign: Campaign, _rules: RuleSet) -> Iterator[Need]:
    unclosed = counts.sessions(session, campaign) - counts.sessions(session, campaign, "closed")
    open_entries = counts.open_roster_entries(session, campaign)
    yield Need("roster_closed", open_entries == 0, "rounds.sessions", left=open_entries)
    yield Need("sessions_closed", unclosed == 0, "rounds.sessions", left=unclosed)
    yield _papers_as_decided(session, campaign)


def _round1_result(session: Session, campaign: Campaign, _rules: RuleSet) -> Iterator[Need]:
    undecided = undecided_violations(session, campaign)
    yield Need("violations_decided", undecided == 0, "rounds.violations", left=undecided)
    yield _published(session, campaign, "round1")


def _round2_timetable(session: Session, campaign: Campaign, rules: RuleSet) -> Iterator[Need]:
    unplaced = counts.unplaced(session, campaign, by_round1=bool(rules.round1.parts))
    undrawn = counts.panels(session, campaign, "planned")
    short = counts.short_panels(session, campaign, rules.round2.minimum_members)
    yield Need("panels", counts.panels(session, campaign) > 0, "grading.panels")
    yield Need("panel_members", short == 0, "grading.panels", {"least": rules.round2.minimum_members}, left=short)
    yield Need("all_placed", unplaced == 0, "grading.panels", left=unplaced)
    yield Need("lots_drawn", undrawn == 0 and counts.panels(session, campaign) > 0, "grading.panels", left=undrawn)


def _round2_held(session: Session, campaign: Campaign, _rules: RuleSet) -> Iterator[Need]:
    unopened = counts.panels(session, campaign) - counts.panels(session, campaign, "opened")
    yield Need("codes_opened", unopened == 0, "grading.panels", left=unopened)


def _provisional(session: Session, campaign: Campaign, _rules: RuleSet) -> Iterator[Need]:
    yield _published(session, campaign, "provisional")


def _appeals(_session: Session, _campaign: Campaign, _rules: RuleSet) -> Iterator[Need]:
    return iter(())


def _official(session: Session, campaign: Campaign, _rules: RuleSet) -> Iterator[Need]:
    yield from _appeals_settled(session, campaign)
    yield _published(session, campaign, "official")


def _window(session: Session, campaign: Campaign, now: datetime) -> list[Need]:
    closes = appeals_close(session, campaign)
    return [] if closes is None else [Need("window_closed", now >= closes, "results.appeals", window_in_words(closes))]


def _recommendations(session: Session, campaign: Campaign, _rules: RuleSet) -> Iterator[Need]:
    yield from _appeals_settled(session, campaign)
    yield _published(session, campaign, "recommendations")


def _closed(session: Session, campaign: Campaign, _rules: RuleSet) -> Iterator[Need]:
    yield from _appeals_settled(session, campaign)


def _appeals_settled(session: Session, campaign: Campaign) -> Iterator[Need]:
    """A letter that is found late is recorded at any stage."""
    undecided, accepted = counts.open_appeals(session, campaign), counts.appeals_to_carry_out(session, campaign)
    yield Need("appeals_decided", undecided == 0, "results.appeals", left=undecided)
    yield Need("appeals_carried_out", accepted == 0, "results.appeals", left=accepted, only={"show": "to_carry_out"})


def _enough(session: Session, campaign: Campaign, rules: RuleSet) -> Need:
    short = [one.position.code for one in turnouts(session, campaign) if not one.settled]
    if not short:
        return Need("enough_candidates", met=True, endpoint="campaigns.positions", params={"least": rules.min_candidates})
    named = ", ".join(short[:MOST_NAMED]) + (f" (+{len(short) - MOST_NAMED})" if len(short) > MOST_NAMED else "")
    params: dict[str, object] = {"least": rules.min_candidates, "positions": named}
    return Need("too_few_candidates", met=False, endpoint="campaigns.positions", params=params, left=len(short))


def _published(session: Session, campaign: Campaign, kind: str) -> Need:
    publication = current(session, campaign, kind)
    if publication is not None and reopened(session, publication):
        return Need("published_again", met=False, endpoint="results.lists", params={"list": f"list.{kind}"})
    return Need(f"published_{kind}", publication is not None, "results.lists")


_NEEDS: dict[str, Callable[[Session, Campaign, RuleSet], Iterator[Need]]] = {
    "announced": _announced,
    "applications": _applications,
    "screened": _screened,
    "round1_timetable": _round1_timetable,
    "round1_held": _round1_held,
    "round1_result": _round1_result,
    "round2_timetable": _round2_timetable,
    "round2_held": _round2_held,
    "provisional": _provisional,
    "appeals": _appeals,
    "official": _official,
    "recommendations": _recommendations,
    "closed": _closed,
}
