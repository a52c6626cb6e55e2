"""Acts that take two people: the second sees what the first did, signs in again, and signs the digest of what was shown.

A room above proposes the act with the digest of its content, and on signing computes that digest afresh. The guard against the same
person, a changed draft and a lost race is in the statement; whether the second person holds the role, and the first still does, is the
room's own question.
"""

import json
from collections.abc import Mapping
from datetime import datetime

from sqlalchemy import update
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from examsite.accounts.models import Account, TwoPersonAct
from examsite.accounts.operations import actor_of
from examsite.audit.operations import record
from examsite.db import rows_changed
from examsite.rules import canonical
from examsite.rules.refusal import Conflict, Refused


def propose(
    session: Session, *, chain: str, kind: str, about: str, content: Mapping[str, object], actor: Account, now: datetime
) -> TwoPersonAct:
    """Sign an act as its first person. `content` is what the second will be shown; its digest is what both sign."""
    plain = dict(content)
    act = TwoPersonAct(
        chain=chain, kind=kind, about=about, digest=canonical.digest(plain), content=_stored(plain), first_id=actor.id, first_at=now
    )
    try:
        with session.begin_nested():
            session.add(act)
    except IntegrityError as error:
        raise Conflict("acts.already_open") from error
    record(session, chain, f"{kind}:proposed", about, actor_of(actor), now, {"digest": act.digest})
    return act


def sign(
    session: Session, act: TwoPersonAct, content: Mapping[str, object], shown: str, actor: Account, now: datetime, *, first_may: bool
) -> None:
    """Sign an act as its second person.

    `content` is computed afresh by the caller, `shown` is the digest that stood on the page. Refuses the first person, and a
    content that is no longer what the first signed or what the second was shown. `first_may` says whether the first person could still
    sign it now: one who has lost the seat since, or the account, is no second pair of eyes.
    """
    fresh = canonical.digest(dict(content))
    if act.first_id == actor.id:
        raise Refused("acts.same_person")
    if act.first.disabled_at is not None or not first_may:
        raise Conflict("acts.first_gone", name=act.first.display_name)
    if not act.digest == fresh == shown:
        raise Conflict("acts.changed_since")
    signed = rows_changed(
        session,
        update(TwoPersonAct)
        .where(TwoPersonAct.id == act.id, TwoPersonAct.state == "open", TwoPersonAct.digest == fresh, TwoPersonAct.first_id != actor.id)
        .values(state="signed", second_id=actor.id, second_at=now),
    )
    if signed != 1:
        raise Conflict("acts.no_longer_open")
    record(session, act.chain, f"{act.kind}:signed", act.about, actor_of(actor), now, {"digest": fresh, "first": act.first.public_id})


def withdraw(session: Session, act: TwoPersonAct, reason: str, actor: Account, now: datetime) -> None:
    """Take back an act that has only its first signature, with a reason, so that it can be proposed anew."""
    if not reason.strip():
        raise Refused("reason_missing", field="reason")
    withdrawn = rows_changed(
        session,
        update(TwoPersonAct)
        .where(TwoPersonAct.id == act.id, TwoPersonAct.state == "open")
        .values(state="withdrawn", withdrawn_at=now, withdrawn_why=reason.strip()),
    )
    if withdrawn != 1:
        raise Conflict("acts.no_longer_open")
    record(session, act.chain, f"{act.kind}:withdrawn", act.about, actor_of(actor), now, {"reason": reason.strip()})


def _stored(content: Mapping[str, object]) -> object:
    """The content as canonical JSON reads it back, so that decimals and moments can be stored."""
    plain: object = json.loads(canonical.to_bytes(dict(content)))
    return plain
