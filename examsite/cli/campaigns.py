"""`examsite campaigns`."""

import click

from examsite.campaigns.queries.campaigns import campaigns as all_campaigns
from examsite.cli.session import operator_session
from examsite.cli.usage import OfficeCommand
from examsite.wording import say


@click.command(cls=OfficeCommand)
def campaigns() -> None:
    """List all campaigns, newest first, one a line: the short code that other commands take, the title, the stage.

    Prints nothing when there is none; the exit status is 0 either way.
    """
    with operator_session(read_only=True) as session:
        for campaign in all_campaigns(session):
            click.echo(f"{campaign.code}  {campaign.title}  ({say(f'stage.{campaign.stage}')})")
