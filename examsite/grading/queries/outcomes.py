"""What the panels found, once the codes are open; and what the two people sign who open them."""

from dataclasses import dataclass

from sqlalchemy.orm import Session

from examsite.accounts.models import TwoPersonAct
from examsite.accounts.queries import open_act, signed_acts
from examsite.campaigns.models import Campaign
from examsite.grading.models import Panel
from examsite.grading.queries.panels import panels_of
from examsite.grading.queries.placing import unplaced
from examsite.grading.queries.progress import Gap, Progress, panel_progress
from examsite.grading.queries.sanctions import imposed
from examsite.grading.queries.seals import broken_seals, opening_in_log
from examsite.grading.queries.told import OPENING as OPENING
from examsite.rules import canonical
from examsite.rules.policy import Decider
from examsite.rules.refusal import Refused
from examsite.rules.scoring import Agreed

UNSCORABLE = (ArithmeticError, LookupError, Refused, TypeError, ValueError)
"""What is raised over rows that the application never wrote so, such as a decided score whose sheets are gone."""


@dataclass(frozen=True, slots=True)
class InterviewOutcome:
    """What round 2 found of one candidate. `agreed` is None for a no-show, else the panel's exact score, how it came about, and the
    exact mean and spread of each criterion; `decider` names who decided where the mean did not hold. `sanctions` are the kinds imposed;
    where one of them cancels the result it is `void`, `note` says why, and nothing is agreed. `gone` says
    why the candidate takes part no more, as `Interview.gone` does: the panel's score then counts in no ranking."""

    candidate_number: str
    position: str
    panel: str
    code: str
    no_show: bool
    note: str
    agreed: Agreed | None
    decider: str | None
    sanctions: tuple[str, ...] = ()
    void: bool = False
    gone: str = ""


def interview_outcomes(session: Session, campaign: Campaign) -> dict[str, InterviewOutcome]:
    """The outcome of every interview by candidate number, as the two signers opened it.

    Refused: `grading.codes_closed` before the opening, `grading.opened_differs` where the rows no longer give what was signed, or the act
    no longer holds what the log took of it.
    """
    signed = signed_acts(session, OPENING, about(campaign))
    if not signed:
        raise Refused("grading.codes_closed")
    if not signed[0].digest == opening_in_log(session, campaign) == _digest(session, campaign):
        raise Refused("grading.opened_differs")
    found = (_outcome(progress) for panel in panels_of(session, campaign) for progress in panel_progress(session, panel))
    return {outcome.candidate_number: outcome for outcome in found}


def missing_before_opening(session: Session, campaign: Campaign) -> list[Gap]:
    """What is missing before the codes can be opened: every candidate of round 2 stands before a panel, every panel is
    closed, and everything is still as the log took it."""
    panels = panels_of(session, campaign)
    left = len(unplaced(session, campaign))
    gaps = [] if panels else [Gap("grading.gap_panels", {})]
    if left:
        gaps.append(Gap("grading.gap_unplaced", {"count": left}))
    open_panels = (panel for panel in panels if panel.state in {"planned", "drawn"})
    gaps += [Gap("grading.gap_panel_open", {"panel": panel.name}, panel.public_id) for panel in open_panels]
    return gaps + broken_seals(session, campaign)


def opened_otherwise(session: Session, campaign: Campaign) -> list[Gap]:
    """Whether the rows of a campaign whose codes are open give something else than what the log says two people signed; empty where not.

    All that decides a score is in what they signed, and it was compared with the log entry by entry before they could.
    """
    signed = opening_in_log(session, campaign)
    return [Gap("grading.gap_opened_differs", {})] if signed is not None and _digest(session, campaign) != signed else []


def about(campaign: Campaign) -> str:
    """What the act of opening is about, as acts and log name it."""
    return f"campaign:{campaign.public_id}"


def waiting_opening(session: Session, campaign: Campaign) -> TwoPersonAct | None:
    """The opening that has its first signature and waits for the second."""
    return open_act(session, OPENING, about(campaign))


def opened(session: Session, campaign: Campaign) -> TwoPersonAct | None:
    """The signed act that opened the codes."""
    signed = signed_acts(session, OPENING, about(campaign))
    return signed[0] if signed else None


def why_no_panel(session: Session, campaign: Campaign) -> str | None:
    """The code of the reason why no panel can be added: somebody has signed the opening of all there are. None while one can."""
    if opened(session, campaign) is not None:
        return "grading.no_more_panels"
    return "grading.opening_waits" if waiting_opening(session, campaign) is not None else None


def opening_content(session: Session, campaign: Campaign) -> dict[str, object]:
    """What is signed: for each panel how many interviews it had and one digest over codes, locked sheets and outcomes.

    It shows no code beside a candidate and no score; the salts inside each digest keep it from being tried out.
    """
    panels = panels_of(session, campaign)
    return {
        "campaign": campaign.public_id,
        "rules": campaign.rules_hash,
        "panels": [_panel_content(session, panel) for panel in sorted(panels, key=lambda panel: panel.public_id)],
    }


def _digest(session: Session, campaign: Campaign) -> str | None:
    """The digest of what would be signed now; None where nothing can be computed."""
    try:
        return canonical.digest(opening_content(session, campaign))
    except UNSCORABLE:
        return None


def _panel_content(session: Session, panel: Panel) -> dict[str, object]:
    found = panel_progress(session, panel)
    covered = {
        "codes": {"salt": panel.codes_salt, "commitment": panel.codes_commitment},
        "seed": panel.lot_seed,
        "interviews": [_covered(progress) for progress in found],
    }
    return {
        "panel": panel.public_id,
        "name": panel.name,
        "interviews": len(found),
        "no_shows": sum(progress.interview.state == "no_show" for progress in found),
        "decided": sum(progress.decision is not None for progress in found),
        "digest": canonical.digest(covered),
    }


def _covered(progress: Progress) -> dict[str, object]:
    interview = progress.interview
    return {
        "code": interview.code,
        "number": interview.number,
        "candidate": interview.application.candidate_number,
        "state": interview.state,
        "sheets": [
            {"member": scorer.member.public_id, "version": scorer.sheet.version, "scores": scorer.sheet.scores, "salt": scorer.sheet.salt}
            for scorer in progress.scorers
            if scorer.sheet is not None and scorer.locked
        ],
        "recused": [
            {"member": scorer.member.public_id, "kind": scorer.recusal.kind} for scorer in progress.scorers if scorer.recusal is not None
        ],
        "outcome": progress.outcome if isinstance(progress.outcome, Agreed) else None,
        "sanctions": [{"kind": one.kind, "outcome": one.outcome, "decision": one.decision} for one in progress.sanctions],
    }


def _outcome(progress: Progress) -> InterviewOutcome:
    interview, void = progress.interview, progress.void
    agreed = progress.outcome if isinstance(progress.outcome, Agreed) and void is None else None
    decided = agreed is not None and agreed.by is not Decider.MEAN and progress.decision is not None
    return InterviewOutcome(
        candidate_number=interview.application.candidate_number or "",
        position=interview.application.position.code,
        panel=interview.panel.name,
        code=interview.code or "",
        no_show=interview.state == "no_show",
        note=void.decision if void is not None else interview.state_reason if interview.state == "no_show" else "",
        agreed=agreed,
        decider=progress.decision.decided_by.display_name if decided and progress.decision else None,
        sanctions=tuple(sanction.kind for sanction in imposed(progress.sanctions)),
        void=void is not None,
        gone=interview.gone,
    )
