"""Look-ups of this room; the one that every room above needs is `rule_set`."""

from examsite.campaigns.queries.campaigns import entries, rule_set

__all__ = ["entries", "rule_set"]
