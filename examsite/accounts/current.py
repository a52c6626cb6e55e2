"""The signed-in person of a request, typed. For routes only."""

from typing import cast

from flask import request
from flask_login import current_user

from examsite.accounts.models import Account, LoginSession


def me() -> Account:
    """The account that is signed in; only behind an access decorator."""
    return cast("Account", current_user.account)


def my_login() -> LoginSession:
    """The login session of this request."""
    return cast("LoginSession", current_user.login)


def source() -> str:
    """Where the request comes from, for the growing delay after failures."""
    return request.remote_addr or "unknown"
