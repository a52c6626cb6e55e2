"""What the pages of a paper need of its items beside their wording: pictures, and the count of words."""

from flask import Response

from examsite.access import candidate
from examsite.accounts.current import me
from examsite.rounds.queries.images import image_on_paper
from examsite.rounds.queries.sittings import my_sitting
from examsite.rounds.routes import blueprint
from examsite.rules.typed import word_count
from examsite.web.context import db, now

blueprint.add_app_template_filter(word_count, "word_count")


@blueprint.get("/exam/<sitting_id>/images/<image_id>")
@candidate
def item_image(sitting_id: str, image_id: str) -> Response:
    """A picture of an item on one's own paper, while it is open."""
    image = image_on_paper(db(), my_sitting(db(), me(), sitting_id), image_id, now())
    return Response(image.content, mimetype=image.media_type)
