"""What every command needs: the settings, an engine, one transaction, sentences in one language.

Commands that look after the machine (`check`, `check-log`, `backup` and the like) speak English, as their help and the logs do. Those that
do the work of an office (`campaigns`, `import-...`) speak the operator's language throughout.
"""

import os
import sys
from collections.abc import Iterator
from contextlib import contextmanager

import click
from sqlalchemy import Engine
from sqlalchemy.orm import Session

from examsite.app import speaking_app
from examsite.config import read_settings
from examsite.db import make_engine, open_session
from examsite.migrate import is_current
from examsite.rules.refusal import Refused
from examsite.wording import say

ENGLISH = "en"


@contextmanager
def engine() -> Iterator[Engine]:
    """The engine of DATABASE_URL; its connections are closed at the end."""
    found = make_engine(read_settings(os.environ).database_url)
    try:
        yield found
    finally:
        found.dispose()


def language() -> str:
    """The operator's language by the locale of the terminal: English where it names English, else Vietnamese, as on the site."""
    named = next(filter(None, map(os.environ.get, ("LC_ALL", "LC_MESSAGES", "LANG"))), "")
    return ENGLISH if named.startswith(ENGLISH) else "vi"


@contextmanager
def operator_session(*, read_only: bool = False, speaks: str | None = None) -> Iterator[Session]:
    """One transaction on an up-to-date database, committed at the end; a refusal becomes its sentence and status 1.

    Sentences are in the language that the command `speaks`, or the operator's.
    """
    with engine() as found, speaking_app().test_request_context(headers={"Accept-Language": speaks or language()}):
        if not is_current(found):
            refuse(say("commands.schema_old"))
        with open_session(found, read_only=read_only) as session:
            if read_only:
                _of_one_moment(session)
            try:
                yield session
                session.commit()
            except Refused as refusal:
                session.rollback()
                refuse(say(refusal.code, refusal.params))


def _of_one_moment(session: Session) -> None:
    """What is compared is read as it stood at one moment, whatever is written meanwhile; SQLite does so anyway."""
    if session.get_bind().dialect.name == "postgresql":
        session.connection(execution_options={"isolation_level": "REPEATABLE READ"})


def refuse(*reasons: str) -> None:
    """Say why on standard error and end with status 1."""
    for reason in reasons:
        click.echo(reason, err=True)
    sys.exit(1)
