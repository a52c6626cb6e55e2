"""Set up panels: their place and time, their members, the candidates who stand before them."""

from collections.abc import Mapping
from datetime import datetime

from sqlalchemy import delete, insert, select, update
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from examsite.accounts.models import Account
from examsite.audit.operations import record
from examsite.campaigns.models import Application, Membership, Position
from examsite.campaigns.operations.campaigns import locked
from examsite.campaigns.roles import Role
from examsite.db import new_public_id, rows_changed
from examsite.grading.models import HEAD, MEMBER, SCORING_DUTIES, Interview, Panel, PanelMember, Recusal, ScoreSheet
from examsite.grading.operations.announcing import tell_panel_changed, tell_panel_removed
from examsite.grading.operations.timetable import Replanned, plan_all
from examsite.grading.permissions import may_manage_panels
from examsite.grading.queries.outcomes import why_no_panel
from examsite.grading.queries.placing import unplaced
from examsite.grading.seats import held
from examsite.rules.refusal import Conflict, NotFound, Refused


def create_panel(
    session: Session, role: Role, name: str, place: str, starts_at: datetime, now: datetime, *, pause_minutes: int = 0
) -> Panel:
    """Add a panel without members. Refuses a name that another panel of the campaign has (`grading.name_taken`), a start in the past
    (`grading.plan_past`), and any panel from the moment in which somebody signs the opening of all there are (`grading.opening_waits`,
    `grading.no_more_panels`)."""
    role.must(may_manage_panels(role))
    _must_lie_ahead(starts_at, now)
    if refusal := why_no_panel(session, locked(session, role.campaign)):
        raise Refused(refusal)
    panel = Panel(public_id=new_public_id(), campaign_id=role.campaign.id, name=name.strip(), place=place.strip(), starts_at=starts_at)
    panel.state, panel.pause_minutes = "planned", pause_minutes
    try:
        with session.begin_nested():
            session.add(panel)
    except IntegrityError as error:
        raise Refused("grading.name_taken", field="name", name=name.strip()) from error
    _record(session, role, panel, "grading:panel:created", now, _facts(panel))
    return panel


def change_panel(
    session: Session, role: Role, panel: Panel, name: str, place: str, starts_at: datetime, now: datetime, *, pause_minutes: int = 0
) -> tuple[int, ...]:
    """Change name, place, start or pause of a panel that is not closed yet. The lots once drawn stay as they are; where start or pause
    changes, interviews that wait are planned anew, but for times that were agreed one by one, whose places in the order are returned.
    The members are told, and candidates who have their place in the order. Refuses as `create_panel`, but for a start that was planned
    before and has passed."""
    role.must(may_manage_panels(role))
    held(session, role, panel, "planned", "drawn")
    if panel.starts_at != starts_at:
        _must_lie_ahead(starts_at, now)
    before, plan = _facts(panel), (panel.starts_at, panel.pause_minutes)
    try:
        with session.begin_nested():
            panel.name, panel.place, panel.starts_at, panel.pause_minutes = name.strip(), place.strip(), starts_at, pause_minutes
    except IntegrityError as error:
        session.refresh(panel)
        raise Refused("grading.name_taken", field="name", name=name.strip()) from error
    planned = plan_all(session, panel, plan) if plan != (starts_at, pause_minutes) else Replanned((), ())
    data: dict[str, object] = {**_facts(panel), "before": before}
    # By place in the order and not by candidate number: who stands there is told once, by the lots.
    data |= {"times": [{"number": number, "before": at, "after": to} for number, at, to in planned.times]} if planned.times else {}
    data |= {"kept": list(planned.kept)} if planned.kept else {}
    _record(session, role, panel, "grading:panel:changed", now, data)
    if before != _facts(panel):
        session.flush()
        tell_panel_changed(session, panel, now)
    return planned.kept


def remove_panel(session: Session, role: Role, panel: Panel, now: datetime) -> None:
    """Take away a panel that nobody stands before, made by mistake or left by all its candidates, so that no step waits for it. Its
    members are told. Refuses one with candidates (`grading.panel_has_candidates`)."""
    role.must(may_manage_panels(role))
    held(session, role, panel, "planned")
    if session.scalar(select(Interview.id).where(Interview.panel_id == panel.id).limit(1)) is not None:
        raise Refused("grading.panel_has_candidates")
    members = [{"account": one.account.public_id, "name": one.account.display_name, "duty": one.duty} for one in panel.members]
    _record(session, role, panel, "grading:panel:removed", now, {**_facts(panel), "members": members})
    tell_panel_removed(session, panel, now)
    session.execute(delete(PanelMember).where(PanelMember.panel_id == panel.id))
    session.execute(delete(Panel).where(Panel.id == panel.id))


def seat_member(session: Session, role: Role, panel: Panel, account_public_id: str, duty: str, reason: str, now: datetime) -> PanelMember:
    """Seat somebody of the panel board on a panel, as its head or a member.

    After the lots it takes a reason, and the new member does not score interviews of which a sheet is locked already: nobody comes in
    to move a score that others have given. Refuses (`grading.`): `not_on_board`, `duty_unknown`, `seated_already`, `head_taken`.
    """
    role.must(may_manage_panels(role))
    seat = held(session, role, panel, "planned", "drawn")
    if duty not in SCORING_DUTIES:
        raise Refused("grading.duty_unknown", field="duty")
    if panel.state == "drawn" and not reason.strip():
        raise Refused("reason_missing", field="reason")
    account = _of_the_board(session, seat.panel, account_public_id)
    member = PanelMember(public_id=new_public_id(), panel_id=panel.id, account_id=account.id, duty=duty)
    taken = session.scalar(select(PanelMember.id).where(PanelMember.panel_id == panel.id, PanelMember.account_id == account.id))
    if taken is not None:
        raise Refused("grading.seated_already", field="account", name=account.display_name)
    _add_member(session, member)
    left_out = _leave_out_of_scored(session, panel, member, reason.strip(), role, now)
    data = {"account": account.public_id, "name": account.display_name, "duty": duty, "reason": reason.strip(), "left_out_of": left_out}
    _record(session, role, panel, "grading:member:seated", now, data)
    return member


def unseat_member(session: Session, role: Role, panel: Panel, member: PanelMember, now: datetime) -> None:
    """Take back a seat before the lots are drawn; afterwards a member who cannot come is recorded as absent (`grading.seat_stands`)."""
    role.must(may_manage_panels(role))
    held(session, role, panel, "planned", "drawn")
    if panel.state != "planned":
        raise Conflict("grading.seat_stands")
    data = {"account": member.account.public_id, "name": member.account.display_name, "duty": member.duty}
    session.delete(member)
    session.flush()
    _record(session, role, panel, "grading:member:unseated", now, data)


def hand_over_head(session: Session, role: Role, panel: Panel, member: PanelMember, reason: str, now: datetime) -> None:
    """Make another member the head, with a reason; the former head stays as a member."""
    role.must(may_manage_panels(role))
    held(session, role, panel, "planned", "drawn")
    if not reason.strip():
        raise Refused("reason_missing", field="reason")
    former = next((seat for seat in panel.members if seat.duty == HEAD), None)
    seats = update(PanelMember).where(PanelMember.panel_id == panel.id)
    rows_changed(session, seats.where(PanelMember.duty == HEAD).values(duty=MEMBER))
    if rows_changed(session, seats.where(PanelMember.id == member.id, PanelMember.duty == MEMBER).values(duty=HEAD)) != 1:
        raise Conflict("changed_meanwhile")
    data = {"account": member.account.public_id, "name": member.account.display_name, "reason": reason.strip()}
    data |= {"former": former.account.public_id, "former_name": former.account.display_name} if former else {}
    _record(session, role, panel, "grading:head:changed", now, data)


def assign_position(session: Session, role: Role, panel: Panel, position: Position, now: datetime) -> int:
    """Put all candidates of one position who stand before no panel yet before this one; return how many (`grading.nobody_to_assign`)."""
    role.must(may_manage_panels(role))
    held(session, role, panel, "planned")
    found = [application for application in unplaced(session, role.campaign) if application.position_id == position.id]
    if not found:
        raise Refused("grading.nobody_to_assign", field="position", position=position.code)
    rows = [{"public_id": new_public_id(), "panel_id": panel.id, "application_id": application.id} for application in found]
    try:
        with session.begin_nested():
            session.execute(insert(Interview), [row | {"state": "waiting", "state_reason": ""} for row in rows])
    except IntegrityError as error:
        raise Conflict("changed_meanwhile") from error
    data = {"position": position.code, "candidates": [application.candidate_number for application in found]}
    _record(session, role, panel, "grading:candidates:assigned", now, data)
    return len(found)


def move_candidate(session: Session, role: Role, panel: Panel, interview: Interview, target: Panel, now: datetime) -> None:
    """Move one candidate to another panel of the campaign, while neither has drawn its lots."""
    role.must(may_manage_panels(role))
    if target.campaign_id != role.campaign.id:
        raise NotFound
    for each in sorted((panel, target), key=lambda found: found.id):  # always in the same order, so that two moves never wait in a ring
        held(session, role, each, "planned")
    moved = update(Interview).where(Interview.id == interview.id, Interview.panel_id == panel.id).values(panel_id=target.id)
    if rows_changed(session, moved) != 1:
        raise Conflict("changed_meanwhile")
    data = {"candidate": _number_of(session, interview), "to": target.public_id, "to_name": target.name}
    _record(session, role, panel, "grading:candidate:moved", now, data)


def _must_lie_ahead(starts_at: datetime, now: datetime) -> None:
    if starts_at < now:
        raise Refused("grading.plan_past", field="starts_at")


def _of_the_board(session: Session, panel: Panel, account_public_id: str) -> Account:
    account = session.scalar(
        select(Account)
        .join(Membership, Membership.account_id == Account.id)
        .where(
            Account.public_id == account_public_id,
            Membership.campaign_id == panel.campaign_id,
            Membership.board == "panel",
            Membership.ended_at.is_(None),
        )
    )
    if account is None:
        raise Refused("grading.not_on_board", field="account")
    return account


def _add_member(session: Session, member: PanelMember) -> None:
    try:
        with session.begin_nested():
            session.add(member)
    except IntegrityError as error:
        raise Refused("grading.head_taken", field="duty") from error


def _leave_out_of_scored(session: Session, panel: Panel, member: PanelMember, reason: str, role: Role, now: datetime) -> int:
    """Keep the new member for good from interviews of which a sheet is or was locked; return how many these are."""
    scored = session.scalars(
        select(ScoreSheet.interview_id)
        .join(Interview, Interview.id == ScoreSheet.interview_id)
        .where(Interview.panel_id == panel.id, ScoreSheet.locked_at.is_not(None))
        .distinct()
    ).all()
    for interview_id in scored:
        left_out = {"interview_id": interview_id, "member_id": member.id, "kind": "joined_late", "reason": reason}
        session.add(Recusal(**left_out, recorded_at=now, recorded_by_id=role.account.id))
    return len(scored)


def _number_of(session: Session, interview: Interview) -> str | None:
    return session.scalar(select(Application.candidate_number).where(Application.id == interview.application_id))


def _facts(panel: Panel) -> Mapping[str, object]:
    return {"name": panel.name, "place": panel.place, "starts_at": panel.starts_at, "pause_minutes": panel.pause_minutes}


def _record(session: Session, role: Role, panel: Panel, kind: str, now: datetime, data: Mapping[str, object]) -> None:
    record(session, role.campaign.chain, kind, f"panel:{panel.public_id}", role.actor, now, data)
