"""Put pictures below the stem of one's own draft, and take them away."""

from datetime import datetime

from sqlalchemy import update
from sqlalchemy.orm import Session

from examsite.audit.operations import record
from examsite.campaigns.roles import Role
from examsite.db import rows_changed
from examsite.questions.models import ItemImage, ItemVersion
from examsite.questions.operations.writing import must_own, version_digest
from examsite.rules.refusal import Conflict, Refused
from examsite.uploads import Picture
from examsite.vietnamese import tidy

MOST_IMAGES = 4
LONGEST_ALT = 500


def add_image(session: Session, role: Role, version: ItemVersion, picture: Picture, alt: str, now: datetime) -> ItemImage:
    """Add a picture that `uploads` made safe as the last one; `alt` says in words what it shows.

    Refuses a draft that is not one's own, or is one no more.
    """
    _hold_draft(session, role, version, now)
    words = tidy(alt)
    if not words:
        raise Refused("questions.alt_missing", field="alt")
    if len(words) > LONGEST_ALT:
        raise Refused("questions.too_long", field="alt", longest=LONGEST_ALT, length=len(words))
    if len(version.images) >= MOST_IMAGES:
        raise Refused("questions.images_many", field="file", most=MOST_IMAGES)
    image = ItemImage(
        number=max((one.number for one in version.images), default=0) + 1,
        alt=words,
        media_type=picture.media_type,
        width=picture.width,
        height=picture.height,
        digest=picture.digest,
        content=picture.content,
    )
    version.images.append(image)
    session.flush()
    _log(session, role, version, "questions:image:added", image.digest, now)
    return image


def remove_image(session: Session, role: Role, image: ItemImage, now: datetime) -> None:
    """Take a picture away from one's own draft; versions that were handed over keep theirs."""
    version = image.version
    _hold_draft(session, role, version, now)
    version.images.remove(image)
    session.flush()
    _log(session, role, version, "questions:image:removed", image.digest, now)


def _hold_draft(session: Session, role: Role, version: ItemVersion, now: datetime) -> None:
    """The draft's row is held until the end, so that nobody hands it over meanwhile and no picture is counted twice."""
    must_own(role, version)
    mine = update(ItemVersion).where(ItemVersion.id == version.id, ItemVersion.state == "draft", ItemVersion.author_id == role.account.id)
    if rows_changed(session, mine.values(written_at=now)) != 1:
        raise Conflict("questions.not_a_draft")
    session.expire(version, ["images"])


def _log(session: Session, role: Role, version: ItemVersion, kind: str, image: str, now: datetime) -> None:
    data = {"version": version.number, "digest": version_digest(version), "image": image}
    record(session, role.campaign.chain, kind, f"item:{version.item.public_id}", role.actor, now, data)
