"""The fixed cast of this room: who works in the campaign, who only reads, who has no seat."""

from dataclasses import dataclass
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from examsite.accounts.models import Account
from examsite.audit.models import LogChain, LogEntry
from examsite.campaigns.models import Campaign
from examsite.campaigns.roles import Role, role_of
from tests.factories import appoint, make_campaign, make_staff

ENGLISH = {"Accept-Language": "en"}


@dataclass(frozen=True)
class House:
    """One campaign in its draft: `hr` heads its HR board, `author` sits on the question board, `outsider` on a board elsewhere."""

    campaign: Campaign
    hr: Account
    chair: Account
    supervisor: Account
    author: Account
    outsider: Account
    administrator: Account

    @property
    def address(self) -> str:
        return f"/campaigns/{self.campaign.public_id}"

    def role(self, session: Session, account: Account | None = None) -> Role:
        return role_of(session, account or self.hr, self.campaign)


def build(session: Session, stage: str = "draft", **kwargs: Any) -> House:
    """The cast, stored."""
    hr = make_staff(session, "hang", "Phạm Thu Hằng", house_role="hr_officer", password=True)
    campaign = make_campaign(session, stage=stage, hr=hr, **kwargs)
    people = {name: make_staff(session, name) for name in ("chair", "supervisor", "author", "outsider")}
    appoint(session, campaign, people["chair"], "council", "head")
    appoint(session, campaign, people["supervisor"], "supervision")
    appoint(session, campaign, people["author"], "question")
    appoint(session, make_campaign(session, code="ELSEWHERE-1"), people["outsider"], "hr")
    administrator = make_staff(session, "admin", house_role="administrator")
    session.commit()
    return House(campaign=campaign, hr=hr, administrator=administrator, **people)


def log_kinds(session: Session, chain: str) -> list[str]:
    """The kinds of all entries of a chain, in order."""
    return list(session.scalars(select(LogEntry.kind).join(LogChain).where(LogChain.name == chain).order_by(LogEntry.number)))


def last_entry(session: Session, chain: str) -> str:
    """The content of the newest entry of a chain."""
    return (
        session.scalars(select(LogEntry.content).join(LogChain).where(LogChain.name == chain).order_by(LogEntry.number.desc())).first()
        or ""
    )
