"""Look-ups of this room; the one that every room above needs is `rule_set`."""

from examsite.campaigns.queries.campaigns import entries, has_round1, rule_set, rules_are_known

__all__ = ["entries", "has_round1", "rule_set", "rules_are_known"]
