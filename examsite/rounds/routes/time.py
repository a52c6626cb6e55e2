"""The ledger of time for staff: what was given and why, giving time with a preview, extra time, pauses, outages."""

from datetime import UTC, datetime, timedelta
from typing import Any

from flask import render_template, request, url_for
from flask.typing import ResponseReturnValue

from examsite.access import staff
from examsite.accounts.current import me
from examsite.campaigns.queries import rule_set
from examsite.campaigns.roles import Role, role_in
from examsite.rounds import permissions, timeplan
from examsite.rounds.models import ExamSession
from examsite.rounds.operations import ledger as operations
from examsite.rounds.operations import outages as outage_operations
from examsite.rounds.operations import pauses as pause_operations
from examsite.rounds.queries import ledger as queries
from examsite.rounds.queries import outage_decisions, preflight
from examsite.rounds.queries import outages as outage_queries
from examsite.rounds.queries import pauses as pause_queries
from examsite.rounds.queries.open_outages import open_outages
from examsite.rounds.queries.sessions import session_in
from examsite.rounds.routes import blueprint
from examsite.rounds.routes.sessions import BOARDS, seeing
from examsite.rounds.time_forms import AccommodationForm, DeclineForm, GiveForm, OutageForm, PauseForm, ResumeForm, hidden
from examsite.rules.refusal import Conflict, NotFound
from examsite.web.context import db, now
from examsite.web.forms import saved, typed
from examsite.web.language import pick

EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
MICROSECOND = timedelta(microseconds=1)


@blueprint.get("/campaigns/<campaign_id>/sessions/<session_id>/time")
@staff(*BOARDS)
def time(campaign_id: str, session_id: str) -> ResponseReturnValue:
    """The ledger of a session, every row with its reason and who decided."""
    role = seeing(campaign_id)
    exam = session_in(db(), role, session_id)
    return _render(
        "ledger.html",
        role,
        exam,
        rows=queries.ledger_rows(db(), exam),
        late_until=timeplan.programmed_entry(rule_set(exam.campaign), exam),
        full_until=timeplan.full_time_until(rule_set(exam.campaign), exam),
        rulings=outage_decisions.rulings_in(db(), exam),
        paused=pause_queries.pauses(db(), exam, now()).paused if exam.state == "sealed" else (),
        short=preflight.told(exam, preflight.shortages(db(), exam)) if exam.state != "closed" and now() < exam.opens_at else [],
    )


@blueprint.route("/campaigns/<campaign_id>/sessions/<session_id>/time/give", methods=["GET", "POST"])
@staff("invigilation", "council")
def give_time(campaign_id: str, session_id: str) -> ResponseReturnValue:
    """Give time to those named by `entry` in the address, to those ticked, or to the room: form, preview, confirmation."""
    role, exam = _acting(campaign_id, session_id)
    role.must(permissions.may_give_time(role))
    form = GiveForm(request.args.getlist("entry"), _part_choices(exam))
    if form.validate_on_submit() and not request.form.get("change"):
        with form.refusals():
            try:
                shown = queries.preview(db(), exam, form.entries, form.want, now())
                if not typed(form.digest):
                    operations.check_seconds(form.want.seconds)
                    operations.check_words(typed(form.cause), typed(form.reason))
                    return _preview(role, exam, form, shown, "rounds.give_time")
                signed = typed(form.digest), typed(form.cause), typed(form.reason)
                operations.give_time(db(), exam, form.entries, form.want, *signed, role, now())
                return saved(_address(role, exam), "rounds.time_given", count=len(shown.given))
            except Conflict as conflict:
                return _shown_again(role, session_id, form, conflict, "rounds.give_time")
    undecided = open_outages(db(), exam, now())
    return _render("give.html", role, exam, form=form, candidates=queries.candidates_in(db(), exam), outages=undecided), form.status


@blueprint.route("/campaigns/<campaign_id>/sessions/<session_id>/time/accommodations", methods=["GET", "POST"])
@staff("hr")
def accommodate(campaign_id: str, session_id: str) -> ResponseReturnValue:
    """Record extra time that candidates are entitled to, before they begin: form, preview, confirmation."""
    role, exam = _acting(campaign_id, session_id)
    role.must(permissions.may_accommodate(role))
    form = AccommodationForm(request.args.getlist("entry"), _part_choices(exam), scope="chosen")
    if form.validate_on_submit() and not request.form.get("change"):
        with form.refusals():
            try:
                shown = queries.preview(db(), exam, form.entries or [], form.want, now())
                if not typed(form.digest):
                    operations.check_accommodation(form.want, typed(form.reason))
                    return _preview(role, exam, form, shown, "rounds.accommodate")
                signed = typed(form.digest), typed(form.reason)
                operations.record_accommodation(db(), exam, form.entries or [], form.want, *signed, role, now())
                return saved(_address(role, exam), "rounds.accommodated", count=len(shown.given))
            except Conflict as conflict:
                return _shown_again(role, session_id, form, conflict, "rounds.accommodate")
    return _render("accommodate.html", role, exam, form=form, candidates=queries.candidates_in(db(), exam)), form.status


@blueprint.route("/campaigns/<campaign_id>/sessions/<session_id>/time/pause", methods=["GET", "POST"])
@staff("invigilation", "council")
def pause(campaign_id: str, session_id: str) -> ResponseReturnValue:
    """Stop the clock of those named by `entry` in the address, of those ticked, or of the room; one step, because it cannot wait."""
    role, exam = _acting(campaign_id, session_id)
    role.must(permissions.may_pause(role))
    form = PauseForm(request.args.getlist("entry"))
    if form.validate_on_submit():
        with form.refusals():
            count = pause_operations.pause_time(db(), exam, form.entries, typed(form.cause), typed(form.reason), role, now())
            return saved(url_for("rounds.pause", **_at(role, exam)), "rounds.clock_stopped", count=count)
    ending = ResumeForm(formdata=None, entry=request.args.getlist("entry"))
    return _pause_page(role, exam, form, ending), form.status


@blueprint.post("/campaigns/<campaign_id>/sessions/<session_id>/time/resume")
@staff("invigilation", "council")
def resume(campaign_id: str, session_id: str) -> ResponseReturnValue:
    """Let the clock run again, for those ticked or, by the button that says so, for everybody."""
    role, exam = _acting(campaign_id, session_id)
    role.must(permissions.may_pause(role))
    ending = ResumeForm()
    if ending.validate_on_submit():
        with ending.refusals():
            count = pause_operations.resume_time(db(), exam, ending.entries, role, now())
            return saved(url_for("rounds.pause", **_at(role, exam)), "rounds.clock_runs", count=count)
    return _pause_page(role, exam, PauseForm([], formdata=None), ending), ending.status


@blueprint.get("/campaigns/<campaign_id>/sessions/<session_id>/time/outages")
@staff(*BOARDS)
def outages(campaign_id: str, session_id: str) -> ResponseReturnValue:
    """Silences of the server that cost somebody time, found from the log."""
    role = seeing(campaign_id)
    exam = session_in(db(), role, session_id)
    return _render("outages.html", role, exam, outages=outage_queries.outages(db(), exam, now()), number_of=outage_number)


@blueprint.route("/campaigns/<campaign_id>/sessions/<session_id>/time/outages/<int:number>", methods=["GET", "POST"])
@staff("invigilation", "council")
def grant_outage(campaign_id: str, session_id: str, number: int) -> ResponseReturnValue:
    """Decide on one outage: each candidate's seconds with their new end, a reason, and the confirmation."""
    role, exam = _acting(campaign_id, session_id)
    role.must(permissions.may_give_time(role))
    form = OutageForm()
    if form.validate_on_submit():
        with form.refusals():
            done = outage_operations.grant_outage(db(), exam, _began_at(number), typed(form.digest), typed(form.reason), role, now())
            return saved(_address(role, exam), "rounds.time_given", count=len(done.given))
    return _outage_page(role, exam, number, form, DeclineForm(formdata=None)), form.status


@blueprint.post("/campaigns/<campaign_id>/sessions/<session_id>/time/outages/<int:number>/decline")
@staff("invigilation", "council")
def decline_outage(campaign_id: str, session_id: str, number: int) -> ResponseReturnValue:
    """Decide that no time is given for an outage: nothing, or something else, with the reason."""
    role, exam = _acting(campaign_id, session_id)
    role.must(permissions.may_give_time(role))
    declining = DeclineForm()
    if declining.validate_on_submit():
        with declining.refusals():
            seen, reason, decision = typed(declining.seen), typed(declining.reason), typed(declining.decision)
            outage_operations.decline_outage(db(), exam, _began_at(number), seen, reason, role, now(), decision=decision)
            return saved(url_for("rounds.outages", **_at(role, exam)), f"rounds.outage_is_{decision}")
    return _outage_page(role, exam, number, OutageForm(formdata=None), declining), declining.status


def _outage_page(role: Role, exam: ExamSession, number: int, form: OutageForm, declining: DeclineForm) -> str:
    lost = outage_queries.outage_at(db(), exam, _began_at(number), now())
    if lost is None:
        raise NotFound
    preview = outage_queries.preview_outage(db(), exam, lost, now())
    by_hand = outage_queries.given_by_hand(db(), exam, lost)
    given = {"form": form, "declining": declining, "lost": lost, "preview": preview, "by_hand": by_hand, "number": number}
    return _render("outage.html", role, exam, **given)


def _pause_page(role: Role, exam: ExamSession, form: PauseForm, ending: ResumeForm) -> str:
    return _render("pause.html", role, exam, form=form, ending=ending, page=pause_queries.pauses(db(), exam, now()))


def outage_number(began_at: datetime) -> int:
    """How an address names an outage: the microsecond it began in."""
    return (began_at - EPOCH) // MICROSECOND


def _began_at(number: int) -> datetime:
    try:
        return EPOCH + number * MICROSECOND
    except OverflowError as fault:
        raise NotFound from fault


def _preview(role: Role, exam: ExamSession, form: GiveForm | AccommodationForm, shown: queries.Preview, endpoint: str) -> str:
    undecided = open_outages(db(), exam, now()) if endpoint == "rounds.give_time" else ()
    given = {"form": form, "preview": shown, "typed": hidden(form), "endpoint": endpoint, "outages": undecided}
    return _render("preview.html", role, exam, **given)


def _shown_again(role: Role, session_id: str, form: GiveForm | AccommodationForm, conflict: Conflict, endpoint: str) -> ResponseReturnValue:
    """A preview that is no longer true: the new one in its place, with a sentence on top."""
    db().rollback()
    form.refuse(conflict)
    exam = session_in(db(), role, session_id)
    return _preview(role, exam, form, queries.preview(db(), exam, form.entries, form.want, now()), endpoint), 409


def _acting(campaign_id: str, session_id: str) -> tuple[Role, ExamSession]:
    role = role_in(db(), me(), campaign_id)
    return role, session_in(db(), role, session_id)


def _render(template: str, role: Role, exam: ExamSession, **given: object) -> str:
    parts = {part: pick(name) for part, name in queries.parts_of(exam)}
    return render_template(f"rounds/time/{template}", role=role, exam=exam, parts=parts, may=permissions, **given)


def _part_choices(exam: ExamSession) -> list[tuple[str, str]]:
    return [(part, pick(name)) for part, name in queries.parts_of(exam)]


def _at(role: Role, exam: ExamSession) -> dict[str, Any]:
    return {"campaign_id": role.campaign.public_id, "session_id": exam.public_id}


def _address(role: Role, exam: ExamSession) -> str:
    return url_for("rounds.time", **_at(role, exam))
