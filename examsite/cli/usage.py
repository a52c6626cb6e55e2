"""Wrong usage told in the language of a command: click looks its own sentences up, and finds them in the catalogue of this program."""

import gettext
import os
from collections.abc import Iterator
from contextlib import contextmanager
from importlib.resources import files
from io import StringIO
from typing import IO, Any

import click

from examsite.cli.session import ENGLISH, language

CATALOGUES = str(files("examsite") / "translations")
_LANGUAGE = "LANGUAGE"


class OfficeCommand(click.Command):
    """A command that does the work of an office: it speaks the operator's language, also where it is called wrongly. Help stays English."""

    def make_context(self, info_name: str | None, args: list[str], parent: click.Context | None = None, **extra: Any) -> click.Context:
        """As click does; wrong usage is looked at once more where click finds the words of the operator's language."""
        again = list(args)
        try:
            return super().make_context(info_name, args, parent, **extra)
        except click.UsageError:
            if language() == ENGLISH:
                raise
        with _clicks_words(language()):
            try:
                return super().make_context(info_name, again, parent, **extra)
            except click.UsageError as error:
                said = StringIO()
                error.show(said)
                raise _Told(said.getvalue()) from error


class _Told(click.UsageError):
    """Wrong usage whose sentences stand already; the status stays that of wrong usage."""

    def show(self, file: IO[Any] | None = None) -> None:
        """Say them on standard error."""
        click.echo(self.message, file=file, err=file is None, nl=False)


@contextmanager
def _clicks_words(named: str) -> Iterator[None]:
    """Click asks the `gettext` of Python, which asks the environment for the language."""
    before, domain = os.environ.get(_LANGUAGE), gettext.textdomain()
    bound = gettext.bindtextdomain(domain)
    gettext.bindtextdomain(domain, CATALOGUES)
    os.environ[_LANGUAGE] = named
    try:
        yield
    finally:
        gettext.bindtextdomain(domain, bound)
        if before is None:
            del os.environ[_LANGUAGE]
        else:
            os.environ[_LANGUAGE] = before
