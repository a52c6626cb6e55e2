"""`examsite import-units` and `examsite import-positions`."""

from pathlib import Path
from typing import Any

import click
from sqlalchemy.orm import Session

from examsite import clock
from examsite.accounts.operations import actor_of
from examsite.accounts.queries import account_by_name
from examsite.audit.operations import SYSTEM, Actor
from examsite.campaigns.operations import position_lists, unit_lists
from examsite.campaigns.permissions import may_edit_positions, may_edit_units
from examsite.campaigns.position_rows import read_positions
from examsite.campaigns.queries import position_lists as position_queries
from examsite.campaigns.queries import rule_set
from examsite.campaigns.queries import unit_lists as unit_queries
from examsite.campaigns.queries.campaigns import campaign_by_code
from examsite.campaigns.roles import Role, role_of
from examsite.campaigns.unit_rows import read_units
from examsite.cli.session import operator_session
from examsite.cli.telling import tell
from examsite.cli.usage import OfficeCommand
from examsite.lists import Intake, read_file
from examsite.rules.refusal import NotFound, Refused
from examsite.wording import say

FILE = click.Path(exists=True, dir_okay=False, readable=True, path_type=Path)


@click.command("import-units", cls=OfficeCommand)
@click.argument("file", type=FILE)
@click.option("--dry-run", "only_look", is_flag=True, help="Say what would be taken in, and take nothing.")
@click.option("--good-rows", is_flag=True, help="Take in the good rows though others have errors.")
@click.option("--by", "sign_in_name", help="Sign-in name of the person in whose name this is done.  [default: the operator]")
def import_units(file: Path, only_look: bool, good_rows: bool, sign_in_name: str | None) -> None:
    """Take the units of FILE (.xlsx or .csv) into the house.

    A unit is known by its code: one that stands already and is otherwise in the file is changed, and what changes is told. Every error is
    told on standard error by sheet, cell and column; then nothing is taken in, unless --good-rows leaves out the rows with errors. The
    same file can be taken in twice. The template is on the page of the units.

    Exit status 0 when it was done, 1 when it was refused, with the reasons (also when --dry-run finds errors and --good-rows was not
    given), 2 for wrong usage.
    """
    with operator_session(read_only=only_look) as session:
        actor = _keeper(session, sign_in_name)
        read = read_file(file.name, file.read_bytes(), read_units)
        intake = unit_queries.assess(session, read)
        _look(intake, good_rows=good_rows, only_look=only_look)
        if not only_look:
            _say_taken(unit_lists.KIND, unit_lists.take(session, read, actor, good_rows=good_rows, now=clock.now()))


@click.command("import-positions", cls=OfficeCommand)
@click.argument("campaign")
@click.argument("file", type=FILE)
@click.option("--dry-run", "only_look", is_flag=True, help="Say what would be taken in, and take nothing.")
@click.option("--good-rows", is_flag=True, help="Take in the good rows though others have errors.")
@click.option("--by", "sign_in_name", required=True, help="Sign-in name of the member of the HR board in whose name this is done.")
def import_positions(campaign: str, file: Path, only_look: bool, good_rows: bool, sign_in_name: str) -> None:
    """Take the positions of FILE (.xlsx or .csv), with their standards, into CAMPAIGN.

    CAMPAIGN is the short code that `examsite campaigns` lists; it has to be a draft still. A position is known by its code: one that stands
    already and is otherwise in the file is changed, and what changes is told. Every error is told on standard error by sheet, cell and
    column; then nothing is taken in, unless --good-rows leaves out the rows with errors. The same file can be taken in twice. The template
    is on the page of the positions.

    Exit status 0 when it was done, 1 when it was refused, with the reasons (also when --dry-run finds errors and --good-rows was not
    given), 2 for wrong usage.
    """
    with operator_session(read_only=only_look) as session:
        role = _hr(session, campaign, sign_in_name)
        languages = rule_set(role.campaign).round1.languages
        read = read_file(file.name, file.read_bytes(), lambda book: read_positions(book, languages))
        intake = position_queries.assess(session, role.campaign, read)
        _look(intake, good_rows=good_rows, only_look=only_look)
        if not only_look:
            _say_taken(position_lists.KIND, position_lists.take(session, role, read, good_rows=good_rows, now=clock.now()))


def _look(intake: Intake[Any], *, good_rows: bool, only_look: bool) -> None:
    tell(intake)
    intake.must_be_takeable(good_rows=good_rows)
    if only_look:
        click.echo(say("intake.would_take"))


def _say_taken(kind: str, done: Intake[Any]) -> None:
    new = len(done.good) - done.changing
    counts = {"taken": new, "changed": done.changing, "known": len(done.known), "left": done.faulty}
    click.echo(say(f"lists.{kind}.taken", counts))


def _keeper(session: Session, sign_in_name: str | None) -> Actor:
    if sign_in_name is None:
        return SYSTEM
    account = account_by_name(session, sign_in_name)
    if account is None:
        raise NotFound("intake.by_unknown", name=sign_in_name)
    if account.disabled_at is not None or not may_edit_units(account):
        raise Refused("intake.by_not_keeper", name=sign_in_name)
    return actor_of(account)


def _hr(session: Session, campaign: str, sign_in_name: str) -> Role:
    found = campaign_by_code(session, campaign)
    account = account_by_name(session, sign_in_name)
    if account is None:
        raise NotFound("intake.by_unknown", name=sign_in_name)
    role = role_of(session, account, found)
    if account.disabled_at is not None or not may_edit_positions(role):
        raise Refused("intake.by_not_hr", name=sign_in_name)
    return role
