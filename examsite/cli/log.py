"""`examsite check-log`."""

import click

from examsite.audit.queries import Fault, check_chains
from examsite.cli.session import operator_session, refuse

WHY = {
    "gap": "its number does not follow the one before it: an entry was removed, added or moved",
    "destroyed": "what it says was taken out of it, so that what it shows could be anything",
    "content": "what it says is not what was committed to",
    "head": "its head does not follow from the entry before it",
    "columns": "its columns say something else than its committed content",
    "tail": "the chain's own row names another end: entries were cut off or added there",
}


@click.command("check-log")
def check_log() -> None:
    """Walk every chain of the log and name the first broken link of each.

    It finds: an entry whose text, time, actor or kind was edited behind the application's back, one that was removed or put in, and a
    chain whose end was cut off while its head row stayed.

    It cannot find: a whole chain that somebody with full rights on the database computed anew, from its first entry to its head row; a
    restored older backup, which is whole in itself; reading without writing. For the first two, compare the heads printed here with
    those that left the house earlier: on published lists, receipts and signed minutes.

    Every sitting has a chain of its own: examsite check-sittings walks those.

    Exit status 0 when every chain holds, 1 when one is broken.
    """
    with operator_session(read_only=True) as session:
        broken = []
        for check in check_chains(session):
            if check.fault:
                broken.append(f"{check.chain}: entry {check.fault.number} is broken: {_reason(check.fault)}")
            else:
                click.echo(f"{check.chain}: {check.entries} entries hold, head {check.head}")
    if broken:
        refuse(*broken)


def _reason(fault: Fault) -> str:
    return WHY[fault.why]
