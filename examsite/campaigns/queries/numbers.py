"""Candidate numbers and codes: who waits for one, what was given, how many came in."""

from dataclasses import dataclass

from sqlalchemy import func, select
from sqlalchemy.orm import Session, joinedload

from examsite.accounts.models import Account
from examsite.campaigns.models import Application, Campaign, CandidateNumbering, Person, Position


@dataclass(frozen=True)
class NumberCounts:
    """How far numbering and codes have come; all counts are of eligible applications but `undecided`."""

    undecided: int
    eligible: int
    numbered: int
    with_account: int
    activated: int

    @property
    def without_number(self) -> int:
        return self.eligible - self.numbered

    @property
    def without_account(self) -> int:
        return self.numbered - self.with_account

    @property
    def not_activated(self) -> int:
        return self.with_account - self.activated


def number_counts(session: Session, campaign: Campaign) -> NumberCounts:
    """The counts of a campaign, in one statement each."""
    row = session.execute(
        select(
            func.count(),
            func.count(Application.candidate_number),
            func.count(Application.account_id),
            func.count(Account.password_hash),
        )
        .select_from(Application)
        .outerjoin(Account, Account.id == Application.account_id)
        .where(Application.campaign_id == campaign.id, Application.state == "eligible")
    ).one()
    undecided = select(func.count()).where(Application.campaign_id == campaign.id, Application.state == "received")
    return NumberCounts(session.scalar(undecided) or 0, row[0], row[1], row[2], row[3])


def unnumbered(session: Session, campaign: Campaign) -> list[Application]:
    """Eligible applications without a candidate number, by position code and then in the order of Vietnamese name lists."""
    return list(
        session.scalars(
            select(Application)
            .join(Application.person)
            .join(Application.position)
            .where(
                Application.campaign_id == campaign.id,
                Application.state == "eligible",
                Application.candidate_number.is_(None),
            )
            .order_by(Position.code, Person.name_sort_key, Person.full_name, Person.birth_date, Application.public_id)
        )
    )


def highest_number(session: Session, campaign: Campaign) -> int:
    """The highest candidate number of the campaign, whatever became of its holder; 0 where none was given."""
    numbers = session.scalars(
        select(Application.candidate_number).where(Application.campaign_id == campaign.id, Application.candidate_number.is_not(None))
    )
    return max((int(number) for number in numbers if number and number.isdigit()), default=0)


def numberings(session: Session, campaign: Campaign) -> list[CandidateNumbering]:
    """Each time that numbers were given, newest first."""
    return list(
        session.scalars(
            select(CandidateNumbering)
            .options(joinedload(CandidateNumbering.numbered_by))
            .where(CandidateNumbering.campaign_id == campaign.id)
            .order_by(CandidateNumbering.id.desc())
        )
    )


def waiting_for_code(session: Session, campaign: Campaign, *, again: bool) -> list[Application]:
    """Eligible numbered candidates without an account; with `again` also those who have one and have not used its code."""
    query = (
        select(Application)
        .join(Application.person)
        .outerjoin(Account, Account.id == Application.account_id)
        .options(joinedload(Application.person), joinedload(Application.position), joinedload(Application.account))
        .where(Application.campaign_id == campaign.id, Application.state == "eligible", Application.candidate_number.is_not(None))
        .order_by(Application.candidate_number)
    )
    return list(session.scalars(query.where(Account.password_hash.is_(None) if again else Application.account_id.is_(None))))
