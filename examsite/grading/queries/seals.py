"""Compare codes, locked sheets and decided scores with what the log took of them, before two people sign them."""

import json

from sqlalchemy import select
from sqlalchemy.orm import Session

from examsite.audit.models import LogChain, LogEntry
from examsite.campaigns.models import Campaign
from examsite.grading.models import Panel
from examsite.grading.queries.panels import panels_of
from examsite.grading.queries.progress import Gap, Progress, panel_progress
from examsite.grading.sheet_values import codes_commitment, seal_of_decision, seal_of_sheet

SEALED = ("grading:lots:drawn", "grading:sheet:locked", "grading:spread:decided")


def broken_seals(session: Session, campaign: Campaign) -> list[Gap]:
    """What was changed behind the application's back since it was drawn, locked or decided; empty when all of it is as the log says."""
    logged = _logged(session, campaign)
    return [gap for panel in panels_of(session, campaign) if panel.lot_seed for gap in _of_panel(session, panel, logged)]


def _logged(session: Session, campaign: Campaign) -> set[tuple[str, str]]:
    """Each object with each seal that the log took of it."""
    entries = session.scalars(select(LogEntry).join(LogChain).where(LogChain.name == campaign.chain, LogEntry.kind.in_(SEALED)))
    data = ((entry.about, json.loads(entry.content)["data"]) for entry in entries if entry.content)
    return {(about, found["codes"] if "codes" in found else found["seal"]) for about, found in data}


def _of_panel(session: Session, panel: Panel, logged: set[tuple[str, str]]) -> list[Gap]:
    found = panel_progress(session, panel)
    codes = {progress.interview.application.candidate_number or "": progress.interview.code or "" for progress in found}
    drawn = (f"panel:{panel.public_id}", codes_commitment(panel.codes_salt or "", codes))
    gaps = [] if drawn in logged else [Gap("grading.gap_seal_codes", {"panel": panel.name}, panel.public_id)]
    return gaps + [gap for progress in found for gap in _of_interview(progress, logged)]


def _of_interview(progress: Progress, logged: set[tuple[str, str]]) -> list[Gap]:
    interview, panel = progress.interview, progress.interview.panel.public_id
    gaps = []
    for scorer in progress.scorers:
        if scorer.sheet is None or not scorer.locked:
            continue
        sealed = seal_of_sheet(scorer.sheet, interview.public_id, scorer.member.public_id)
        if (f"sheet:{scorer.sheet.public_id}", sealed) not in logged:
            params = {"interview": interview.code, "member": scorer.member.account.display_name}
            gaps.append(Gap("grading.gap_seal_sheet", params, panel))
    if progress.decision is not None:
        decided = (f"interview:{interview.public_id}", seal_of_decision(progress.decision, interview.public_id))
        if decided not in logged:
            gaps.append(Gap("grading.gap_seal_decision", {"interview": interview.code}, panel))
    return gaps
