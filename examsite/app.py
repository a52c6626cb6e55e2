"""Put the house together: settings, database, rooms. Refuses to start if a view declares no access."""

import logging
import os
from datetime import datetime
from typing import Any

from flask import Flask
from flask_bootstrap import Bootstrap5
from flask_wtf.csrf import CSRFProtect
from sqlalchemy import Connection, Engine
from sqlalchemy.orm import Session
from werkzeug.middleware.proxy_fix import ProxyFix

from examsite.access import Principal, login_manager
from examsite.accounts.models import STAFF
from examsite.accounts.queries import login_session
from examsite.campaigns.roles import boards_of
from examsite.config import Settings, asset, read_settings
from examsite.db import make_engine
from examsite.notices.models import QUEUED, SENDING
from examsite.notices.queries import mail_figures
from examsite.rooms import blueprints
from examsite.rounds.queries.clock_doubt import clock_doubt
from examsite.rounds.queries.under_way import open_sittings
from examsite.rounds.routes import save_at_door, warming
from examsite.web import assets, context, cookies, device, errors, headers, language, metrics, pages, traffic, watching

OPEN_ENDPOINTS = frozenset({"static", "bootstrap.static", assets.PLAIN})
csrf = CSRFProtect()


def create_app(settings: Settings | None = None, engine: Engine | Connection | None = None) -> Flask:
    """Build the application; raises SettingError or RuntimeError rather than start half."""
    chosen = settings or read_settings(os.environ)
    static = asset("static")
    app = Flask("examsite", template_folder=str(asset("templates")), static_folder=str(static), static_url_path=assets.address(static))
    _configure(app, chosen)
    save_at_door.install(app, cookies.install(app))
    traffic.install(app, proxied=bool(chosen.trusted_proxies), addresses=chosen.log_addresses)
    context.install(app, engine if engine is not None else make_engine(chosen.database_url))
    language.install(app)
    assets.install(app)
    headers.install(app, secure=chosen.secure_cookies)
    device.install(app)
    errors.install(app)
    pages.install(app)
    login_manager.init_app(app)
    login_manager.user_loader(load_principal)
    csrf.init_app(app)
    Bootstrap5(app)
    for blueprint in blueprints():
        app.register_blueprint(blueprint)
    metrics.ask(app, "examsite_sittings_open", "Sittings under way.", open_sittings)
    metrics.ask(app, "examsite_mail_waiting", "Mails that wait to be sent.", mail_waiting)
    watching.doubt(app, clock_told)
    app.extensions["examsite.beside"] = (metrics.keep_up, warming.keep_warm)  # begun by each worker, see gunicorn.conf.py
    exempt_save_path(app)
    check_access(app)
    if chosen.trusted_proxies:
        app.wsgi_app = ProxyFix(app.wsgi_app, x_for=chosen.trusted_proxies, x_proto=chosen.trusted_proxies, x_host=chosen.trusted_proxies)  # type: ignore[method-assign]
    return app


def speaking_app(settings: Settings | None = None) -> Flask:
    """An application that has words and dates, and neither pages nor a database: what a command needs."""
    app = Flask("examsite")
    _configure(app, settings or read_settings(os.environ))
    language.install(app)
    return app


def load_principal(token: str) -> Principal | None:
    """Turn the token of a cookie into the person it stands for, by the row on the server."""
    login = login_session(context.db(), token, context.now())
    if login is None:
        return None
    account = login.account
    boards = boards_of(context.db(), account) if account.kind == STAFF else frozenset[str]()
    return Principal(account, login, token, account.kind, account.house_role, boards)


def exempt_save_path(app: Flask) -> None:
    """Views that prove their own token (`own_token`) do without the form token; the save path costs too much otherwise."""
    for view in app.view_functions.values():
        if getattr(view, "own_token", False):
            csrf.exempt(view)


def clock_told(session: Session, now: datetime) -> dict[str, float]:
    """What in the database speaks against the clock, in seconds; empty where nothing does."""
    found = clock_doubt(session, now)
    told = {"newest_trace_ahead_seconds": found.ahead, "silent_while_sitting_seconds": found.silent}
    return {name: round(length.total_seconds(), 1) for name, length in told.items() if length}


def mail_waiting(session: Session) -> int:
    """Mails that have not left yet, for whoever watches the site."""
    figures = mail_figures(session)
    return figures.get(QUEUED, 0) + figures.get(SENDING, 0)


def check_access(app: Flask) -> None:
    """Refuse to start while any view says nothing about who may see it."""
    silent = sorted(
        endpoint for endpoint, view in app.view_functions.items() if endpoint not in OPEN_ENDPOINTS and not hasattr(view, "access")
    )
    if silent:
        raise RuntimeError(f"these views declare no access: {', '.join(silent)}")


def _configure(app: Flask, settings: Settings) -> None:
    secure = settings.secure_cookies
    values: dict[str, Any] = {
        "SECRET_KEY": settings.secret_key,
        "DEMO": settings.demo,
        "SENDS_MAIL": settings.mail is not None,
        "SITE_NAME": settings.site_name,
        "ORGANISATION": settings.organisation,
        "TIME_ZONE": settings.time_zone,
        "METRICS_TOKEN": settings.metrics_token,
        "MAX_CONTENT_LENGTH": settings.max_upload,
        "SESSION_COOKIE_NAME": "__Host-examsite" if secure else "examsite",
        "SESSION_COOKIE_SECURE": secure,
        "SESSION_COOKIE_HTTPONLY": True,
        "SESSION_COOKIE_SAMESITE": "Lax",
        "WTF_CSRF_TIME_LIMIT": None,
        "WTF_CSRF_SSL_STRICT": True,
        "BOOTSTRAP_SERVE_LOCAL": True,
        "TEMPLATES_AUTO_RELOAD": False,
    }
    app.config.update(values)
    app.jinja_env.trim_blocks = True
    app.jinja_env.lstrip_blocks = True
    logging.getLogger("flask_wtf.csrf").setLevel(logging.WARNING)
