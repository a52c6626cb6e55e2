"""The operator's command. Exit status: 0 done, 1 refused with the reasons, 2 wrong usage."""

import sys

import click

from examsite.cli import accounts, applications, backup, campaigns, check, database, house_lists, log, mail, questions, rounds
from examsite.config import SettingError

COMMANDS: tuple[click.Command, ...] = (
    database.db,
    database.serve,
    check.check,
    backup.backup,
    backup.restore,
    accounts.create_admin,
    log.check_log,
    questions.import_questions,
    campaigns.campaigns,
    house_lists.import_units,
    house_lists.import_positions,
    applications.import_candidates,
    rounds.close_due_sittings,
    rounds.check_sittings_command,
    mail.send_mail,
)


@click.group(context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(package_name="examsite")
def group() -> None:
    """Run competitive recruitment: timed test, panel interview, ranked results that anyone can check.

    Settings come from the environment: DATABASE_URL, EXAMSITE_SECRET_KEY_FILE, and a few more that the operator's guide lists.
    """


for _command in COMMANDS:
    group.add_command(_command)


def main() -> None:
    """Run the command; a setting that cannot be used ends it with status 1 and one sentence."""
    try:
        group(prog_name="examsite")
    except SettingError as error:
        click.echo(str(error), err=True)
        sys.exit(1)
