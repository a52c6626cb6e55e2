"""Declare conflicts, before any name stands beside a code or a score; and step back from an interview later."""

from collections.abc import Mapping
from datetime import datetime

from sqlalchemy import update
from sqlalchemy.orm import Session

from examsite.audit.operations import record
from examsite.campaigns.queries import rule_set
from examsite.campaigns.roles import Role
from examsite.db import new_public_id, rows_changed
from examsite.grading.models import DECIDER, Interview, Panel, PanelMember, Recusal
from examsite.grading.operations.decisions import supersede_decision
from examsite.grading.operations.sanctions import take_back_own
from examsite.grading.permissions import may_enter
from examsite.grading.queries.panels import interviews_of
from examsite.grading.queries.sheets import newest
from examsite.grading.seats import Seat, held_by
from examsite.rules.refusal import Conflict, NotFound, Refused


def declare(session: Session, role: Role, panel: Panel, relations: Mapping[str, tuple[str, str]], now: datetime) -> None:
    """Declare one's conflicts with the candidates of a panel, once; none is a declaration too.

    `relations` maps the public id of an application to the relation (its id in the rule set) and a few words. Each of them keeps the
    person away from everything about that interview, whatever other duty they hold, and takes the place of an absence or a late seat that
    kept them from scoring it only. Whoever decides without scoring gets a seat for it here.
    """
    seat = held_by(session, role, panel, may_enter, "drawn", "closed")
    interviews = {interview.application.public_id: interview for interview in interviews_of(session, panel)}
    if relations.keys() - interviews.keys():
        raise NotFound
    member = seat.member or _take_decider_seat(session, role, panel)
    statement = update(PanelMember).where(PanelMember.id == member.id, PanelMember.declared_at.is_(None)).values(declared_at=now)
    if rows_changed(session, statement) != 1:
        raise Conflict("grading.declared_already")
    kept = [
        _recuse(session, role, interviews[public_id], member, relation, words, now) for public_id, (relation, words) in relations.items()
    ]
    numbers = {interviews[public_id].application.candidate_number or "": relation for public_id, (relation, _) in relations.items()}
    data: dict[str, object] = {"duty": member.duty, "conflicts": numbers}
    # How many and not which: an absence is logged by interview, and the log must not lead from a number to a sheet.
    data |= {"replaced": sum(map(bool, kept))} if any(kept) else {}
    record(session, role.campaign.chain, "grading:conflicts:declared", f"panel:{panel.public_id}", role.actor, now, data)


def recuse_self(session: Session, role: Role, panel: Panel, interview: Interview, relation: str, words: str, now: datetime) -> None:
    """Step back from one interview after the declaration, as when a relative is recognised in the room. A score or a sanction that the
    person decided there stands no longer: somebody without a conflict decides it anew.

    An absence or a late seat, by which the person scores nothing here, keeps nobody from it: the conflict takes its place. Refused while
    one's own sheet is locked (`grading.reopen_first`): a locked sheet is only ever taken out by a recorded reopening.
    """
    seat = held_by(session, role, panel, lambda place: may_enter(place) and place.declared, "drawn")
    member = _of(seat)
    if seat.conflicted(interview):
        raise Conflict("grading.recused_already")
    sheet = newest(session, interview, member)
    if sheet is not None and sheet.state == "locked":
        raise Refused("grading.reopen_first")
    kept = _recuse(session, role, interview, member, relation, words, now)
    supersede_decision(session, role, interview, now, own=True)
    data: dict[str, object] = {"interview": interview.public_id, "member": member.public_id, "kind": "conflict", "relation": relation}
    again = take_back_own(session, role, interview)
    data |= {"sanction": again} if again else {}
    data |= {"replaced": kept} if kept else {}
    record(session, role.campaign.chain, "grading:recusal:recorded", f"interview:{interview.public_id}", role.actor, now, data)


def _take_decider_seat(session: Session, role: Role, panel: Panel) -> PanelMember:
    member = PanelMember(public_id=new_public_id(), panel_id=panel.id, account_id=role.account.id, duty=DECIDER)
    session.add(member)
    session.flush()
    return member


def _recuse(
    session: Session, role: Role, interview: Interview, member: PanelMember, relation: str, words: str, now: datetime
) -> str | None:
    """Let a conflict stand; return the kind of what kept the person from scoring before and is lifted for it, None where nothing did."""
    if rule_set(role.campaign).relation(relation) is None:
        raise Refused("grading.relation_missing", field="relation")
    lesser = (Recusal.kind != "conflict", Recusal.lifted_at.is_(None))
    before = session.scalar(
        update(Recusal)
        .where(Recusal.interview_id == interview.id, Recusal.member_id == member.id, *lesser)
        .values(lifted_at=now, lifted_by_id=role.account.id, lifted_why=words.strip() or relation)
        .returning(Recusal.kind)
    )
    session.add(
        Recusal(
            interview_id=interview.id,
            member_id=member.id,
            kind="conflict",
            relation=relation,
            reason=words.strip(),
            recorded_at=now,
            recorded_by_id=role.account.id,
        )
    )
    session.flush()
    return before


def _of(seat: Seat) -> PanelMember:
    if seat.member is None:
        raise NotFound
    return seat.member
