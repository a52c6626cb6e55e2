"""A queued mail as the letter that leaves: in the language of who gets it, with a link and no secret."""

from email.message import EmailMessage
from email.utils import format_datetime, parseaddr

from flask import url_for
from flask_babel import force_locale

from examsite.config import MailSettings
from examsite.notices.models import OutgoingMail
from examsite.wording import say

SUBJECT_LENGTH = 120


def letter(mail: OutgoingMail, settings: MailSettings, site_name: str) -> EmailMessage:
    """The letter of one mail. Needs an application context whose addresses begin with `settings.public_url`."""
    with force_locale(mail.language):
        sentence = " ".join(say(f"notice.{mail.code}", mail.params).split())
        made = EmailMessage()
        made["From"] = settings.sender
        made["To"] = mail.address
        made["Subject"] = f"[{site_name}] {_short(sentence)}"
        made["Date"] = format_datetime(mail.queued_at)
        made["Message-ID"] = f"<{mail.public_id}@{parseaddr(settings.sender)[1].partition('@')[2] or 'localhost'}>"
        made["Auto-Submitted"] = "auto-generated"
        made.set_content("\n\n".join(_paragraphs(mail, sentence, site_name)) + "\n")
    return made


def _paragraphs(mail: OutgoingMail, sentence: str, site_name: str) -> list[str]:
    link = [url_for(mail.endpoint, _external=True, **mail.values)] if mail.endpoint else []
    return [
        say("notices.mail_greeting"),
        sentence,
        *(say("notices.mail_link", {"address": address}) for address in link),
        say("notices.mail_foot", {"site": site_name}),
    ]


def _short(sentence: str) -> str:
    return sentence if len(sentence) <= SUBJECT_LENGTH else f"{sentence[: SUBJECT_LENGTH - 1].rstrip()}…"
