"""A turn before the panel is called as the rule set has it, in both languages, within a sentence and at its beginning."""

import pytest
from flask import Flask
from flask_babel import force_locale
from sqlalchemy.orm import Session

from examsite.grading.round2_word import capitalised, round2_word
from tests.factories import make_campaign

WORDS = {
    "leader-screening": ("interview", "interviews", "phỏng vấn"),
    "cs-170-2025-both": ("interview", "interviews", "phỏng vấn"),
    "cs-170-employee": ("oral exam", "oral exams", "vấn đáp"),
    "cs-170-employee-practice": ("practical exam", "practical exams", "thực hành"),
    "leader-generic": ("project presentation", "project presentations", "bảo vệ đề án"),
}


@pytest.mark.parametrize("base", WORDS)
def test_the_word_is_that_of_the_rule_set(app: Flask, session: Session, base: str) -> None:
    campaign, (one, many, vietnamese) = make_campaign(session, base), WORDS[base]
    with app.test_request_context():
        with force_locale("en"):
            assert (round2_word(campaign), round2_word(campaign, many=True)) == (one, many)
        with force_locale("vi"):
            assert (round2_word(campaign), round2_word(campaign, many=True)) == (vietnamese, vietnamese)
            assert capitalised(round2_word(campaign))[0] == vietnamese[0].upper()
