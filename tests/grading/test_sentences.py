"""Every code that this room refuses with has a sentence, and no sentence waits in vain."""

import re
from pathlib import Path

from examsite.wording import SENTENCES
from examsite.wording.grading import SENTENCES as OWN

ROOT = Path(__file__).parent.parent.parent
FILES = [*(ROOT / "examsite" / "grading").rglob("*.py"), *(ROOT / "templates" / "grading").glob("*.html")]
TEXT = "\n".join(path.read_text() for path in FILES)
BUILT = (
    "grading.fault_",
    "grading.panel_",
    "grading.state_",
    "grading.duty_",
    "grading.by_",
    "grading.wait_",
    "grading.relation_",
    "grading.gone_",
    "grading.show_",
    "grading.form.",
    "grading.forms.",
)


def test_every_code_has_its_sentence() -> None:
    called = re.findall(r"""(?:url_for|address_of)\(\s*["'](grading\.\w+)""", TEXT)
    named = re.findall(r'(?:register\(|tab = |address_of\()"(grading\.\w+)"', TEXT)
    endpoints = {*called, *named, "grading.room"}
    codes = set(re.findall(r'"(grading\.[a-z_]+)"', TEXT)) - endpoints
    assert {code for code in codes if code not in SENTENCES and code not in BUILT} == set()


def test_every_sentence_is_said_somewhere() -> None:
    unsaid = {code for code in OWN if code.startswith("grading.") and f'"{code}"' not in TEXT and not code.startswith(BUILT)}
    assert unsaid == set()
