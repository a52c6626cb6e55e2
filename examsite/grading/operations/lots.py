"""Draw the lots of a panel: the order from a recorded seed, the codes from chance that nothing repeats."""

import secrets
from datetime import datetime

from sqlalchemy import update
from sqlalchemy.orm import Session

from examsite.audit.operations import record
from examsite.campaigns.roles import Role
from examsite.db import rows_changed
from examsite.grading.models import Interview, Panel, new_salt
from examsite.grading.operations.announcing import tell_interviews_set
from examsite.grading.operations.timetable import plan_all
from examsite.grading.permissions import may_manage_panels
from examsite.grading.queries.panels import interviews_of
from examsite.grading.queries.progress import missing_before_drawing
from examsite.grading.seats import held
from examsite.grading.sheet_values import codes_commitment, interviews_commitment
from examsite.rules import drawing
from examsite.rules.refusal import Conflict, Refused

# No B and 8, D, G and 6, I and 1, L, O and 0, Q, S and 5, U and V, Z and 2: codes are read aloud and copied by hand.
LETTERS = "ACEFHJKMNPRTWXY"
DIGITS = "3479"


def draw_lots(session: Session, role: Role, panel: Panel, now: datetime) -> None:
    """Draw the order and the codes of a panel's candidates, once.

    The order follows from a fresh seed, which the log and the page of the lots show with the label, so that anybody can repeat it.
    Codes come from `secrets` alone; of these the log holds a salted commitment. Refuses (`grading.not_ready`) while something is
    missing, and a second draw (`grading.lots_drawn_already`).
    """
    role.must(may_manage_panels(role))
    held(session, role, panel, "planned")
    if missing_before_drawing(session, panel):
        raise Refused("grading.not_ready")
    by_number = {interview.application.candidate_number or "": interview for interview in interviews_of(session, panel)}
    seed = secrets.token_hex(drawing.SEED_BYTES)
    order = drawing.draw_order(bytes.fromhex(seed), lot_label(panel), by_number)
    codes = dict(zip(order, new_codes(len(order)), strict=True))
    _write(session, panel, seed, codes, now)
    for place, number in enumerate(order, start=1):
        _give(session, by_number[number], place, codes[number])
    plan_all(session, panel)
    bound = interviews_commitment(panel.codes_salt or "", {number: by_number[number].public_id for number in order})
    data = {"seed": seed, "label": lot_label(panel), "order": order, "codes": panel.codes_commitment, "interviews": bound}
    record(session, role.campaign.chain, "grading:lots:drawn", f"panel:{panel.public_id}", role.actor, now, data)
    tell_interviews_set(session, panel, now)


def lot_label(panel: Panel) -> str:
    """What the draw of a panel's order is called; part of what it follows from."""
    return f"interviews:{panel.public_id}"


def new_codes(count: int) -> list[str]:
    """`count` different codes: two letters and two digits, without look-alikes, derived from nothing."""
    found: dict[str, None] = {}
    while len(found) < count:
        found[_new_code()] = None
    return list(found)


def _new_code() -> str:
    pools = (LETTERS, LETTERS, DIGITS, DIGITS)
    return "".join(secrets.choice(pool) for pool in pools)


def _write(session: Session, panel: Panel, seed: str, codes: dict[str, str], now: datetime) -> None:
    salt = new_salt()
    values = {"lot_seed": seed, "drawn_at": now, "codes_salt": salt, "codes_commitment": codes_commitment(salt, codes)}
    statement = update(Panel).where(Panel.id == panel.id, Panel.state == "planned").values(state="drawn", **values)
    if rows_changed(session, statement) != 1:
        raise Conflict("grading.lots_drawn_already")
    session.refresh(panel)


def _give(session: Session, interview: Interview, place: int, code: str) -> None:
    given = rows_changed(
        session, update(Interview).where(Interview.id == interview.id, Interview.code.is_(None)).values(number=place, code=code)
    )
    if given != 1:
        raise Conflict("grading.lots_drawn_already")
