"""Who is asking, and the one decorator that each view wears: it proves sign-in and kind of role.

The permission itself is decided on the loaded object, in the room's own `permissions.py`. `app.py` registers the loader and refuses to
start if a view wears none of these.
"""

from collections.abc import Callable
from dataclasses import dataclass
from functools import wraps
from typing import Any, ParamSpec, TypeVar

from flask import current_app
from flask_login import LoginManager, current_user

from examsite.rules.refusal import NotPermitted

P = ParamSpec("P")
R = TypeVar("R")

login_manager = LoginManager()
login_manager.session_protection = None  # a changed address must not end an exam; sessions are rows on the server


@dataclass(frozen=True)
class Principal:
    """The signed-in person of this request, in the shape Flask-Login wants. `boards` are those the person sits on in any campaign."""

    account: Any
    login: Any
    token: str
    kind: str
    house_role: str | None
    boards: frozenset[str]

    is_authenticated = True
    is_active = True
    is_anonymous = False

    def get_id(self) -> str:
        """The token of the login session, never the number of the account."""
        return self.token


@dataclass(frozen=True)
class Access:
    """What a view asks for, kept on the view so that a test can list it."""

    kind: str
    boards: tuple[str, ...] = ()


def public(view: Callable[P, R]) -> Callable[P, R]:
    """Anybody, signed in or not."""
    view.access = Access("public")  # type: ignore[attr-defined]
    return view


def signed_in(view: Callable[P, R]) -> Callable[P, R]:
    """Anybody who is signed in."""
    return _guarded(view, Access("signed_in"), lambda _person: True)


def candidate(view: Callable[P, R]) -> Callable[P, R]:
    """A signed-in candidate."""
    return _guarded(view, Access("candidate"), lambda person: person.kind == "candidate")


def administrator(view: Callable[P, R]) -> Callable[P, R]:
    """A signed-in administrator of the house."""
    return _guarded(view, Access("administrator"), lambda person: person.house_role == "administrator")


def hr_officer(view: Callable[P, R]) -> Callable[P, R]:
    """An HR officer of the house, who may open campaigns."""
    return _guarded(view, Access("hr_officer"), lambda person: person.house_role == "hr_officer")


def staff(*boards: str) -> Callable[[Callable[P, R]], Callable[P, R]]:
    """A member of staff; with `boards`, one who sits on at least one of them in some campaign."""

    def wear(view: Callable[P, R]) -> Callable[P, R]:
        return _guarded(
            view, Access("staff", boards), lambda person: person.kind == "staff" and (not boards or bool(person.boards & set(boards)))
        )

    return wear


def own_token(view: Callable[P, R]) -> Callable[P, R]:
    """A view that proves sign-in and a token of its own inside its one statement: the save path, which does without the form token."""
    view.access = Access("own_token")  # type: ignore[attr-defined]
    view.own_token = True  # type: ignore[attr-defined]
    return view


def _guarded(view: Callable[P, R], access: Access, allows: Callable[[Principal], bool]) -> Callable[P, R]:
    @wraps(view)
    def guarded(*args: P.args, **kwargs: P.kwargs) -> R:
        if not current_user.is_authenticated:
            answer: R = current_app.login_manager.unauthorized()  # type: ignore[attr-defined]
            return answer
        if not allows(current_user._get_current_object()):  # noqa: SLF001 - the proxy's own door to its object
            raise NotPermitted("access.wrong_role")
        return view(*args, **kwargs)

    guarded.access = access  # type: ignore[attr-defined]
    return guarded
