"""From the flat entries of a rule set to its typed values; every entry must be read by somebody."""

from collections.abc import Sequence
from decimal import Decimal
from itertools import pairwise
from typing import TypeVar

from examsite.rules.policy.check import checked
from examsite.rules.policy.choices import (
    Base,
    Clock,
    Combine,
    DayKind,
    Decider,
    Limit,
    Mode,
    PartKind,
    Round1Form,
    Round2Form,
    Stage,
    Total,
)
from examsite.rules.policy.entries import RuleEntry, by_key
from examsite.rules.policy.model import (
    Appeals,
    BoardGroup,
    Component,
    Deadline,
    Exemption,
    LateBand,
    Level,
    Named,
    Part,
    Penalties,
    Penalty,
    Priority,
    PriorityGroup,
    PublicLists,
    RankingRules,
    Round1,
    Round2,
    Rounding,
    RuleSet,
    SessionRules,
    SpreadBand,
    TieStep,
)
from examsite.rules.policy.reader import Reader
from examsite.rules.refusal import Refused

T = TypeVar("T")


def parse(entries: Sequence[RuleEntry]) -> RuleSet:
    """Build the typed rule set from all its entries.

    Refused, always naming the key: what `checked` refuses, `policy_key_missing`, `policy_key_twice`, `policy_key_unread` (an entry that
    nothing reads), and values that contradict each other (`policy_maxima_sum`, `policy_pass_above_maximum`, `policy_levels_order`,
    `policy_bands_order`, `policy_names_unknown`, `policy_tie_needs_decision`, `policy_list_empty`, `policy_late_from_zero`,
    `policy_step_fits_not`, `policy_priority_leak`, `policy_board_group_small`).
    """
    read = Reader({key: checked(key, entry.value) for key, entry in by_key(entries).items()})
    rules = RuleSet(
        id=read.text("set.id"),
        name=read.words("set.name"),
        summary=read.words("set.summary"),
        min_candidates=read.whole("positions.min_candidates"),
        council_sizes=_some("council.sizes", read.wholes("council.sizes")),
        exclusive_boards=tuple(_board_group(read, group) for group in read.texts("boards.exclusive")),
        relations=_relations(read),
        round1=_round1(read),
        session=_session(read),
        penalties=_penalties(read),
        round2=_round2(read),
        spread=_spread(read),
        rounding=_rounding(read),
        priority=_priority(read),
        ranking=RankingRules(Total(read.text("ranking.total")), _tie_steps(read)),
        deadlines=tuple(_deadline(read, step) for step in read.texts("deadlines.steps")),
        appeals=Appeals(read.whole("appeals.window_days"), DayKind(read.text("appeals.day_kind"))),
        publication=_public_lists(read),
    )
    for key in read.unread():
        raise Refused("policy_key_unread", field=key, key=key)
    return rules


def _some(key: str, items: tuple[T, ...]) -> tuple[T, ...]:
    if not items:
        raise Refused("policy_list_empty", field=key, key=key)
    return items


def _known(key: str, named: Sequence[str], known: Sequence[str]) -> None:
    for name in named:
        if name not in known:
            raise Refused("policy_names_unknown", field=key, key=key, name=name)


def _board_group(read: Reader, group: str) -> BoardGroup:
    key = f"boards.{group}.members"
    boards = read.texts(key)
    if len(boards) < 2:
        raise Refused("policy_board_group_small", field=key, key=key)
    return BoardGroup(group, read.words(f"boards.{group}.name"), boards)


def _relations(read: Reader) -> tuple[Named, ...]:
    key = "conflicts.relations"
    return _some(key, tuple(Named(relation, read.words(f"conflicts.{relation}.name")) for relation in read.texts(key)))


def _round1(read: Reader) -> Round1:
    multiple = read.whole("bank.multiple")
    parts = tuple(_part(read, part_id, multiple) for part_id in read.texts("round1.parts"))
    return Round1(
        form=Round1Form(read.text("round1.form")),
        parts=parts,
        languages=_languages(read, parts),
        exemptions=tuple(_exemption(read, ground, parts) for ground in read.texts("round1.exemptions")),
        result_shown_at_once=read.yes("round1.result_shown_at_once"),
        remarking=read.yes("round1.remarking"),
    )


def _languages(read: Reader, parts: Sequence[Part]) -> tuple[Named, ...]:
    languages = tuple(Named(code, read.words(f"languages.{code}.name")) for code in read.texts("round1.languages"))
    return _some("round1.languages", languages) if any(part.by_language for part in parts) else languages


def _part(read: Reader, part_id: str, bank_multiple: int) -> Part:
    key = f"parts.{part_id}"
    return Part(
        id=part_id,
        name=read.words(f"{key}.name"),
        kind=PartKind(read.text(f"{key}.kind")),
        by_language=read.yes(f"{key}.by_language"),
        questions=read.whole(f"{key}.questions"),
        minutes=read.whole(f"{key}.minutes"),
        pass_share=read.share(f"{key}.pass_percent"),
        exemptable=read.yes(f"{key}.exemptable"),
        bank_multiple=bank_multiple,
    )


def _exemption(read: Reader, ground: str, parts: Sequence[Part]) -> Exemption:
    key = f"exemptions.{ground}.parts"
    exempts = _some(key, read.texts(key))
    _known(key, exempts, [part.id for part in parts if part.exemptable])
    return Exemption(ground, read.words(f"exemptions.{ground}.name"), exempts)


def _session(read: Reader) -> SessionRules:
    bands = tuple(
        LateBand(band, read.words(f"late.{band}.name"), read.whole(f"late.{band}.exam_minutes_from"), read.whole(f"late.{band}.minutes"))
        for band in _some("session.late_bands", read.texts("session.late_bands"))
    )
    _ascending("late.{}.exam_minutes_from", bands, [band.exam_minutes_from for band in bands])
    if bands[0].exam_minutes_from != 0:
        key = f"late.{bands[0].id}.exam_minutes_from"
        raise Refused("policy_late_from_zero", field=key, key=key)
    return SessionRules(
        clock=Clock(read.text("session.clock")),
        break_minutes=read.whole("session.break_minutes"),
        grace_seconds=read.whole("session.grace_seconds"),
        late_bands=bands,
    )


def _ascending(key: str, bands: Sequence[LateBand | SpreadBand], starts: Sequence[int | Decimal]) -> None:
    for (_, before), (band, start) in pairwise(zip(bands, starts, strict=True)):
        if start <= before:
            name = key.format(band.id)
            raise Refused("policy_bands_order", field=name, key=name, value=start, above=before)


def _penalties(read: Reader) -> Penalties:
    kinds = tuple(
        Penalty(
            id=kind,
            name=read.words(f"penalties.{kind}.name"),
            share=read.share(f"penalties.{kind}.percent"),
            of=Base(read.text(f"penalties.{kind}.of")),
            cancels=read.yes(f"penalties.{kind}.cancels"),
        )
        for kind in read.texts("penalties.kinds")
    )
    return Penalties(Combine(read.text("penalties.combine")), kinds)


def _round2(read: Reader) -> Round2:
    maximum, pass_mark = read.whole("round2.maximum"), read.number("round2.pass_mark")
    if pass_mark > maximum:
        raise Refused("policy_pass_above_maximum", field="round2.pass_mark", key="round2.pass_mark", maximum=maximum)
    components = tuple(_component(read, component) for component in _some("round2.components", read.texts("round2.components")))
    if sum(component.maximum for component in components) != maximum:
        found = sum(component.maximum for component in components)
        raise Refused("policy_maxima_sum", field="round2.maximum", key="round2.maximum", maximum=maximum, sum=found)
    return Round2(
        form=Round2Form(read.text("round2.form")),
        minutes=read.whole("round2.minutes"),
        preparation_minutes=read.whole("round2.preparation_minutes"),
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
    ids = _some("round2.levels", read.texts("round2.levels"))
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
    _ascending("spread.{}.from", bands, [band.start for band in bands])
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
    _known(key, [step.of for step in steps if step.name == "component"], read.texts("round2.components"))
    _known(key, [step.of for step in steps if step.name == "part_correct"], read.texts("round1.parts"))
    return steps


def _deadline(read: Reader, step: str) -> Deadline:
    key = f"deadlines.{step}"
    large = read.has(f"{key}.large_from")
    return Deadline(
        id=step,
        name=read.words(f"{key}.name"),
        after=read.text(f"{key}.after"),
        to=read.text(f"{key}.to"),
        limit=Limit(read.text(f"{key}.limit")),
        days=read.whole(f"{key}.days"),
        day_kind=DayKind(read.text(f"{key}.day_kind")),
        large_from=read.whole(f"{key}.large_from") if large else None,
        large_days=read.whole(f"{key}.large_days") if large else None,
    )


def _public_lists(read: Reader) -> PublicLists:
    """A total beside the score it was made from would tell the priority points, and these can tell a person's origin."""
    key = "publication.final"
    final = _some(key, read.texts(key))
    added = read.text("ranking.total") == Total.ROUND2_PLUS_PRIORITY and read.texts("priority.groups")
    if added and "total" in final and "priority_points" not in final and {"round2_score", "components"} & set(final):
        raise Refused("policy_priority_leak", field=key, key=key)
    eligible, round1 = (_some(name, read.texts(name)) for name in ("publication.eligible", "publication.round1"))
    return PublicLists(eligible, round1, final)
