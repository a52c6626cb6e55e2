"""What needs one person now, in all their campaigns and in the house, in a handful of queries however many campaigns there are."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from sqlalchemy import func, select
from sqlalchemy.orm import Session, joinedload

from examsite.accounts.models import ADMINISTRATOR, STAFF, Account, ActivationCode, TwoPersonAct
from examsite.accounts.queries import open_acts
from examsite.campaigns.models import Campaign, Membership
from examsite.campaigns.queries import rule_set
from examsite.campaigns.queries.shortages import decidable, turnouts
from examsite.campaigns.roles import Role, seated
from examsite.desk.tasks.boards import boards_of, figures_for, tasks_of
from examsite.desk.tasks.case import Case, Task
from examsite.desk.tasks.facts import Asked, Fact, facts_of
from examsite.desk.tasks.spread import to_decide
from examsite.grading.permissions import may_sign_opening
from examsite.holidays.queries import work_calendar
from examsite.notices.models import FAILED, QUEUED, OutgoingMail
from examsite.results.permissions import may_publish, may_sign_tie
from examsite.results.queries.closed_acts import closed_to
from examsite.results.queries.standing import appeals_close
from examsite.rounds.permissions import may_seal
from examsite.rules.working_days import WorkCalendar, local_day

SIGNERS: Mapping[str, Callable[[Role], bool]] = {
    "rounds:papers": may_seal,
    "grading:codes": may_sign_opening,
    "results:tie": may_sign_tie,
    "results:publication": may_publish,
}
"""Who may sign which kind of act as its second person."""
MAIL_STUCK = timedelta(hours=2)
UNUSED_AFTER = timedelta(days=3)


@dataclass(frozen=True, slots=True)
class Waiting:
    """What waits for one person: acts to sign, tasks by their day, and the seats that it comes from. `today` is the site's own day."""

    roles: Sequence[Role]
    acts: Sequence[TwoPersonAct]
    tasks: Sequence[Task]
    calendar: WorkCalendar
    today: date

    @property
    def count(self) -> int:
        """How many things that is."""
        return len(self.acts) + len(self.tasks)

    def left(self, task: Task) -> int:
        """Working days until a task is due: 0 today, negative when it is overdue."""
        return 0 if task.due is None else self.calendar.between(self.today, task.due)


def waiting_for(session: Session, account: Account, now: datetime, zone: str, *, mails: bool = True) -> Waiting:
    """Everything that waits for a member of staff, the most pressing first; what no day is set for comes last.

    `mails`: this site sends mail, so that mail which does not leave is a task; one without a mail server sends none.
    """
    roles = roles_of(session, account)
    running = [role for role in roles if role.campaign.stage != "closed"]
    acts = open_acts(session, [role.campaign.chain for role in running]) if running else []
    calendar = work_calendar(session)
    concerned = [role for role in roles if boards_of(role)]
    tasks = [task for case in _cases(session, account, concerned, acts, calendar, now) for task in tasks_of(case)]
    tasks += _house_tasks(session, account, now, mails)
    ordered = sorted(tasks, key=lambda task: (task.due is None, task.due or date.max))
    return Waiting(roles, _to_sign(session, acts, running, account), ordered, calendar, local_day(now, zone))


def roles_of(session: Session, account: Account) -> list[Role]:
    """The seats of an account, by campaign, the newest campaign first."""
    if account.kind != STAFF:
        return []
    seats = session.scalars(
        select(Membership)
        .options(joinedload(Membership.campaign))
        .where(Membership.account_id == account.id, Membership.ended_at.is_(None))
    )
    duties: dict[Campaign, dict[str, str]] = {}
    for seat in seats:
        duties.setdefault(seat.campaign, {})[seat.board] = seat.duty
    ordered = sorted(duties, key=lambda campaign: (campaign.created_at, campaign.id), reverse=True)
    return [seated(session, account, campaign, duties[campaign]) for campaign in ordered]


def _cases(
    session: Session, account: Account, roles: Sequence[Role], acts: Sequence[TwoPersonAct], calendar: WorkCalendar, now: datetime
) -> Iterator[Case]:
    facts = facts_of(session, figures_for(roles), Asked([role.campaign.id for role in roles], account.id, now))
    for role in roles:
        campaign, found = role.campaign, facts.get(role.campaign.id, {})
        if campaign.stage == "closed" and not found:
            continue
        closes = appeals_close(session, campaign) if campaign.stage in {"provisional", "appeals"} and role.on("hr", "council") else None
        yield Case(
            role=role,
            rules=rule_set(campaign),
            facts=found,
            calendar=calendar,
            today=local_day(now, campaign.time_zone),
            signing=frozenset(act.kind for act in acts if act.chain == campaign.chain),
            short=_short(session, role),
            to_decide=_undecided_scores(session, role, found),
            appeals_until=None if closes is None else local_day(closes - timedelta(seconds=1), campaign.time_zone),
        )


def _short(session: Session, role: Role) -> int:
    """Positions with too few candidates that the chair has to decide about."""
    if not role.heads("council") or not decidable(role.campaign):
        return 0
    return sum(one.waits for one in turnouts(session, role.campaign))


def _undecided_scores(session: Session, role: Role, found: Mapping[str, Fact]) -> int:
    leads = role.heads("council") or role.deputises or role.on("panel")
    return to_decide(session, role) if leads and "panels_drawn" in found else 0


def _to_sign(session: Session, acts: Sequence[TwoPersonAct], roles: Sequence[Role], account: Account) -> list[TwoPersonAct]:
    """What this person could sign; what stands behind an act is looked up only where one waits that their seat would let them sign."""
    by_chain = {role.campaign.chain: role for role in roles}
    seated_for = [act for act in acts if act.first_id != account.id and SIGNERS[act.kind](by_chain[act.chain])]
    closed = closed_to(session, seated_for, by_chain) if seated_for else frozenset()
    return [act for act in seated_for if act.id not in closed]


def _house_tasks(session: Session, account: Account, now: datetime, mails: bool) -> Iterator[Task]:
    """What waits for an administrator: accounts whose newest code nobody uses, and mail that does not leave."""
    if account.house_role != ADMINISTRATOR:
        return
    newest = select(func.max(ActivationCode.created_at)).where(ActivationCode.account_id == Account.id).scalar_subquery()
    unused = (
        Account.kind == STAFF,
        Account.password_hash.is_(None),
        Account.disabled_at.is_(None),
        func.coalesce(newest, Account.created_at) < now - UNUSED_AFTER,
    )
    count = session.scalar(select(func.count()).select_from(Account).where(*unused))
    if count:
        yield Task("unused_accounts", "accounts.staff_list", count=count, narrowed={"state": "waiting"})
    stuck = (OutgoingMail.state == FAILED) | ((OutgoingMail.state == QUEUED) & (OutgoingMail.queued_at < now - MAIL_STUCK))
    count = session.scalar(select(func.count()).select_from(OutgoingMail).where(stuck)) if mails else 0
    if count:
        yield Task("mail", "notices.mail", count=count)
