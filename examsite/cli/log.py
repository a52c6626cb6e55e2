"""`examsite check-log`."""

from collections.abc import Iterator

import click

from examsite.audit.queries import HEAD_AT_LEAST, HEAD_WHOLE, ChainCheck, HeadPlace, places_of_head
from examsite.cli.session import ENGLISH, operator_session, refuse
from examsite.cli.walks import walk_log


def _head(_context: click.Context, _parameter: click.Parameter, written: str | None) -> str | None:
    """A head as somebody copied it from paper: groups and capitals do not matter."""
    if written is None:
        return None
    plain = "".join(written.split()).replace("-", "").lower()
    if not HEAD_AT_LEAST <= len(plain) <= HEAD_WHOLE or set(plain) - set("0123456789abcdef"):
        raise click.BadParameter(f"give at least the first {HEAD_AT_LEAST} of its {HEAD_WHOLE} hexadecimal digits.")
    return plain


@click.command("check-log")
@click.option(
    "--head",
    callback=_head,
    help=f"A head that was noted earlier, or at least its first {HEAD_AT_LEAST} digits: say after which entry it stood.",
)
def check_log(head: str | None) -> None:
    """Walk every chain of the log and name the first broken link of each; compare with the log what rests on it.

    It finds: an entry whose text, time, actor or kind was edited behind the application's back or whose text was taken out, one that was
    removed or put in, and a chain whose end was cut off while its head row stayed. A published list whose content does not give its
    digest, or is not the one that the log took. Whatever of round 2 is not as the log left it, be it changed, taken away or put in: lots,
    codes and seats of the panels, who came, absences and conflicts, score sheets in all their versions, decided scores, sanctions, and
    what two people signed when they opened the codes.

    It cannot find: a whole chain that somebody with full rights on the database computed anew, from its first entry to its head row; a
    restored older backup, which is whole in itself; reading without writing. For the first two, compare with heads that left the house
    earlier, on published lists and signed minutes: with --head it says in which chain and after which entry such a head stands, or that
    it stands in none. A noted head that stands in none means that the log was rewritten, or replaced by an older one, since.

    Every sitting has a chain of its own: examsite check-sittings walks those.

    Exit status 0 when everything holds and the head given, if any, is found; 1 otherwise.
    """
    with operator_session(read_only=True, speaks=ENGLISH) as session:
        walk = walk_log(session)
        found = places_of_head(session, head) if head else []
    for chain in walk.chains:
        if not chain.fault:
            click.echo(f"{chain.chain}: {chain.entries} entries hold, head {chain.head}")
    click.echo(f"{sum(not one.fault for one in walk.lists)} of {len(walk.lists)} published lists hold.")
    for place in found:
        click.echo(f"The head {place.head} stands in {place.chain} after entry {place.number} of {place.at:%d/%m/%Y %H:%M} UTC.")
    broken = [*walk.broken, *_not_trusted(found, walk.chains)]
    if head and not found:
        broken.append(
            f"The head {head} stands in no chain: the log was rewritten or replaced by an older one since, or it was copied wrongly."
        )
    if broken:
        refuse(*broken)


def _not_trusted(found: list[HeadPlace], chains: list[ChainCheck]) -> Iterator[str]:
    """Heads behind the first broken entry of their chain: whatever stands there follows from nothing."""
    faults = {chain.chain: chain.fault.number for chain in chains if chain.fault}
    for place in found:
        if place.number >= faults.get(place.chain, place.number + 1):
            yield f"{place.chain}: entry {place.number} stands behind the broken one, so that its head says nothing."
