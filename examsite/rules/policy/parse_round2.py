"""What comes after round 1: the second round, its score, the places, the public result. A set that ends with round 1 has none of it."""

from dataclasses import dataclass
from decimal import Decimal
from typing import Final

from examsite.rules.policy.choices import Combine, DayKind, Decider, Mode, Round2Form, Stage, Total
from examsite.rules.policy.model import (
    Appeals,
    Component,
    Level,
    Priority,
    PriorityGroup,
    RankingRules,
    Round2,
    Rounding,
    SpreadBand,
    TieStep,
)
from examsite.rules.policy.reader import Reader, ascending, known, some
from examsite.rules.refusal import Refused


@dataclass(frozen=True, slots=True)
class AfterRound1:
    """The later half of a rule set; `final` are the columns of the final public list."""

    round2: Round2
    spread: tuple[SpreadBand, ...]
    rounding: Rounding
    priority: Priority
    ranking: RankingRules
    appeals: Appeals
    final: tuple[str, ...]


# Nobody is scored or placed under a set that ends with round 1.
_NOTHING: Final = AfterRound1(
    round2=Round2(Round2Form.NONE, 0, 0, 0, 0, 0, 0, 0, Decimal(0), (), remarking=False),
    spread=(),
    rounding=Rounding(0, Mode.HALF_UP, Stage.ROUND2, before_compare=False),
    priority=Priority(Combine.HIGHEST, ()),
    ranking=RankingRules(Total.ROUND2, ()),
    appeals=Appeals(0, DayKind.CALENDAR),
    final=(),
)


def after_round1(read: Reader) -> AfterRound1:
    """The values of round 2 and of everything after it; of a set without a round 2 no value but that is read."""
    form = Round2Form(read.text("round2.form"))
    if form is Round2Form.NONE:
        return _NOTHING
    return AfterRound1(
        round2=_round2(read, form),
        spread=_spread(read),
        rounding=_rounding(read),
        priority=_priority(read),
        ranking=RankingRules(Total(read.text("ranking.total")), _tie_steps(read)),
        appeals=Appeals(read.whole("appeals.window_days"), DayKind(read.text("appeals.day_kind")), read.whole("appeals.answer_days")),
        final=_final_list(read),
    )


def _round2(read: Reader, form: Round2Form) -> Round2:
    maximum, pass_mark = read.whole("round2.maximum"), read.number("round2.pass_mark")
    if pass_mark > maximum:
        raise Refused("policy_pass_above_maximum", field="round2.pass_mark", key="round2.pass_mark", maximum=maximum)
    components = tuple(_component(read, component) for component in some("round2.components", read.texts("round2.components")))
    if sum(component.maximum for component in components) != maximum:
        found = sum(component.maximum for component in components)
        raise Refused("policy_maxima_sum", field="round2.maximum", key="round2.maximum", maximum=maximum, sum=found)
    return Round2(
        form=form,
        minutes=read.whole("round2.minutes"),
        preparation_minutes=read.whole("round2.preparation_minutes"),
        answer_minutes=read.whole_or("round2.answer_minutes", 0),
        written_minutes=read.whole("round2.written_minutes") if form is Round2Form.WRITTEN_AND_INTERVIEW else 0,
        questions=read.whole("round2.questions") if form is Round2Form.COMPUTER else 0,
        minimum_members=read.whole("round2.minimum_members"),
        maximum=maximum,
        pass_mark=pass_mark,
        components=components,
        remarking=read.yes("round2.remarking"),
    )


def _component(read: Reader, component: str) -> Component:
    key = f"components.{component}"
    maximum, step = read.whole(f"{key}.maximum"), read.number("round2.score_step")
    if maximum % step:
        raise Refused("policy_step_fits_not", field=f"{key}.maximum", key=f"{key}.maximum", step=step)
    return Component(
        id=component,
        name=read.words(f"{key}.name"),
        guide=read.words(f"{key}.guide"),
        maximum=maximum,
        step=step,
        floor_share=read.share(f"{key}.floor_percent"),
        levels=_levels(read, key, maximum, step),
    )


def _levels(read: Reader, key: str, maximum: int, step: Decimal) -> tuple[Level, ...]:
    """Levels ascend from 0; each ends one step below the next, the last at the component's maximum."""
    ids = some("round2.levels", read.texts("round2.levels"))
    lows = [read.number(f"{key}.{level}.from") for level in ids]
    highs = [low - step for low in lows[1:]] + [Decimal(maximum)]
    for place, (level, low, high) in enumerate(zip(ids, lows, highs, strict=True)):
        if low > high or low % step or (place == 0 and low != 0):
            name = f"{key}.{level}.from"
            raise Refused("policy_levels_order", field=name, key=name, value=low)
    return tuple(
        Level(level, read.words(f"levels.{level}.name"), low, high, read.words(f"{key}.{level}.text"))
        for level, low, high in zip(ids, lows, highs, strict=True)
    )


def _spread(read: Reader) -> tuple[SpreadBand, ...]:
    bands = tuple(
        SpreadBand(
            id=band,
            name=read.words(f"spread.{band}.name"),
            decider=Decider(read.text(f"spread.{band}.decided_by")),
            start=read.number(f"spread.{band}.from"),
            included=read.yes(f"spread.{band}.from_included"),
        )
        for band in read.texts("spread.bands")
    )
    ascending("spread.{}.from", [band.id for band in bands], [band.start for band in bands])
    return bands


def _rounding(read: Reader) -> Rounding:
    return Rounding(
        places=read.whole("rounding.places"),
        mode=Mode(read.text("rounding.mode")),
        stage=Stage(read.text("rounding.stage")),
        before_compare=read.yes("rounding.before_compare"),
    )


def _priority(read: Reader) -> Priority:
    groups = tuple(
        PriorityGroup(group, read.words(f"priority.{group}.name"), read.number(f"priority.{group}.points"))
        for group in read.texts("priority.groups")
    )
    return Priority(Combine(read.text("priority.combine")), groups)


def _tie_steps(read: Reader) -> tuple[TieStep, ...]:
    """The last step, and only the last, is a person's decision: else a tie could stay for ever, or a later step never be reached."""
    key = "ranking.tie_steps"
    steps = tuple(TieStep(*step.split(":")) for step in read.texts(key))
    if [step.name for step in steps].count("decision") != 1 or steps[-1].name != "decision":
        raise Refused("policy_tie_needs_decision", field=key, key=key)
    known(key, [step.of for step in steps if step.name == "component"], read.texts("round2.components"))
    known(key, [step.of for step in steps if step.name == "part_correct"], read.texts("round1.parts"))
    return steps


def _final_list(read: Reader) -> tuple[str, ...]:
    """A total beside the score it was made from would tell the priority points, and these can tell a person's origin."""
    key = "publication.final"
    final = some(key, read.texts(key))
    added = read.text("ranking.total") == Total.ROUND2_PLUS_PRIORITY and read.texts("priority.groups")
    if added and "total" in final and "priority_points" not in final and {"round2_score", "components"} & set(final):
        raise Refused("policy_priority_leak", field=key, key=key)
    return final
