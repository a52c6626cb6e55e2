"""The cast of the question bank: two members of the board and its head, and those who may not see a key."""

from dataclasses import dataclass

import pytest
from sqlalchemy.orm import Session

from examsite.accounts.models import Account
from examsite.campaigns.models import Campaign
from examsite.campaigns.roles import Role, role_of
from tests.factories import appoint, make_campaign, make_staff


@dataclass(frozen=True)
class Cast:
    """One campaign and the people around its bank; `stranger` sits on the question board of another campaign."""

    campaign: Campaign
    author: Account
    reviewer: Account
    head: Account
    supervisor: Account
    council: Account
    hr: Account
    administrator: Account
    stranger: Account

    def role(self, session: Session, account: Account) -> Role:
        return role_of(session, account, self.campaign)

    @property
    def address(self) -> str:
        return f"/campaigns/{self.campaign.public_id}/questions"


@pytest.fixture
def cast(session: Session) -> Cast:
    hr = make_staff(session, "hang", "Phạm Thu Hằng", house_role="hr_officer")
    campaign = make_campaign(session, code="BANK-1", hr=hr)
    people = {}
    for name, board, duty in (
        ("author", "question", "member"),
        ("reviewer", "question", "member"),
        ("head", "question", "head"),
        ("supervisor", "supervision", "member"),
        ("council", "council", "head"),
    ):
        people[name] = make_staff(session, name)
        appoint(session, campaign, people[name], board, duty)
    stranger = make_staff(session, "stranger")
    appoint(session, make_campaign(session, code="BANK-2"), stranger, "question", "head")
    found = Cast(campaign, hr=hr, administrator=make_staff(session, "admin", house_role="administrator"), stranger=stranger, **people)
    session.commit()
    return found
