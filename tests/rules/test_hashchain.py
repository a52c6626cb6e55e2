import hashlib
import sqlite3
from dataclasses import dataclass, replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from examsite.rules import hashchain
from examsite.rules.hashchain import Break, BreakReason, Link

SALT = bytes(range(32))
KIND = "rounds:answer:saved"


def chain(length: int) -> list[Link]:
    links, head = [], hashchain.GENESIS
    for number in range(1, length + 1):
        salt = hashlib.sha256(bytes([number])).digest()
        content = {"item": f"i{number}", "options": ["a"]}
        bound = hashchain.commitment(KIND, salt, content)
        head = hashchain.step(head, bound)
        links.append(Link(number, salt, KIND, content, bound, head))
    return links


def test_commitment_is_the_published_formula() -> None:
    expected = hashlib.sha256(b"examsite/v1/rounds:answer:saved" + SALT + b'{"a":1}').digest()
    assert hashchain.commitment(KIND, SALT, {"a": 1}) == expected


def test_commitment_takes_a_frozen_dataclass() -> None:
    @dataclass(frozen=True)
    class Saved:
        a: int

    assert hashchain.commitment(KIND, SALT, Saved(1)) == hashchain.commitment(KIND, SALT, {"a": 1})


@pytest.mark.parametrize("content", [None, 1, "text", [], [{"a": 1}], {"a": 1.5}])
def test_only_objects_are_committed_to(content: object) -> None:
    with pytest.raises(TypeError):
        hashchain.commitment(KIND, SALT, content)


@pytest.mark.parametrize(
    ("kind", "salt"), [("", SALT), ("Rounds", SALT), ("a b", SALT), ("a\n", SALT), ("1a", SALT), (KIND, SALT[:15]), (KIND, b"")]
)
def test_bad_kinds_and_short_salts_are_refused(kind: str, salt: bytes) -> None:
    with pytest.raises(ValueError, match=r"kind|salt"):
        hashchain.commitment(kind, salt, {})


def test_sixteen_bytes_of_salt_are_enough() -> None:
    assert len(hashchain.commitment(KIND, SALT[:16], {})) == 32


def test_step_is_the_published_formula() -> None:
    assert hashchain.step(hashchain.GENESIS, SALT) == hashlib.sha256(b"\x02" + hashchain.GENESIS + SALT).digest()
    assert hashlib.sha256(b"examsite/v1/genesis").digest() == hashchain.GENESIS


@pytest.mark.parametrize(("head", "bound"), [(SALT[:31], SALT), (SALT, SALT[:31]), (SALT + b"x", SALT), (b"", b"")])
def test_step_refuses_other_lengths(head: bytes, bound: bytes) -> None:
    with pytest.raises(ValueError, match="32 bytes"):
        hashchain.step(head, bound)


def test_step_can_be_taken_inside_a_statement() -> None:
    with sqlite3.connect(":memory:") as connection:
        connection.create_function("chain_step", 2, hashchain.step, deterministic=True)
        connection.execute("CREATE TABLE sitting (head BLOB)")
        connection.execute("INSERT INTO sitting VALUES (?)", (hashchain.GENESIS,))
        row = connection.execute("UPDATE sitting SET head = chain_step(head, ?) RETURNING head", (SALT,)).fetchone()
    connection.close()
    assert row == (hashchain.step(hashchain.GENESIS, SALT),)


def test_a_whole_chain_holds() -> None:
    assert hashchain.first_break([]) is None
    assert hashchain.first_break(chain(5)) is None


def test_a_chain_can_be_walked_from_a_trusted_head() -> None:
    links = chain(5)
    assert hashchain.first_break(links[3:], head=links[2].head, number=3) is None
    assert hashchain.first_break(links[3:], head=links[1].head, number=3) == Break(4, BreakReason.HEAD)


def test_destroyed_content_is_named_and_the_chain_goes_on_behind_it() -> None:
    links = chain(4)
    links[1] = replace(links[1], content=None, salt=None)
    assert hashchain.first_break(links) == Break(2, BreakReason.DESTROYED)
    assert hashchain.first_break(links[2:], head=links[1].head, number=2) is None


@pytest.mark.parametrize(
    ("change", "reason"),
    [
        ({"number": 4}, BreakReason.GAP),
        ({"content": {"item": "i2", "options": ["b"]}}, BreakReason.CONTENT),
        ({"content": {"item": "i2", "options": [1.5]}}, BreakReason.CONTENT),
        ({"content": ["i2"]}, BreakReason.CONTENT),
        ({"kind": "rounds:answer:sent"}, BreakReason.CONTENT),
        ({"kind": "NOT A KIND"}, BreakReason.CONTENT),
        ({"salt": SALT}, BreakReason.CONTENT),
        ({"salt": None}, BreakReason.CONTENT),
        ({"salt": b""}, BreakReason.CONTENT),
        ({"commitment": SALT}, BreakReason.CONTENT),
        ({"commitment": SALT[:5]}, BreakReason.CONTENT),
        ({"content": None}, BreakReason.DESTROYED),
        ({"content": None, "salt": None, "kind": "rounds:answer:sent"}, BreakReason.DESTROYED),
        ({"head": SALT}, BreakReason.HEAD),
        ({"head": b""}, BreakReason.HEAD),
    ],
)
def test_each_change_is_named(change: dict[str, object], reason: BreakReason) -> None:
    links = chain(4)
    links[1] = replace(links[1], **change)  # type: ignore[arg-type]
    assert hashchain.first_break(links) == Break(2, reason)


def test_an_edit_with_its_own_commitment_and_head_breaks_the_next_link() -> None:
    links = chain(4)
    content = {"item": "i2", "options": ["b"]}
    bound = hashchain.commitment(KIND, SALT, content)
    links[1] = Link(2, SALT, KIND, content, bound, hashchain.step(links[0].head, bound))
    assert hashchain.first_break(links) == Break(3, BreakReason.HEAD)


@pytest.mark.parametrize(("order", "expected"), [((0, 2, 3), 2), ((1, 2, 3), 1), ((0, 1, 1, 2), 3), ((0, 2, 1, 3), 2)])
def test_removed_repeated_and_exchanged_links_are_gaps(order: tuple[int, ...], expected: int) -> None:
    links = chain(4)
    assert hashchain.first_break(links[place] for place in order) == Break(expected, BreakReason.GAP)


def test_a_cut_tail_is_found_only_by_an_outside_head() -> None:
    links = chain(4)
    assert hashchain.first_break(links[:3]) is None
    assert links[2].head != links[3].head


@settings(max_examples=60)
@given(st.integers(2, 8), st.data())
def test_any_single_changed_row_is_found_there_or_right_after(length: int, data: st.DataObject) -> None:
    links = chain(length)
    place = data.draw(st.integers(0, length - 1))
    name = data.draw(st.sampled_from(["salt", "commitment", "head"]))
    original = getattr(links[place], name)
    byte, flip = data.draw(st.integers(0, 31)), data.draw(st.integers(1, 255))
    changed = bytes(value ^ flip if at == byte else value for at, value in enumerate(original))
    links[place] = replace(links[place], **{name: changed})  # type: ignore[arg-type]
    found = hashchain.first_break(links)
    assert found is not None
    assert found.number == place + 1


RFC_LEAVES = ["", "00", "10", "2021", "3031", "40414243", "5051525354555657", "606162636465666768696a6b6c6d6e6f"]
RFC_ROOTS = [
    "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855",
    "6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d",
    "fac54203e7cc696cf0dfcb42c92a1d9dbaf70ad9e621f4bd8d98662f00e3c125",
    "aeb6bcfe274b70a14fb067a5e5578264db0fa9b51af5e0ba159158f329e06e77",
    "d37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7",
    "4e3bbb1f7b478dcfe71fb631631519a3bca12c9aefca1612bfce4c13a86264d4",
    "76e67dadbcdf1e10e1b74ddc608abd2f98dfb16fbce75277b5232a127f2087ef",
    "ddb89be403809e325750d3d263cd78929c2942b7942a34b77e122c9594a74c8c",
    "5dc9da79a70659a9ad559cb701ded9a2ab9d823aad2f4960cfe370eff4604328",
]


@pytest.mark.parametrize("size", range(9))
def test_roots_are_those_of_certificate_transparency(size: int) -> None:
    assert hashchain.merkle_root([bytes.fromhex(leaf) for leaf in RFC_LEAVES[:size]]).hex() == RFC_ROOTS[size]


def recursive_root(leaves: list[bytes]) -> bytes:
    """The definition of RFC 6962 as it is written there."""
    if len(leaves) == 1:
        return hashlib.sha256(b"\x00" + leaves[0]).digest()
    split = 1
    while split * 2 < len(leaves):
        split *= 2
    return hashlib.sha256(b"\x01" + recursive_root(leaves[:split]) + recursive_root(leaves[split:])).digest()


@settings(max_examples=40)
@given(st.lists(st.binary(max_size=4), min_size=1, max_size=40))
def test_roots_agree_with_the_recursive_definition(leaves: list[bytes]) -> None:
    assert hashchain.merkle_root(leaves) == recursive_root(leaves)


def test_receipt_code_has_130_bits_in_26_characters() -> None:
    assert hashchain.receipt_code(bytes(32)) == "A" * 26
    assert hashchain.receipt_code(b"\xff" * 32) == "7" * 26
    head = bytes(range(32))
    bits = "".join(f"{byte:08b}" for byte in head)[:130]
    alphabet = "ABCDEFGHIJKLMNOPQRSTUVWXYZ234567"
    assert hashchain.receipt_code(head) == "".join(alphabet[int(bits[at : at + 5], 2)] for at in range(0, 130, 5))
    with pytest.raises(ValueError, match="32 bytes"):
        hashchain.receipt_code(head[:20])


@pytest.mark.parametrize(
    ("code", "size", "expected"),
    [
        ("ABCDEFGHIJKLMNOPQRSTUVWXYZ", 5, "ABCDE-FGHIJ-KLMNO-PQRST-UVWXYZ"),
        ("ABCDEFGHIJKLMNOPQRSTUVWXYZ", 4, "ABCD-EFGH-IJKL-MNOP-QRST-UVWX-YZ"),
        ("ABC", 5, "ABC"),
        ("A", 5, "A"),
        ("", 5, ""),
    ],
)
def test_codes_are_grouped(code: str, size: int, expected: str) -> None:
    assert hashchain.group_code(code, size) == expected
