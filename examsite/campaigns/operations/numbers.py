"""Give candidate numbers, once, in an order that anybody can repeat."""

import secrets
from collections.abc import Sequence
from datetime import datetime

from sqlalchemy.orm import Session

from examsite.audit.operations import record
from examsite.campaigns.models import Application, Campaign, CandidateNumbering
from examsite.campaigns.operations.reception import held_open
from examsite.campaigns.permissions import may_number_candidates
from examsite.campaigns.queries.numbers import highest_number, number_counts, unnumbered
from examsite.campaigns.roles import Role
from examsite.db import new_public_id
from examsite.rules import canonical
from examsite.rules.drawing import SEED_BYTES, draw_order
from examsite.rules.refusal import Refused

BY_NAME, BY_LOT = "by_name", "by_lot"
DIGITS = 4


def give(session: Session, role: Role, arrangement: str, now: datetime) -> CandidateNumbering:
    """Give a candidate number to every eligible application that has none, continuing after the highest number of the campaign.

    `by_name`: by position code, then in the order of Vietnamese name lists. `by_lot`: `rules.drawing.draw_order` over the public ids of
    the applications, with a new random seed that is recorded and the label that `lot_label` gives. Numbers have four digits and are never
    given twice, not even after their holder was rejected. Refuses as `reception.held_open`, and (`numbers.`):
    `undecided`, `nobody`, `arrangement_unknown`.
    """
    role.must(may_number_candidates(role))
    if arrangement not in (BY_NAME, BY_LOT):
        raise Refused("numbers.arrangement_unknown", field="arrangement")
    campaign = held_open(session, role.campaign)
    undecided = number_counts(session, campaign).undecided
    if undecided:
        raise Refused("numbers.undecided", count=undecided)
    waiting = unnumbered(session, campaign)
    if not waiting:
        raise Refused("numbers.nobody")
    first = highest_number(session, campaign) + 1
    seed = secrets.token_bytes(SEED_BYTES) if arrangement == BY_LOT else None
    ordered = in_lot_order(waiting, seed, lot_label(campaign, first)) if seed else waiting
    numbers = {application.public_id: f"{first + place:0{DIGITS}d}" for place, application in enumerate(ordered)}
    for one in ordered:
        one.candidate_number = numbers[one.public_id]
    return _record(session, role, campaign, arrangement, seed, numbers, now)


def lot_label(campaign: Campaign, first: int) -> str:
    """What is drawn, as the draw names it."""
    return f"{campaign.code}/candidate-numbers/{first:0{DIGITS}d}"


def in_lot_order(applications: Sequence[Application], seed: bytes, label: str) -> list[Application]:
    """The applications in the order of their lots."""
    by_id = {application.public_id: application for application in applications}
    return [by_id[public_id] for public_id in draw_order(seed, label, by_id)]


def _record(
    session: Session, role: Role, campaign: Campaign, arrangement: str, seed: bytes | None, numbers: dict[str, str], now: datetime
) -> CandidateNumbering:
    given = sorted(numbers.values(), key=int)
    numbering = CandidateNumbering(
        public_id=new_public_id(),
        campaign_id=campaign.id,
        arrangement=arrangement,
        seed=seed.hex() if seed else None,
        first_number=given[0],
        last_number=given[-1],
        count=len(given),
        digest=canonical.digest(numbers),
        numbered_at=now,
        numbered_by_id=role.account.id,
    )
    session.add(numbering)
    data = {
        "arrangement": arrangement,
        "seed": numbering.seed,
        "first": given[0],
        "last": given[-1],
        "count": len(given),
        "digest": numbering.digest,
    }
    record(session, campaign.chain, "campaigns:numbers:given", f"numbering:{numbering.public_id}", role.actor, now, data)
    return numbering
