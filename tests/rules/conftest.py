from collections.abc import Callable

import pytest

from examsite import policies
from examsite.rules import policy


@pytest.fixture(scope="session")
def rules_with() -> Callable[..., policy.RuleSet]:
    """A rule set with some values changed: rules_with({"rounding.places": 2}, base="cs-138-2020")."""

    def build(changes: dict[str, object] | None = None, base: str = "leader-screening") -> policy.RuleSet:
        entries = policies.load(base).entries
        for key, value in (changes or {}).items():
            entries = policy.override(entries, key, value, "for the test")
        return policy.parse(entries)

    return build
