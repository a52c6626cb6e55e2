"""The whole site in Vietnamese: no English sentence on any page that anybody reaches."""

import html
import re

import pytest

from tests.demo.conftest import PEOPLE, World
from tests.demo.crawling import crawl
from tests.test_messages import PLACEHOLDER, SAME_IN_BOTH, _wanted

ENGLISH = re.compile(r"\b(the|is|are|of|and|with|this|that|not|your|you|from|has|have)\b")
HIDDEN = re.compile(r"<(script|style|svg|template)\b.*?</\1>|<!--.*?-->", re.DOTALL)
FOREIGN = re.compile(r'<(\w+)[^>]*\blang="(?!vi)\w+"[^>]*>.*?</\1>', re.DOTALL)
TAGS = re.compile(r"<[^>]+>")
QUESTIONS_IN_ENGLISH = {"questions.item", "questions.items", "questions.review", "questions.edit"}
"""Pages that show items of the English paper."""


def _texts(page: str) -> list[str]:
    """What a reader sees and hears, piece by piece."""
    body = FOREIGN.sub(" ", HIDDEN.sub(" ", page))
    spoken = re.findall(r'(?:aria-label|title|alt|placeholder|data-label)="([^"]+)"', body)
    return [html.unescape(" ".join(text.split())) for text in (*TAGS.split(body), *spoken) if text.strip()]


@pytest.fixture(scope="module")
def english() -> set[str]:
    """Message ids as they would stand on a page left in English."""
    return {text for text in _wanted() if not PLACEHOLDER.search(text) and text not in SAME_IN_BOTH and len(text) > 3}


@pytest.mark.parametrize("person", [*PEOPLE, "public"])
def test_no_english_on_vietnamese_pages(world: World, english: set[str], person: str) -> None:
    found = [
        f"{page.address}: {text[:120]}"
        for page in world.pages_of(person)
        if page.status == 200 and page.endpoint not in QUESTIONS_IN_ENGLISH
        for text in _texts(page.text)
        if text in english or len(ENGLISH.findall(text)) >= 2
    ]
    assert not found


@pytest.mark.parametrize("person", ["officer", "panel head", "candidate", "public"])
def test_no_vietnamese_labels_on_english_pages(world: World, person: str) -> None:
    """The other way round: the words of the frame and of the forms are English where the reader asked for English."""
    found = [
        f"{page.address}: {text}"
        for page in crawl(world.app, world.clients[person], "en")
        for text in _texts(page.text)
        if text in {"Kỳ thi", "Đăng xuất", "Lưu", "Quay lại", "Danh sách", "Kết quả", "Quy tắc", "Các bước"}
    ]
    assert not found
