"""The guides say what the site says: words in bold stand on its pages, links and addresses lead somewhere, pictures are shown."""

import re
import unicodedata
from collections.abc import Iterator
from pathlib import Path

import pytest
from flask import Flask
from werkzeug.exceptions import HTTPException

from examsite.cli import group
from hatch_build import TRANSLATIONS, merge_catalogues
from tests.pictures.__main__ import FOLDER as PICTURES
from tests.pictures.scenes import SCENES

ROOT = Path(__file__).parent.parent
DOCS = ROOT / "docs"
GUIDES = {language: sorted((DOCS / language).glob("*.md")) for language in ("en", "vi")}
DOCUMENTS = [*ROOT.glob("*.md"), *DOCS.rglob("*.md")]
LONGEST_LINES, LARGEST_PICTURES = 150, 800_000
BOLD, CODE, LINK = re.compile(r"\*\*(.+?)\*\*"), re.compile(r"`([^`\n]+)`"), re.compile(r"!?\[[^\]]*\]\(([^)\s]+)\)")
PICTURE = re.compile(r"!\[([^\]]*)\]\(([^)\s]+)\)|<img ([^>]+)>")
PLACEHOLDER = re.compile(r"%\(\w+\)[sd]")


def _texts(language: str) -> Iterator[str]:
    """Every message of the site in one language; both numbers where there are two."""
    for message in merge_catalogues(TRANSLATIONS / "vi" / "LC_MESSAGES"):
        said = message.id if language == "en" else message.string
        yield from [said] if isinstance(said, str) else said


def _pattern(text: str) -> str:
    """A message as a pattern: anything may stand where it has a placeholder."""
    return ".+".join(re.escape(piece.replace("%%", "%")) for piece in PLACEHOLDER.split(text))


@pytest.mark.parametrize("language", GUIDES)
def test_words_in_bold_stand_on_the_site(language: str) -> None:
    texts = set(_texts(language))
    told = [_pattern(text) for text in texts if PLACEHOLDER.search(text) and len(PLACEHOLDER.sub("", text).strip()) > 5]
    variable = re.compile("|".join(told))
    unknown = {
        (guide.name, words)
        for guide in GUIDES[language]
        for words in BOLD.findall(" ".join(guide.read_text().split()))
        if words not in texts and not variable.fullmatch(words)
    }
    assert not unknown


def test_addresses_of_pages_exist(one_app: Flask) -> None:
    map_of_urls = one_app.url_map.bind("localhost")
    for document in (*GUIDES["en"], *GUIDES["vi"], ROOT / "README.md"):
        for address in CODE.findall(document.read_text()):
            if re.fullmatch(r"/[a-z][a-z/-]*", address):
                try:
                    map_of_urls.match(address, "GET")
                except HTTPException:
                    pytest.fail(f"{document.name} names {address}, which is no page")


def test_commands_exist() -> None:
    for guide in (*GUIDES["en"], *GUIDES["vi"]):
        assert {name for code in CODE.findall(guide.read_text()) for name in re.findall(r"^examsite ([a-z-]+)", code)} <= set(
            group.commands
        )


def _anchors(document: Path) -> set[str]:
    """What a link may point at inside a document, made of its headings as GitHub makes them."""
    headings = re.findall(r"^#+ (.+)$", document.read_text(), re.MULTILINE)
    return {re.sub(r"[^\w\- ]", "", unicodedata.normalize("NFC", heading).lower()).replace(" ", "-") for heading in headings}


@pytest.mark.parametrize("document", DOCUMENTS, ids=lambda path: str(path.relative_to(ROOT)))
def test_links_between_documents_lead_somewhere(document: Path) -> None:
    for link in LINK.findall(document.read_text()):
        if "://" not in link:
            name, _, anchor = link.partition("#")
            target = document.parent / name if name else document
            assert target.exists(), link
            assert not anchor or anchor in _anchors(target), link


def test_each_guide_stands_in_both_languages() -> None:
    """Each names the other in its first lines, and says as much: the same number of parts and of points."""
    pairs = {}
    for guide in GUIDES["en"]:
        other = (guide.parent / LINK.findall(guide.read_text())[0]).resolve()
        assert (other.parent / LINK.findall(other.read_text())[0]).resolve() == guide
        pairs[guide] = other
    assert sorted(pairs.values()) == GUIDES["vi"]
    assert not [guide.name for guide, other in pairs.items() if _shape(guide) != _shape(other)]


def _shape(guide: Path) -> tuple[int, int]:
    text = guide.read_text()
    return len(re.findall(r"^## ", text, re.MULTILINE)), len(re.findall(r"^(?:- |\d+\. |\| )", text, re.MULTILINE))


def test_guides_and_readme_stay_short() -> None:
    for document in (*GUIDES["en"], *GUIDES["vi"], ROOT / "README.md"):
        assert len(document.read_text().splitlines()) <= LONGEST_LINES, document.name


def test_the_list_of_guides_names_every_one() -> None:
    named = {(DOCS / link).resolve() for link in LINK.findall((DOCS / "README.md").read_text())}
    assert set(DOCS.rglob("*.md")) - {DOCS / "README.md"} <= named


def test_the_readme_shows_every_picture_with_words_for_it() -> None:
    shown = {}
    for words, name, attributes in PICTURE.findall((ROOT / "README.md").read_text()):
        given = dict(re.findall(r'(\w+)="([^"]*)"', attributes)) or {"src": name, "alt": words}
        shown[ROOT / given["src"]] = given["alt"]
    pictures = set(PICTURES.iterdir())
    assert set(shown) == pictures == {PICTURES / f"{name}.png" for name in SCENES}
    assert all(len(words) > 20 for words in shown.values())
    assert sum(picture.stat().st_size for picture in pictures) < LARGEST_PICTURES
