"""`examsite send-mail`."""

import os
import time
from functools import partial
from smtplib import SMTP, SMTPException

import click
from flask import Flask
from sqlalchemy import Engine
from sqlalchemy.orm import Session

from examsite import clock
from examsite.app import create_app
from examsite.cli.session import engine, refuse
from examsite.config import MailSettings, read_settings
from examsite.db import open_session
from examsite.migrate import is_current
from examsite.notices import queue
from examsite.notices.letters import letter
from examsite.notices.smtp import connected, fault_of, hand_over

EVERY_SECONDS = 30


@click.command("send-mail")
@click.option("--loop", is_flag=True, help="Go on for ever, looking every half minute; for a service.")
def send_mail(loop: bool) -> None:
    """Send the mail that waits, and end.

    The server comes from EXAMSITE_MAIL_HOST, EXAMSITE_MAIL_PORT, EXAMSITE_MAIL_SECURITY (starttls, tls, none), EXAMSITE_MAIL_USER,
    EXAMSITE_MAIL_PASSWORD_FILE, EXAMSITE_MAIL_FROM, and links begin with EXAMSITE_PUBLIC_URL. A mail that no server takes is tried again
    after growing pauses, then given up and shown to the administrator; so is what has waited for more than a week.

    Safe to repeat and to run twice at once. A demonstration sends nothing unless EXAMSITE_MAIL_IN_DEMONSTRATION is 1.

    Exit status 0 when everything that was due has left, 1 when something is left for another try or was given up.
    """
    settings = read_settings(os.environ)
    if settings.mail is None:
        refuse(
            "Mail is not set up: EXAMSITE_MAIL_HOST is not set, or this is a demonstration. Nothing was sent; what waits goes on waiting."
        )
        return
    with engine() as found:
        if not is_current(found):
            refuse("The database is not at the newest schema. Run: examsite db upgrade")
        site = create_app()
        left, stayed = send_due(site, found, settings.mail)
        while loop:
            time.sleep(EVERY_SECONDS)
            left, stayed = send_due(site, found, settings.mail)
    click.echo(f"Mails sent: {left}, not sent: {stayed}")
    if stayed:
        refuse("Some mail did not leave. It is tried again, or stands on the administrator's page.")


def send_due(site: Flask, found: Engine, settings: MailSettings) -> tuple[int, int]:
    """Send what is due now; return how many left and how many did not. A server that cannot be reached costs no mail a try."""
    with open_session(found, read_only=True) as session:
        if not queue.is_due(session, clock.now()):
            return 0, 0
    try:
        with site.test_request_context(base_url=settings.public_url), connected(settings) as server, open_session(found) as session:
            return _send_all(session, server, settings, site.config["SITE_NAME"])
    except (SMTPException, OSError) as error:
        click.echo(f"The mail server cannot be used: {fault_of(error).what}.", err=True)
        return 0, 1


def _send_all(session: Session, server: SMTP, settings: MailSettings, site_name: str) -> tuple[int, int]:
    left, stayed = 0, queue.give_up_old(session, clock.now())
    session.commit()
    while (mail := queue.claim(session, clock.now())) is not None:
        session.commit()
        fault = hand_over(server, partial(letter, mail, settings, site_name))
        if fault is None:
            queue.sent(session, mail, clock.now())
        else:
            queue.failed(session, mail, fault.what, clock.now(), for_good=fault.for_good)
        session.commit()
        left, stayed = left + (fault is None), stayed + (fault is not None)
        if fault is not None and fault.server_gone:
            break
    return left, stayed
