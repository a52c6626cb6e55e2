"""The sealing of papers: what is missing, the first signature, the second one, taking back, opening again."""

from typing import Any, cast

from flask import render_template, url_for
from flask.typing import ResponseReturnValue

from examsite.access import staff
from examsite.accounts.current import me
from examsite.accounts.queries import open_act, signed_acts
from examsite.accounts.signing import proven_again
from examsite.campaigns.queries import rule_set
from examsite.campaigns.roles import Role, role_in
from examsite.rounds import permissions
from examsite.rounds.models import ExamSession
from examsite.rounds.operations import sealing as operations
from examsite.rounds.operations.sessions import about
from examsite.rounds.queries import sealing as queries
from examsite.rounds.queries.sessions import session_in
from examsite.rounds.routes import blueprint
from examsite.rounds.routes.sessions import BOARDS, seeing
from examsite.rules.refusal import Refused
from examsite.web.context import db, now
from examsite.web.forms import ActForm, ReasonForm, SecondSignatureForm, saved, typed


@blueprint.get("/campaigns/<campaign_id>/sessions/<session_id>/sealing")
@staff(*BOARDS)
def sealing(campaign_id: str, session_id: str) -> ResponseReturnValue:
    """What is missing before the papers can be sealed, and who has signed."""
    role = seeing(campaign_id)
    return _page(role, session_in(db(), role, session_id))


@blueprint.post("/campaigns/<campaign_id>/sessions/<session_id>/sealing/propose")
@staff("council", "question")
def propose_sealing(campaign_id: str, session_id: str) -> ResponseReturnValue:
    """Sign as the first person; on this the seed is fixed and every paper drawn once."""
    role, exam = _acting(campaign_id, session_id)
    role.must(permissions.may_seal(role))
    form = ActForm()
    try:
        operations.propose_sealing(db(), exam, role, now())
    except Refused as refusal:
        return _refused(role, session_id, form, refusal)
    return saved(_address(role, exam), "rounds.sealing_proposed")


@blueprint.post("/campaigns/<campaign_id>/sessions/<session_id>/sealing/sign")
@staff("council", "question")
def sign_sealing(campaign_id: str, session_id: str) -> ResponseReturnValue:
    """Sign as the second person, after proving once more who one is."""
    role, exam = _acting(campaign_id, session_id)
    role.must(permissions.may_seal(role))
    form = SecondSignatureForm()
    if form.validate_on_submit():
        if not proven_again(form):
            return _page(role, exam, second=form), form.status
        try:
            operations.sign_sealing(db(), exam, typed(form.digest), role, now())
        except Refused as refusal:
            return _refused(role, session_id, form, refusal)
        return saved(_address(role, exam), "rounds.papers_sealed")
    return _page(role, exam, second=form), form.status


@blueprint.route("/campaigns/<campaign_id>/sessions/<session_id>/sealing/withdraw", methods=["GET", "POST"])
@staff("council", "question")
def withdraw_sealing(campaign_id: str, session_id: str) -> ResponseReturnValue:
    """Take back a sealing that has one signature, with a reason."""
    role, exam = _acting(campaign_id, session_id)
    role.must(permissions.may_seal(role))
    form = ReasonForm()
    if form.validate_on_submit():
        with form.refusals():
            operations.withdraw_sealing(db(), exam, typed(form.reason), role, now())
            return saved(_address(role, exam), "rounds.sealing_withdrawn")
    return render_template("rounds/unseal.html", role=role, exam=exam, form=form, sealed=False), form.status


@blueprint.route("/campaigns/<campaign_id>/sessions/<session_id>/sealing/unseal", methods=["GET", "POST"])
@staff("council", "question")
def unseal(campaign_id: str, session_id: str) -> ResponseReturnValue:
    """Open a sealed session again before its start, with a reason."""
    role, exam = _acting(campaign_id, session_id)
    role.must(permissions.may_seal(role))
    form = ReasonForm()
    if form.validate_on_submit():
        with form.refusals():
            operations.unseal(db(), exam, typed(form.reason), role, now())
            return saved(_address(role, exam), "rounds.unsealed")
    return render_template("rounds/unseal.html", role=role, exam=exam, form=form, sealed=True), form.status


def _acting(campaign_id: str, session_id: str) -> tuple[Role, ExamSession]:
    role = role_in(db(), me(), campaign_id)
    return role, session_in(db(), role, session_id)


def _refused(role: Role, session_id: str, form: ActForm | SecondSignatureForm, refusal: Refused) -> ResponseReturnValue:
    """The page again, with what was refused on top; what the act had begun is undone."""
    db().rollback()
    form.refuse(refusal)
    exam = session_in(db(), role, session_id)
    return _page(role, exam, first=form), form.status


def _page(
    role: Role, exam: ExamSession, first: ActForm | SecondSignatureForm | None = None, second: SecondSignatureForm | None = None
) -> str:
    waiting = open_act(db(), operations.ACT, about(exam))
    signed = next(iter(signed_acts(db(), operations.ACT, about(exam))), None) if exam.state != "planned" else None
    act = waiting or signed
    prepared = queries.prepare(db(), exam) if exam.state == "planned" else None
    return render_template(
        "rounds/sealing.html",
        role=role,
        exam=exam,
        act=act,
        checked=queries.check_rows(rule_set(exam.campaign), cast("dict[str, Any]", act.content)["check"]) if act else (),
        waiting=waiting,
        prepared=prepared,
        missing=queries.obstacles(exam, prepared, now()) if prepared else (),
        bank_languages={language.id: language.name for language in rule_set(exam.campaign).round1.languages},
        form=first,
        second=second or SecondSignatureForm(),
        may_seal=permissions.may_seal(role),
        mine=waiting is not None and waiting.first_id == me().id,
        begun=now() >= exam.opens_at,
    )


def _address(role: Role, exam: ExamSession) -> str:
    return url_for("rounds.sealing", campaign_id=role.campaign.public_id, session_id=exam.public_id)
