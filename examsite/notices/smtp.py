"""Hand letters to the mail server, and tell a fault of the moment from one for good."""

import smtplib
import ssl
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from email.message import EmailMessage

from examsite.config import MailSettings

TIMEOUT_SECONDS = 20
PERMANENT_FROM = 500
CLOSING = 421
"""The server says so and hangs up."""


@dataclass(frozen=True, slots=True)
class Fault:
    """Why a letter did not leave: the kind of fault and the server's number, without its text, which may name people."""

    what: str
    for_good: bool = False
    server_gone: bool = False


@contextmanager
def connected(settings: MailSettings) -> Iterator[smtplib.SMTP]:
    """A connection to the mail server, encrypted as the settings say and signed in where they name a user."""
    context = ssl.create_default_context()
    if settings.security == "tls":
        server: smtplib.SMTP = smtplib.SMTP_SSL(settings.host, settings.port, timeout=TIMEOUT_SECONDS, context=context)
    else:
        server = smtplib.SMTP(settings.host, settings.port, timeout=TIMEOUT_SECONDS)
    with server:
        if settings.security == "starttls":
            server.starttls(context=context)
        if settings.user:
            server.login(settings.user, settings.password)
        yield server


def hand_over(server: smtplib.SMTP, write: Callable[[], EmailMessage]) -> Fault | None:
    """Write one letter and hand it over; None when the server has taken it. What cannot be written will not be next time either."""
    try:
        server.send_message(write())
    except (smtplib.SMTPException, OSError, ValueError, LookupError) as error:
        return fault_of(error)
    return None


def fault_of(error: Exception) -> Fault:
    """What went wrong, in a form that may be kept. An address that the server refuses with 5xx, that it cannot write, or that is none, is a
    fault for good."""
    name = type(error).__name__
    if isinstance(error, smtplib.SMTPRecipientsRefused):
        numbers = [number for number, _text in error.recipients.values()]
        return Fault(f"{name} {numbers[0]}", all(number >= PERMANENT_FROM for number in numbers), CLOSING in numbers)
    if isinstance(error, smtplib.SMTPResponseException):
        about_letter = isinstance(error, smtplib.SMTPDataError)
        gone = error.smtp_code == CLOSING or isinstance(error, (smtplib.SMTPConnectError, smtplib.SMTPHeloError))
        return Fault(f"{name} {error.smtp_code}", about_letter and error.smtp_code >= PERMANENT_FROM, gone)
    return Fault(name, isinstance(error, (ValueError, LookupError, smtplib.SMTPNotSupportedError)), _lost(error))


def _lost(error: Exception) -> bool:
    """Whether the connection itself is lost. Every fault of smtplib is an OSError too, also one that is about a single letter."""
    letter = isinstance(error, smtplib.SMTPException) and not isinstance(error, smtplib.SMTPServerDisconnected)
    return isinstance(error, OSError) and not letter
