"""Tamper evidence: salted commitments, chains of them, Merkle trees, receipt codes. One chain a campaign, one for the house, one a sitting.

The formulas, so that anyone can repeat them (`‖` joins bytes, SHA-256 throughout, all results 32 bytes):

    commitment = SHA256("examsite/v1/" + kind ‖ salt ‖ canonical JSON of content)
    head_0     = SHA256("examsite/v1/genesis")
    head_n     = SHA256(0x02 ‖ head_(n-1) ‖ commitment_n)
    leaf       = SHA256(0x00 ‖ data)                       node = SHA256(0x01 ‖ left ‖ right)

A step is plain joining and hashing, so a database can take it inside one statement: in PostgreSQL
`sha256('\\x02'::bytea || head || :commitment)`, in SQLite a registered function that calls `step`.

Why the salt: the answer to a choice item has about two bits, and without a salt anyone could find it by trying. Why content is always
an object: a whole JSON object is never the end of another one, so no two different (kind, salt, content) give the same bytes to hash.
Destroying salt and content deletes a person's data; the commitment stays, so that the chain goes on behind it. Nothing else of such a link
is bound any more, so it is named like any fault: no act of the product destroys anything yet.
The tree has the shape of RFC 6962, section 2.1.
"""

import base64
import hashlib
import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from enum import StrEnum

from examsite.rules import canonical

DOMAIN = "examsite/v1/"
GENESIS = hashlib.sha256(f"{DOMAIN}genesis".encode()).digest()
SALT_BYTES = 32
MIN_SALT_BYTES = 16
HASH_BYTES = 32
RECEIPT_CHARACTERS = 26

_KIND = re.compile(r"[a-z][a-z0-9_.:-]*")


class BreakReason(StrEnum):
    """Why a link does not hold."""

    GAP = "gap"
    """Its number does not follow the number before it: a link was removed, added or moved."""
    DESTROYED = "destroyed"
    """Its content is gone, so that nothing it shows can be compared with its commitment."""
    CONTENT = "content"
    """Its commitment is not the one of its kind, salt and content."""
    HEAD = "head"
    """Its head is not the step from the head before it."""


@dataclass(frozen=True)
class Link:
    """One row of a chain. `content` None: it was destroyed."""

    number: int
    salt: bytes | None
    kind: str
    content: object
    commitment: bytes
    head: bytes


@dataclass(frozen=True)
class Break:
    """The first link that does not hold. For a gap, `number` is the number that was expected."""

    number: int
    reason: BreakReason


def commitment(kind: str, salt: bytes, content: object) -> bytes:
    """The 32 bytes that bind `content` (a dict or a frozen dataclass) without showing it.

    `kind` is lower-case text such as "rounds:answer:saved"; `salt` is secret and random, 32 bytes by habit, at least 16.
    Raises ValueError for another kind or a shorter salt, TypeError for content that is not an object or has no canonical form.
    """
    if not _KIND.fullmatch(kind):
        raise ValueError(f"{kind!r} is not the kind of an entry")
    if len(salt) < MIN_SALT_BYTES:
        raise ValueError(f"a salt has at least {MIN_SALT_BYTES} bytes, this one has {len(salt)}")
    body = canonical.to_bytes(content)
    if not body.startswith(b"{"):
        raise TypeError("the content of a commitment is an object")
    return hashlib.sha256((DOMAIN + kind).encode() + salt + body).digest()


def step(head: bytes, commitment: bytes) -> bytes:
    """The head after a chain whose head was `head` took one more commitment. Raises ValueError unless both have 32 bytes."""
    if len(head) != HASH_BYTES or len(commitment) != HASH_BYTES:
        raise ValueError("a head and a commitment have 32 bytes each")
    return hashlib.sha256(b"\x02" + head + commitment).digest()


def first_break(links: Iterable[Link], *, head: bytes = GENESIS, number: int = 0) -> Break | None:
    """The first link, in the order given, that does not hold; None if all do.

    `head` and `number` are those of the link before the first one given, so that a long chain can be walked from a trusted head.
    What it cannot see: links cut off at the end, and a whole chain computed anew. For both, compare the last head with one
    that left the house earlier (a receipt, a printed head, a publication).
    """
    for link in links:
        if link.number != number + 1:
            return Break(number + 1, BreakReason.GAP)
        if link.content is None:
            return Break(link.number, BreakReason.DESTROYED)
        if not _holds(link):
            return Break(link.number, BreakReason.CONTENT)
        if link.head != step(head, link.commitment):
            return Break(link.number, BreakReason.HEAD)
        head, number = link.head, link.number
    return None


def _holds(link: Link) -> bool:
    """Whether the commitment fits; a content or salt that could never have been committed to does not."""
    if len(link.commitment) != HASH_BYTES:
        return False
    try:
        return link.salt is not None and commitment(link.kind, link.salt, link.content) == link.commitment
    except (TypeError, ValueError):
        return False


def merkle_root(leaves: Sequence[bytes]) -> bytes:
    """The root over `leaves` in their order, as RFC 6962 has it; SHA-256 of nothing for an empty tree."""
    if not leaves:
        return hashlib.sha256(b"").digest()
    level = [hashlib.sha256(b"\x00" + leaf).digest() for leaf in leaves]
    while len(level) > 1:
        level = _pair_up(level)
    return level[0]


def _pair_up(level: list[bytes]) -> list[bytes]:
    """The level above. An odd last node goes up as it is, which gives the splits at powers of two that the RFC asks for."""
    paired = [hashlib.sha256(b"\x01" + left + right).digest() for left, right in zip(level[::2], level[1::2], strict=False)]
    return paired + level[len(paired) * 2 :]


def receipt_code(head: bytes) -> str:
    """What a candidate takes home: the first 130 bits of a 32-byte head as 26 characters of base32 (A to Z, 2 to 7)."""
    if len(head) != HASH_BYTES:
        raise ValueError("a head has 32 bytes")
    return base64.b32encode(head).decode("ascii")[:RECEIPT_CHARACTERS]


def group_code(code: str, size: int = 5) -> str:
    """`code` in groups of `size` joined by hyphens, to be read aloud and copied by hand; a single last character joins its neighbours."""
    groups = [code[start : start + size] for start in range(0, len(code), size)]
    if len(groups) > 1 and len(groups[-1]) == 1:
        last = groups.pop()
        groups[-1] += last
    return "-".join(groups)
