"""The practice room: the pages and the protocol of the exam room under an address of its own, for the run of the signed-in account.

`url_for` of the exam's endpoints with the sitting `practice` leads here, because a fixed address goes before one with a blank; so templates
and scripts are those of the exam. No view here reads or writes a sitting.
"""

from flask import Response, flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue

from examsite.access import candidate, own_token
from examsite.accounts.current import me, my_login
from examsite.rounds.models import Practice
from examsite.rounds.operations import practice
from examsite.rounds.operations.alive import Alive
from examsite.rounds.practice_paper import ADDRESS, MINUTES, practice_items
from examsite.rounds.queries import practice as queries
from examsite.rounds.routes import blueprint
from examsite.rounds.routes.replies import iso, json_reply
from examsite.rounds.routes.room_page import room_page
from examsite.rounds.routes.save import answer, asker, raw, standing_told
from examsite.rounds.routes.tokens import save_token
from examsite.rounds.save_body import LARGEST, LARGEST_SIGN, MalformedError, parse, parse_sign_of_life
from examsite.rules.refusal import NotFound, Refused
from examsite.web.context import db, now
from examsite.web.language import reading
from examsite.wording import say


@blueprint.get("/exam/practice")
@candidate
def practice_room() -> ResponseReturnValue:
    """The room while a run is open; else the page that tells what the practice is and, as long as it may be, begins it."""
    ground, run = _mine()
    if run is not None and not queries.is_over(run, now()):
        return room_page(_view(ground, run))
    questions = len(practice_items(reading(), essay=ground.essay))
    return render_template("rounds/practice/start.html", is_open=ground.is_open(now()), run=run, questions=questions, minutes=MINUTES)


@blueprint.post("/exam/practice/start")
@candidate
def start_practice() -> ResponseReturnValue:
    """Begin, or go on with what was begun."""
    try:
        practice.begin(db(), me(), now())
    except Refused as refusal:
        db().rollback()
        flash(say(refusal.code, refusal.params), "stop")
        return redirect(url_for("rounds.practice_room"), 303)
    db().commit()
    return redirect(url_for("rounds.practice_room"), 303)


@blueprint.get("/exam/practice/answers")
@candidate
def practice_answers() -> Response:
    """What the server holds, for a page that compares."""
    _ground, run = _mine()
    if run is None:
        raise NotFound
    held = queries.answers_in(run)
    return json_reply(
        200,
        {
            "last_seq": run.last_seq,
            "epoch": run.epoch,
            "answers": held.choices,
            "several": held.several,
            "texts": held.texts,
            "flags": sorted(held.flags),
            "save_token": save_token(my_login().token_hash, ADDRESS),
            "state": _state(run),
            "deadline": iso(run.deadline),
            "closes_at": iso(queries.closes_at(run)),
        },
    )


@blueprint.get("/exam/practice/review")
@candidate
def practice_review() -> ResponseReturnValue:
    """What is answered, flagged and blank, before handing in."""
    ground, run = _mine()
    if run is None or queries.is_over(run, now()):
        return redirect(url_for("rounds.practice_receipt" if run else "rounds.practice_room"), 303)
    return render_template("rounds/review.html", view=_view(ground, run))


@blueprint.post("/exam/practice/submit")
@candidate
def submit_practice() -> ResponseReturnValue:
    """Hand in; repeating it leads to the same receipt."""
    practice.hand_in(db(), me(), now())
    db().commit()
    return redirect(url_for("rounds.practice_receipt"), 303)


@blueprint.get("/exam/practice/receipt")
@candidate
def practice_receipt() -> ResponseReturnValue:
    """What stands where the exam gives a receipt: the counts, and that it is none."""
    ground, run = _mine()
    if run is None or not queries.is_over(run, now()):
        return redirect(url_for("rounds.practice_room"), 303)
    answered, blank = practice.counts(run, len(practice_items(reading(), essay=ground.essay)))
    zone, is_open = ground.application.campaign.time_zone, ground.is_open(now())
    return render_template("rounds/practice/receipt.html", run=run, answered=answered, blank=blank, zone=zone, is_open=is_open)


@blueprint.post("/exam/practice/save")
@own_token
def save_practice() -> Response:
    """Take what the page sends, as the exam does."""
    run = _of_the_page()
    if isinstance(run, Response):
        return run
    try:
        body = parse(raw(LARGEST))
    except MalformedError as fault:
        return json_reply(422, {"outcome": "malformed", "code": fault.code})
    outcome = practice.save(db(), run, body, now())
    db().commit()
    return answer(outcome)


@blueprint.post("/exam/practice/alive")
@own_token
def practice_alive() -> Response:
    """Tell the page how the practice stands; nothing is written down."""
    run = _of_the_page()
    if isinstance(run, Response):
        return run
    try:
        parse_sign_of_life(raw(LARGEST_SIGN))
    except MalformedError as fault:
        return json_reply(422, {"outcome": "malformed", "code": fault.code})
    standing = Alive(True, _state(run), run.epoch, run.last_seq, run.deadline, queries.closes_at(run), None)
    return json_reply(200, standing_told(standing))


def _mine() -> tuple[queries.Ground, Practice | None]:
    ground = queries.ground_of(db(), me())
    if ground is None:
        raise NotFound
    return ground, queries.practice_of(db(), me(), now())


def _of_the_page() -> Practice | Response:
    """The run of whoever sends this page's token, or the reply to somebody else."""
    token_hash = asker(ADDRESS)
    if isinstance(token_hash, Response):
        return token_hash
    run = queries.practice_by_login(db(), token_hash, now())
    return json_reply(401, {"outcome": "signed_out"}) if run is None else run


def _view(ground: queries.Ground, run: Practice) -> queries.PracticeRoom:
    token = save_token(my_login().token_hash, ADDRESS)
    return queries.practice_room(me(), ground, run, token, (reading(), say("rounds.practice_name")), now())


def _state(run: Practice) -> str:
    return "closed" if queries.is_over(run, now()) else "open"
