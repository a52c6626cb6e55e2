"""Every code that a list may carry has its sentence in both languages, filled with real values."""

from decimal import Decimal
from fractions import Fraction
from typing import Any

import pytest
from flask import Flask
from flask_babel import force_locale

from examsite import policies
from examsite.results.contents import ALL, told_reason
from examsite.results.outcomes import stored
from examsite.results.telling import Teller, in_full
from examsite.rules.ranking import REASONS
from examsite.wording import SENTENCES

RULES = policies.load("leader-screening").rules
SAMPLES: dict[str, Any] = {
    "place": 2,
    "last_place": 3,
    "total": Decimal("82.0"),
    "quota": 2,
    "others": ("0124", "0131"),
    "step": "component",
    "of": "defence",
    "value": Fraction("24.9"),
    "seats": 1,
    "decider": "council",
    "document": "27/BB",
    "exact": Fraction("49.95"),
    "official": Decimal("50.0"),
    "pass_mark": Decimal(50),
    "components": ("defence",),
    "note": "The train did not run.",
    "exempt": ("language",),
    "parts": ("general",),
}
REFUSALS = (
    *("number_twice", "quota_too_small", "reason_missing", "sheet_faulty"),
    *("tie_decision_wrong_people", "tie_decision_twice", "tie_decision_wrong_decider", "tie_decision_incomplete"),
    *("score_decision_not_asked", "score_decision_too_early", "score_decision_wrong_decider", "score_decision_out_of_range"),
)


def reason(code: str) -> dict[str, Any]:
    return {"code": code, "params": dict(stored({name: SAMPLES[name] for name in REASONS[code]}))}


@pytest.mark.parametrize("language", ["vi", "en"])
@pytest.mark.parametrize("code", sorted(REASONS))
def test_every_reason_has_one_sentence_with_its_figures_and_one_without(app: Flask, code: str, language: str) -> None:
    with app.test_request_context(), force_locale(language):
        full, general = (Teller(RULES).reason(told_reason(reason(code), ALL, whole=whole)).text for whole in (True, False))
        bare = Teller(RULES).reason(told_reason(reason(code), frozenset())).text
    assert full.endswith((".", "run."))
    for text in (full, general, bare):
        assert "%(" not in text
    assert not {"82", "24.9", "24,9", "49.95", "49,95", "0124", "27/BB", "train"} & set(bare.replace(",", " ").split())


@pytest.mark.parametrize("code", REFUSALS)
def test_every_refusal_of_these_rules_has_its_sentence(code: str) -> None:
    assert code in SENTENCES


@pytest.mark.parametrize(
    ("value", "shown"),
    [
        ("49.95", "49,95"),
        ("999/20", "49,95"),
        ("50", "50"),
        ("50/1", "50"),
        ("149/3", "49,6666…"),
        ("2999999/60000", "49,9999…"),
        ("100", "100"),
    ],
)
def test_a_number_in_full_is_never_rounded_up_to_the_pass_mark(app: Flask, value: str, shown: str) -> None:
    with app.test_request_context(), force_locale("vi"):
        assert in_full(value) == shown


def test_forty_nine_ninety_five_is_told_as_it_is(app: Flask) -> None:
    with app.test_request_context(), force_locale("vi"):
        told = Teller(RULES).reason(reason("below_pass"))
    assert told.text == "Điểm vòng 2 là 49,95 thấp hơn 50 nên không xếp hạng."
    assert told.rule == "round2.pass_mark"
