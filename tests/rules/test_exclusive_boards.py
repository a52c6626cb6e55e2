"""Boards that may not share members, as each rule set has them."""

from collections.abc import Callable

import pytest

from examsite.rules.policy import BOARDS, RuleSet
from examsite.rules.refusal import Refused

RulesWith = Callable[..., RuleSet]
SECRETS = ("question", "invigilation", "code", "marking", "remarking")


@pytest.mark.parametrize("base", ["leader-screening", "cs-138-2020", "leader-generic"])
def test_the_boards_that_know_secrets_exclude_each_other_and_no_other_does(rules_with: RulesWith, base: str) -> None:
    rules = rules_with(base=base)
    for one in BOARDS:
        for other in BOARDS:
            apart = one != other and one in SECRETS and other in SECRETS
            assert (rules.clash(one, [other]) is not None) == apart, (one, other)


def test_the_first_group_that_forbids_it_is_the_reason(rules_with: RulesWith) -> None:
    rules = rules_with()
    found = {pair: rules.clash(*pair) for pair in [("marking", ("hr", "code")), ("marking", ("invigilation",)), ("code", ("question",))]}
    assert [(clash[0].id, clash[1]) for clash in found.values() if clash] == [
        ("anonymity", "code"),
        ("room_and_marking", "invigilation"),
        ("secrets", "question"),
    ]


def test_a_group_that_is_taken_out_forbids_nothing_any_more(rules_with: RulesWith) -> None:
    rules = rules_with({"boards.exclusive": ["anonymity"]})
    assert rules.clash("question", ["marking"]) is None
    assert rules.clash("code", ["marking"]) is not None
    assert rules_with({"boards.exclusive": []}).clash("code", ["marking"]) is None


def test_a_group_of_one_board_says_nothing(rules_with: RulesWith) -> None:
    with pytest.raises(Refused, match="policy_board_group_small") as refusal:
        rules_with({"boards.anonymity.members": ["code"]})
    assert refusal.value.field == "boards.anonymity.members"


@pytest.mark.parametrize("members", [["code", "kitchen"], ["code", "code"]])
def test_only_boards_once_each(rules_with: RulesWith, members: list[str]) -> None:
    with pytest.raises(Refused, match="policy_value"):
        rules_with({"boards.anonymity.members": members})
