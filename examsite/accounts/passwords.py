"""Passwords that people choose (argon2id) and codes that we give out (random, stored as SHA-256)."""

import hashlib
import secrets

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError

from examsite.rules.refusal import Refused

# 19 MiB, two passes, one lane: the least that OWASP ASVS 5.0, appendix C, accepts for argon2id.
HASHER = PasswordHasher(time_cost=2, memory_cost=19 * 1024, parallelism=1)
MINIMUM = {"staff": 15, "candidate": 10}
MAXIMUM = 256
CODE_ALPHABET = "23456789ABCDEFGHJKLMNPQRSTUVWXYZ"
CODE_LENGTH = 26
_DUMMY = HASHER.hash("nobody has this password")
COMMON = ("password", "matkhau", "12345678", "qwertyui", "iloveyou", "examsite", "thituyen", "abcdefgh", "00000000", "11111111")


def hash_password(password: str, kind: str, known: tuple[str, ...] = ()) -> str:
    """Hash a newly chosen password; refuse one that is too short, too long, common, or built from `known` words about its owner."""
    least = MINIMUM[kind]
    if len(password) < least:
        raise Refused("accounts.password_short", field="password", least=least, length=len(password))
    if len(password) > MAXIMUM:
        raise Refused("accounts.password_long", field="password", most=MAXIMUM)
    plain = password.casefold()
    if len(set(plain)) < 5 or any(word in plain and len(plain) - len(word) < 6 for word in (*COMMON, *known) if len(word) > 3):
        raise Refused("accounts.password_common", field="password")
    return HASHER.hash(password)


def password_matches(stored: str | None, password: str) -> bool:
    """Whether `password` belongs to `stored`; takes as long for an account that has none."""
    try:
        HASHER.verify(stored or _DUMMY, password[: MAXIMUM + 1])
    except (VerificationError, InvalidHashError):
        return False
    return stored is not None


def new_code() -> str:
    """An activation code: 26 characters of 32, 130 bits, without look-alikes."""
    return "".join(secrets.choice(CODE_ALPHABET) for _ in range(CODE_LENGTH))


def hash_code(code: str) -> str:
    """SHA-256 of a code as typed: hyphens, blanks and case do not matter."""
    plain = "".join(character for character in code.upper() if character.isalnum())
    return hashlib.sha256(plain.encode()).hexdigest()


def hash_token(token: str) -> str:
    """SHA-256 of a login token."""
    return hashlib.sha256(token.encode()).hexdigest()
