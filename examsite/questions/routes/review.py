"""The queue of a reviewer: read in full, approve one or up to a page of them, or return with a note."""

from flask import render_template, request, url_for
from flask.typing import ResponseReturnValue

from examsite.access import staff
from examsite.accounts.current import me
from examsite.portions import stretch
from examsite.questions.forms import ReturnForm
from examsite.questions.operations import reviewing as operations
from examsite.questions.queries import items as queries
from examsite.questions.queries.banks import banks_of
from examsite.questions.routes import bank_with, blueprint, on_board
from examsite.web.asked import asked_order, asked_page
from examsite.web.context import db, now
from examsite.web.forms import ActForm, saved


@blueprint.route("/campaigns/<campaign_id>/questions/review", methods=["GET", "POST"])
@staff("question")
def review(campaign_id: str) -> ResponseReturnValue:
    """The versions that wait in full, twenty a page, each with a tick."""
    role = on_board(campaign_id)
    key = request.values.get("bank", "")
    bank = bank_with(role, key) if key else None
    order = asked_order(queries.REVIEW_SORTS, queries.OLDEST.usual)
    form = ActForm()
    if form.validate_on_submit():
        with form.refusals():
            ticked = queries.versions_in(db(), role.campaign, request.form.getlist("version"))
            count = operations.approve_many(db(), role, ticked, now())
            page = request.args.get("page")
            address = url_for("questions.review", campaign_id=campaign_id, bank=key or None, sort=order.carried, page=page)
            return saved(address, "questions.approved_many", count=count)
    here = stretch(queries.count_waiting(db(), role.campaign, me(), bank), asked_page(), queries.REVIEW_PAGE)
    shown = render_template(
        "questions/review.html",
        role=role,
        form=form,
        bank=bank,
        order=order,
        sorts=queries.REVIEW_SORTS,
        versions=queries.waiting(db(), role.campaign, me(), bank, here, order),
        part=here,
        banks={(one.part.id, one.language): one for one in banks_of(role.campaign)},
    )
    return shown, form.status


@blueprint.post("/campaigns/<campaign_id>/questions/versions/<version_id>/approve")
@staff("question")
def approve(campaign_id: str, version_id: str) -> ResponseReturnValue:
    """Approve one version."""
    role = on_board(campaign_id)
    (version,) = queries.versions_in(db(), role.campaign, [version_id])
    operations.approve(db(), role, version, now())
    return saved(url_for("questions.item", campaign_id=campaign_id, item_id=version.item.public_id), "questions.approved")


@blueprint.route("/campaigns/<campaign_id>/questions/versions/<version_id>/return", methods=["GET", "POST"])
@staff("question")
def send_back(campaign_id: str, version_id: str) -> ResponseReturnValue:
    """Return one version to its author, with a note."""
    role = on_board(campaign_id)
    (version,) = queries.versions_in(db(), role.campaign, [version_id])
    form = ReturnForm()
    if form.validate_on_submit():
        with form.refusals():
            operations.send_back(db(), role, version, form.reason.data or "", now())
            return saved(url_for("questions.review", campaign_id=campaign_id), "questions.sent_back")
    return render_template("questions/send_back.html", role=role, version=version, form=form), form.status
