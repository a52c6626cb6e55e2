"""The candidate's way through the exam: waiting room, exam room, handing in, receipt."""

from typing import Any

from flask import Response, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from examsite.access import candidate
from examsite.accounts.current import me, my_login
from examsite.rounds.operations import access_code, closing, sittings
from examsite.rounds.operations.heartbeat import beat_in
from examsite.rounds.queries import devices, receipts, room, waiting
from examsite.rounds.queries.parts import PartView
from examsite.rounds.queries.seen import seen_sitting
from examsite.rounds.queries.sittings import is_closed, is_withheld
from examsite.rounds.routes import blueprint
from examsite.rounds.routes.replies import iso, iso_or_none, json_reply
from examsite.rounds.routes.room_page import room_page
from examsite.rounds.routes.tokens import save_token
from examsite.rules.refusal import Refused
from examsite.web.context import db, now
from examsite.web.device import own_device
from examsite.wording import say


@blueprint.get("/exam")
@candidate
def waiting_room() -> ResponseReturnValue:
    """The waiting room; `view` is None for somebody who is listed for no session. The browser is known from here on."""
    own_device()
    return render_template("rounds/waiting.html", view=waiting.waiting_room(db(), me(), now()))


@blueprint.get("/exam/state")
@candidate
def exam_state() -> Response:
    """How things stand, for the waiting room that asks every few seconds."""
    view = waiting.waiting_state(db(), me(), now())
    if view is None:
        return json_reply(200, {"phase": "unlisted", "opens_at": None, "can_start": False, "next_part": None, "working": None, "parts": []})
    return json_reply(
        200,
        {
            "phase": view.phase,
            "standing": view.standing,
            "opens_at": iso(view.opens_at),
            "can_start": view.can_start,
            "next_part": view.next_part,
            "working": view.working,
            "parts": [_part(part) for part in view.parts],
        },
    )


@blueprint.post("/exam/here")
@candidate
def here() -> ResponseReturnValue:
    """The waiting room's sign of life: by its silence an outage over the start is found, when nobody has a sitting yet."""
    beat_in(db(), now())
    db().commit()
    return "", 204


@blueprint.post("/exam/start/<part>")
@candidate
def start_part(part: str) -> ResponseReturnValue:
    """Begin a part, or come back to it from this device."""
    code = request.form.get("access_code", "")[:40]
    try:
        sitting = sittings.start_part(db(), me(), my_login(), part, now(), own_device(), code)
    except Refused as refusal:
        if refusal.code not in access_code.AT_THE_DOOR:
            raise
        return _at_the_door(refusal)
    db().commit()
    return redirect(url_for("rounds.exam_room", sitting_id=sitting.public_id), 303)


@blueprint.get("/exam/<sitting_id>")
@candidate
def exam_room(sitting_id: str) -> ResponseReturnValue:
    """The exam room, in a pause without its questions; from a device without the pen, the page that asks for it; once over, the receipt."""
    sitting = seen_sitting(db(), me(), sitting_id)
    standing = devices.standing(sitting, my_login(), own_device(), now())
    if standing == "over":
        return redirect(url_for("rounds.receipt", sitting_id=sitting_id), 303)
    view = room.room(db(), me(), sitting, save_token(my_login().token_hash, sitting_id), now())
    if standing == "held" and is_withheld(sitting, now()):
        return render_template("rounds/paused.html", view=view, paused_since=sitting.paused_since)
    if standing == "held":
        return room_page(view)
    asked = devices.own_request(db(), sitting, my_login())
    return render_template("rounds/elsewhere.html", view=view, standing=standing, asked=asked, last_saved_at=sitting.last_saved_at)


@blueprint.get("/exam/<sitting_id>/answers")
@candidate
def exam_answers(sitting_id: str) -> Response:
    """What the server holds, for a page that compares; whoever holds the pen is given the token to go on with after a new sign-in.

    In a pause the answers wait for its end, and the token does not: what the page still has to send is taken.
    """
    sitting = seen_sitting(db(), me(), sitting_id)
    token = save_token(my_login().token_hash, sitting_id) if sitting.login_session_id == my_login().id else None
    if is_withheld(sitting, now()):
        since = iso_or_none(sitting.paused_since)
        return json_reply(423, {"outcome": "paused", "paused_since": since, "epoch": sitting.epoch, "save_token": token})
    stored = room.stored_answers(db(), sitting, now())
    return json_reply(
        200,
        {
            "last_seq": stored.last_seq,
            "epoch": stored.epoch,
            "answers": stored.answers.choices,
            "several": stored.answers.several,
            "texts": stored.answers.texts,
            "flags": sorted(stored.answers.flags),
            "save_token": token,
            "state": stored.state,
            "deadline": iso(stored.deadline),
            "closes_at": iso(stored.closes_at),
        },
    )


@blueprint.get("/exam/<sitting_id>/review")
@candidate
def review(sitting_id: str) -> ResponseReturnValue:
    """What is answered, flagged and blank, before handing in; works without scripts."""
    sitting = seen_sitting(db(), me(), sitting_id)
    if is_closed(sitting, now()):
        return redirect(url_for("rounds.receipt", sitting_id=sitting_id), 303)
    if sitting.login_session_id != my_login().id or is_withheld(sitting, now()):
        return redirect(url_for("rounds.exam_room", sitting_id=sitting_id), 303)
    return render_template("rounds/review.html", view=room.room(db(), me(), sitting, save_token(my_login().token_hash, sitting_id), now()))


@blueprint.post("/exam/<sitting_id>/submit")
@candidate
def submit(sitting_id: str) -> ResponseReturnValue:
    """Hand in; past the deadline, write down that it is closed. Repeating it leads to the same receipt.

    A page that hands in by itself while time is left, because time was given in that moment, is led back into the room.
    """
    automatic = request.form.get("automatic", "") != ""
    sitting = closing.submit(db(), me(), my_login(), sitting_id, _last_seq(), now(), automatic=automatic)
    db().commit()
    page = "rounds.receipt" if is_closed(sitting, now()) else "rounds.exam_room"
    return redirect(url_for(page, sitting_id=sitting_id), 303)


@blueprint.get("/exam/<sitting_id>/receipt")
@candidate
def receipt(sitting_id: str) -> ResponseReturnValue:
    """The candidate's own receipt."""
    sitting = seen_sitting(db(), me(), sitting_id)
    if not is_closed(sitting, now()):
        return redirect(url_for("rounds.exam_room", sitting_id=sitting_id), 303)
    view = receipts.receipt(db(), me(), sitting, now())
    return render_template("rounds/receipt.html", view=view, save_token=save_token(my_login().token_hash, sitting_id))


def _at_the_door(refusal: Refused) -> ResponseReturnValue:
    """Back to the waiting room with the reason; a wrong code counts, whatever else was rolled back."""
    db().rollback()
    if refusal.code == access_code.WRONG:
        access_code.count_wrong_code(db(), me(), now())
        db().commit()
    flash(say(refusal.code, refusal.params), "stop")
    return redirect(url_for("rounds.waiting_room"), 303)


def _last_seq() -> int | None:
    """What the page believes to be stored; a page without scripts believes nothing."""
    typed = request.form.get("last_seq", "").strip()
    if not typed:
        return None
    if not typed.isascii() or not typed.isdecimal() or len(typed) > 10:
        raise Refused("rounds.last_seq_unreadable")
    return int(typed)


def _part(part: PartView) -> dict[str, Any]:
    return {
        "id": part.id,
        "state": part.state,
        "opens_at": iso_or_none(part.opens_at),
        "deadline": iso_or_none(part.deadline),
        "can_start": part.can_start,
        "sitting": part.sitting,
    }
