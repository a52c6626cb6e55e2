"""What people type to appoint somebody."""

from flask_babel import lazy_gettext as _
from wtforms import RadioField, SelectField

from examsite.accounts.models import Account
from examsite.campaigns.models import BOARDS, DUTIES
from examsite.web.forms import BaseForm
from examsite.wording import say


class AppointForm(BaseForm):
    """A person found before, a board, a duty."""

    account = RadioField(_("Person"), validate_choice=False, validators=[])
    board = SelectField(_("Board"), validate_choice=False)
    duty = SelectField(_("Duty"), validate_choice=False)

    def offer(self, found: list[Account]) -> None:
        """Offer those who were found."""
        self.account.choices = [(account.public_id, account.display_name) for account in found]
        self.board.choices = [(board, say(f"board.{board}")) for board in BOARDS]
        self.duty.choices = [(duty, say(f"duty.{duty}")) for duty in reversed(DUTIES)]
