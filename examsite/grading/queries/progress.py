"""How far each interview of a panel is, and what is missing before the next step."""

from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass

from sqlalchemy import func, select
from sqlalchemy.orm import Session, joinedload

from examsite.campaigns.queries import rule_set
from examsite.grading.models import HEAD, Interview, Panel, PanelMember, Recusal, Sanction, ScoreSheet, SpreadDecision
from examsite.grading.queries.panels import interviews_of, scoring_members
from examsite.grading.queries.sanctions import sanctions_of, voids
from examsite.grading.sheet_values import given
from examsite.rules.policy import Decider, RuleSet
from examsite.rules.scoring import Agreed, Incomplete, NeedsDecision, ScoreDecision, panel_outcome


@dataclass(frozen=True, slots=True)
class Scorer:
    """One scoring member at one interview: the standing recusal, if any, and the newest version of the sheet."""

    member: PanelMember
    recusal: Recusal | None
    sheet: ScoreSheet | None

    @property
    def locked(self) -> bool:
        """Whether the member's sheet is locked."""
        return self.sheet is not None and self.sheet.state == "locked"

    @property
    def done(self) -> bool:
        """Whether nothing more is awaited from this member."""
        return self.locked or self.recusal is not None


@dataclass(frozen=True, slots=True)
class Progress:
    """One interview: its scorers, the decision that stands, and what the rules make of it once all scorers are done.

    `sanctions` are all that were recorded, `void` the imposed one that cancels the result.
    """

    interview: Interview
    scorers: tuple[Scorer, ...]
    decision: SpreadDecision | None
    outcome: Agreed | NeedsDecision | Incomplete | None
    sanctions: tuple[Sanction, ...] = ()
    void: Sanction | None = None

    @property
    def complete(self) -> bool:
        """Whether every member has locked a sheet or does not score here."""
        return all(scorer.done for scorer in self.scorers)

    @property
    def settled(self) -> bool:
        """Whether the interview has its score, or needs none."""
        return not self.asks_for_sheets or isinstance(self.outcome, Agreed)

    @property
    def asks_for_sheets(self) -> bool:
        """False where the candidate takes part no more, nobody came, or a sanction cancels the result."""
        return not self.interview.gone and self.interview.state != "no_show" and self.void is None

    def of(self, member: PanelMember) -> Scorer:
        """The scorer of this seat; StopIteration for one that gives no scores."""
        return next(scorer for scorer in self.scorers if scorer.member.id == member.id)


@dataclass(frozen=True, slots=True)
class Gap:
    """Something that is missing before a step: a sentence by its code, and the panel where it is mended, by public id."""

    code: str
    params: Mapping[str, object]
    panel: str | None = None


def panel_progress(session: Session, panel: Panel) -> list[Progress]:
    """All interviews of a panel in the order of the lots, in six queries however many there are."""
    rules = rule_set(panel.campaign)
    members = scoring_members(session, panel)
    recusals = {(found.interview_id, found.member_id): found for found in _recusals(session, panel)}
    sheets = {(found.interview_id, found.member_id): found for found in _sheets(session, panel)}
    decisions = {found.interview_id: found for found in _decisions(session, panel)}
    sanctions = sanctions_of(session, panel)
    found = []
    for interview in interviews_of(session, panel):
        scorers = tuple(
            Scorer(member, recusals.get((interview.id, member.id)), sheets.get((interview.id, member.id))) for member in members
        )
        decision, own = decisions.get(interview.id), sanctions.get(interview.id, ())
        found.append(Progress(interview, scorers, decision, _outcome(interview, scorers, decision, rules), own, voids(own, rules)))
    return found


def progress_of(session: Session, interview: Interview) -> Progress:
    """How far one interview is."""
    return next(found for found in panel_progress(session, interview.panel) if found.interview.id == interview.id)


def missing_before_drawing(session: Session, panel: Panel) -> list[Gap]:
    """What a panel lacks before its lots can be drawn."""
    members = scoring_members(session, panel)
    least = rule_set(panel.campaign).round2.minimum_members
    waiting = session.scalar(select(func.count()).select_from(Interview).where(Interview.panel_id == panel.id))
    gaps = []
    if len(members) < least:
        gaps.append(Gap("grading.gap_members", {"count": len(members), "least": least}, panel.public_id))
    if not any(member.duty == HEAD for member in members):
        gaps.append(Gap("grading.gap_head", {}, panel.public_id))
    if not waiting:
        gaps.append(Gap("grading.gap_candidates", {}, panel.public_id))
    return gaps


def missing_before_closing(session: Session, panel: Panel, kept_from: Collection[int] = ()) -> list[Gap]:
    """What each interview of a panel still lacks, by code; it names members, never values. Of interviews (by id) that the reader is
    `kept_from` no more than that something is missing: who still scores and who has to decide would tell how the members differ."""
    gaps: list[Gap] = []
    for progress in panel_progress(session, panel):
        found = list(gaps_of(progress))
        if found and progress.interview.id in kept_from:
            found = [Gap("grading.gap_kept_from", {"interview": progress.interview.code}, panel.public_id)]
        gaps += found
    return gaps


def gaps_of(progress: Progress) -> Iterator[Gap]:
    """What one interview lacks before it has its score."""
    interview, panel = progress.interview, progress.interview.panel.public_id
    if interview.state == "no_show" or interview.gone:
        return
    if any(sanction.outcome is None for sanction in progress.sanctions):
        yield Gap("grading.gap_sanction", {"interview": interview.code}, panel)
    if progress.void is not None:
        return
    if interview.state == "waiting":
        yield Gap("grading.gap_waiting", {"interview": interview.code}, panel)
        return
    awaited = [scorer.member.account.display_name for scorer in progress.scorers if not scorer.done]
    if awaited:
        yield Gap("grading.gap_sheets", {"interview": interview.code, "members": ", ".join(awaited)}, panel)
    match progress.outcome:
        case Incomplete(members=members, minimum_members=least):
            yield Gap("grading.gap_few", {"interview": interview.code, "count": members, "least": least}, panel)
        case NeedsDecision(by=by):
            code = "grading.gap_board_head" if by is Decider.BOARD_HEAD else "grading.gap_council_chair"
            yield Gap(code, {"interview": interview.code}, panel)


def _outcome(
    interview: Interview, scorers: Iterable[Scorer], decision: SpreadDecision | None, rules: RuleSet
) -> Agreed | NeedsDecision | Incomplete | None:
    """What the rules make of an interview; None while a sheet is awaited, so that no page can show a mean before."""
    if interview.state != "present" or not all(scorer.done for scorer in scorers):
        return None
    sheets = {scorer.member.public_id: given(scorer.sheet) for scorer in scorers if scorer.sheet is not None and scorer.locked}
    decided = ScoreDecision(Decider(decision.role), decision.score, decision.reason) if decision else None
    return panel_outcome(sheets, decided, rules)


def _recusals(session: Session, panel: Panel) -> Iterable[Recusal]:
    return session.scalars(
        select(Recusal)
        .join(Interview, Interview.id == Recusal.interview_id)
        .where(Interview.panel_id == panel.id, Recusal.lifted_at.is_(None))
    )


def _sheets(session: Session, panel: Panel) -> Iterable[ScoreSheet]:
    """Every version in order, so that the newest one of each member stays."""
    return session.scalars(
        select(ScoreSheet)
        .join(Interview, Interview.id == ScoreSheet.interview_id)
        .where(Interview.panel_id == panel.id)
        .order_by(ScoreSheet.version)
    )


def _decisions(session: Session, panel: Panel) -> Iterable[SpreadDecision]:
    return session.scalars(
        select(SpreadDecision)
        .options(joinedload(SpreadDecision.decided_by))
        .join(Interview, Interview.id == SpreadDecision.interview_id)
        .where(Interview.panel_id == panel.id, SpreadDecision.superseded_at.is_(None))
    )
