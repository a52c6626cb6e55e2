"""Which years of birth an applicant can have: one rule for files, forms and corrections.

Assumed: it catches slips of the pen and nothing else; the ages that a recruitment demands are standards of its positions.
"""

from datetime import datetime

YOUNGEST, OLDEST = 18, 80
NOBODY = "people.birth_range"
"""The code of a year outside; its parameters are `told(now)`."""


def birth_years(now: datetime) -> range:
    """The years in which applicants of today were born."""
    return range(now.year - OLDEST, now.year - YOUNGEST + 1)


def told(now: datetime) -> dict[str, int]:
    """The first and the last of these years, for the sentence."""
    years = birth_years(now)
    return {"earliest": years[0], "latest": years[-1]}
