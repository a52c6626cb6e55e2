"""Incidents and violations: written down in the room, decided by the chair, printed one by one for their signatures."""

from flask import current_app, render_template, request, url_for
from flask.typing import ResponseReturnValue

from examsite.access import staff
from examsite.accounts.current import me
from examsite.campaigns.queries import rule_set
from examsite.campaigns.queries.chair import chairs_of
from examsite.campaigns.roles import Role, role_in
from examsite.rounds import permissions
from examsite.rounds.models import ExamSession, RosterEntry
from examsite.rounds.operations import incidents as incident_operations
from examsite.rounds.operations import violations as violation_operations
from examsite.rounds.operations.violations import Report
from examsite.rounds.queries import incidents as queries
from examsite.rounds.queries.ledger import names_in, parts_of
from examsite.rounds.queries.live import live_room, present_part
from examsite.rounds.queries.minutes import sanction_names
from examsite.rounds.queries.sessions import entry_in, roster_of, session_in
from examsite.rounds.room_forms import DecisionForm, IncidentForm, ViolationForm
from examsite.rounds.routes import blueprint
from examsite.rounds.routes.live import BOARDS, seeing_room
from examsite.web.context import db, now
from examsite.web.forms import saved, typed, with_choices
from examsite.web.language import pick
from examsite.wording import say

DISMISS = "dismiss"


@blueprint.get("/campaigns/<campaign_id>/sessions/<session_id>/incidents")
@staff(*BOARDS)
def incidents(campaign_id: str, session_id: str) -> ResponseReturnValue:
    """Everything that was written down in this room."""
    role, exam = seeing_room(campaign_id, session_id)
    return _render("incidents.html", role, exam, incidents=queries.incidents_in(db(), exam), violations=queries.violations_in(db(), exam))


@blueprint.route("/campaigns/<campaign_id>/sessions/<session_id>/incidents/new", methods=["GET", "POST"])
@staff("invigilation")
def record_incident(campaign_id: str, session_id: str) -> ResponseReturnValue:
    """Write down an incident, of one candidate (`entry`), several, or the room."""
    role, exam = _writing(campaign_id, session_id)
    form = IncidentForm(role.campaign.time_zone, now(), entries=request.args.getlist("entry"))
    names = names_in(db(), exam)
    roster = roster_of(db(), exam)
    with_choices(form.entries, [(one.public_id, f"{one.candidate_number} · {names[one.application_id]}") for one in roster])
    if form.validate_on_submit():
        with form.refusals():
            told = (typed(form.kind), form.entries.data or [], typed(form.what), typed(form.done), form.happened)
            incident = incident_operations.record_incident(db(), exam, *told, role, now())
            return saved(
                url_for("rounds.incident", incident_id=incident.public_id, campaign_id=campaign_id, session_id=session_id),
                "rounds.incident_recorded",
            )
    return _render("incident_form.html", role, exam, form=form), form.status


@blueprint.get("/campaigns/<campaign_id>/sessions/<session_id>/incidents/<incident_id>")
@staff(*BOARDS)
def incident(campaign_id: str, session_id: str, incident_id: str) -> ResponseReturnValue:
    """The minutes of one incident, to print and sign."""
    role, exam = seeing_room(campaign_id, session_id)
    return _render("incident.html", role, exam, incident=queries.incident_in(db(), exam, incident_id))


@blueprint.get("/campaigns/<campaign_id>/violations")
@staff(*BOARDS)
def violations(campaign_id: str) -> ResponseReturnValue:
    """Every violation of a campaign, those that wait for the chair first."""
    role = role_in(db(), me(), campaign_id)
    role.must(permissions.may_see_room(role))
    names = sanction_names(rule_set(role.campaign))
    found = queries.violations_of(db(), role.campaign)
    return render_template("rounds/room_staff/violations.html", role=role, violations=found, sanctions=names, may=permissions)


@blueprint.route("/campaigns/<campaign_id>/sessions/<session_id>/roster/<entry_id>/violation", methods=["GET", "POST"])
@staff("invigilation")
def report_violation(campaign_id: str, session_id: str, entry_id: str) -> ResponseReturnValue:
    """Report a violation of one candidate."""
    role, exam = _writing(campaign_id, session_id)
    entry = entry_in(db(), exam, entry_id)
    form = _violation_form(role, exam, entry)
    if form.validate_on_submit():
        with form.refusals():
            violation = violation_operations.report_violation(db(), exam, entry, _report(form, role), role, now())
            return saved(_violation_address(role, exam, violation.public_id), "rounds.violation_reported")
    name = names_in(db(), exam)[entry.application_id]
    return _render("violation_form.html", role, exam, form=form, entry=entry, name=name), form.status


@blueprint.route("/campaigns/<campaign_id>/sessions/<session_id>/violations/<violation_id>", methods=["GET", "POST"])
@staff(*BOARDS)
def violation(campaign_id: str, session_id: str, violation_id: str) -> ResponseReturnValue:
    """The minutes of one violation, to print and sign; the chair decides here."""
    role, exam = seeing_room(campaign_id, session_id)
    found = queries.violation_in(db(), exam, violation_id)
    form = DecisionForm()
    sanctions = sanction_names(rule_set(role.campaign))
    with_choices(form.level, [*((kind, pick(name)) for kind, name in sanctions.items()), (DISMISS, say("rounds.dismiss"))])
    if request.method == "POST":
        role.must(permissions.may_decide_violation(role, found) or role.heads("council"))
    if form.validate_on_submit():
        with form.refusals():
            level = None if form.level.data == DISMISS else form.level.data
            violation_operations.decide_violation(db(), found, level, typed(form.reason), role, now())
            return saved(_violation_address(role, exam, violation_id), "rounds.violation_settled")
    penalties = {kind.id: kind for kind in rule_set(role.campaign).penalties.kinds}
    found = queries.violation_in(db(), exam, violation_id)
    decider = chairs_of(db(), role.campaign).decider(permissions.involved_in(found))
    return _render("violation.html", role, exam, violation=found, form=form, penalties=penalties, decider=decider), form.status


def _writing(campaign_id: str, session_id: str) -> tuple[Role, ExamSession]:
    role = role_in(db(), me(), campaign_id)
    role.must(permissions.may_record_in_room(role))
    return role, session_in(db(), role, session_id)


def _violation_form(role: Role, exam: ExamSession, entry: RosterEntry) -> ViolationForm:
    form = ViolationForm(role.campaign.time_zone, now(), part=_part_of(exam, entry))
    with_choices(form.level, [(kind, pick(name)) for kind, name in sanction_names(rule_set(role.campaign)).items()])
    with_choices(form.part, [(part, pick(name)) for part, name in parts_of(exam)])
    witnesses = [(one.public_id, one.display_name) for one in queries.possible_witnesses(db(), role)]
    with_choices(form.witness, [("", say("rounds.no_witness")), *witnesses])
    return form


def _part_of(exam: ExamSession, entry: RosterEntry) -> str | None:
    """The part that the candidate works at or sat last; of one who sat none, that of the room."""
    room = live_room(db(), exam, now())
    own = next((row.part for row in room.rows if row.entry == entry.public_id), None)
    present = present_part(exam, room, now())
    return own or (present.part if present else None)


def _report(form: ViolationForm, role: Role) -> Report:
    witnesses = {one.public_id: one for one in queries.possible_witnesses(db(), role)}
    return Report(
        part=typed(form.part),
        proposed=typed(form.level),
        happened_at=form.happened,
        facts=typed(form.facts),
        statement=typed(form.statement),
        witness=witnesses.get(typed(form.witness)),
    )


def _violation_address(role: Role, exam: ExamSession, violation_id: str) -> str:
    return url_for("rounds.violation", campaign_id=role.campaign.public_id, session_id=exam.public_id, violation_id=violation_id)


def _render(template: str, role: Role, exam: ExamSession, **given: object) -> str:
    sanctions = sanction_names(rule_set(role.campaign))
    parts = dict(parts_of(exam))
    offers = current_app.view_functions.__contains__
    return render_template(
        f"rounds/room_staff/{template}", role=role, exam=exam, sanctions=sanctions, parts=parts, may=permissions, offers=offers, **given
    )
