"""`examsite close-due-sittings` and `examsite check-sittings`."""

import click
from flask import current_app

from examsite import clock
from examsite.cli.session import ENGLISH, operator_session, refuse
from examsite.cli.walks import walk_sittings
from examsite.notices import queue
from examsite.rounds.operations import closing, practice
from examsite.rounds.queries.server_time import surely_past


@click.command("close-due-sittings")
def close_due_sittings() -> None:
    """Write down every sitting that is past its close: counts, sealing, receipt, marks.

    Nothing depends on it: a sitting past its close takes no answer, whatever ran or did not run. Run it every minute during an exam, so
    that receipts and marks are there at once. Safe to repeat and to run beside the site. A wrong clock of this machine closes nothing
    before its time: what the server has not seen pass by the signs of life of its pages waits for an hour. What candidates did in the
    practice room is deleted once it is a day old; and, where no mail server is set, mail that has waited for a week.
    """
    closed = 0
    with operator_session(speaks=ENGLISH) as session:
        past = surely_past(session, clock.now())
        while done := closing.close_due_sittings(session, past):
            session.commit()
            closed += done
        practice.sweep(session, past)
        if not current_app.config["SENDS_MAIL"]:
            queue.drop_old(session, past)
        session.commit()
    click.echo(f"Sittings written down as closed: {closed}")


@click.command("check-sittings")
def check_sittings_command() -> None:
    """Walk the chain of every sitting and name the first event of each that does not hold; mark every sitting again.

    It finds: an answer, a time or a counter edited or emptied behind the application's back, an event removed, added or moved, counts or
    a receipt code that do not follow from the events. Another paper than the one that the candidate sat. Marks that are not what the
    answers come to by the key of the paper. Of a closed session: sittings or marks that are not those that the log took.

    It cannot find: a sitting of a session that is not closed yet, computed anew from its first event to its row by somebody with full
    rights on the database; for that, compare the receipt codes with those that candidates hold. What was changed together with the log
    itself: examsite check-log looks for that.

    Exit status 0 when every sitting holds, 1 when one is broken.
    """
    with operator_session(read_only=True, speaks=ENGLISH) as session:
        walk = walk_sittings(session)
    if walk.broken:
        refuse(*walk.broken)
    click.echo(f"{walk.sittings} sittings with {walk.events} events hold.")
