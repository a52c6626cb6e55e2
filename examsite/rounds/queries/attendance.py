"""One candidate's listing in an exam session, with all that decides what they may do and until when."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Select, bindparam, select
from sqlalchemy.orm import Load, Session, contains_eager, joinedload, selectinload

from examsite.accounts.models import Account
from examsite.campaigns.models import Application, Entitlement
from examsite.campaigns.queries import rule_set
from examsite.rounds import timeplan
from examsite.rounds.models import ExamSession, Paper, RosterEntry, Sitting, TimeEntry
from examsite.rules import timing
from examsite.rules.policy import RuleSet
from examsite.rules.refusal import Refused


@dataclass(frozen=True)
class Attendance:
    """A roster entry with its session, rules, sittings and ledger of time. `papers`: the paper's id of each part; empty before sealing."""

    entry: RosterEntry
    rules: RuleSet
    exempt: frozenset[str]
    papers: dict[str, int]
    ledger: tuple[TimeEntry, ...] = ()

    @property
    def exam(self) -> ExamSession:
        """The exam session."""
        return self.entry.session

    @property
    def sittings(self) -> dict[str, Sitting]:
        """What was sat so far, by part."""
        return {sitting.part: sitting for sitting in self.entry.sittings}

    @property
    def plan(self) -> timing.TimePlan:
        """What the rules of time decide upon; a running pause holds everything that comes after it."""
        return timeplan.plan_of(self.rules, self.exam, self.exempt, self.entry.sittings, self.ledger)

    @property
    def reckoned(self) -> timing.TimePlan:
        """The same with the time that was given so far: a running pause counts once it has ended."""
        return timeplan.plan_of(self.rules, self.exam, self.exempt, self.entry.sittings, self.ledger, held=False)

    @property
    def pause(self) -> TimeEntry | None:
        """The pause that runs for this candidate."""
        return next((line for line in self.ledger if timeplan.is_running(line)), None)

    @property
    def takes_part(self) -> bool:
        """Whether the application is still in the running; it may have ended since the candidate was listed."""
        return self.entry.application.state == "eligible"

    def in_time(self, now: datetime) -> bool:
        """Whether the candidate may still come in at `now`, or was checked in while they might.

        Late is who comes late to the door, not whose machine is late. Whoever gave up, or whose position was closed, comes in no more.
        """
        if not self.takes_part:
            return False
        here = self.entry.checked_in_at
        plan = self.plan
        return timeplan.may_enter(self.rules, plan, now) or (here is not None and timeplan.may_enter(self.rules, plan, here))

    def refusal_to_start(self, part: str, now: datetime) -> Refused | None:
        """Why this part cannot be begun at `now`; None when it can."""
        code = self._standing(part) or ("rounds.paused" if self.pause else None) or self._timing(part, now) or self._door()
        return Refused(code, part=part) if code else None

    def _standing(self, part: str) -> str | None:
        if part not in timeplan.parts_by_id(self.rules):
            return "rounds.no_such_part"
        if self.entry.state in ("absent", "voided"):
            return f"rounds.you_are_{self.entry.state}"
        if not self.takes_part:
            return "rounds.you_are_out"
        if part in self.exempt:
            return "rounds.you_are_exempt"
        if self.exam.state != "sealed":
            return "rounds.papers_not_ready" if self.exam.state == "planned" else "rounds.session_is_closed"
        return None if part in self.papers else "rounds.papers_not_ready"

    def _door(self) -> str | None:
        """Whoever is not checked in stays outside; the code on the board is asked for at the beginning itself."""
        return "rounds.not_checked_in" if self.exam.needs_check_in and self.entry.checked_in_at is None else None

    def _timing(self, part: str, now: datetime) -> str | None:
        plan = self.plan
        phase = timeplan.moment_of(plan, part, now).phase
        ahead = phase in (timing.Phase.WAITING, timing.Phase.NOT_YET)
        if not ahead and phase not in (timing.Phase.OPEN, timing.Phase.READY):
            return "rounds.part_is_over"
        if self.entry.state == "listed" and now > self.exam.opens_at and not self.in_time(now):
            return "rounds.too_late_to_enter"  # for what lies ahead as well: whoever missed the first part comes in no more
        return "rounds.not_yet" if ahead else None


def beside_entry(entry: Load) -> tuple[Load, ...]:
    """What decides what one candidate may do, brought along with their roster entry in the same journey: session and campaign, sittings,
    and which papers there are, without their items."""
    return (
        entry.contains_eager(RosterEntry.application).load_only(Application.account_id, Application.state),
        entry.joinedload(RosterEntry.session, innerjoin=True).joinedload(ExamSession.campaign, innerjoin=True),
        entry.joinedload(RosterEntry.sittings),
        entry.joinedload(RosterEntry.papers).load_only(Paper.part, Paper.digest),
    )


# Candidates ask for this in their hundreds in one second: built once, and one statement.
_OF_ACCOUNT = (
    select(RosterEntry)
    .join(RosterEntry.application)
    .where(Application.account_id == bindparam("account"))
    .options(*beside_entry(Load(RosterEntry)))
    .execution_options(populate_existing=True)
)


def attendances(session: Session, account: Account) -> list[Attendance]:
    """All listings of a candidate, the one that matters now first: sessions not closed by their start, then closed ones, latest first."""
    entries = session.scalars(_OF_ACCOUNT, {"account": account.id}).unique().all()
    return [attendance_of(session, entry) for entry in in_turn(entries)]


def in_turn(entries: Iterable[RosterEntry]) -> list[RosterEntry]:
    """Those of sessions not closed by their start, then of closed ones, latest first."""
    listed = sorted(entries, key=lambda entry: entry.session.opens_at)
    ahead = [entry for entry in listed if entry.session.state != "closed"]
    return ahead + [entry for entry in reversed(listed) if entry.session.state == "closed"]


def attendance_of(session: Session, entry: RosterEntry) -> Attendance:
    """The attendance of a loaded entry, with the papers that were loaded beside it."""
    rules = rule_set(entry.session.campaign)
    papers = {paper.part: paper.id for paper in entry.papers}
    return Attendance(entry, rules, _exempt(session, entry, rules, frozenset(papers)), papers, _ledger(session, [entry]).get(entry.id, ()))


def attendances_in(session: Session, exam: ExamSession) -> list[Attendance]:
    """All listings of one exam session, by candidate number."""
    rules = rule_set(exam.campaign)
    entries = list(session.scalars(_entries().where(RosterEntry.session_id == exam.id).order_by(RosterEntry.candidate_number)))
    papers: dict[int, dict[str, int]] = {}
    rows = session.execute(select(Paper.entry_id, Paper.part, Paper.id).join(RosterEntry).where(RosterEntry.session_id == exam.id))
    for entry_id, part, paper_id in rows:
        papers.setdefault(entry_id, {})[part] = paper_id
    exempt = exemptions(session, rules, [entry.application_id for entry in entries])
    ledger = _ledger(session, entries)
    found = []
    for entry in entries:
        drawn = papers.get(entry.id, {})
        covered = _undrawn(rules, frozenset(drawn)) if exam.state != "planned" else exempt.get(entry.application_id, frozenset())
        found.append(Attendance(entry, rules, covered, drawn, ledger.get(entry.id, ())))
    return found


def exemptions(session: Session, rules: RuleSet, applications: list[int]) -> dict[int, frozenset[str]]:
    """The parts that granted exemptions cover now, by application."""
    grounds: dict[int, list[tuple[str, str | None]]] = {}
    rows = session.execute(
        select(Entitlement.application_id, Entitlement.ground, Entitlement.part).where(
            Entitlement.application_id.in_(applications),
            Entitlement.kind == "exemption",
            Entitlement.granted,
            Entitlement.superseded_at.is_(None),
        )
    )
    for application, ground, part in rows:
        grounds.setdefault(application, []).append((ground, part))
    return {application: timeplan.exempt_parts(rules, found) for application, found in grounds.items()}


def _ledger(session: Session, entries: Sequence[RosterEntry]) -> dict[int, tuple[TimeEntry, ...]]:
    """The ledger of those who have one, in its order; whoever was given no time costs no question."""
    wanted = [entry.id for entry in entries if entry.ledger_version]
    if not wanted:
        return {}
    rows = select(TimeEntry).where(TimeEntry.entry_id.in_(wanted)).order_by(TimeEntry.id).execution_options(populate_existing=True)
    found: dict[int, list[TimeEntry]] = {}
    for line in session.scalars(rows):
        found.setdefault(line.entry_id, []).append(line)
    return {entry: tuple(lines) for entry, lines in found.items()}


def _exempt(session: Session, entry: RosterEntry, rules: RuleSet, drawn: frozenset[str]) -> frozenset[str]:
    """Once papers are sealed, they say who is exempted from what; a later exemption does not reach back."""
    if entry.session.state != "planned":
        return _undrawn(rules, drawn)
    return exemptions(session, rules, [entry.application_id]).get(entry.application_id, frozenset())


def _undrawn(rules: RuleSet, drawn: frozenset[str]) -> frozenset[str]:
    return frozenset(part.id for part in rules.round1.parts if part.id not in drawn)


def _entries() -> Select[RosterEntry]:
    return (
        select(RosterEntry)
        .join(RosterEntry.application)
        .options(
            contains_eager(RosterEntry.application).joinedload(Application.position),
            joinedload(RosterEntry.session).joinedload(ExamSession.campaign),
            selectinload(RosterEntry.sittings),
        )
        .execution_options(populate_existing=True)
    )
