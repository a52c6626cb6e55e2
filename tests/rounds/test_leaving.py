"""Whoever withdraws leaves the roster of a planned session in the same act, and the seat is free for the next."""

import json

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from examsite.accounts.models import TwoPersonAct
from examsite.audit.models import LogEntry
from examsite.campaigns.operations.withdrawals import withdraw_own
from examsite.rounds.models import RosterEntry
from examsite.rounds.operations.seat_moves import move
from tests.conftest import NOW
from tests.rounds.hall import make_house


@pytest.mark.parametrize("case", ["planned", "waits", "sealed"])
def test_a_seat_is_free_at_once_unless_papers_are_sealed(session: Session, case: str) -> None:
    house = make_house(session)
    exam = house.exam(state="sealed" if case == "sealed" else "planned")
    [held] = house.room("P101", 1, exam)
    first, second = house.candidates(2)
    place = {"session_id": exam.id, "room_id": held.room_id, "seat": "1"}
    session.add(RosterEntry(application_id=first.id, candidate_number=first.candidate_number, **place))
    if case == "waits":
        signer = {"first_id": house.role.account.id, "first_at": NOW, "state": "open", "digest": "0" * 64, "content": {}}
        session.add(TwoPersonAct(chain=house.campaign.chain, kind="rounds:papers", about=f"session:{exam.public_id}", **signer))
    session.flush()
    assert first.account is not None
    withdraw_own(session, first.account, first, "Đổi ý", NOW)
    left = session.scalars(select(LogEntry).where(LogEntry.kind == "rounds:roster:left")).all()
    listed = session.scalars(select(RosterEntry.candidate_number)).all()
    if case != "planned":
        assert (left, listed) == ([], [first.candidate_number])
        return
    assert listed == []
    assert json.loads(left[0].content or "")["data"] == {"numbers": [first.candidate_number], "room": "P101", "seat": "1"}
    move(session, second, held, "1", None, "Ghế trống", house.role, NOW)
    assert session.scalars(select(RosterEntry.candidate_number)).all() == [second.candidate_number]
