"""The result of a session for its candidates to sign, and what a panel found, as documents. For pages only."""

from collections.abc import Sequence
from decimal import Decimal

from flask_babel import gettext, ngettext
from sqlalchemy.orm import Session

from examsite.campaigns.models import Campaign
from examsite.campaigns.queries import rule_set
from examsite.documents.queries import SessionResult, all_sessions_closed, session_results
from examsite.documents.sheet import Column, Document, Table
from examsite.grading.models import Interview, Panel, PanelMember
from examsite.grading.permissions import may_enter, may_judge
from examsite.grading.queries.panels import interviews_of, scoring_members
from examsite.grading.queries.progress import Progress, Scorer, panel_progress
from examsite.grading.seats import Seat
from examsite.results.telling import in_full
from examsite.rounds.queries import Round1Outcome
from examsite.rules.policy import Part, RuleSet
from examsite.rules.scoring import Agreed
from examsite.sheets import Value
from examsite.web.language import moment, pick
from examsite.wording import say

PROPER_STATES = ("absent", "voided", "exempt")


def round1_standing(session: Session, campaign: Campaign) -> str:
    """What the result for signatures rests on."""
    if all_sessions_closed(session, campaign):
        return str(gettext("All sessions are closed."))
    return str(gettext("A session that is not closed yet shows no figures."))


def round1_for_signatures(session: Session, campaign: Campaign) -> Document:
    """Right answers by session, with place for each candidate to sign; figures only where the session is closed."""
    parts = rule_set(campaign).round1.parts
    columns = [
        Column(gettext("No."), 6, figures=True),
        Column(gettext("Candidate number"), 14),
        Column(gettext("Name"), 30),
        *(Column(pick(part.name), 18, figures=True) for part in parts),
        Column(gettext("Signature"), 24),
        Column(gettext("Note"), 20),
    ]
    tables = [_session_table(result, columns, parts, campaign.time_zone) for result in session_results(session, campaign)]
    closed, standing = all_sessions_closed(session, campaign), round1_standing(session, campaign)
    signers = [gettext("Invigilator 1"), gettext("Invigilator 2"), gettext("Head of the invigilation board")]
    return Document(gettext("Round 1 result, for signatures"), tables, standing, closed, signers)


def _session_table(result: SessionResult, columns: Sequence[Column], parts: Sequence[Part], zone: str) -> Table:
    exam = result.exam
    rows: list[list[Value]] = [
        [place, line.candidate_number, name, *_correct(line, parts, closed=exam.state == "closed"), "", _note(line)]
        for place, (name, line) in enumerate(result.lines, start=1)
    ]
    counted = ngettext("%(num)s candidate", "%(num)s candidates", len(rows))
    return Table(f"{exam.name}, {moment(exam.opens_at, zone)}", columns, rows, [exam.place, counted], gettext("Nobody is on the roster."))


def _correct(line: Round1Outcome, parts: Sequence[Part], *, closed: bool) -> list[Value]:
    found = {part.part: part for part in line.parts}
    told: list[Value] = []
    for part in parts:
        one = found[part.id]
        state = "exempt" if one.exempt else "sat" if closed and one.sat and one.correct is not None else ""
        words = {"correct": one.correct, "questions": one.questions}
        told.append(say(f"results.part_{state}", words) if state else "")
    return told


def _note(line: Round1Outcome) -> str:
    return say(f"documents.{line.state}") if line.state in PROPER_STATES else ""


def protocol(session: Session, seat: Seat) -> Document:
    """What a panel found: who sat on it, every member's total of every candidate, mean, spread, decision and absence.

    Until the codes are open candidates stand under codes alone, and one whom the reader must not judge shows no figure.
    """
    panel = seat.panel
    rules, opened = rule_set(panel.campaign), panel.state == "opened"
    members = scoring_members(session, panel)
    found = panel_progress(session, panel)
    columns = [
        Column(gettext("No."), 6, figures=True),
        Column(gettext("Code"), 12),
        *([Column(gettext("Candidate number"), 14), Column(gettext("Name"), 30)] if opened else []),
        *(Column(member.account.display_name, 16, figures=True) for member in members),
        Column(gettext("Spread"), 10, figures=True),
        Column(gettext("Score of the panel"), 12, figures=True),
        Column(gettext("How it came about"), 60),
    ]
    rows = [
        [*_named(progress.interview, opened=opened), *(_figures(progress, rules) if _shown(seat, progress) else _hidden(members))]
        for progress in found
    ]
    table = Table(panel.name, columns, rows, _panel_facts(panel, found), gettext("No interviews are assigned to this panel."))
    standing = gettext("The codes are open.") if opened else gettext("The codes are not open yet: candidates stand under codes alone.")
    signers = [f"{say('grading.duty_' + member.duty)}: {member.account.display_name}" for member in members]
    return Document(gettext("Protocol of the panel"), [table], standing, True, signers)


def blank_sheets(session: Session, seat: Seat) -> Document:
    """An empty table of scores: a line for each interview, a column for each criterion; codes only for who may see them."""
    panel, rules = seat.panel, rule_set(seat.panel.campaign)
    criteria = [Column(f"{pick(one.name)} ({one.maximum})", 18, figures=True) for one in rules.round2.components]
    columns = [Column(gettext("No."), 6, figures=True), Column(gettext("Code"), 12), *criteria]
    columns += [Column(gettext("Total"), 10, figures=True), Column(gettext("Comment"), 40)]
    blank: list[Value] = [""] * (len(criteria) + 2)
    rows = [[number, code, *blank] for number, code in codes_for(session, seat)]
    signers = [gettext("Member of the panel")]
    facts = [moment(panel.starts_at, panel.campaign.time_zone), panel.place]
    return Document(gettext("Score sheets"), [Table(panel.name, columns, rows, facts)], "", True, signers)


def codes_for(session: Session, seat: Seat) -> list[tuple[int, str]]:
    """The interviews of a panel by order and code, as far as this person may see them; else as many blank lines."""
    interviews = interviews_of(session, seat.panel)
    shown = may_enter(seat) and seat.declared
    return [(place, (one.code or "") if shown else "") for place, one in enumerate(interviews, start=1)]


def _panel_facts(panel: Panel, found: Sequence[Progress]) -> list[str]:
    gone = sum(bool(progress.interview.gone) for progress in found)
    absent = sum(progress.interview.state == "no_show" and not progress.interview.gone for progress in found)
    counted = ngettext("%(num)s candidate", "%(num)s candidates", len(found))
    facts = [moment(panel.starts_at, panel.campaign.time_zone), panel.place, counted, gettext("Did not come: %(count)s", count=absent)]
    return [*facts, *([gettext("Take part no more: %(count)s", count=gone)] if gone else [])]


def _named(interview: Interview, *, opened: bool) -> list[Value]:
    application = interview.application
    return [interview.number, interview.code, *([application.candidate_number, application.person.full_name] if opened else [])]


def _shown(seat: Seat, progress: Progress) -> bool:
    return seat.panel.state == "opened" or may_judge(seat, progress.interview)


def _hidden(members: Sequence[PanelMember]) -> list[Value]:
    return [*[None] * (len(members) + 2), gettext("Not shown: a conflict of interest was declared.")]


def _figures(progress: Progress, rules: RuleSet) -> list[Value]:
    outcome = progress.outcome
    agreed = outcome if isinstance(outcome, Agreed) and progress.asks_for_sheets else None
    totals = [_member_total(scorer) for scorer in progress.scorers]
    return [*totals, in_full(agreed.spread) if agreed else None, in_full(agreed.score) if agreed else None, _how(progress, agreed, rules)]


def _member_total(scorer: Scorer) -> Value:
    """The total of a locked sheet; the word for a member who did not score."""
    if scorer.recusal is not None:
        return say(f"documents.recusal_{scorer.recusal.kind}")
    if scorer.sheet is None or not scorer.locked:
        return None
    given = [Decimal(score) for score in scorer.sheet.scores.values() if score is not None]
    return sum(given, Decimal(0))


def _how(progress: Progress, agreed: Agreed | None, rules: RuleSet) -> str:
    if progress.interview.gone:
        return say(f"grading.gone_{progress.interview.gone}")
    if progress.interview.state == "no_show":
        if progress.interview.panel.state != "opened":  # it was typed beside a name, and may say whose code this is
            return say("grading.state_no_show")
        return str(gettext("Did not come: %(reason)s", reason=progress.interview.state_reason))
    if progress.void is not None:
        return str(gettext("The result is cancelled: %(reason)s", reason=progress.void.decision))
    if agreed is None:
        return ""
    names = {component.id: pick(component.name) for component in rules.round2.components}
    means = "; ".join(f"{names[one.component]} {in_full(one.mean)}" for one in agreed.components)
    if progress.decision is None:
        return str(gettext("Mean of the members. %(means)s", means=means))
    decider = progress.decision.decided_by.display_name
    return str(gettext("Decided by %(decider)s: %(reason)s %(means)s", decider=decider, reason=progress.decision.reason, means=means))
