"""`examsite backup` and `examsite restore`."""

import signal
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import click
from sqlalchemy.exc import SQLAlchemyError

from examsite import clock
from examsite.backup.archive import BackupError, Manifest, Progress
from examsite.backup.restoring import restore as bring_back
from examsite.backup.writing import write
from examsite.cli.session import ENGLISH, engine, operator_session, refuse
from examsite.cli.walks import LogWalk, SittingsWalk, walk_log, walk_sittings


@click.command()
@click.argument("file", type=click.Path(dir_okay=False, path_type=Path))
def backup(file: Path) -> None:
    """Save the whole database in FILE, which must not exist yet.

    It is one moment of the database; the site goes on meanwhile. The file comes from either kind of database and goes back into either.
    It has its name only once it is whole, read back and on the disk.

    FILE holds personal data, questions and keys: only its owner may read it, and it belongs on an encrypted disk or into a safe. The key
    of EXAMSITE_SECRET_KEY_FILE is not in it.

    Exit status 0 when the file is there, 1 when it is not, with the reason, 2 for wrong usage.
    """
    with engine() as found, _reasons(), _progress("Saving") as begin:
        manifest = write(found, file, clock.now(), begin)
    _tell(f"Saved {manifest.rows} rows of {len(manifest.tables)} tables in {file} ({file.stat().st_size} bytes).", manifest)


@click.command()
@click.argument("file", type=click.Path(exists=True, dir_okay=False, readable=True, path_type=Path))
def restore(file: Path) -> None:
    """Bring the backup FILE back into the database of DATABASE_URL, which must be empty.

    FILE is compared with its own manifest before anything is written. What came back is read again and compared before it is kept; then
    everything is checked that check-log and check-sittings check. A restore that was killed leaves no rows, and can be run again.

    Compare the heads that it prints with those that left the house since: on published lists, receipts and signed minutes. An older
    backup is whole in itself, and only they show what is missing.

    Exit status 0 when everything came back and holds, 1 when nothing was written or something does not hold, with the reason, 2 for
    wrong usage.
    """
    with engine() as found, _reasons(), _progress("Bringing back") as begin:
        manifest = bring_back(found, file, begin)
    _tell(f"Brought back {manifest.rows} rows of {len(manifest.tables)} tables, saved at {manifest.made_at}.", manifest)
    _walk(manifest)


def _tell(first: str, manifest: Manifest) -> None:
    click.echo(first)
    click.echo(f"Schema {manifest.revision}, from {manifest.database}, examsite {manifest.product}.")
    for chain in manifest.chains:
        click.echo(f"Log {chain.name}: {chain.entries} entries, head {chain.head}")
    click.echo(f"Fingerprint of the backup: {manifest.fingerprint}")


def _walk(manifest: Manifest) -> None:
    """Everything that was saved is there; whether it held already when it was saved, the chains and what rests on them say."""
    with operator_session(read_only=True, speaks=ENGLISH) as session:
        log, sittings = walk_log(session), walk_sittings(session)
    heads = {(chain.chain, chain.entries, chain.head) for chain in log.chains}
    ends = [
        f"Log {saved.name}: its end is not the one that was saved."
        for saved in manifest.chains
        if (saved.name, saved.entries, saved.head) not in heads
    ]
    if broken := [*log.broken, *sittings.broken, *ends]:
        refuse("Everything that was saved came back, but it did not hold when it was saved:", *broken)
    click.echo("Checked besides, and everything holds:")
    for line in _checked(log, sittings):
        click.echo(f"- {line}")


def _checked(log: LogWalk, sittings: SittingsWalk) -> Iterator[str]:
    """What was looked at, as `check-log` and `check-sittings` look at it."""
    yield f"the chains of the log, entry by entry: {len(log.chains)} with {sum(chain.entries for chain in log.chains)} entries"
    yield f"published lists and the figures behind them, by their digests and by the log: {len(log.lists)}"
    yield f"drawn codes, locked score sheets and decided scores, by the log: those of {log.campaigns} campaigns"
    yield f"the chains of sittings, each marked again by the key of its paper: {sittings.sittings} with {sittings.events} events"
    yield f"closed exam sessions, by what the log took of their sittings and marks: {sittings.sessions}"


@contextmanager
def _reasons() -> Iterator[None]:
    """A refusal, a full disk and a database that cannot be reached end with status 1 and one sentence; a stop tidies up first."""
    before = signal.signal(signal.SIGTERM, lambda *_: sys.exit(128 + signal.SIGTERM))
    try:
        yield
    except BackupError as error:
        refuse(str(error))
    except OSError as error:
        refuse(f"The file cannot be used: {error.strerror or error}.")
    except SQLAlchemyError as error:
        refuse(f"The database refuses: {getattr(error, 'orig', None) or type(error).__name__}")
    finally:
        signal.signal(signal.SIGTERM, before)


@contextmanager
def _progress(what: str) -> Iterator[Callable[[int], Progress]]:
    """A bar on standard error, where somebody looks at it."""
    with click.progressbar(length=1, label=what, file=sys.stderr, update_min_steps=500) as bar:

        def begin(rows: int) -> Progress:
            bar.length = max(rows, 1)
            return bar.update

        yield begin
        bar.finish()
