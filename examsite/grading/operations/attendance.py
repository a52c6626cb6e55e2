"""Record who came: candidates by HR or the panel's head, members by the head."""

from datetime import datetime

from sqlalchemy import or_, select, update
from sqlalchemy.orm import Session

from examsite.audit.operations import record
from examsite.campaigns.roles import Role
from examsite.db import rows_changed
from examsite.grading.models import SCORING_DUTIES, Interview, Panel, PanelMember, Recusal, Sanction, ScoreSheet
from examsite.grading.permissions import may_leave_out, may_record_absence, may_record_presence
from examsite.grading.queries.progress import Progress, progress_of
from examsite.grading.queries.sheets import newest
from examsite.grading.seats import held_by
from examsite.rules.refusal import Conflict, NotFound, Refused


def record_presence(session: Session, role: Role, panel: Panel, interview: Interview, state: str, reason: str, now: datetime) -> None:
    """Record that a candidate is present or a no-show.

    A no-show, and whatever changes an earlier record, takes a reason; the reason of a no-show can be corrected alone. A no-show is
    refused where a sheet of the interview is or was ever locked (`grading.scored_already`) or a sanction stands
    (`grading.sanctioned_already`), since both say that the candidate was there; anything about a candidate who takes part no more is
    `grading.no_sheet_needed`.
    """
    held_by(session, role, panel, lambda seat: may_record_presence(seat, interview), "drawn")
    if state not in {"present", "no_show"}:
        raise Refused("grading.presence_unknown", field="state")
    before, why, wanted = interview.state, interview.state_reason, reason.strip()
    if before == state and (why == wanted or state == "present"):
        return  # the same again, as by a second click
    if interview.gone:
        raise Refused("grading.no_sheet_needed")
    if (state == "no_show" or before == "no_show") and not wanted:
        raise Refused("reason_missing", field="reason")
    if state == "no_show":
        _must_not_have_been_there(session, interview)
    as_read = (Interview.id == interview.id, Interview.state == before, Interview.state_reason == why)
    values = {"state": state, "state_reason": wanted, "state_at": now if before != state else interview.state_at}
    if rows_changed(session, update(Interview).where(*as_read).values(**values)) != 1:
        raise Conflict("changed_meanwhile")
    # Named by candidate number and not by interview: the log must not lead from a number to a sheet.
    data = {"candidate": interview.application.candidate_number, "before": before, "reason": wanted}
    data |= {"reason_before": why} if why else {}
    record(session, role.campaign.chain, f"grading:candidate:{state}", f"panel:{panel.public_id}", role.actor, now, data)


def record_absence(
    session: Session, role: Role, panel: Panel, interview: Interview, member: PanelMember, reason: str, now: datetime
) -> None:
    """Record that a member was not there for an interview, with a reason, so that no sheet is awaited.

    Who has written a sheet of it was there, and what somebody gave is not left out of the result without their knowing: refused to the
    head (`grading.absent_has_sheet`). The council's chair records it of one who comes back no more to a sheet that is not locked
    (`grading.sheet_locked`).
    """
    seat = held_by(session, role, panel, lambda seat: may_record_absence(seat, interview) or may_leave_out(seat, interview), "drawn")
    if not reason.strip():
        raise Refused("reason_missing", field="reason")
    if member.panel_id != panel.id or member.duty not in SCORING_DUTIES:
        raise NotFound
    begun = newest(session, interview, member)
    if begun is None:
        role.must(may_record_absence(seat, interview))
    elif not may_leave_out(seat, interview):
        raise Refused("grading.absent_has_sheet", member=member.account.display_name)
    elif begun.state == "locked":
        raise Refused("grading.sheet_locked")
    if progress_of(session, interview).of(member).recusal is not None:
        raise Conflict("grading.recused_already")
    session.add(
        Recusal(
            interview_id=interview.id,
            member_id=member.id,
            kind="absent",
            reason=reason.strip(),
            recorded_at=now,
            recorded_by_id=role.account.id,
        )
    )
    session.flush()
    data = {"member": member.public_id, "name": member.account.display_name, "kind": "absent", "reason": reason.strip()}
    record(session, role.campaign.chain, "grading:recusal:recorded", f"interview:{interview.public_id}", role.actor, now, data)


def lift_absence(session: Session, role: Role, panel: Panel, interview: Interview, member: PanelMember, reason: str, now: datetime) -> None:
    """Take back an absence that was recorded by mistake, with a reason.

    Only while another's sheet is awaited that was never locked (`grading.absence_stands`): otherwise scores were in view already, and
    nobody joins late. Who took the seat after a sheet was locked is no absence (Conflict `grading.joined_late`).
    """
    held_by(session, role, panel, lambda seat: may_record_absence(seat, interview), "drawn")
    if not reason.strip():
        raise Refused("reason_missing", field="reason")
    progress = progress_of(session, interview)
    recusal = progress.of(member).recusal
    if recusal is not None and recusal.kind == "joined_late":
        raise Conflict("grading.joined_late", member=member.account.display_name)
    if _in_view(session, progress, member):
        raise Refused("grading.absence_stands")
    lifted = rows_changed(
        session,
        update(Recusal)
        .where(Recusal.interview_id == interview.id, Recusal.member_id == member.id, Recusal.kind == "absent", Recusal.lifted_at.is_(None))
        .values(lifted_at=now, lifted_by_id=role.account.id, lifted_why=reason.strip()),
    )
    if lifted != 1:
        raise Conflict("changed_meanwhile")
    data = {"member": member.public_id, "name": member.account.display_name, "reason": reason.strip()}
    record(session, role.campaign.chain, "grading:recusal:lifted", f"interview:{interview.public_id}", role.actor, now, data)


def _must_not_have_been_there(session: Session, interview: Interview) -> None:
    """Refuse a no-show that others' records contradict. A sheet that was locked says so after its reopening, too."""
    scored = select(ScoreSheet.id).where(ScoreSheet.interview_id == interview.id, ScoreSheet.locked_at.is_not(None)).limit(1)
    if session.scalar(scored) is not None:
        raise Refused("grading.scored_already")
    stands = or_(Sanction.outcome.is_(None), Sanction.outcome == "imposed")
    if session.scalar(select(Sanction.id).where(Sanction.interview_id == interview.id, stands).limit(1)) is not None:
        raise Refused("grading.sanctioned_already")


def _in_view(session: Session, progress: Progress, member: PanelMember) -> bool:
    """Whether the values of an interview are, or were before a reopening, open to those who lead."""
    reopened = select(ScoreSheet.id).where(ScoreSheet.interview_id == progress.interview.id, ScoreSheet.state == "reopened").limit(1)
    others = [scorer for scorer in progress.scorers if scorer.member.id != member.id]
    settled = all(scorer.done for scorer in others) and any(scorer.locked for scorer in others)
    return settled or session.scalar(reopened) is not None
