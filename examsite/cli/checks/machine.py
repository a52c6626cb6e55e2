"""The machine: what was installed, free disk, workers."""

import os
import shutil
import tempfile
from collections.abc import Iterator
from pathlib import Path

from babel.support import Translations

from examsite.cli.checks import Deployment, Finding, failed, ok, warning
from examsite.cli.checks.workers import served
from examsite.config import PACKAGE, asset
from examsite.desk.site_state import GIGABYTE, LITTLE, TOO_LITTLE

NEEDED = ("static/app.css", "static/sitting.js", "templates/base.html", "migrations/env.py", "gunicorn.conf.py")


def installed_files(_deployment: Deployment) -> Iterator[Finding]:
    """Pages, scripts and migrations are there, and the Vietnamese is compiled."""
    missing = [name for name in NEEDED if not asset(name.partition("/")[0]).joinpath(*name.split("/")[1:]).exists()]
    catalogue = PACKAGE / "translations" / "vi" / "LC_MESSAGES" / "messages.mo"
    if missing:
        yield failed("files", f"missing: {', '.join(missing)}", "install the wheel again")
    elif not catalogue.exists() or Translations.load(PACKAGE / "translations", ["vi"]).gettext("Sign in") == "Sign in":
        yield failed("files", "the Vietnamese messages are not compiled", "install the wheel again; in a checkout: make messages")
    else:
        yield ok("files", "pages, scripts, migrations and both languages are there")


def free_disk(deployment: Deployment) -> Iterator[Finding]:
    """Room for uploads and, with SQLite, for the database; that of a PostgreSQL elsewhere cannot be seen from here."""
    places = {Path(tempfile.gettempdir()): "uploads"}
    if deployment.engine.dialect.name == "sqlite":
        places[Path(deployment.engine.url.database or "").absolute().parent] = "the database"
    for place, what in places.items():
        free = shutil.disk_usage(place).free if place.is_dir() else 0
        found = f"{free / GIGABYTE:.1f} GB free in {place} for {what}"
        if free < TOO_LITTLE:
            yield failed("disk", found, "make room: a full disk refuses saves")
        elif free < LITTLE:
            yield warning("disk", found, "make room before the exam")
        else:
            yield ok("disk", found)


def workers(_deployment: Deployment) -> Iterator[Finding]:
    """One worker uses one core."""
    settings, cores = served(), os.cpu_count() or 1
    if settings.workers < cores:
        yield warning("workers", f"{settings.workers} for {cores} cores", f"EXAMSITE_WORKERS={cores}, unless other programs need the cores")
    else:
        yield ok("workers", f"{settings.workers} with {settings.threads} threads for {cores} cores")
