"""The line of stages as every campaign page draws it: fourteen steps in five chapters, with where we are."""

from dataclasses import dataclass

from examsite.campaigns.models import Campaign
from examsite.campaigns.queries import rule_set
from examsite.desk.stages import CHAPTERS, stages_of


@dataclass(frozen=True)
class Step:
    """One stage; `state` is past, now or later."""

    stage: str
    state: str


@dataclass(frozen=True)
class Chapter:
    """Some stages under one heading."""

    name: str
    state: str
    steps: tuple[Step, ...]


def stage_line(campaign: Campaign) -> list[Chapter]:
    """The chapters that apply under the campaign's rules. A stage counts as past once the campaign stands at it or beyond,
    except the one it stands at."""
    order = stages_of(rule_set(campaign))
    here = order.index(campaign.stage)
    chapters = []
    for name, members in CHAPTERS.items():
        steps = tuple(Step(stage, _state(order.index(stage), here)) for stage in members if stage in order)
        if steps:
            chapters.append(Chapter(name, _chapter_state(steps), steps))
    return chapters


def _state(place: int, here: int) -> str:
    if place == here:
        return "now"
    return "past" if place < here else "later"


def _chapter_state(steps: tuple[Step, ...]) -> str:
    states = {step.state for step in steps}
    if "now" in states or len(states) > 1:
        return "now"
    return states.pop()
