"""Review: somebody who did not write a version approves it or returns it with a note."""

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import select, update
from sqlalchemy.orm import Session

from examsite.audit.operations import Entry, record_all
from examsite.campaigns.roles import Role
from examsite.questions.models import Item, ItemVersion
from examsite.questions.operations.writing import version_digest
from examsite.questions.permissions import may_read_items, may_review
from examsite.rules.refusal import Conflict, NotPermitted, Refused

LONGEST_NOTE = 4_000
_NOT_RETIRED = select(Item.id).where(Item.id == ItemVersion.item_id, Item.retired_at.is_(None)).exists()


def approve(session: Session, role: Role, version: ItemVersion, now: datetime) -> None:
    """Approve a version as its second person; the version approved before is superseded. Papers draw from it from now on.

    Refuses the author, a retired item, and a version that does not wait for review (any more).
    """
    approve_many(session, role, [version], now)


def approve_many(session: Session, role: Role, versions: Sequence[ItemVersion], now: datetime) -> int:
    """Approve several versions as `approve` does, all or none; how many they were. Each leaves its own entry in the log."""
    role.must(may_read_items(role))
    if not versions:
        raise Refused("questions.none_ticked")
    for version in versions:
        _must_review(role, version)
    items = [version.item_id for version in versions]
    session.execute(update(ItemVersion).where(ItemVersion.item_id.in_(items), ItemVersion.state == "approved").values(state="superseded"))
    _decide(session, role, versions, now, "approved", "")
    return len(versions)


def send_back(session: Session, role: Role, version: ItemVersion, note: str, now: datetime) -> None:
    """Return a version to its author with a note; it stays readable, and a new version answers it."""
    _must_review(role, version)
    if not note.strip():
        raise Refused("questions.note_missing", field="reason")
    if len(note) > LONGEST_NOTE:
        raise Refused("questions.too_long", field="reason", longest=LONGEST_NOTE, length=len(note))
    _decide(session, role, [version], now, "returned", note.strip())


def _must_review(role: Role, version: ItemVersion) -> None:
    role.must(may_read_items(role))
    if not may_review(role, version):
        raise NotPermitted("questions.own_version")


def _decide(session: Session, role: Role, versions: Sequence[ItemVersion], now: datetime, state: str, note: str) -> None:
    """The guard stands in the statement: still waiting, somebody else's, and of an item in use."""
    decision = (
        update(ItemVersion)
        .where(
            ItemVersion.id.in_([version.id for version in versions]),
            ItemVersion.state == "in_review",
            ItemVersion.author_id != role.account.id,
            _NOT_RETIRED,
        )
        .values(state=state, reviewer_id=role.account.id, reviewed_at=now, review_note=note)
        .returning(ItemVersion.id)
    )
    decided = set(session.scalars(decision))
    for version in versions:
        if version.id not in decided:
            raise Conflict("questions.not_in_review", number=version.item.number)
    record_all(session, role.campaign.chain, [_entry(version, f"questions:version:{state}") for version in versions], role.actor, now)


def _entry(version: ItemVersion, kind: str) -> Entry:
    data = {"version": version.number, "digest": version_digest(version), "author": version.author.public_id}
    return Entry(kind, f"item:{version.item.public_id}", data)
