"""Every sentence that people read stands in Vietnamese: none missing, none copied, none with another placeholder."""

import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from babel.messages.catalog import Catalog
from babel.messages.extract import extract_from_dir
from babel.messages.pofile import read_po

from examsite.wording import SENTENCES
from hatch_build import TRANSLATIONS, merge_catalogues

ROOT = Path(__file__).parent.parent
METHODS = [("examsite/**.py", "python"), ("templates/**.html", "jinja2")]
OPTIONS = {"templates/**.html": {"trim_blocks": "true", "lstrip_blocks": "true"}}
KEYWORDS = {"_": None, "gettext": None, "lazy_gettext": None, "ngettext": (1, 2), "lazy_ngettext": (1, 2), "pgettext": ((1, "c"), 2)}
SAME_IN_BOTH = {"E-mail", "Email", "%(name)s", "QR", "SHA-256", "GIFT", "XLSX", "JSON", "Merkle"}
PLACEHOLDER = re.compile(r"%\((\w+)\)[sd]|\{(\w+)\}")


def _wanted() -> dict[str, str]:
    """Every message id of the program, with the place it stands."""
    found = {}
    for folder in ("examsite", "templates"):
        for name, line, message, _comments, _context in extract_from_dir(
            ROOT / folder,
            [(pattern.split("/", 1)[1], method) for pattern, method in METHODS if pattern.startswith(folder)],
            {pattern.split("/", 1)[1]: options for pattern, options in OPTIONS.items() if pattern.startswith(folder)},
            keywords=KEYWORDS,
        ):
            found[message if isinstance(message, str) else message[0]] = f"{folder}/{name}:{line}"
    return found


@pytest.fixture(scope="module")
def wanted() -> dict[str, str]:
    return _wanted()


@pytest.fixture(scope="module")
def vietnamese() -> Catalog:
    return merge_catalogues(TRANSLATIONS / "vi" / "LC_MESSAGES")


def _entries() -> Iterator[tuple[Path, object]]:
    for path in (TRANSLATIONS / "vi" / "LC_MESSAGES").glob("*.po"):
        with path.open("rb") as file:
            for message in read_po(file):
                if message.id:
                    yield path, message


def _first(text: object) -> str:
    return text if isinstance(text, str) else text[0]  # type: ignore[index]


def test_no_message_is_missing(wanted: dict[str, str], vietnamese: Catalog) -> None:
    known = {_first(message.id) for message in vietnamese if message.id and _first(message.string)}
    missing = {text: place for text, place in wanted.items() if text not in known}
    assert not missing


def test_no_message_is_fuzzy_or_copied() -> None:
    fuzzy = [(path.name, message.id) for path, message in _entries() if message.fuzzy]
    copied = [
        (path.name, message.id)
        for path, message in _entries()
        if _first(message.string) == _first(message.id)
        and _first(message.id) not in SAME_IN_BOTH
        and re.search(r"[A-Za-z]{3}", _first(message.id))
    ]
    assert not fuzzy
    assert not copied


def test_placeholders_are_the_same_in_both_languages() -> None:
    differing = [
        (path.name, message.id)
        for path, message in _entries()
        if set(PLACEHOLDER.findall(_first(message.string))) - set(PLACEHOLDER.findall("".join(message.id)))
    ]
    assert not differing


def test_every_translation_is_still_used(wanted: dict[str, str]) -> None:
    stale = [(path.name, message.id) for path, message in _entries() if _first(message.id) not in wanted]
    assert not stale


def test_every_sentence_can_be_said() -> None:
    assert all(str(sentence) for sentence in SENTENCES.values())
