"""`POST /exam/<sitting>/save` and `/alive`: parse, one operation, reply. No forms, no mapped objects, no page.

Most saves never come here, see `save_at_door`; what is looked at here has something about it that wants explaining.
"""

from typing import Any

from flask import Response, request, session
from werkzeug.exceptions import RequestEntityTooLarge

from examsite.access import own_token
from examsite.accounts.passwords import hash_token
from examsite.rounds.operations import save as saving
from examsite.rounds.operations.alive import Alive, sign_of_life
from examsite.rounds.routes import blueprint
from examsite.rounds.routes.replies import iso, iso_or_none, json_reply, stored_told
from examsite.rounds.routes.tokens import is_save_token
from examsite.rounds.save_body import LARGEST, LARGEST_SIGN, MalformedError, parse, parse_sign_of_life
from examsite.web.context import db, now, saving_engine


@blueprint.post("/exam/<sitting_id>/save")
@own_token
def save_answers(sitting_id: str) -> Response:
    """Take what the page sends, and reply only when it is committed."""
    token_hash = asker(sitting_id)
    if isinstance(token_hash, Response):
        return token_hash
    try:
        body = parse(raw(LARGEST))
    except MalformedError as fault:
        return json_reply(422, {"outcome": "malformed", "code": fault.code})
    outcome = saving.save_answers(db(), sitting_id, token_hash, body, now())
    db().commit()
    return answer(outcome)


@blueprint.post("/exam/<sitting_id>/alive")
@own_token
def alive(sitting_id: str) -> Response:
    """Tell the page how its sitting stands: deadline, pause, whether it still holds the pen."""
    token_hash = asker(sitting_id)
    if isinstance(token_hash, Response):
        return token_hash
    try:
        sign = parse_sign_of_life(raw(LARGEST_SIGN))
    except MalformedError as fault:
        return json_reply(422, {"outcome": "malformed", "code": fault.code})
    match sign_of_life(saving_engine(), sitting_id, token_hash, sign, now()):
        case saving.SignedOut():
            return json_reply(401, {"outcome": "signed_out"})
        case saving.NotYours():
            return json_reply(404, {"outcome": "not_yours"})
        case standing:
            return json_reply(200, standing_told(standing)) if standing.holds_pen else json_reply(409, _moved(standing))


def asker(sitting_id: str) -> str | Response:
    """The hash of the login token, proven to belong to this page; or the reply to somebody else."""
    login = session.get("_user_id")
    if not isinstance(login, str):
        return json_reply(401, {"outcome": "signed_out"})
    token_hash = hash_token(login)
    if not is_save_token(request.headers.get("X-Save-Token", ""), token_hash, sitting_id):
        return json_reply(403, {"outcome": "bad_token"})
    return token_hash


def raw(largest: int) -> bytes:
    if request.mimetype != "application/json":
        raise MalformedError("content_type")
    request.max_content_length = largest
    try:
        return request.get_data(cache=False)
    except RequestEntityTooLarge as fault:
        raise MalformedError("too_large") from fault


def answer(outcome: saving.Outcome) -> Response:
    match outcome:
        case saving.Saved(seq, deadline, receipt):
            return json_reply(200, stored_told("saved", seq, deadline, receipt, "open"))
        case saving.Repeated(seq, deadline, receipt, state):
            return json_reply(200, stored_told("repeated", seq, deadline, receipt, state))
        case saving.Gap(last_seq):
            return json_reply(409, {"outcome": "gap", "last_seq": last_seq})
        case saving.Differs(last_seq):
            return json_reply(409, {"outcome": "differs", "last_seq": last_seq})
        case saving.Moved(epoch, kept):
            return json_reply(409, {"outcome": "moved", "epoch": epoch, "kept": kept})
        case saving.Late(deadline, closes_at, kept):
            times = {"deadline": iso(deadline), "closes_at": iso(closes_at)}
            return json_reply(410, {"outcome": "late", "state": "closed", "kept": kept, **times})
        case saving.Closed(state, deadline, kept):
            return json_reply(410, {"outcome": "closed", "deadline": iso(deadline), "state": state, "kept": kept})
        case saving.SignedOut():
            return json_reply(401, {"outcome": "signed_out"})
        case saving.NotYours():
            return json_reply(404, {"outcome": "not_yours"})
        case saving.Malformed(code):
            return json_reply(422, {"outcome": "malformed", "code": code})


def standing_told(standing: Alive) -> dict[str, Any]:
    return {
        "outcome": "alive",
        "state": standing.state,
        "epoch": standing.epoch,
        "last_seq": standing.last_seq,
        "deadline": iso(standing.deadline),
        "closes_at": iso(standing.closes_at),
        "paused_since": iso_or_none(standing.paused_since),
    }


def _moved(standing: Alive) -> dict[str, Any]:
    return {"outcome": "moved", "epoch": standing.epoch, "state": standing.state}
