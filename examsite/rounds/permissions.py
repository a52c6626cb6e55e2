"""Who may do what to exam sessions. Candidates need no permission here: their rows say what is theirs."""

from examsite.accounts.models import HR_OFFICER, STAFF, Account
from examsite.campaigns.queries.chair import REPORTED
from examsite.campaigns.roles import Role
from examsite.rounds.models import ExamSession, Violation


def may_see_sessions(role: Role) -> bool:
    """See sessions, rosters and how they stand; never a paper or an answer."""
    return role.on("hr", "invigilation", "council", "question", "supervision")


def may_plan(role: Role) -> bool:
    """Plan sessions and put candidates on their rosters."""
    return role.on("hr")


def may_postpone(role: Role, exam: ExamSession) -> bool:
    """Postpone a session: HR while it is planned; once its papers are sealed, the chair of the council alone."""
    return role.heads("council") or (exam.state == "planned" and may_plan(role))


def may_seal(role: Role) -> bool:
    """Seal and unseal papers: the chair of the council and the head of the question board; two people have to."""
    return role.heads("council") or role.heads("question")


def may_call_roll(role: Role) -> bool:
    """Record who is absent."""
    return role.on("hr", "invigilation")


def may_void(role: Role) -> bool:
    """Void a candidate's exam before they begin, with a reason: listed by mistake, or withdrawn."""
    return may_void_begun(role) or role.heads("invigilation") or role.on("hr")


def may_void_begun(role: Role) -> bool:
    """Void also what was begun, and whoever is reported for a violation: the chair of the council alone."""
    return role.heads("council")


def may_close(role: Role) -> bool:
    """Close a session."""
    return role.on("hr") or role.heads("invigilation")


def may_release(role: Role) -> bool:
    """Release a sitting, so that its candidate can go on with it on another device: whoever keeps watch in the room."""
    return role.on("invigilation")


def may_decide_evidence(role: Role) -> bool:
    """Decide whether answers that came late count: the chair of the council, who sees no answer and no key for it."""
    return role.heads("council")


def may_accommodate(role: Role) -> bool:
    """Record the extra time that a candidate is entitled to, on evidence, before the session."""
    return role.on("hr")


def may_give_time(role: Role) -> bool:
    """Give time during a session, and decide what an outage cost."""
    return role.heads("invigilation") or role.heads("council")


def may_pause(role: Role) -> bool:
    """Stop the clock and let it run again: whoever stands in the room, because it cannot wait and takes nothing from anybody."""
    return role.on("invigilation") or role.heads("council")


def may_see_room(role: Role) -> bool:
    """See the live room, its incidents and violations, and the minutes; never an answer or a mark."""
    return role.on("invigilation", "hr", "council", "supervision")


def may_check_in(role: Role) -> bool:
    """Check candidates in against their papers; who screened a candidate may not, which the operation looks at."""
    return role.on("invigilation")


def may_open_room(role: Role) -> bool:
    """Open the room: make the access code that is written on its board."""
    return role.heads("invigilation")


def may_see_access_code(role: Role) -> bool:
    """See the access code on a page: whoever stands in the room, where it is on the board. Nobody else has a use for it."""
    return role.on("invigilation")


def may_record_in_room(role: Role) -> bool:
    """Record incidents and report violations."""
    return role.on("invigilation")


def may_decide_violation(role: Role, violation: Violation) -> bool:
    """Confirm or dismiss a violation: the chair of the council, or a deputy where the chair reported or witnessed it."""
    return role.chairs(involved_in(violation))


def involved_in(violation: Violation) -> dict[int, str]:
    """Who does not decide about a violation, because they reported or witnessed it."""
    return {account: REPORTED for account in (violation.reported_by_id, violation.witness_id) if account is not None}


def may_keep_rooms(actor: Account) -> bool:
    """Add and change the rooms of the house, which all campaigns share."""
    return actor.kind == STAFF and actor.house_role == HR_OFFICER and actor.disabled_at is None


def may_see_seats(role: Role) -> bool:
    """See who sits where, with names and dates of birth: the allocation and its lists."""
    return role.on("hr", "invigilation", "council", "supervision")


def may_move(role: Role) -> bool:
    """Draw seats by lot and move people by hand."""
    return role.on("hr")


def may_print_cards(role: Role) -> bool:
    """Print the admission cards of a session."""
    return role.on("hr", "invigilation")
