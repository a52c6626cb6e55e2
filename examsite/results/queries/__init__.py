"""Look-ups of this room; what the rooms above need stands here."""

from examsite.results.queries.appealed import appeals, appeals_of, open_appeals
from examsite.results.queries.published import OwnLine, current, publications, result_of

__all__ = ["OwnLine", "appeals", "appeals_of", "current", "open_appeals", "publications", "result_of"]
