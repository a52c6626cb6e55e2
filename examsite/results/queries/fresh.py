"""Compute a list from what stands in the rooms below at this moment; a stored draft holds only as long as this gives the same digest."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy.orm import Session

from examsite.campaigns.models import Campaign
from examsite.campaigns.queries import rule_set
from examsite.results.inputs import ListInput, RecommendationInput
from examsite.results.models import Draft
from examsite.results.outcomes import Computed, Outcome, RankingOutcome, computed, inside
from examsite.results.queries.appealed import appeals_to_carry_out, open_appeals
from examsite.results.queries.reading import eligible_input, openings_of, ranking_input, round1_input
from examsite.results.queries.standing import appeals_close, counting, stage_refusal, window_in_words
from examsite.rules.refusal import NotFound, Refused


@dataclass(frozen=True, slots=True)
class Obstacle:
    """Why a draft cannot be put forward for publication now; `code` names the sentence, `position` the one it is about, if any."""

    code: str
    params: dict[str, Any]
    position: str = ""

    def refusal(self) -> Refused:
        """The same as a refusal."""
        return Refused(self.code, **self.params)


def fresh(session: Session, campaign: Campaign, kind: str) -> Computed:
    """The list of this kind as it would be computed now.

    Refused: `results.rules_not_frozen`; what hinders the input (`results.undecided_applications`, `results.numbers_missing`, unopened
    codes, an open exam session); for recommendations `results.official_first` and `results.official_changed`.
    """
    if campaign.rules_hash is None:
        raise Refused("results.rules_not_frozen")
    return computed(campaign.public_id, kind, campaign.rules_hash, _given(session, campaign, kind), rule_set(campaign))


def kinds_of(campaign: Campaign) -> tuple[str, ...]:
    """The kinds of lists that a campaign under its rules comes to publish, in order."""
    first = ("eligible", "round1") if rule_set(campaign).round1.parts else ("eligible",)
    return (*first, "provisional", "official", "recommendations")


def _given(session: Session, campaign: Campaign, kind: str) -> ListInput:
    if kind not in kinds_of(campaign):
        raise NotFound
    match kind:
        case "eligible":
            return eligible_input(session, campaign)
        case "round1":
            return round1_input(session, campaign)
        case "recommendations":
            return _recommendation_input(session, campaign)
    return ranking_input(session, campaign)


def _recommendation_input(session: Session, campaign: Campaign) -> RecommendationInput:
    """Those inside the quota of the official ranking, as it was published; refused where the ranking would be another by now."""
    official = counting(session, campaign, "official")
    if official is None:
        raise Refused("results.official_first")
    again = fresh(session, campaign, "official")
    if again.digest != official.draft.digest or not isinstance(again.outcome, RankingOutcome):
        raise Refused("results.official_changed")
    return RecommendationInput(official.number, official.digest, openings_of(session, campaign), inside(again.outcome))


def obstacles(session: Session, draft: Draft, outcome: Outcome, now: datetime) -> list[Obstacle]:
    """What must be settled before this draft can be put forward; empty when nothing is in the way at this moment."""
    wrong_stage = stage_refusal(session, draft.campaign, draft.kind)
    found = [Obstacle(wrong_stage.code, dict(wrong_stage.params))] if wrong_stage else []
    if isinstance(outcome, RankingOutcome):
        found += _open_ties(outcome) + _not_scored(outcome)
    if draft.kind == "official":
        found += _before_official(session, draft.campaign, now)
    return found + _appeals_open(session, draft)


def _open_ties(outcome: RankingOutcome) -> list[Obstacle]:
    return [
        Obstacle(
            "results.tie_pending",
            {
                "position": position.opening.title,
                "numbers": ", ".join(tie.numbers),
                "count": len(tie.numbers),
                "seats": tie.seats,
                "decider": f"results.decider_{tie.decider.value}",
            },
            position.opening.code,
        )
        for position in outcome.positions
        for tie in position.pending
    ]


def _not_scored(outcome: RankingOutcome) -> list[Obstacle]:
    numbers = [line.who.number for position in outcome.positions for line in position.lines if line.standing.reason.code == "not_scored"]
    return [Obstacle("results.not_scored", {"numbers": ", ".join(numbers)})] if numbers else []


def _before_official(session: Session, campaign: Campaign, now: datetime) -> list[Obstacle]:
    closes = appeals_close(session, campaign)
    if closes is None:
        return [Obstacle("results.provisional_first", {})]
    return [] if now >= closes else [Obstacle("results.window_open", window_in_words(closes))]


_WAITS_FOR_APPEALS = {"official": "results.appeals_open", "recommendations": "results.appeals_open_recommended"}


def _appeals_open(session: Session, draft: Draft) -> list[Obstacle]:
    """Appeals without a decision, and accepted ones of which nobody knows what came of them."""
    code = _WAITS_FOR_APPEALS.get(draft.kind)
    if code is None:
        return []
    counted = {code: open_appeals(session, draft.campaign), "results.appeals_to_carry_out": appeals_to_carry_out(session, draft.campaign)}
    return [Obstacle(why, {"count": len(found)}) for why, found in counted.items() if found]
