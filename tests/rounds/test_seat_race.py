"""Two officers at the same moment, on real connections: a draft is confirmed once, a seat is given once."""

from collections.abc import Callable

from sqlalchemy import select
from sqlalchemy.orm import Session

from examsite.accounts.models import Account
from examsite.campaigns.models import Application, Campaign
from examsite.campaigns.roles import Role, role_of
from examsite.db import open_session
from examsite.rounds.models import Allocation, RosterEntry, SessionRoom
from examsite.rounds.operations.allocation import confirm_seats, draw_seats
from examsite.rounds.operations.seat_moves import move
from tests.conftest import NOW
from tests.databases import Copy
from tests.races import DONE, at_once
from tests.rounds.hall import make_house

Act = Callable[[Session, Role], object]


def officer(session: Session) -> Role:
    account = session.scalars(select(Account).where(Account.sign_in_name == "officer")).one()
    return role_of(session, account, session.scalars(select(Campaign)).one())


def confirm(session: Session, role: Role) -> object:
    draft = session.scalars(select(Allocation)).one()
    return confirm_seats(session, draft, draft.seats_digest, role, NOW)


def to_seat_five(number: str) -> Act:
    def go(session: Session, role: Role) -> None:
        application = session.scalars(select(Application).where(Application.candidate_number == number)).one()
        move(session, application, session.scalars(select(SessionRoom)).one(), "5", None, "Closer to the door.", role, NOW)

    return go


def test_a_draft_is_confirmed_once_and_a_seat_given_once(own_database: Copy) -> None:
    with open_session(own_database.engine) as session:
        house = make_house(session)
        house.room("P101", 5, house.exam())
        house.candidates(3)
        draw_seats(session, house.role, "in_order", NOW)
        session.commit()
    assert at_once(own_database, officer, confirm, confirm).count(DONE) == 1
    assert at_once(own_database, officer, to_seat_five("001"), to_seat_five("002")).count(DONE) == 1
    with open_session(own_database.engine) as session:
        seats = session.scalars(select(RosterEntry.seat)).all()
        assert len(seats) == len(set(seats)) == 3
        assert "5" in seats
