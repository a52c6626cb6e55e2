"""Pictures of items, for the board that keeps them and for papers that hold them."""

from collections.abc import Iterable

from sqlalchemy import Select, select
from sqlalchemy.orm import Session, contains_eager, undefer

from examsite.campaigns.models import Campaign
from examsite.questions.models import Item, ItemImage, ItemVersion
from examsite.rules.refusal import NotFound


def image_in(session: Session, campaign: Campaign, image_id: str) -> ItemImage:
    """A picture of this campaign's bank with its content, or NotFound. Whether the reader may see the bank is decided before."""
    return _found(session.scalar(_with_content(image_id).where(Item.campaign_id == campaign.id)))


def image_of_version(session: Session, image_id: str, versions: Iterable[tuple[str, int]]) -> ItemImage:
    """A picture with its content if it belongs to one of `versions` (item public id, version number), or NotFound."""
    image = _found(session.scalar(_with_content(image_id)))
    if (image.version.item.public_id, image.version.number) not in set(versions):
        raise NotFound
    return image


def _with_content(image_id: str) -> Select[ItemImage]:
    return (
        select(ItemImage)
        .join(ItemImage.version)
        .join(ItemVersion.item)
        .options(undefer(ItemImage.content), contains_eager(ItemImage.version).contains_eager(ItemVersion.item))
        .where(ItemImage.public_id == image_id)
    )


def _found(image: ItemImage | None) -> ItemImage:
    if image is None:
        raise NotFound
    return image
