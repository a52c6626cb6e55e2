"""`examsite import-questions`."""

from pathlib import Path

import click
from sqlalchemy.orm import Session

from examsite import clock
from examsite.accounts.queries import account_by_name
from examsite.campaigns.models import Campaign
from examsite.campaigns.queries.campaigns import campaign_by_code
from examsite.campaigns.roles import Role, role_of
from examsite.cli.session import operator_session
from examsite.cli.usage import OfficeCommand
from examsite.questions.formats import Place, Rejected
from examsite.questions.intake import Intake, Source
from examsite.questions.models import DIFFICULTIES
from examsite.questions.operations.importing import take
from examsite.questions.permissions import may_write_items
from examsite.questions.queries.banks import bank_of
from examsite.questions.queries.files import dry_run
from examsite.rules.refusal import NotFound, Refused
from examsite.wording import say


@click.command("import-questions", cls=OfficeCommand)
@click.argument("campaign")
@click.argument("part")
@click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.option("--language", help="Code of the language (en, fr, ...), for a part whose questions are by language.")
@click.option("--author", required=True, help="Sign-in name of the member of the question board who answers for these questions.")
@click.option("--topic", default="", help="Topic of questions that name none.  [default: the name of the part]")
@click.option(
    "--difficulty", type=click.Choice(DIFFICULTIES), default="medium", show_default=True, help="Difficulty of questions that name none."
)
@click.option("--dry-run", "only_look", is_flag=True, help="Say what would be taken, and take nothing.")
@click.option("--good-rows", "leave_faulty", is_flag=True, help="Take in the good questions though others of the file have faults.")
def import_questions(
    campaign: str,
    part: str,
    file: Path,
    language: str | None,
    author: str,
    topic: str,
    difficulty: str,
    only_look: bool,
    leave_faulty: bool,
) -> None:
    """Take questions from FILE (GIFT, or the XLSX template) into the bank of PART of CAMPAIGN.

    CAMPAIGN is the short code that `examsite campaigns` lists, PART the id of a part of its rules, such as general or language. Every
    question that cannot be taken is listed with its place and the reason; then nothing is taken unless --good-rows is given. A
    question whose words the bank has already is skipped, so the same file can be taken in twice. What was taken waits for review by
    somebody else than the author.

    Exit status 0 when it was done, 1 when it was refused, with the reasons (also when --dry-run finds faults), 2 for wrong usage.
    """
    with operator_session(read_only=only_look) as session:
        found = campaign_by_code(session, campaign)
        role = _author(session, found, author)
        source = Source(bank_of(found, part, language), file.name, file.read_bytes(), topic.strip(), difficulty)
        intake = dry_run(session, found, source)
        _tell(intake)
        if not only_look:
            take(session, role, source, leave_faulty=leave_faulty, now=clock.now())
            click.echo(say("questions.taken", {"count": len(intake.ready)}))
        elif intake.rejected:
            raise Refused("questions.dry_run_faults", count=len(intake.rejected))


def _author(session: Session, campaign: Campaign, sign_in_name: str) -> Role:
    account = account_by_name(session, sign_in_name)
    if account is None:
        raise NotFound("questions.author_unknown", name=sign_in_name)
    role = role_of(session, account, campaign)
    if not may_write_items(role) or account.disabled_at is not None:
        raise Refused("questions.author_not_on_board", name=sign_in_name)
    return role


def _tell(intake: Intake) -> None:
    """What the file comes to: faults and what is known already one a line with their place, then the counts."""
    for one in (*intake.rejected, *intake.differing):
        click.echo(_line(one), err=True)
    for one in (*intake.duplicates, *intake.notes):
        click.echo(_line(one))
    counts = {"ready": len(intake.ready), "rejected": len(intake.rejected), "known": len(intake.duplicates) + len(intake.differing)}
    click.echo(say("questions.file_counts", counts))


def _line(found: Rejected) -> str:
    return f"{_place(found.place)}: {say(found.code, found.params)}" + (f" [{found.excerpt}]" if found.excerpt else "")


def _place(place: Place) -> str:
    if not place.sheet:
        return say("questions.place_line", {"line": place.line})
    return f"{place.sheet} {place.column}{place.line}"
