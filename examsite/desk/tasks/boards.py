"""What waits for each board at each stage, with the day until when. Pure: figures in, tasks out."""

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass

from examsite.campaigns.roles import Role
from examsite.desk.tasks.case import Case, Task
from examsite.rules.due import Due, earliest
from examsite.rules.working_days import add

WAITS = ("sessions_planned", "sessions_coming", "sessions_begun", "panels_drawn", "panels_closed", "appeals", "accepted")
"""Figures that say that somebody else, or a set day, is waited for before the next step."""
PUBLICATION, OPENING, SEALING = "results:publication", "grading:codes", "rounds:papers"


@dataclass(frozen=True, slots=True)
class Board:
    """Who has these tasks, which figures they are made of, and the tasks themselves."""

    holds: Callable[[Role], bool]
    figures: tuple[str, ...]
    tasks: Callable[[Case], Iterator[Task]]


def screening(case: Case) -> Iterator[Task]:
    """HR while applications are received: decide, number, publish who is eligible."""
    if not case.at("announced", "applications"):
        return
    announced = case.day_or_none(case.campaign.frozen_at)
    closes = announced and earliest(case.rules, "announced", "applications_close", announced, case.calendar)
    check = case.after("applications_close", "screened", closes or None)
    board = case.after("applications_close", "check_board", closes or None)
    if board is not None and case.at("applications") and not case.some("decided"):
        yield case.task("check_board", "campaigns.boards", due=board)
    if case.some("received"):
        yield case.task("screen", "campaigns.applications", case.some("received"), check, state="received")
    if case.some("claims"):
        yield case.task("claims", "campaigns.applications", case.some("claims"), check, has="claims")
    if case.some("unnumbered") and not case.some("received"):
        yield case.task("number", "campaigns.numbers", case.some("unnumbered"))
    ready = case.some("decided") and not case.some("received") and not case.some("list_eligible")
    if ready and PUBLICATION not in case.signing:
        due = case.after("screened", "rejected_notified", case.fact("decided").last)
        yield case.task("publish_eligible", "results.lists", due=due)


def timetable(case: Case) -> Iterator[Task]:
    """HR before round 1: every candidate in a session, long enough before it."""
    if case.at("screened") and case.rules.round1.parts and case.some("unlisted"):
        planned = case.fact("sessions_planned").first
        due = case.before("summoned", "round1_held", planned)
        due = due or case.after("summoned", "round1_held", case.fact("list_eligible").last)
        yield case.task("list_candidates", "rounds.sessions", case.some("unlisted"), due)


def round1_result(case: Case) -> Iterator[Task]:
    """HR after round 1: publish its result, then set up the panels."""
    if case.at("round1_held") and not case.some("list_round1") and PUBLICATION not in case.signing:
        due = case.after("round1_marked", "round2_list", case.fact("sessions_closed").last)
        yield case.task("publish_round1", "results.lists", due=due)
    first, entered = ("round1_result", "list_round1") if case.rules.round1.parts else ("screened", "list_eligible")
    if not case.at(first, "round2_timetable"):
        return
    unplaced = case.some("entrants_unplaced" if case.rules.round1.parts else "eligible_unplaced")
    due = case.after("round2_list", "round2_held", case.fact(entered).last)
    if unplaced:
        yield case.task("place", "grading.panels", unplaced, due, _anchor="h-positions")
    elif case.some("panels_planned"):
        first_day = case.day_or_none(case.fact("panels_planned").first)
        yield case.task("draw_lots", "grading.panels", case.some("panels_planned"), on=first_day, show="planned")


def ranking(case: Case) -> Iterator[Task]:
    """HR after round 2: the rankings and the recommendations."""
    if PUBLICATION in case.signing:
        return
    if case.at("round2_held") and not case.some("list_provisional"):
        due = case.after("round2_marked", "reported", case.fact("panels_opened").last)
        yield case.task("publish_provisional", "results.lists", due=due)
    until = case.appeals_until
    over = until is not None and case.today > until and not case.some("appeals") and not case.some("accepted")
    if case.at("appeals") and over and not case.some("list_official"):
        yield case.task("publish_official", "results.lists", due=case.after("approved", "published", until))
    if case.at("official") and not case.some("list_recommendations") and not case.some("accepted"):
        yield case.task("publish_recommendations", "results.lists")


def deciding(case: Case) -> Iterator[Task]:
    """The chair of the council: what nobody else may decide."""
    if case.short:
        yield case.task("shortages", "campaigns.positions", case.short, show="short")
    if case.some("violations"):
        yield case.task("violations", "rounds.violations", case.some("violations"))
    if case.some("evidence"):
        yield case.task("evidence", "rounds.sessions", case.some("evidence"), show="evidence")
    if case.some("sanctions"):
        yield case.task("sanctions", "grading.panels", case.some("sanctions"), show="sanctions")


def answering(case: Case) -> Iterator[Task]:
    """The chair: appeals to decide and to carry out, also against lists of a campaign that is over, where a letter was found late."""
    if case.some("appeals"):
        yield case.task("appeals", "results.appeals", case.some("appeals"), _answer(case))
    if case.some("accepted"):
        yield case.task("carry_out", "results.appeals", case.some("accepted"), show="to_carry_out")


def standing_in(case: Case) -> Iterator[Task]:
    """A deputy chair: what the chair has to keep away from."""
    if case.some("violations_in_place"):
        yield case.task("violations", "rounds.violations", case.some("violations_in_place"))
    if case.some("sanctions_in_place"):
        yield case.task("sanctions", "grading.panels", case.some("sanctions_in_place"), show="sanctions")


def answering_instead(case: Case) -> Iterator[Task]:
    """A deputy chair: appeals of candidates with whom the chair has a conflict."""
    if case.some("appeals_in_place"):
        yield case.task("appeals", "results.appeals", case.some("appeals_in_place"), _answer(case))
    if case.some("accepted_in_place"):
        yield case.task("carry_out", "results.appeals", case.some("accepted_in_place"), show="to_carry_out")


def _answer(case: Case) -> Due | None:
    """Appeals against the provisional ranking are answered so many days after the time for them has ended."""
    rule = case.rules.appeals
    if case.appeals_until is None:
        return None
    return Due(add(case.appeals_until, rule.answer_days, rule.day_kind, case.calendar), "appeals.answer_days")


def sealing(case: Case) -> Iterator[Task]:
    """The chair and the head of the question board: papers sealed before lists are posted."""
    planned = case.fact("sessions_planned")
    if planned.count and case.at("screened", "round1_timetable") and not case.some("unlisted") and SEALING not in case.signing:
        due = case.before("list_posted", "round1_held", planned.first)
        yield case.task("seal", "rounds.sessions", planned.count, due, on=case.day_or_none(planned.first), show="planned")


def bank(case: Case) -> Iterator[Task]:
    """The question board: review what others wrote, mend what came back."""
    if case.some("to_review"):
        yield case.task("review", "questions.review", case.some("to_review"))
    if case.some("returned"):
        yield case.task("mend", "questions.items", case.some("returned"), state="returned", author=case.role.account.public_id)


def room(case: Case) -> Iterator[Task]:
    """Invigilators: the sessions that come, and those that have begun."""
    coming, begun = case.fact("sessions_coming"), case.fact("sessions_begun")
    if coming.count:
        yield case.task("watch", "rounds.sessions", coming.count, on=case.day_or_none(coming.first), show="coming")
    if begun.count:
        yield case.task("close_session", "rounds.sessions", begun.count, on=case.day_or_none(begun.first), show="begun")


def codes(case: Case) -> Iterator[Task]:
    """The head of the code board and the chair: open the codes once every panel is closed."""
    closed = case.fact("panels_closed")
    if closed.count and not case.some("panels_planned") and not case.some("panels_drawn") and OPENING not in case.signing:
        yield case.task("open_codes", "grading.codes", due=case.after("round2_marked", "reported", closed.last))


def panel(case: Case) -> Iterator[Task]:
    """Panel members: declare before, lock a sheet after each interview."""
    undeclared, sheets = case.fact("undeclared"), case.fact("sheets")
    if undeclared.count:
        yield case.task("declare", "grading.panels", undeclared.count, on=case.day_or_none(undeclared.first), show="undeclared")
    if sheets.count:
        yield case.task("sheets", "grading.panels", sheets.count, on=case.day_or_none(sheets.first), show="sheets")
    if case.to_decide:
        yield case.task("spread", "grading.panels", case.to_decide, show="spread")


def stepping(case: Case) -> Iterator[Task]:
    """HR and the chair: take the next step where the campaign waits for neither a set day nor other people nor a task of HR."""
    held = any(case.some(name) for name in WAITS) or case.signing or (case.appeals_until is not None and case.today <= case.appeals_until)
    if held or case.at("closed") or any(True for part in (screening, timetable, round1_result, ranking) for _task in part(case)):
        return
    yield case.task("next_step", "desk.campaign_stages")


def _hr(role: Role) -> bool:
    return role.on("hr")


def _chair(role: Role) -> bool:
    return role.heads("council")


def _deputy(role: Role) -> bool:
    return role.deputises and not role.heads("council")


_OF_HR: tuple[Board, ...] = (
    Board(_hr, ("received", "decided", "claims", "unnumbered", "list_eligible"), screening),
    Board(_hr, ("unlisted", "sessions_planned", "list_eligible"), timetable),
    Board(
        _hr,
        ("list_eligible", "list_round1", "sessions_closed", "entrants_unplaced", "eligible_unplaced", "panels_planned"),
        round1_result,
    ),
    Board(_hr, ("panels_opened", "list_provisional", "list_official", "list_recommendations", "appeals", "accepted"), ranking),
)
_ANSWERING = (
    Board(_chair, ("appeals", "accepted"), answering),
    Board(_deputy, ("appeals_in_place", "accepted_in_place"), answering_instead),
)
_STEP = tuple(sorted({*WAITS, *(name for board in _OF_HR for name in board.figures)}))
BOARDS: tuple[Board, ...] = (
    *_OF_HR,
    Board(_chair, ("violations", "evidence", "sanctions"), deciding),
    Board(_deputy, ("violations_in_place", "sanctions_in_place"), standing_in),
    *_ANSWERING,
    Board(lambda role: role.heads("council") or role.heads("question"), ("sessions_planned", "unlisted"), sealing),
    Board(lambda role: role.on("question"), ("to_review", "returned"), bank),
    Board(lambda role: role.on("invigilation"), ("sessions_coming", "sessions_begun"), room),
    Board(lambda role: role.heads("code") or role.heads("council"), ("panels_planned", "panels_drawn", "panels_closed"), codes),
    Board(lambda role: role.on("panel") or role.heads("council") or role.deputises, ("undeclared", "sheets", "panels_drawn"), panel),
    Board(lambda role: role.on("hr") or role.heads("council"), _STEP, stepping),
)


def tasks_of(case: Case) -> list[Task]:
    """Everything that waits for this person in this campaign."""
    return [task for board in boards_of(case.role) for task in board.tasks(case)]


def figures_for(roles: Iterable[Role]) -> set[str]:
    """The figures that the boards of these seats need."""
    return {name for role in roles for board in boards_of(role) for name in board.figures}


def boards_of(role: Role) -> list[Board]:
    """Those that this person sits on; of a campaign that is over, those that still have something to do."""
    return [board for board in (_ANSWERING if role.campaign.stage == "closed" else BOARDS) if board.holds(role)]
