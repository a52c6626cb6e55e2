"""Who may do what about panels. What a panel's state still allows is the operation's question."""

from examsite.campaigns.roles import Role
from examsite.grading.models import Interview, PanelMember, Sanction, ScoreSheet
from examsite.grading.seats import Seat
from examsite.rules.policy import Decider


def may_manage_panels(role: Role) -> bool:
    """Set up panels, seat members, assign candidates, draw the lots. Not for one who scores or decides: this shows who comes when."""
    return role.on("hr") and not _scores_or_decides(role)


def may_read_panels(role: Role) -> bool:
    """See panels, members, and the order of candidate numbers, without codes or scores."""
    return role.on("hr", "supervision") and not _scores_or_decides(role)


def may_list_panels(role: Role) -> bool:
    """See which panels there are and how far they are."""
    return role.on("hr", "council", "code", "panel", "supervision")


def may_enter(seat: Seat) -> bool:
    """Come to the panel's own pages, where candidates stand under codes."""
    return seat.scores or seat.leads or seat.chairs


def may_score(seat: Seat, interview: Interview) -> bool:
    """Fill in a sheet of one's own for this interview."""
    return seat.scores and seat.declared and interview.id not in seat.recused


def may_see_sheet(member: PanelMember, sheet: ScoreSheet, own_locked: bool) -> bool:
    """See one sheet as a member: one's own always, another's only when both are locked; `own_locked` is about the same interview."""
    return sheet.member_id == member.id or (own_locked and sheet.state == "locked")


def may_see_values(seat: Seat, interview: Interview, complete: bool) -> bool:
    """See all sheets of an interview and what follows from them without a sheet of one's own: only once nobody can still be swayed."""
    return complete and may_judge(seat, interview)


def may_judge(seat: Seat, interview: Interview) -> bool:
    """Come to what is behind one interview, to decide something in it: whoever leads or chairs, declared, without a conflict."""
    return (seat.leads or seat.reads_over(interview)) and seat.declared and not seat.conflicted(interview)


def may_reopen_sheets(seat: Seat, interview: Interview) -> bool:
    """Reopen the sheets of one interview; not for a deputy who decides about no more than a sanction in it."""
    return (seat.leads or seat.chairs_over(interview)) and may_judge(seat, interview)


def may_record_presence(seat: Seat, interview: Interview) -> bool:
    """Record that a candidate came or did not."""
    return may_manage_panels(seat.role) or may_record_absence(seat, interview)


def may_record_absence(seat: Seat, interview: Interview) -> bool:
    """Record that a member was not there for an interview."""
    return seat.leads and may_judge(seat, interview)


def may_leave_out(seat: Seat, interview: Interview) -> bool:
    """Record as absent a member who began a sheet and cannot finish it: only who decides as the council's chair, and scores nothing."""
    return seat.chairs_over(interview) and may_judge(seat, interview)


def may_record_sanction(seat: Seat, interview: Interview) -> bool:
    """Record that a candidate broke the rules in an interview."""
    return seat.leads and may_judge(seat, interview)


def may_decide_sanction(seat: Seat, interview: Interview, sanction: Sanction) -> bool:
    """Impose or drop a sanction that was recorded."""
    return seat.declared and is_asked_about(seat, interview, sanction)


def is_asked_about(seat: Seat, interview: Interview, sanction: Sanction) -> bool:
    """Whether a sanction waits for this person, perhaps after declaring conflicts: the chair, or a deputy where the chair keeps away."""
    return (seat.chairs_over(interview) or seat.chairs_over(interview, sanction)) and not seat.conflicted(interview)


def may_decide(seat: Seat, interview: Interview, decider: Decider) -> bool:
    """Decide the score where the rules ask `decider` to."""
    return is_asked(seat, interview, decider) and may_judge(seat, interview)


def is_asked(seat: Seat, interview: Interview, decider: Decider) -> bool:
    """Whether a score that the rules ask `decider` for waits for this person, who may have to declare conflicts first."""
    holds = {Decider.BOARD_HEAD: seat.leads, Decider.COUNCIL_CHAIR: seat.chairs_over(interview)}
    return holds.get(decider, False) and not seat.conflicted(interview)


def may_close(seat: Seat) -> bool:
    """Close the panel: its scores stand from then on."""
    return seat.leads and seat.declared


def may_reopen_panel(seat: Seat) -> bool:
    """Open a closed panel again, with a reason, while the codes are still closed."""
    return (seat.leads or seat.chairs_panel) and seat.declared


def may_propose_opening(role: Role) -> bool:
    """Sign the opening of the codes as the first person."""
    return role.heads("code") or role.heads("council")


def may_sign_opening(role: Role) -> bool:
    """Sign the opening of the codes as the second person."""
    return role.on("code", "council", "supervision")


def may_see_who_comes_when(role: Role) -> bool:
    """See behind which place in the order a candidate number stands while the codes are closed: nobody who scores or decides, since codes
    stand in that order at the table."""
    return not (role.on("panel") or role.heads("council"))


def may_see_opening(role: Role) -> bool:
    """See how far the opening of the codes is and, once they are open, codes, candidates and scores side by side."""
    return role.on("code", "council", "hr", "supervision")


def _scores_or_decides(role: Role) -> bool:
    return role.on("panel") or (role.heads("council") and not role.deputises)
