"""From the flat entries of a rule set to its typed values; every entry must be read by somebody."""

from collections.abc import Sequence
from typing import Final

from examsite.rules.policy.check import checked
from examsite.rules.policy.choices import Base, Clock, Combine, DayKind, Limit, PartKind, Round1Form
from examsite.rules.policy.entries import RuleEntry, by_key
from examsite.rules.policy.model import (
    BoardGroup,
    Deadline,
    Exemption,
    LateBand,
    Named,
    Part,
    Penalties,
    Penalty,
    PublicLists,
    Round1,
    RuleSet,
    SessionRules,
)
from examsite.rules.policy.parse_round2 import after_round1
from examsite.rules.policy.reader import Reader, ascending, known, some
from examsite.rules.refusal import Refused


def parse(entries: Sequence[RuleEntry]) -> RuleSet:
    """Build the typed rule set from all its entries.

    Refused, always naming the key: what `checked` refuses, `policy_key_missing`, `policy_key_twice`, `policy_key_unread` (an entry that
    nothing reads), and values that contradict each other (`policy_maxima_sum`, `policy_pass_above_maximum`, `policy_levels_order`,
    `policy_bands_order`, `policy_names_unknown`, `policy_tie_needs_decision`, `policy_list_empty`, `policy_late_from_zero`,
    `policy_step_fits_not`, `policy_priority_leak`, `policy_board_group_small`).
    """
    read = Reader({key: checked(key, entry.value) for key, entry in by_key(entries).items()})
    after = after_round1(read)
    rules = RuleSet(
        id=read.text("set.id"),
        name=read.words("set.name"),
        summary=read.words("set.summary"),
        min_candidates=read.whole("positions.min_candidates"),
        council_sizes=some("council.sizes", read.wholes("council.sizes")),
        exclusive_boards=tuple(_board_group(read, group) for group in read.texts("boards.exclusive")),
        relations=_relations(read),
        round1=_round1(read),
        session=_session(read),
        penalties=_penalties(read),
        round2=after.round2,
        spread=after.spread,
        rounding=after.rounding,
        priority=after.priority,
        ranking=after.ranking,
        deadlines=tuple(_deadline(read, step) for step in read.texts("deadlines.steps")),
        appeals=after.appeals,
        publication=PublicLists(_columns(read, "eligible"), _columns(read, "round1"), after.final),
    )
    for key in read.unread():
        raise Refused("policy_key_unread", field=key, key=key)
    return rules


def _board_group(read: Reader, group: str) -> BoardGroup:
    key = f"boards.{group}.members"
    boards = read.texts(key)
    if len(boards) < 2:
        raise Refused("policy_board_group_small", field=key, key=key)
    return BoardGroup(group, read.words(f"boards.{group}.name"), boards)


def _relations(read: Reader) -> tuple[Named, ...]:
    key = "conflicts.relations"
    return some(key, tuple(Named(relation, read.words(f"conflicts.{relation}.name")) for relation in read.texts(key)))


# What a set without parts may leave unsaid, for nobody sits anything under it.
_NO_ROUND1: Final = Round1(Round1Form.COMPUTER, (), (), (), result_shown_at_once=False, remarking=False)
_NO_SESSION: Final = SessionRules(Clock.SHARED, 0, 0, ())


def _round1(read: Reader) -> Round1:
    if not read.texts("round1.parts") and not read.has("round1.form"):
        return _NO_ROUND1
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
    return some("round1.languages", languages) if any(part.by_language for part in parts) else languages


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
    exempts = some(key, read.texts(key))
    known(key, exempts, [part.id for part in parts if part.exemptable])
    return Exemption(ground, read.words(f"exemptions.{ground}.name"), exempts)


def _session(read: Reader) -> SessionRules:
    if not read.texts("round1.parts") and not read.has("session.clock"):
        return _NO_SESSION
    bands = tuple(
        LateBand(band, read.words(f"late.{band}.name"), read.whole(f"late.{band}.exam_minutes_from"), read.whole(f"late.{band}.minutes"))
        for band in some("session.late_bands", read.texts("session.late_bands"))
    )
    ascending("late.{}.exam_minutes_from", [band.id for band in bands], [band.exam_minutes_from for band in bands])
    if bands[0].exam_minutes_from != 0:
        key = f"late.{bands[0].id}.exam_minutes_from"
        raise Refused("policy_late_from_zero", field=key, key=key)
    return SessionRules(
        clock=Clock(read.text("session.clock")),
        break_minutes=read.whole("session.break_minutes"),
        grace_seconds=read.whole("session.grace_seconds"),
        late_bands=bands,
    )


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


def _columns(read: Reader, name: str) -> tuple[str, ...]:
    key = f"publication.{name}"
    return some(key, read.texts(key))
