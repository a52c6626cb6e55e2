"""Exam sessions for staff: plan them, put candidates on their rosters, see how they stand, call the roll, close them."""

from flask import render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import lazy_gettext as _

from examsite.access import staff
from examsite.accounts.current import me
from examsite.accounts.queries import open_act
from examsite.campaigns.models import Application
from examsite.campaigns.navigation import register
from examsite.campaigns.queries import has_round1, rule_set
from examsite.campaigns.roles import Role, role_in
from examsite.portions import portion
from examsite.rounds import permissions
from examsite.rounds.forms import RosterForm, SessionForm
from examsite.rounds.models import ExamSession
from examsite.rounds.operations import closing, roll
from examsite.rounds.operations import sessions as operations
from examsite.rounds.operations.sealing import ACT
from examsite.rounds.queries import evidence, incidents, preflight
from examsite.rounds.queries import sessions as queries
from examsite.rounds.queries.drawn_otherwise import drawn_otherwise
from examsite.rounds.queries.open_outages import open_outages
from examsite.rounds.routes import blueprint
from examsite.rules.policy import Clock
from examsite.rules.refusal import Refused
from examsite.sorting import in_order
from examsite.vietnamese import fold
from examsite.web.asked import asked_order, asked_page
from examsite.web.context import db, now
from examsite.web.forms import ActForm, ReasonForm, saved, typed

LONGEST_SEARCH = 100
MOST_ON_A_PAGE = 100
SHOWN = ("planned", "coming", "begun", "evidence", "otherwise")
BOARDS = ("hr", "invigilation", "council", "question", "supervision")
register("rounds.sessions", _("Exam sessions"), place=60, boards=BOARDS, allows=lambda role: has_round1(role.campaign))


@blueprint.get("/campaigns/<campaign_id>/sessions")
@staff(*BOARDS)
def sessions(campaign_id: str) -> ResponseReturnValue:
    """All sessions of a campaign."""
    role, show = seeing(campaign_id), request.args.get("show", "")
    rows = queries.sessions_of(db(), role.campaign)
    return render_template(
        "rounds/sessions.html",
        role=role,
        rows=_narrowed(role, rows, show),
        every=len(rows),
        show=show if show in SHOWN else "",
        may_see_seats=permissions.may_see_seats(role),
        free=queries.free_candidates(db(), role.campaign),
        may_plan=permissions.may_plan(role),
    )


@blueprint.route("/campaigns/<campaign_id>/sessions/new", methods=["GET", "POST"])
@staff("hr")
def new_session(campaign_id: str) -> ResponseReturnValue:
    """Plan a session."""
    role = role_in(db(), me(), campaign_id)
    role.must(permissions.may_plan(role))
    form = SessionForm(role.campaign.time_zone)
    if form.validate_on_submit():
        with form.refusals():
            told = (typed(form.name), typed(form.place), form.start, form.end)
            exam = operations.plan_session(db(), *told, role, now(), needs_check_in=bool(form.needs_check_in.data))
            return saved(_address(role, exam), "rounds.session_planned")
    return render_template("rounds/session_form.html", role=role, form=form, exam=None, personal=_personal(role)), form.status


@blueprint.get("/campaigns/<campaign_id>/sessions/<session_id>")
@staff(*BOARDS)
def session(campaign_id: str, session_id: str) -> ResponseReturnValue:
    """One session: its candidates and how they stand."""
    role = seeing(campaign_id)
    exam = queries.session_in(db(), role, session_id)
    return _page(role, exam)


@blueprint.route("/campaigns/<campaign_id>/sessions/<session_id>/edit", methods=["GET", "POST"])
@staff("hr")
def edit_session(campaign_id: str, session_id: str) -> ResponseReturnValue:
    """Change a planned session."""
    role = role_in(db(), me(), campaign_id)
    role.must(permissions.may_plan(role))
    exam = queries.session_in(db(), role, session_id)
    zone = role.campaign.time_zone
    form = SessionForm(zone) if request.method == "POST" else SessionForm.of(zone, exam)
    if form.validate_on_submit():
        with form.refusals():
            told = (typed(form.name), typed(form.place), form.start, form.end)
            ticked = bool(form.needs_check_in.data)
            operations.change_session(db(), exam, *told, role, now(), needs_check_in=ticked, seen=typed(form.seen))
            return saved(_address(role, exam), "rounds.session_changed")
    form.catch_up_with(exam)
    return render_template("rounds/session_form.html", role=role, form=form, exam=exam, personal=_personal(role)), form.status


@blueprint.post("/campaigns/<campaign_id>/sessions/<session_id>/drop")
@staff("hr")
def drop_session(campaign_id: str, session_id: str) -> ResponseReturnValue:
    """Drop a planned session with an empty roster."""
    role, exam = _acting(campaign_id, session_id)
    operations.drop_session(db(), exam, role, now())
    return saved(url_for("rounds.sessions", campaign_id=campaign_id), "rounds.session_dropped")


@blueprint.route("/campaigns/<campaign_id>/sessions/<session_id>/roster", methods=["GET", "POST"])
@staff("hr")
def add_candidates(campaign_id: str, session_id: str) -> ResponseReturnValue:
    """Choose candidates for the roster."""
    role, exam = _acting(campaign_id, session_id)
    role.must(permissions.may_plan(role))
    form = RosterForm()
    if form.validate_on_submit():
        with form.refusals():
            chosen = None if request.form.get("everybody") else form.applications.data or []
            count = operations.add_to_roster(db(), exam, chosen, role, now())
            return saved(_address(role, exam), "rounds.candidates_listed", count=count)
    free, words = queries.free_candidates(db(), role.campaign), request.args.get("q", "").strip()[:LONGEST_SEARCH]
    page = {"free": free, "words": words, "most": MOST_ON_A_PAGE}
    part = portion([one for one in free if fold(words) in fold(_known_as(one))], asked_page(), MOST_ON_A_PAGE)
    return render_template("rounds/add_candidates.html", role=role, exam=exam, form=form, part=part, **page), form.status


@blueprint.post("/campaigns/<campaign_id>/sessions/<session_id>/roster/<entry_id>/remove")
@staff("hr")
def remove_candidate(campaign_id: str, session_id: str, entry_id: str) -> ResponseReturnValue:
    """Take a candidate off the roster of a planned session."""
    role, exam = _acting(campaign_id, session_id)
    entry = queries.entry_in(db(), exam, entry_id)
    with_time = operations.remove_from_roster(db(), exam, entry, role, now())
    said = "rounds.candidate_removed_with_time" if with_time else "rounds.candidate_removed"
    return saved(_address(role, exam), said, number=entry.candidate_number)


@blueprint.post("/campaigns/<campaign_id>/sessions/<session_id>/absent")
@staff("hr", "invigilation")
def mark_all_absent(campaign_id: str, session_id: str) -> ResponseReturnValue:
    """Record everybody as absent who did not come."""
    role, exam = _acting(campaign_id, session_id)
    count = roll.mark_all_absent(db(), exam, role, now())
    return saved(_address(role, exam), "rounds.absent_recorded", count=count)


@blueprint.post("/campaigns/<campaign_id>/sessions/<session_id>/roster/<entry_id>/absent")
@staff("hr", "invigilation")
def mark_absent(campaign_id: str, session_id: str, entry_id: str) -> ResponseReturnValue:
    """Record one candidate as absent."""
    role, exam = _acting(campaign_id, session_id)
    roll.mark_absent(db(), exam, queries.entry_in(db(), exam, entry_id), role, now())
    return saved(_address(role, exam), "rounds.absent_recorded", count=1)


@blueprint.route("/campaigns/<campaign_id>/sessions/<session_id>/roster/<entry_id>/void", methods=["GET", "POST"])
@staff("hr", "invigilation", "council")
def void(campaign_id: str, session_id: str, entry_id: str) -> ResponseReturnValue:
    """Void a candidate's exam, with a reason."""
    role, exam = _acting(campaign_id, session_id)
    role.must(permissions.may_void(role))
    entry = queries.entry_in(db(), exam, entry_id)
    form = ReasonForm()
    if form.validate_on_submit():
        with form.refusals():
            roll.void(db(), exam, entry, typed(form.reason), role, now())
            return saved(_address(role, exam), "rounds.voided", number=entry.candidate_number)
    refused = incidents.why_not_void(db(), entry, role)
    return render_template("rounds/void.html", role=role, exam=exam, entry=entry, form=form, refused=refused), form.status


@blueprint.post("/campaigns/<campaign_id>/sessions/<session_id>/close")
@staff("hr", "invigilation")
def close_session(campaign_id: str, session_id: str) -> ResponseReturnValue:
    """Close a session; what is still missing is said on its page."""
    role, exam = _acting(campaign_id, session_id)
    form = ActForm()
    try:
        closing.close_session(db(), exam, role, now())
    except Refused as refusal:
        form.refuse(refusal)
        db().rollback()
        return _page(role, queries.session_in(db(), role, session_id), form), form.status
    return saved(_address(role, exam), "rounds.session_closed")


def seeing(campaign_id: str) -> Role:
    """The role of somebody who may see the sessions of this campaign."""
    role = role_in(db(), me(), campaign_id)
    role.must(permissions.may_see_sessions(role))
    return role


def _acting(campaign_id: str, session_id: str) -> tuple[Role, ExamSession]:
    role = role_in(db(), me(), campaign_id)
    return role, queries.session_in(db(), role, session_id)


def _page(role: Role, exam: ExamSession, form: ActForm | None = None) -> str:
    page = queries.session_page(db(), exam, now())
    words, state = request.args.get("q", "").strip()[:LONGEST_SEARCH], request.args.get("state", "")
    order = asked_order(queries.ROSTER_SORTS, queries.USUAL)
    return render_template(
        "rounds/session.html",
        role=role,
        exam=exam,
        page=page,
        roster=portion(in_order(page.found(words, state), order, queries.ROSTER_SORTS), asked_page(), MOST_ON_A_PAGE),
        order=order,
        words=words,
        state=state,
        waiting=open_act(db(), ACT, operations.about(exam)) is not None,
        came_late=evidence.has_evidence(db(), exam),
        undecided=evidence.undecided(db(), exam),
        short=preflight.told(exam, preflight.shortages(db(), exam)) if exam.state != "closed" and now() < exam.opens_at else [],
        otherwise=[one.number for one in drawn_otherwise(db(), role.campaign) if one.exam.id == exam.id] if exam.state == "sealed" else [],
        outages=open_outages(db(), exam, now()),
        form=form,
        postponements=queries.postponements_of(db(), exam),
        may_postpone=exam.state != "closed" and now() < exam.opens_at and permissions.may_postpone(role, exam),
        may=permissions,
    )


def _known_as(application: Application) -> str:
    """What a candidate is looked for by."""
    return f"{application.candidate_number} {application.person.full_name} {application.position.code}"


def _narrowed(role: Role, rows: list[queries.SessionRow], show: str) -> list[queries.SessionRow]:
    """Those sessions that a task counts; all of them for anything else."""
    if show not in SHOWN:
        return rows
    if show == "evidence":
        waiting = evidence.sessions_with_undecided(db(), role.campaign)
        return [row for row in rows if row.exam.id in waiting]
    if show == "otherwise":
        drawn = {one.exam.id for one in drawn_otherwise(db(), role.campaign)}
        return [row for row in rows if row.exam.id in drawn]
    return [row for row in rows if show == _stands(row.exam)]


def _stands(exam: ExamSession) -> str:
    if exam.state != "sealed":
        return exam.state
    return "begun" if exam.opens_at <= now() else "coming"


def _personal(role: Role) -> bool:
    return rule_set(role.campaign).session.clock is Clock.PERSONAL


def _address(role: Role, exam: ExamSession) -> str:
    return url_for("rounds.session", campaign_id=role.campaign.public_id, session_id=exam.public_id)
