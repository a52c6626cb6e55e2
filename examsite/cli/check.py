"""`examsite check`."""

import os
import sys

import click

from examsite.cli.checks import FAILED, WARNING, Check, Deployment, Finding, failed, machine, record, settings
from examsite.cli.checks import database as of_database
from examsite.config import SettingError, read_settings
from examsite.db import make_engine

CHECKS: tuple[Check, ...] = (
    settings.secret,
    settings.secret_files,
    settings.https,
    settings.demonstration,
    settings.names,
    settings.mail,
    machine.installed_files,
    machine.free_disk,
    machine.workers,
    of_database.database,
    record.record,
    record.papers,
)
"""In the order of their lines. A new part of the site adds its own check here."""


@click.command()
def check() -> None:
    """Look at this deployment as it is, and say line by line whether an exam can be held on it.

    Run it as the account and with the settings of the site itself. It changes nothing. A warning is something to look at before an exam;
    a failure is something that no exam should begin with.

    Exit status 0 when nothing failed, 1 when something did.
    """
    findings = find()
    for finding in findings:
        click.echo(str(finding))
    counts = {level: sum(finding.level == level for finding in findings) for level in (FAILED, WARNING)}
    click.echo(f"{len(findings)} checks, {counts[FAILED]} failed, {counts[WARNING]} with a warning.")
    sys.exit(1 if counts[FAILED] else 0)


def find() -> list[Finding]:
    """Every finding. Settings that cannot be read are the only one then: nothing else can be looked at."""
    try:
        read = read_settings(os.environ)
    except SettingError as error:
        return [failed("settings", str(error), "mend it and run this again")]
    engine = make_engine(read.database_url)
    try:
        deployment = Deployment(read, dict(os.environ), engine)
        return [finding for check in CHECKS for finding in check(deployment)]
    finally:
        engine.dispose()
