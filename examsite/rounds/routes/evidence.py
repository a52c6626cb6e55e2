"""What came late to a session: staff see what it would change, without any answer; the chair of the council decides whether it counts."""

from flask import render_template, url_for
from flask.typing import ResponseReturnValue

from examsite.access import staff
from examsite.campaigns.queries import rule_set
from examsite.campaigns.queries.chair import chairs_of
from examsite.campaigns.roles import Role
from examsite.rounds import permissions
from examsite.rounds.forms import EvidenceForm
from examsite.rounds.models import ExamSession, LateEvidence
from examsite.rounds.operations.evidence import decide_evidence
from examsite.rounds.queries import evidence as queries
from examsite.rounds.queries.sessions import session_in
from examsite.rounds.routes import blueprint
from examsite.rounds.routes.sessions import BOARDS, seeing
from examsite.rules import policy
from examsite.rules.refusal import NotFound
from examsite.web.context import db, now
from examsite.web.forms import saved, typed


@blueprint.get("/campaigns/<campaign_id>/sessions/<session_id>/evidence")
@staff(*BOARDS)
def evidence(campaign_id: str, session_id: str) -> ResponseReturnValue:
    """Everything that came late to a session, by candidate."""
    role = seeing(campaign_id)
    exam = session_in(db(), role, session_id)
    found = queries.session_evidence(db(), exam)
    return render_template("rounds/evidence.html", role=role, exam=exam, found=found, parts=_parts(exam))


@blueprint.route("/campaigns/<campaign_id>/sessions/<session_id>/evidence/<evidence_id>", methods=["GET", "POST"])
@staff(*BOARDS)
def evidence_piece(campaign_id: str, session_id: str, evidence_id: str) -> ResponseReturnValue:
    """One piece: what it would change, what was decided, and for the chair the form to decide."""
    role = seeing(campaign_id)
    exam = session_in(db(), role, session_id)
    piece = queries.evidence_in(db(), exam, evidence_id)
    form = EvidenceForm()
    if form.is_submitted():
        role.must(permissions.may_decide_evidence(role))
    if form.validate_on_submit():
        with form.refusals():
            decide_evidence(db(), piece, form.counts.data == "yes", typed(form.reason), form.seen.data or 0, role, now())
            return saved(url_for("rounds.evidence", campaign_id=campaign_id, session_id=session_id), "rounds.evidence_decided")
    return _page(role, exam, evidence_id, form), form.status


def _page(role: Role, exam: ExamSession, evidence_id: str, form: EvidenceForm) -> str:
    piece = queries.evidence_in(db(), exam, evidence_id)
    found, row = _row(piece)
    return render_template(
        "rounds/evidence_piece.html",
        role=role,
        exam=exam,
        found=found,
        row=row,
        form=form,
        parts=_parts(exam),
        may_decide=permissions.may_decide_evidence(role),
        decider=chairs_of(db(), role.campaign).decider(),
        published=queries.round1_published(db(), role.campaign),
        over=piece.sitting.state != "open" or now() >= piece.sitting.closes_at,
    )


def _parts(exam: ExamSession) -> dict[str, policy.Words]:
    return {part.id: part.name for part in rule_set(exam.campaign).round1.parts}


def _row(piece: LateEvidence) -> tuple[queries.CandidateEvidence, queries.EvidenceRow]:
    found = queries.late_of(db(), piece.sitting)
    if found is None:
        raise NotFound
    return found, next(row for row in found.rows if row.piece is piece)
