"""The second signature of an act: whoever signs proves once more, with their own password, who they are."""

from examsite.accounts.current import me, source
from examsite.accounts.operations import confirm_password
from examsite.rules.refusal import Refused
from examsite.web.context import db, now
from examsite.web.forms import SecondSignatureForm, typed


def proven_again(form: SecondSignatureForm) -> bool:
    """Whether the password on the form is the signer's own; else the form says what is wrong.

    What the try left is committed at once, before the act: a failure has to count even though nothing else is stored, and slips that are
    forgiven must not keep others' sign-ins waiting while papers are drawn.
    """
    password = typed(form.password)
    proven = confirm_password(db(), me(), password, source(), now())
    db().commit()
    if not proven:
        form.refuse(Refused("accounts.password_wrong" if password else "acts.password_needed", field="password"))
    return proven
