"""Panels as HR sees them: place, time, candidates by number, lots. No code and no score stands here."""

from flask import render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import lazy_gettext as _

from examsite.access import staff
from examsite.accounts.current import me
from examsite.campaigns.models import Position
from examsite.campaigns.navigation import register
from examsite.campaigns.queries import rule_set
from examsite.campaigns.roles import Role, role_in
from examsite.grading.forms import AssignForm, PanelForm, ReplanForm, SeatForm
from examsite.grading.models import Panel
from examsite.grading.operations import lots as lot_operations
from examsite.grading.operations import panels as operations
from examsite.grading.operations import timetable
from examsite.grading.permissions import may_enter, may_list_panels, may_manage_panels, may_read_panels
from examsite.grading.queries import outcomes, panels, placing, progress, waiting
from examsite.grading.routes import blueprint
from examsite.grading.routes.doors import address_of, looking, managing
from examsite.grading.routes.long_lists import MOST_INTERVIEWS, asked_words, back_to_candidate, by_candidate, called
from examsite.grading.seats import Seat, seat_of
from examsite.portions import portion
from examsite.rules.refusal import Refused
from examsite.web.asked import asked_page
from examsite.web.context import db, now
from examsite.web.forms import ActForm, saved, typed

MOST_POSITIONS = 50
MOST_NUMBERS = 200
register("grading.panels", _("Panels"), place=70, boards=("hr", "council", "code", "panel", "supervision"))


@blueprint.get("/campaigns/<campaign_id>/panels", endpoint="panels")
@staff("hr", "council", "code", "panel", "supervision")
def panel_list(campaign_id: str) -> ResponseReturnValue:
    """All panels, how far each is, and the way into those one belongs to."""
    role = role_in(db(), me(), campaign_id)
    role.must(may_list_panels(role))
    show = request.args.get("show", "")
    every = panels.panels_of(db(), role.campaign)
    found = waiting.narrowed(db(), role, every, show)
    return render_template(
        "grading/panels.html",
        role=role,
        panels=found,
        every=len(every),
        show=show if show in waiting.WHAT else "",
        candidates=placing.interviews_by_panel(db(), role.campaign),
        enterable={panel.id for panel in found if may_enter(_seat(role, panel))},
        may_create=may_manage_panels(role) and outcomes.why_no_panel(db(), role.campaign) is None,
        may_read=may_read_panels(role),
        by_position=portion(placing.seats_by_position(db(), role.campaign) if may_read_panels(role) else [], asked_page(), MOST_POSITIONS),
    )


@blueprint.route("/campaigns/<campaign_id>/panels/new", methods=["GET", "POST"])
@staff("hr")
def new_panel(campaign_id: str) -> ResponseReturnValue:
    """Create a panel."""
    role = role_in(db(), me(), campaign_id)
    role.must(may_manage_panels(role))
    form = PanelForm()
    if form.validate_on_submit():
        with form.refusals():
            panel = operations.create_panel(
                db(), role, typed(form.name), typed(form.place), form.start(role.campaign), now(), pause_minutes=form.pause.data or 0
            )
            return saved(
                url_for("grading.panel", campaign_id=campaign_id, panel_id=panel.public_id), "grading.panel_created", name=panel.name
            )
    return render_template("grading/panel_form.html", role=role, form=form, panel=None), form.status


@blueprint.route("/campaigns/<campaign_id>/panels/<panel_id>/change", methods=["GET", "POST"])
@staff("hr")
def change_panel(campaign_id: str, panel_id: str) -> ResponseReturnValue:
    """Change name, place or start."""
    role, panel = managing(campaign_id, panel_id)
    form = PanelForm.showing(panel)
    if form.validate_on_submit():
        with form.refusals():
            kept = operations.change_panel(
                db(), role, panel, typed(form.name), typed(form.place), form.start(role.campaign), now(), pause_minutes=form.pause.data or 0
            )
            code = "grading.times_kept" if kept else "saved"
            return saved(address_of("grading.panel", panel), code, places=", ".join(map(str, kept)))
    return render_template("grading/panel_form.html", role=role, form=form, panel=panel), form.status


@blueprint.post("/campaigns/<campaign_id>/panels/<panel_id>/remove")
@staff("hr")
def remove_panel(campaign_id: str, panel_id: str) -> ResponseReturnValue:
    """Take away a panel that nobody stands before."""
    role, panel = managing(campaign_id, panel_id)
    name = panel.name
    operations.remove_panel(db(), role, panel, now())
    return saved(url_for("grading.panels", campaign_id=campaign_id), "grading.panel_removed", name=name)


@blueprint.get("/campaigns/<campaign_id>/panels/<panel_id>", endpoint="panel")
@staff("hr", "supervision")
def one_panel(campaign_id: str, panel_id: str) -> ResponseReturnValue:
    """One panel: members, candidates by number, what is missing before the lots."""
    return page_of(*looking(campaign_id, panel_id))


@blueprint.post("/campaigns/<campaign_id>/panels/<panel_id>/assign")
@staff("hr")
def assign(campaign_id: str, panel_id: str) -> ResponseReturnValue:
    """Put the candidates of a position before this panel."""
    role, panel = managing(campaign_id, panel_id)
    form = AssignForm()
    if form.validate_on_submit():
        with form.refusals():
            position = _position(panel, typed(form.position))
            count = operations.assign_position(db(), role, panel, position, now())
            return saved(address_of("grading.panel", panel), "grading.assigned", count=count)
    return page_of(role, panel, assigning=form)


@blueprint.post("/campaigns/<campaign_id>/panels/<panel_id>/candidates/<candidate_id>/planned")
@staff("hr")
def replan(campaign_id: str, panel_id: str, candidate_id: str) -> ResponseReturnValue:
    """Put the planned start of one interview elsewhere."""
    role, panel = managing(campaign_id, panel_id)
    interview = panels.candidate_in(db(), panel, candidate_id)
    form = ReplanForm()
    if form.validate_on_submit():
        with form.refusals():
            timetable.replan(db(), role, panel, interview, form.moment(role.campaign), typed(form.reason), now())
            return saved(back_to_candidate(interview), "grading.replanned")
    return page_of(role, panel, replanning=form, about=candidate_id)


@blueprint.route("/campaigns/<campaign_id>/panels/<panel_id>/lots", methods=["GET", "POST"])
@staff("hr", "supervision")
def lots(campaign_id: str, panel_id: str) -> ResponseReturnValue:
    """Draw the lots; afterwards, what the order follows from and how to repeat it."""
    role, panel = looking(campaign_id, panel_id)
    form = ActForm()
    if form.validate_on_submit():
        with form.refusals():
            lot_operations.draw_lots(db(), role, panel, now())
            return saved(address_of("grading.lots", panel), "grading.lots_drawn")
    page = render_template(
        "grading/lots.html",
        role=role,
        panel=panel,
        form=form,
        label=lot_operations.lot_label(panel),
        part=portion(panels.interviews_of(db(), panel), asked_page(), MOST_NUMBERS),
        missing=progress.missing_before_drawing(db(), panel),
        may_manage=may_manage_panels(role),
    )
    return page, form.status


def page_of(
    role: Role,
    panel: Panel,
    *,
    seating: SeatForm | None = None,
    assigning: AssignForm | None = None,
    replanning: ReplanForm | None = None,
    about: str = "",
) -> ResponseReturnValue:
    """The page of a panel, with a form that was refused in place of the empty one."""
    seats = placing.seats_by_position(db(), role.campaign)
    seat_form, assign_form = seating or SeatForm(formdata=None), assigning or AssignForm(formdata=None)
    seat_form.offer(panels.not_seated(db(), panel))
    assign_form.offer(seats)
    found, words = panels.interviews_of(db(), panel), asked_words()
    page = render_template(
        "grading/panel.html",
        role=role,
        panel=panel,
        rules=rule_set(role.campaign),
        members=panels.scoring_members(db(), panel),
        interviews=found,
        part=by_candidate(called(found, words), about),
        words=words,
        most=MOST_INTERVIEWS,
        missing=progress.missing_before_drawing(db(), panel) if panel.state == "planned" else [],
        others=[found for found in panels.panels_of(db(), role.campaign) if found.state == "planned" and found.id != panel.id],
        seat_form=seat_form,
        assign_form=assign_form,
        replan_form=replanning or ReplanForm(formdata=None),
        about=about,
        may_manage=may_manage_panels(role),
    )
    return page, max(seat_form.status, assign_form.status, replanning.status if replanning else 200)


def _seat(role: Role, panel: Panel) -> Seat:
    """One's place at a panel whose members are loaded; enough to say whether one may enter, which depends on more for a deputy chair."""
    if role.deputises:
        return seat_of(db(), role, panel)
    return Seat(role, panel, next((member for member in panel.members if member.account_id == role.account.id), None), {})


def _position(panel: Panel, public_id: str) -> Position:
    by_id = {found.position.public_id: found.position for found in placing.seats_by_position(db(), panel.campaign)}
    if public_id not in by_id:
        raise Refused("grading.position_missing", field="position")
    return by_id[public_id]
