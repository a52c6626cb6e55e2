"""`examsite import-candidates`."""

import sys
from pathlib import Path

import click
from sqlalchemy.orm import Session

from examsite import clock
from examsite.accounts.operations import actor_of
from examsite.accounts.queries import account_by_name
from examsite.audit.operations import SYSTEM, Actor
from examsite.campaigns.models import Campaign
from examsite.campaigns.operations.dossiers import years_of
from examsite.campaigns.operations.intake import take_as_operator
from examsite.campaigns.permissions import may_import_applications
from examsite.campaigns.queries.campaigns import campaign_by_code
from examsite.campaigns.queries.intake import FileReading, assess, position_codes, read_file
from examsite.campaigns.roles import role_of
from examsite.cli.session import operator_session
from examsite.cli.telling import tell
from examsite.cli.usage import OfficeCommand
from examsite.rules.refusal import NotFound, Refused
from examsite.wording import say


@click.command("import-candidates", cls=OfficeCommand)
@click.argument("campaign")
@click.argument("file", type=click.Path(exists=True, dir_okay=False, readable=True, path_type=Path))
@click.option("--dry-run", "only_look", is_flag=True, help="Say what would be taken in, and take nothing.")
@click.option("--good-rows", is_flag=True, help="Take in the good rows though others have errors.")
@click.option("--by", "sign_in_name", help="Sign-in name of the HR officer in whose name this is done.  [default: the operator]")
def import_candidates(campaign: str, file: Path, only_look: bool, good_rows: bool, sign_in_name: str | None) -> None:
    """Take the applications of FILE (.xlsx or .csv) into CAMPAIGN.

    CAMPAIGN is the short code that `examsite campaigns` lists. Every error is told on standard error by sheet, cell and column; then
    nothing is taken in, unless --good-rows leaves out the rows with errors. People who applied already are passed over, so the same file
    can be taken in twice. The template is on the page of the campaign.

    Exit status 0 when it was done, 1 when it was refused, with the reasons (also when --dry-run finds errors and --good-rows was not
    given), 2 for wrong usage.
    """
    with operator_session(read_only=True) as session:
        found = campaign_by_code(session, campaign)
        _actor(session, found, sign_in_name)
        click.echo(say("intake.reading", {"name": file.name}), err=True)
        read = read_file(file.name, file.read_bytes(), position_codes(session, found), years_of(clock.now()))
        intake = assess(session, found, read, clock.now())
        tell(intake)
        intake.must_be_takeable(good_rows=good_rows)
    if only_look:
        click.echo(say("intake.would_take"))
    else:
        _take(campaign, read, good_rows, sign_in_name)


def _take(campaign: str, read: FileReading, good_rows: bool, sign_in_name: str | None) -> None:
    """The second look is in the writing transaction, which begins only now: reading a long file keeps nobody waiting."""
    with operator_session() as session:
        found = campaign_by_code(session, campaign)
        actor = _actor(session, found, sign_in_name)
        with click.progressbar(length=len(read.reading.rows), file=sys.stderr) as bar:
            done = take_as_operator(session, found, read, actor, good_rows=good_rows, now=clock.now(), progress=bar.update)
        click.echo(say("intake.taken", {"taken": len(done.good), "known": len(done.known), "left": done.faulty}))


def _actor(session: Session, campaign: Campaign, sign_in_name: str | None) -> Actor:
    if sign_in_name is None:
        return SYSTEM
    account = account_by_name(session, sign_in_name)
    if account is None:
        raise NotFound("intake.by_unknown", name=sign_in_name)
    if account.disabled_at is not None or not may_import_applications(role_of(session, account, campaign)):
        raise Refused("intake.by_not_hr", name=sign_in_name)
    return actor_of(account)
