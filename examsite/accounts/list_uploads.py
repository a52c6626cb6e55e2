"""Lists between their dry run and the decision about them. Whether the person may is the question of the room that the list belongs to."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from hashlib import sha256

from sqlalchemy import delete, select
from sqlalchemy.orm import Session, undefer

from examsite.accounts.models import Account, ListUpload
from examsite.accounts.operations import actor_of
from examsite.audit.operations import Actor, record
from examsite.db import new_public_id, rows_changed
from examsite.rules.refusal import Conflict, NotFound, Refused

UPLOAD_LASTS = timedelta(days=2)
GONE = "intake.upload_gone"


def keep(session: Session, *, chain: str, kind: str, name: str, data: bytes, actor: Account, now: datetime) -> ListUpload:
    """Keep a file until somebody has decided about it after the dry run.

    An earlier file of the same person for the same list is dropped, and so is everybody's after two days. Refuses a file without
    content (`intake.file_empty`).
    """
    if not data:
        raise Refused("intake.file_empty", field="file")
    mine = (ListUpload.chain == chain) & (ListUpload.kind == kind) & (ListUpload.uploaded_by_id == actor.id)
    rows_changed(session, delete(ListUpload).where(mine | (ListUpload.uploaded_at < now - UPLOAD_LASTS)))
    kept = ListUpload(
        public_id=new_public_id(),
        chain=chain,
        kind=kind,
        file_name=name[-300:],
        file_digest=sha256(data).hexdigest(),
        content=data,
        uploaded_at=now,
        uploaded_by_id=actor.id,
    )
    session.add(kept)
    _log(session, kept, "uploaded", actor, now)
    return kept


def drop(session: Session, kept: ListUpload, actor: Account, now: datetime) -> None:
    """Decide against a file: nothing of it is taken and its content is wiped."""
    wipe(session, kept)
    _log(session, kept, "dropped", actor, now)


def wipe(session: Session, kept: ListUpload) -> None:
    """Let the content of a file go once it is taken in. Refuses a second decision at the same moment (`intake.upload_gone`)."""
    if rows_changed(session, delete(ListUpload).where(ListUpload.id == kept.id)) != 1:
        raise Conflict(GONE)


def tell_taken(
    session: Session, chain: str, kind: str, digest: str, actor: Actor, now: datetime, *, new: Sequence[str], changed: Sequence[str] = ()
) -> None:
    """Tell the log what a list came to: how many rows are new and how many changed, and which, by their public ids. What each said before
    and says now stands in its own entry. A list that changed nothing leaves none."""
    if new or changed:
        told = {"new_rows": len(new), "new": list(new), "changed_rows": len(changed), "changed": list(changed)}
        data = {"file": digest, "list": kind, **{name: value for name, value in told.items() if value}}
        record(session, chain, "lists:file:taken", f"list:{kind}", actor, now, data)


def upload_by_public_id(session: Session, chain: str, kind: str, public_id: str) -> ListUpload:
    """A file of this list that waits for its decision, with its content, or NotFound."""
    upload = session.scalar(
        select(ListUpload)
        .options(undefer(ListUpload.content))
        .where(ListUpload.chain == chain, ListUpload.kind == kind, ListUpload.public_id == public_id)
    )
    if upload is None:
        raise NotFound(GONE)
    return upload


def waiting_uploads(session: Session, chain: str, kind: str) -> list[ListUpload]:
    """The files of this list that wait for a decision, newest first."""
    found = select(ListUpload).where(ListUpload.chain == chain, ListUpload.kind == kind)
    return list(session.scalars(found.order_by(ListUpload.uploaded_at.desc())))


def _log(session: Session, kept: ListUpload, action: str, actor: Account, now: datetime) -> None:
    data = {"file": kept.file_digest, "list": kept.kind}
    record(session, kept.chain, f"lists:upload:{action}", f"upload:{kept.public_id}", actor_of(actor), now, data)
