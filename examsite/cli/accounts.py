"""`examsite create-admin`."""

import click

from examsite import clock
from examsite.accounts import operations
from examsite.cli.session import ENGLISH, operator_session
from examsite.holidays.operations import take_known_at_set_up


@click.command("create-admin")
@click.argument("sign_in_name")
@click.option("--name", "display_name", required=True, help="Full name, as the log will show it.")
def create_admin(sign_in_name: str, display_name: str) -> None:
    """Create an administrator and print a one-use activation code.

    The code is used once on the page /activate to choose a password. There is no default account and no default password.
    The public holidays that the program knows are entered with it, for due dates in working days.
    """
    with operator_session(speaks=ENGLISH) as session:
        account, code = operations.create_first_administrator(session, sign_in_name, display_name, clock.now())
        take_known_at_set_up(session, clock.now())
        click.echo(f"Sign-in name: {account.sign_in_name}\nActivation code: {code}")
