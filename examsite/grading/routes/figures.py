"""How exact scores are written on pages."""

from decimal import Decimal
from fractions import Fraction

from examsite.grading.routes import blueprint
from examsite.web.language import number

MOST_DECIMALS = 4


@blueprint.app_template_filter("points")
def points(score: Fraction | Decimal) -> str:
    """An exact score without needless zeros; what needs more than four decimals is marked as shortened."""
    value = Fraction(score)
    scaled = value * 10**MOST_DECIMALS
    if scaled.denominator != 1:
        return f"≈\N{NO-BREAK SPACE}{number(value, MOST_DECIMALS)}"
    places = next(found for found in range(MOST_DECIMALS + 1) if (value * 10**found).denominator == 1)
    return number(value, places)
