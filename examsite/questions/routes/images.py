"""Pictures of items, for the question board."""

from flask import Response, render_template, request
from flask.typing import ResponseReturnValue

from examsite.access import staff
from examsite.questions.forms import ImageForm, accepted_line
from examsite.questions.operations import images as operations
from examsite.questions.queries.images import image_in
from examsite.questions.queries.items import item_in
from examsite.questions.routes import blueprint, on_board
from examsite.questions.routes.items import address_of, item_page
from examsite.rules.refusal import Refused
from examsite.uploads import made_safe_picture
from examsite.web.context import db, now
from examsite.web.forms import saved, typed

blueprint.add_app_template_filter(accepted_line, "accepted_line")


@blueprint.get("/campaigns/<campaign_id>/questions/images/<image_id>")
@staff("question")
def image(campaign_id: str, image_id: str) -> Response:
    """A picture of any version of this bank."""
    found = image_in(db(), on_board(campaign_id).campaign, image_id)
    return Response(found.content, mimetype=found.media_type)


@blueprint.post("/campaigns/<campaign_id>/questions/<item_id>/images")
@staff("question")
def add_image(campaign_id: str, item_id: str) -> ResponseReturnValue:
    """Put a picture below the stem of one's own draft."""
    role = on_board(campaign_id)
    found = item_in(db(), role.campaign, item_id)
    form = ImageForm()
    if form.validate_on_submit():
        with form.refusals():
            sent = _sent()
            db().commit()  # the picture is read before anything is locked: that may take seconds, and nobody's save waits for it
            picture = made_safe_picture(sent)
            role = on_board(campaign_id)
            found = item_in(db(), role.campaign, item_id)
            operations.add_image(db(), role, found.versions[-1], picture, typed(form.alt), now())
            return saved(address_of(role, found), "questions.image_added")
    return render_template("questions/item.html", **{**item_page(role, found), "image_form": form}), form.status


@blueprint.post("/campaigns/<campaign_id>/questions/images/<image_id>/remove")
@staff("question")
def remove_image(campaign_id: str, image_id: str) -> ResponseReturnValue:
    """Take a picture away from one's own draft."""
    role = on_board(campaign_id)
    found = image_in(db(), role.campaign, image_id)
    item = found.version.item
    operations.remove_image(db(), role, found, now())
    return saved(address_of(role, item), "questions.image_removed")


def _sent() -> bytes:
    file = request.files.get("file")
    data = file.read() if file else b""
    if not data:
        raise Refused("questions.file_missing", field="file")
    return data
