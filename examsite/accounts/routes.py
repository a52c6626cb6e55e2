"""Sign in and out, activate an account, change a password, manage staff, choose a language."""

from collections.abc import Callable
from datetime import datetime
from urllib.parse import urlsplit

from flask import Blueprint, abort, flash, redirect, render_template, request, session, url_for
from flask.typing import ResponseReturnValue
from flask_login import current_user, login_user, logout_user
from sqlalchemy.orm import Session
from werkzeug.datastructures import MultiDict

from examsite.access import Principal, administrator, public, signed_in
from examsite.accounts import operations, queries
from examsite.accounts.current import me, my_login, source
from examsite.accounts.forms import ActivateForm, ChangePasswordForm, InviteForm, SignInForm, StaffFindForm
from examsite.accounts.list_pages import open_list
from examsite.accounts.models import CANDIDATE, Account
from examsite.accounts.staff_pages import StaffDesk
from examsite.accounts.staff_search import PAGE, SORTS, USUAL, narrowed
from examsite.portions import portion
from examsite.rules.refusal import Refused
from examsite.sorting import in_order
from examsite.web.asked import asked_order, asked_page
from examsite.web.context import db, now
from examsite.web.device import own_device
from examsite.web.errors import way_back
from examsite.web.forms import ReasonForm, saved, typed
from examsite.web.language import COOKIE, LANGUAGES
from examsite.wording import say

blueprint = Blueprint("accounts", __name__)
YEAR = 365 * 24 * 3600


@blueprint.route("/sign-in", methods=["GET", "POST"])
@public
def sign_in() -> ResponseReturnValue:
    """Sign in with name and password."""
    form = SignInForm()
    if form.validate_on_submit():
        outcome = operations.sign_in(db(), typed(form.sign_in_name), typed(form.password), source(), now())
        db().commit()
        if isinstance(outcome, operations.SignedIn):
            return _enter(outcome)
        code = "accounts.turned_away_wait" if outcome.wait else "accounts.turned_away"
        form.form_errors.append(say(code, {"wait": outcome.wait}))
    return render_template("accounts/sign_in.html", form=form), form.status


@blueprint.post("/sign-out")
@signed_in
def sign_out() -> ResponseReturnValue:
    """End the login session on the server, then forget the cookie."""
    operations.sign_out(db(), my_login(), now())
    db().commit()
    logout_user()
    session.clear()
    flash(say("accounts.signed_out"), "ok")
    return redirect(url_for("accounts.sign_in"), 303)


@blueprint.route("/activate", methods=["GET", "POST"])
@public
def activate() -> ResponseReturnValue:
    """Use a one-use code to choose a password."""
    form = ActivateForm()
    if form.validate_on_submit():
        with form.refusals():
            operations.activate(db(), typed(form.code), typed(form.password), now())
            return saved(url_for("accounts.sign_in"), "accounts.activated")
    return render_template("accounts/activate.html", form=form), form.status


@blueprint.route("/password", methods=["GET", "POST"])
@signed_in
def change_password() -> ResponseReturnValue:
    """Replace one's own password."""
    form = ChangePasswordForm()
    if form.validate_on_submit():
        with form.refusals():
            turned_away = operations.change_password(db(), me(), typed(form.old_password), typed(form.password), source(), now())
            if turned_away is None:
                answer = saved(url_for("accounts.sign_in"), "accounts.password_changed")
                logout_user()
                return answer
            db().commit()  # the failure counts towards the delay
            code = "accounts.password_wrong_wait" if turned_away.wait else "accounts.password_wrong"
            form.refuse(Refused(code, field="old_password", wait=turned_away.wait))
    return render_template("accounts/password.html", form=form), form.status


@blueprint.post("/language/<language>")
@public
def choose_language(language: str) -> ResponseReturnValue:
    """Remember the reader's language in a cookie of its own."""
    if language not in LANGUAGES:
        abort(404)
    if current_user.is_authenticated and me().language != language:
        operations.choose_language(me(), language)
        db().commit()
    answer = redirect(_inside(request.form.get("back", "")) or way_back(), 303)
    answer.set_cookie(COOKIE, language, max_age=YEAR, samesite="Lax", secure=request.is_secure, httponly=True)
    return answer


@blueprint.get("/staff")
@administrator
def staff_list() -> ResponseReturnValue:
    """The staff accounts, a page of them, found by name and narrowed by state."""
    return _staff_page()


@blueprint.route("/staff/invite", methods=["GET", "POST"])
@administrator
def invite() -> ResponseReturnValue:
    """Create a staff account and show its activation code, this once."""
    form = InviteForm()
    if form.validate_on_submit():
        with form.refusals():
            account, code = operations.invite_staff(
                db(), typed(form.sign_in_name), typed(form.display_name), form.house_role.data or None, me(), now()
            )
            db().commit()
            return render_template("accounts/code.html", account=account, code=code)
    return render_template("accounts/invite.html", form=form), form.status


@blueprint.post("/staff/<public_id>/code")
@administrator
def reissue(public_id: str) -> ResponseReturnValue:
    """Reset somebody's access: a new code, shown this once."""
    account = queries.account_by_public_id(db(), public_id)
    code = operations.reissue_staff_code(db(), account, me(), now())
    db().commit()
    return render_template("accounts/code.html", account=account, code=code)


@blueprint.post("/staff/<public_id>/disable")
@administrator
def disable(public_id: str) -> ResponseReturnValue:
    """Shut an account out at once; without a reason the list is shown again, with the form open."""
    return _with_reason(public_id, operations.disable, "accounts.disabled")


@blueprint.post("/staff/<public_id>/enable")
@administrator
def enable(public_id: str) -> ResponseReturnValue:
    """Let an account in again; without a reason the list is shown again, with the form open."""
    return _with_reason(public_id, operations.enable, "accounts.enabled")


def _with_reason(public_id: str, act: Callable[[Session, Account, str, Account, datetime], None], done: str) -> ResponseReturnValue:
    account = queries.account_by_public_id(db(), public_id)
    form = ReasonForm()
    if form.validate_on_submit():
        with form.refusals():
            act(db(), account, typed(form.reason), me(), now())
            return saved(url_for("accounts.staff_list"), done)
    return _staff_page(form, account), form.status


def _staff_page(form: ReasonForm | None = None, asked: Account | None = None) -> str:
    """The list; after a refusal about one account that account alone, with its form open."""
    find = StaffFindForm(MultiDict({"q": asked.sign_in_name}) if asked else request.args)
    good = find.validate()
    wanted = {name: value for name, value in (("q", find.q.data), ("state", find.state.data)) if good and value}
    order, staff = asked_order(SORTS, USUAL), queries.staff(db())
    found = in_order(narrowed(staff, wanted.get("q", ""), wanted.get("state", "")), order, SORTS)
    part = portion(found, asked_page(), PAGE)
    return render_template(
        "accounts/staff.html",
        number=len(staff),
        found=len(found),
        part=part,
        wanted=wanted,
        order=order,
        find=find,
        shut_out=queries.shut_out(db(), part.shown),
        form=form,
        asked=asked,
    )


def _enter(outcome: operations.SignedIn) -> ResponseReturnValue:
    account = outcome.account
    if account.kind == CANDIDATE:
        own_device()  # the browser is known from here on, so that it can come back to a sitting after a new sign-in
    wanted = _inside(request.args.get("next", ""))
    session.clear()  # nothing of an earlier visitor survives, and the form token is a new one
    login_user(Principal(account, None, outcome.token, account.kind, account.house_role, frozenset()))
    return redirect(wanted or "/home", 303)


def _inside(address: str) -> str:
    """An address of this site, or nothing; what cannot be taken apart, such as `//[`, is none."""
    try:
        parts = urlsplit(address)
    except ValueError:
        return ""
    inside = address.startswith("/") and not address.startswith(("//", "/\\")) and not parts.netloc and not parts.scheme
    return address if inside else ""


@blueprint.app_context_processor
def signed_in_person() -> dict[str, object]:
    """Who is signed in, for the head of every page."""
    return {"me": current_user.account if current_user and current_user.is_authenticated else None}


open_list(blueprint, administrator, "/staff/import", StaffDesk)
