"""Read the log, and check its chains."""

import json
from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Select, select
from sqlalchemy.orm import Session

from examsite.audit.models import LogChain, LogEntry
from examsite.rules import canonical, hashchain

PAGE = 100
HEAD_AT_LEAST = 12
HEAD_WHOLE = 2 * hashchain.HASH_BYTES
"""How many hexadecimal digits name a head: 48 bits, which no two entries of one house share; and how many it has."""
STREAMED = 1000
"""How many entries are in memory at once while a chain is walked."""


@dataclass(frozen=True)
class LogFilter:
    """What a reader looks for; empty fields do not narrow the list."""

    kind: str = ""
    actor: str = ""
    about: str = ""
    since: datetime | None = None
    until: datetime | None = None


@dataclass(frozen=True)
class Fault:
    """The first entry of a chain that does not hold, and why: gap, destroyed, content, head, columns (they say something else than what was
    committed to) or tail (the chain's own row names another end)."""

    number: int
    why: str


@dataclass(frozen=True)
class ChainCheck:
    """What walking one chain found."""

    chain: str
    entries: int
    head: str
    fault: Fault | None


@dataclass(frozen=True)
class HeadPlace:
    """The entry of a chain after which its head was this one."""

    chain: str
    number: int
    at: datetime
    head: str


def entries_of(session: Session, chain: str, wanted: LogFilter, before: int | None = None) -> list[LogEntry]:
    """The newest entries of one chain that match, at most a page of them, below entry number `before`."""
    query = _matching(select(LogEntry).join(LogChain).where(LogChain.name == chain), wanted)
    if before is not None:
        query = query.where(LogEntry.number < before)
    return list(session.scalars(query.order_by(LogEntry.number.desc()).limit(PAGE)))


def entries_naming(session: Session, chain: str, kinds: Collection[str], public_id: str) -> list[LogEntry]:
    """The newest entries of these kinds whose content names an object, at most a page of them: of acts that were about many at once."""
    query = select(LogEntry).join(LogChain).where(LogChain.name == chain, LogEntry.kind.in_(kinds))
    named = query.where(LogEntry.content.contains(public_id, autoescape=True))
    return list(session.scalars(named.order_by(LogEntry.number.desc()).limit(PAGE)))


def newest_about(session: Session, chain: str, kind: str, objects: Collection[str]) -> dict[str, LogEntry]:
    """The newest entry of one kind about each of these objects (`subject:public-id`)."""
    found = select(LogEntry).join(LogChain).where(LogChain.name == chain, LogEntry.kind == kind, LogEntry.about.in_(objects))
    return {entry.about: entry for entry in session.scalars(found.order_by(LogEntry.number))}


def actors_of(session: Session, chain: str, kinds: Collection[str], objects: Collection[str]) -> frozenset[str]:
    """The public ids of those who did acts of these kinds to these objects (`subject:public-id`)."""
    acts = select(LogEntry.actor).join(LogChain).where(LogChain.name == chain, LogEntry.about.in_(objects), LogEntry.kind.in_(kinds))
    return frozenset(session.scalars(acts))


def data_of(entry: LogEntry) -> Mapping[str, object]:
    """What an entry says beside who did it, to what and when; empty where its content is gone."""
    content = _content(entry)
    data = content.get("data") if isinstance(content, dict) else None
    return data if isinstance(data, dict) else {}


def entries_by_object(session: Session, kind: str) -> dict[tuple[str, str], list[LogEntry]]:
    """All entries of one kind in all chains: by chain and object, each in their order. For checks; no page asks for so much."""
    found: dict[tuple[str, str], list[LogEntry]] = {}
    entries = select(LogChain.name, LogEntry).join(LogChain).where(LogEntry.kind == kind).order_by(LogChain.id, LogEntry.number)
    for name, entry in session.execute(entries):
        found.setdefault((name, entry.about), []).append(entry)
    return found


def kinds_of(session: Session, chain: str) -> list[str]:
    """The kinds that occur in one chain, for the reader's filter."""
    return list(session.scalars(select(LogEntry.kind).join(LogChain).where(LogChain.name == chain).distinct().order_by(LogEntry.kind)))


def head_of(session: Session, chain: str) -> str:
    """The head of one chain as hexadecimal text; empty while it has no entry."""
    head = session.scalar(select(LogChain.head).where(LogChain.name == chain))
    return head.hex() if head else ""


def places_of_head(session: Session, written: str) -> list[HeadPlace]:
    """Where a head that was noted earlier stands: `written` is its beginning, hexadecimal, at least `HEAD_AT_LEAST` digits of it.

    It tells nothing of a chain that does not hold up to that entry. Raises ValueError for anything but such a beginning.
    """
    if not HEAD_AT_LEAST <= len(written) <= HEAD_WHOLE:
        raise ValueError(f"a head is named by {HEAD_AT_LEAST} to {HEAD_WHOLE} digits")
    first, last = (bytes.fromhex(written.ljust(HEAD_WHOLE, digit)) for digit in "0f")
    found = select(LogChain.name, LogEntry.number, LogEntry.at, LogEntry.head).join(LogChain).where(LogEntry.head.between(first, last))
    return [
        HeadPlace(name, number, at, head.hex())
        for name, number, at, head in session.execute(found.order_by(LogChain.name, LogEntry.number))
    ]


def check_chains(session: Session) -> Iterator[ChainCheck]:
    """Walk every chain from its first entry to the last and compare it with the head that its own row holds.

    A log of any length is read a piece at a time. For a site that is in use the caller's transaction shows one moment alone.
    """
    for chain in session.scalars(select(LogChain).order_by(LogChain.name)).all():
        yield _walked(session, chain)


def _walked(session: Session, chain: LogChain) -> ChainCheck:
    count, head, fault = 0, hashchain.GENESIS, None
    entries = select(LogEntry).where(LogEntry.chain_id == chain.id).order_by(LogEntry.number)
    for entry in session.scalars(entries.execution_options(yield_per=STREAMED)):
        fault = fault or _fault(entry, count, head)
        count, head = count + 1, entry.head
    if fault is None and (count, head) != (chain.last_number, chain.head):
        fault = Fault(count, "tail")
    return ChainCheck(chain.name, count, chain.head.hex(), fault)


def _fault(entry: LogEntry, before: int, head: bytes) -> Fault | None:
    """Why an entry does not hold behind entry number `before`, whose head is `head`."""
    broken = hashchain.first_break([_link(entry)], head=head, number=before)
    if broken is not None:
        return Fault(broken.number, broken.reason.value)
    return None if _columns_agree(entry) else Fault(entry.number, "columns")


def _link(entry: LogEntry) -> hashchain.Link:
    return hashchain.Link(entry.number, entry.salt, entry.kind, _content(entry), entry.commitment, entry.head)


def _content(entry: LogEntry) -> object:
    """What was committed to; text that is no JSON any more stands for itself, and so fits no commitment."""
    if entry.content is None:
        return None
    try:
        return json.loads(entry.content)
    except ValueError:
        return entry.content


def _columns_agree(entry: LogEntry) -> bool:
    content = _content(entry)
    if not isinstance(content, dict):
        return False
    shown = {"about": entry.about, "actor": entry.actor, "actor_name": entry.actor_name, "at": entry.at, "kind": entry.kind}
    return all(canonical.to_bytes(value) == canonical.to_bytes(content.get(name)) for name, value in shown.items())


def _matching(query: Select[LogEntry], wanted: LogFilter) -> Select[LogEntry]:
    if wanted.kind:
        query = query.where(LogEntry.kind == wanted.kind)
    if wanted.actor:
        query = query.where(LogEntry.actor_name.icontains(wanted.actor, autoescape=True))
    if wanted.about:
        query = query.where(LogEntry.about.icontains(wanted.about, autoescape=True))
    if wanted.since:
        query = query.where(LogEntry.at >= wanted.since)
    if wanted.until:
        query = query.where(LogEntry.at < wanted.until)
    return query
