"""`examsite db upgrade` and `examsite serve`."""

import os
import sys

import click

from examsite import migrate
from examsite.cli.session import engine, refuse
from examsite.config import asset


@click.group()
def db() -> None:
    """Look after the database."""


@db.command()
def upgrade() -> None:
    """Bring the database of DATABASE_URL to the newest schema. Safe to repeat."""
    with engine() as found:
        migrate.upgrade(found)
        click.echo(f"The database ({found.dialect.name}) is at the newest schema.")


@click.command()
@click.option("--host", default="127.0.0.1", show_default=True, help="Address to listen on.")
@click.option("--port", default=8000, show_default=True, help="Port to listen on.")
def serve(host: str, port: int) -> None:
    """Serve the site with gunicorn.

    Behind anything but this machine itself, put a proxy with TLS before it and set EXAMSITE_SECURE_COOKIES=1.
    """
    with engine() as found:
        current = migrate.is_current(found)
    if not current:
        refuse("The database is not at the newest schema. Run: examsite db upgrade")
    settings = asset("gunicorn.conf.py")
    arguments = [sys.executable, "-m", "gunicorn", "--config", str(settings), "--bind", f"{host}:{port}", "examsite.app:create_app()"]
    os.execv(sys.executable, arguments)  # noqa: S606 - no shell, and every word is ours
