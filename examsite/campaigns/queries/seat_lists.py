"""A list of seats against the boards that stand: which can be given, which are taken already, which cannot be and why."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import cast

from sqlalchemy.orm import Session

from examsite.accounts.models import ADMINISTRATOR, Account
from examsite.accounts.permissions import may_manage_staff
from examsite.accounts.staff_lists import accounts_of, wrong_person
from examsite.accounts.staff_rows import StaffRow
from examsite.campaigns.incompatible import why_not
from examsite.campaigns.models import Campaign
from examsite.campaigns.queries import rule_set
from examsite.campaigns.queries.boards import seats
from examsite.campaigns.roles import Role
from examsite.lists import Finding, Intake, ListFile, ListReading, Param
from examsite.lists.findings import in_order
from examsite.rules.policy import RuleSet
from examsite.rules.refusal import Refused


@dataclass(frozen=True)
class SeatIntake(Intake[StaffRow]):
    """What a list of seats comes to; `accounts` are those that stand, by sign-in name."""

    accounts: Mapping[str, Account] = field(default_factory=dict)


def assess(session: Session, role: Role, file: ListFile[StaffRow]) -> SeatIntake:
    """Hold the seats that were read against the accounts, the boards and the rules of the campaign, row after row.

    A seat that is held already is passed over. Somebody without an account is an error, unless the reader may also invite staff.
    """
    reading = file.reading
    accounts = accounts_of(session, reading.rows)
    plan = _Plan(session, role.campaign)
    invites = may_manage_staff(role.account)
    errors, known, good = list(reading.errors), [], []
    for row in reading.rows:
        account = accounts.get(row.sign_in_name)
        wrong = wrong_person(reading, row, account) or plan.other_name(reading, row)
        if wrong is None and account is None and not invites:
            wrong = reading.about(row, "sign_in_name", "seats.not_staff", row.sign_in_name, name=row.name)
        if wrong is not None:
            errors.append(wrong)
        elif plan.holds(row):
            known.append(reading.about(row, "board", "seats.same", row.sign_in_name, name=row.name, board=f"board.{row.board}"))
        elif refusal := plan.refusal(row, account):
            column = "duty" if refusal.field == "duty" else "board"
            params = cast("dict[str, Param]", dict(refusal.params))
            errors.append(Finding(*_place(reading, row, column), refusal.code, params, row.sign_in_name))
        else:
            plan.give(row)
            good.append(row)
    return SeatIntake(good, known, in_order(file.book, errors), reading.notes, file.book.notes, reading.rows_seen, accounts=accounts)


class _Plan:
    """Who would sit where if the rows so far were taken in."""

    def __init__(self, session: Session, campaign: Campaign) -> None:
        self._rules: RuleSet = rule_set(campaign)
        self._duties: dict[str, dict[str, str]] = {}
        self._heads: dict[str, str] = {}
        self._names: dict[str, str] = {}
        for board, members in seats(session, campaign).items():
            for seat in members:
                self._duties.setdefault(seat.account.sign_in_name, {})[board] = seat.duty
                if seat.duty == "head":
                    self._heads[board] = seat.account.display_name

    def other_name(self, reading: ListReading[StaffRow], row: StaffRow) -> Finding | None:
        """One sign-in name with two names in one file."""
        other = self._names.setdefault(row.sign_in_name, row.name)
        if other == row.name:
            return None
        return reading.about(row, "name", "staff.name_differs", row.name, name=other, sign_in_name=row.sign_in_name)

    def holds(self, row: StaffRow) -> bool:
        return self._duties.get(row.sign_in_name, {}).get(row.board) == row.duty

    def refusal(self, row: StaffRow, account: Account | None) -> Refused | None:
        held = self._duties.get(row.sign_in_name, {})
        if row.board in held:
            told = {"board": f"board.{row.board}", "held": f"duty.{held[row.board]}", "wanted": f"duty.{row.duty}"}
            return Refused("seats.other_duty", field="duty", name=row.name, **told)
        keeps_accounts = account is not None and account.house_role == ADMINISTRATOR
        return why_not(self._rules, row.name, row.board, row.duty, held, self._heads.get(row.board), keeps_accounts=keeps_accounts)

    def give(self, row: StaffRow) -> None:
        self._duties.setdefault(row.sign_in_name, {})[row.board] = row.duty
        if row.duty == "head":
            self._heads[row.board] = row.name


def _place(reading: ListReading[StaffRow], row: StaffRow, column: str) -> tuple[str, int, str, str]:
    found = reading.about(row, column, "")
    return found.sheet, found.row, found.column, found.title
