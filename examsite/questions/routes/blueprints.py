"""What papers must contain, and whether the bank can fill it: figures alone, so that supervisors may look too."""

from flask import render_template, url_for
from flask.typing import ResponseReturnValue

from examsite.access import staff
from examsite.accounts.current import me
from examsite.campaigns.roles import Role, role_in
from examsite.questions import permissions
from examsite.questions.forms import BlueprintForm
from examsite.questions.models import DIFFICULTIES
from examsite.questions.operations import blueprints as operations
from examsite.questions.queries import bank_figures as queries
from examsite.questions.queries.banks import banks_of
from examsite.questions.routes import bank_with, blueprint
from examsite.web.context import db, now
from examsite.web.forms import saved
from examsite.wording import say


@blueprint.get("/campaigns/<campaign_id>/blueprints")
@staff("question", "supervision")
def all_figures(campaign_id: str) -> ResponseReturnValue:
    """Each bank in figures: what it holds, what its papers need, what is lacking."""
    role = _reader(campaign_id)
    found = queries.all_figures(db(), role.campaign)
    others = [bank for bank in banks_of(role.campaign) if bank.key not in {one.bank.key for one in found}]
    return render_template("questions/figures.html", role=role, figures=found, others=others, lacking=_sentences)


@blueprint.route("/campaigns/<campaign_id>/blueprints/<bank_key>", methods=["GET", "POST"])
@staff("question", "supervision")
def edit_blueprint(campaign_id: str, bank_key: str) -> ResponseReturnValue:
    """The blueprint of one bank beside what the bank holds; the head and the secretary of the question board change it."""
    role = _reader(campaign_id)
    bank = bank_with(role, bank_key)
    form = BlueprintForm()
    if form.is_submitted():
        role.must(permissions.may_edit_blueprint(role))
    if form.validate_on_submit():
        with form.refusals():
            operations.set_blueprint(db(), role, bank, form.cells(), form.seen.data or "", now())
            return saved(url_for("questions.edit_blueprint", campaign_id=campaign_id, bank_key=bank_key), "questions.blueprint_saved")
    figures = queries.figures(db(), role.campaign, bank)
    if not form.is_submitted():
        form.seen.data = operations.cells_digest(figures.cells)
        form.show(figures.topics, dict(figures.wanted))
    form.catch_up(operations.cells_digest(figures.cells))
    page = render_template(
        "questions/blueprint.html",
        role=role,
        form=form,
        figures=figures,
        difficulties=DIFFICULTIES,
        differing=form.differing(figures.wanted),
        may_edit=permissions.may_edit_blueprint(role),
        lacking=_sentences,
    )
    return page, form.status


def _reader(campaign_id: str) -> Role:
    role = role_in(db(), me(), campaign_id)
    role.must(permissions.may_read_figures(role))
    return role


def _sentences(figures: queries.Figures) -> list[str]:
    """What the bank lacks, in exact words."""
    return [say(*queries.told(figures.bank, shortage)) for shortage in figures.shortages]
