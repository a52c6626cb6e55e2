"""Pictures of the items on a candidate's paper."""

from datetime import datetime

from sqlalchemy.orm import Session

from examsite.questions.models import ItemImage
from examsite.questions.queries.images import image_of_version
from examsite.rounds.models import Sitting
from examsite.rounds.queries.sittings import is_closed, is_withheld, paper_items
from examsite.rules.refusal import NotFound


def image_on_paper(session: Session, sitting: Sitting, image_id: str, now: datetime) -> ItemImage:
    """The picture of this public id if it belongs to an item version on this sitting's paper and it is open, not paused; or NotFound."""
    if is_closed(sitting, now) or is_withheld(sitting, now):
        raise NotFound
    versions = [(item.item, item.version) for item in paper_items(sitting.paper)]
    return image_of_version(session, image_id, versions)
