"""What a list comes to, on a terminal."""

from typing import Any

import click

from examsite.lists import Finding, Intake
from examsite.wording import say


def tell(intake: Intake[Any]) -> None:
    """Errors on standard error, one a line with their place; repairs, changes and what is there already on standard output; the counts."""
    for about_file in intake.file_notes:
        click.echo(say(about_file.code, about_file.params))
    for error in intake.errors:
        click.echo(_line(error), err=True)
    for note in (*intake.notes, *intake.changed, *intake.known):
        click.echo(_line(note))
    click.echo(say("intake.counts", {"good": len(intake.good), "faulty": intake.faulty, "known": len(intake.known)}))


def _line(one: Finding) -> str:
    place = " ".join(filter(None, (one.sheet, f"{one.column}{one.row}" if one.row else "", f"({one.title})" if one.title else "")))
    seen = f" [{one.seen}]" if one.seen else ""
    return f"{place or say('intake.whole_file')}: {say(one.code, one.params)}{seen}"
