"""One interview as those see it who lead or chair: who has locked, and once all have, what follows from it."""

from dataclasses import dataclass

from flask import render_template
from flask.typing import ResponseReturnValue

from examsite.access import staff
from examsite.campaigns.queries import rule_set
from examsite.campaigns.queries.chair import Chairs, Decider, chairs_of
from examsite.grading import permissions
from examsite.grading.forms import DecisionForm, SanctionDecisionForm, SanctionForm
from examsite.grading.models import Interview, Sanction
from examsite.grading.operations import decisions, sanctions
from examsite.grading.queries import panels
from examsite.grading.queries import sanctions as sanction_queries
from examsite.grading.queries.chairing import Kept, kept_from
from examsite.grading.queries.decisions import open_or_decided, question_of, shown
from examsite.grading.queries.progress import gaps_of, panel_progress, progress_of
from examsite.grading.routes import blueprint
from examsite.grading.routes.doors import address_of, at_the_table, first_declare
from examsite.grading.seats import Seat
from examsite.grading.sheet_values import total
from examsite.rules.refusal import NotPermitted
from examsite.web.context import db, now
from examsite.web.forms import saved, typed


@dataclass(frozen=True)
class _Deciders:
    """Who decides at one panel what is the chair's to decide."""

    chairs: Chairs
    kept: Kept

    @staticmethod
    def at(seat: Seat) -> "_Deciders":
        return _Deciders(chairs_of(db(), seat.role.campaign), kept_from(db(), seat.panel))

    def of(self, interview: Interview, sanction: Sanction | None = None) -> Decider:
        """About one interview, or a sanction in it."""
        return self.chairs.decider(self.kept.of(interview, sanction))


BASE = "/campaigns/<campaign_id>/panels/<panel_id>"


@blueprint.get(f"{BASE}/interviews/<interview_id>", endpoint="interview")
@staff("panel", "council")
def interview_page(campaign_id: str, panel_id: str, interview_id: str) -> ResponseReturnValue:
    """Who has locked, who is absent; values only once nobody can be swayed by them."""
    seat = at_the_table(campaign_id, panel_id)
    interview = panels.interview_in(db(), seat.panel, interview_id)
    if (way := first_declare(seat)) is not None:
        return way
    return _page(seat, interview)


@blueprint.post(f"{BASE}/interviews/<interview_id>/sanctions")
@staff("panel")
def record_sanction(campaign_id: str, panel_id: str, interview_id: str) -> ResponseReturnValue:
    """Record a breach of the rules in this interview."""
    seat = at_the_table(campaign_id, panel_id)
    interview = panels.interview_in(db(), seat.panel, interview_id)
    seat.role.must(permissions.may_record_sanction(seat, interview))
    form = SanctionForm()
    if form.validate_on_submit():
        with form.refusals():
            sanctions.record_sanction(db(), seat.role, seat.panel, interview, typed(form.kind), typed(form.reason), now())
            return saved(address_of("grading.interview", seat.panel, interview_id=interview_id), "grading.sanction_recorded")
    return _page(seat, interview, sanction_form=form)


@blueprint.post(f"{BASE}/interviews/<interview_id>/sanctions/<sanction_id>")
@staff("council")
def decide_sanction(campaign_id: str, panel_id: str, interview_id: str, sanction_id: str) -> ResponseReturnValue:
    """Impose or drop a sanction."""
    seat = at_the_table(campaign_id, panel_id)
    interview = panels.interview_in(db(), seat.panel, interview_id)
    found = sanction_queries.sanction_in(db(), interview, sanction_id)
    seat.role.must(permissions.may_decide_sanction(seat, interview, found))
    form = SanctionDecisionForm()
    if form.validate_on_submit():
        with form.refusals():
            decided = (typed(form.outcome), typed(form.reason), now())
            sanctions.decide_sanction(db(), seat.role, seat.panel, interview, found, *decided, seen=typed(form.seen))
            return saved(address_of("grading.interview", seat.panel, interview_id=interview_id), "grading.sanction_decided")
    form.catch_up(sanction_queries.shown(found))
    return _page(seat, interview, outcome_form=form, about=sanction_id)


def _page(
    seat: Seat,
    interview: Interview,
    *,
    sanction_form: SanctionForm | None = None,
    outcome_form: SanctionDecisionForm | None = None,
    about: str = "",
) -> ResponseReturnValue:
    _must_judge(seat, interview)
    rules = rule_set(seat.role.campaign)
    progress = progress_of(db(), interview)
    visible = permissions.may_see_values(seat, interview, progress.complete)
    form = sanction_form or SanctionForm(formdata=None)
    form.offer(rules.penalties.kinds)
    page = render_template(
        "grading/interview.html",
        role=seat.role,
        seat=seat,
        panel=seat.panel,
        interview=interview,
        progress=progress,
        shown=visible,
        question=question_of(progress, rules) if visible else None,
        missing=list(gaps_of(progress)),
        rules=rules,
        total=total,
        may=permissions,
        sanction_form=form,
        outcome_form=outcome_form or SanctionDecisionForm(formdata=None),
        about=about,
        seen_of=sanction_queries.shown,
        deciders=_Deciders.at(seat),
    )
    return page, max((one.status for one in (sanction_form, outcome_form) if one is not None), default=200)


@blueprint.get(f"{BASE}/discrepancies")
@staff("panel", "council")
def discrepancies(campaign_id: str, panel_id: str) -> ResponseReturnValue:
    """The interviews whose members differ too much for the mean, with spread, band and article."""
    seat = at_the_table(campaign_id, panel_id)
    if (way := first_declare(seat)) is not None:
        return way
    seat.role.must(seat.leads or seat.chairs)
    rules = rule_set(seat.role.campaign)
    found = [
        (progress, question)
        for progress, question in open_or_decided(panel_progress(db(), seat.panel), rules)
        if permissions.may_see_values(seat, progress.interview, progress.complete)
    ]
    return render_template(
        "grading/discrepancies.html",
        role=seat.role,
        seat=seat,
        panel=seat.panel,
        found=found,
        may=permissions,
        rules=rules,
        deciders=_Deciders.at(seat),
    )


@blueprint.route(f"{BASE}/interviews/<interview_id>/decision", methods=["GET", "POST"])
@staff("panel", "council")
def decision(campaign_id: str, panel_id: str, interview_id: str) -> ResponseReturnValue:
    """Decide the score where the spread asks for it."""
    seat = at_the_table(campaign_id, panel_id)
    interview = panels.interview_in(db(), seat.panel, interview_id)
    if (way := first_declare(seat)) is not None:
        return way
    _must_judge(seat, interview)
    form = DecisionForm()
    if form.validate_on_submit() and form.score.score is not None:
        with form.refusals():
            decided = (form.score.score, typed(form.reason), now())
            decisions.decide_spread(db(), seat.role, seat.panel, interview, *decided, seen=typed(form.seen))
            return saved(address_of("grading.discrepancies", seat.panel), "grading.decided")
    rules, progress = rule_set(seat.role.campaign), progress_of(db(), interview)
    question = question_of(progress, rules)
    asked = question is not None and permissions.may_decide(seat, interview, question.by)
    if not asked and not form.refused:  # what was typed is not lost where a sheet was reopened meanwhile
        raise NotPermitted("grading.not_decider")
    if form.is_submitted():
        form.catch_up(shown(progress))
    else:
        form.seen.data = shown(progress)
    page = render_template(
        "grading/decision.html",
        role=seat.role,
        panel=seat.panel,
        interview=interview,
        progress=progress,
        locked=[one for one in progress.scorers if one.locked] if permissions.may_see_values(seat, interview, progress.complete) else [],
        question=question,
        asked=asked,
        rules=rules,
        total=total,
        form=form,
        deciders=_Deciders.at(seat),
    )
    return page, form.status


def _must_judge(seat: Seat, interview: Interview) -> None:
    """Refuse one whom a conflict keeps away from the interview, and one who neither leads nor chairs."""
    if not permissions.may_judge(seat, interview):
        raise NotPermitted("grading.recused_here" if seat.conflicted(interview) else "access.wrong_role")
