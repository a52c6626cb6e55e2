"""The shape of what people type to get in, and of the lists they bring."""

from flask_babel import lazy_gettext as _
from wtforms import FileField, HiddenField, PasswordField, SearchField, SelectField, StringField
from wtforms.validators import Optional, ValidationError

from examsite.web.forms import BaseForm, at_most, offered, required, typed
from examsite.wording import say


class SignInForm(BaseForm):
    """Sign-in name and password."""

    sign_in_name = StringField(_("Sign-in name"), validators=[required(), at_most(120)])
    password = PasswordField(_("Password"), validators=[required()])


class NewPasswordForm(BaseForm):
    """A new password, typed twice."""

    stand_last = ("password", "again")
    password = PasswordField(_("New password"), validators=[required()])
    again = PasswordField(_("New password, again"), validators=[required()])

    def validate_again(self, field: PasswordField) -> None:
        """Both have to be the same."""
        if field.data != self.password.data:
            raise ValidationError(_("The two passwords differ. Type the same one twice."))


class ActivateForm(NewPasswordForm):
    """A one-use code and the password its owner chooses."""

    code = StringField(_("Activation code"), validators=[required(), at_most(60)])


class ChangePasswordForm(NewPasswordForm):
    """The old password and a new one."""

    old_password = PasswordField(_("Present password"), validators=[required()])


class InviteForm(BaseForm):
    """A new member of staff."""

    display_name = StringField(_("Full name"), validators=[required(), at_most(200)])
    sign_in_name = StringField(_("Sign-in name"), validators=[required(), at_most(120)])
    house_role = SelectField(
        _("Role in the house"),
        choices=offered(("", _("None: boards of campaigns only")), ("hr_officer", _("HR officer")), ("administrator", _("Administrator"))),
    )


class StaffFindForm(BaseForm):
    """Whom an administrator looks for among the staff."""

    class Meta(BaseForm.Meta):
        csrf = False

    q = SearchField(_("Name or sign-in name"), validators=[at_most(100)])
    state = SelectField(
        _("State"),
        validators=[Optional()],
        choices=offered(("", _("Any")), ("active", _("active")), ("waiting", _("not activated")), ("disabled", _("disabled"))),
    )


class UploadForm(BaseForm):
    """A list as a file."""

    file = FileField(_("File"))

    def validate_file(self, field: FileField) -> None:
        """Something has to be chosen."""
        if not getattr(field.data, "filename", ""):
            raise ValidationError(say("intake.file_missing"))


class TakeForm(BaseForm):
    """All rows or none, or those that are good; `digest` is what the dry run showed."""

    rows = HiddenField(default="all")
    digest = HiddenField()

    @property
    def good_rows(self) -> bool:
        return typed(self.rows) == "good"
