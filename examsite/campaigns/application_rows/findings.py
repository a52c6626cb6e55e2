"""One application as a list gives it."""

from dataclasses import dataclass
from datetime import date

from examsite.lists import ListReading


@dataclass(frozen=True, slots=True)
class ApplicationRow:
    """One application as read and repaired; `gender` is `male` or `female`, `sheet` and `row` say where it stood.

    `classifications` are years with the grade of each.
    """

    sheet: str
    row: int
    identity_number: str
    full_name: str
    birth_date: date
    gender: str
    position_code: str
    workplace: str
    current_post: str
    qualification: str
    languages: str
    phone: str
    email: str
    claimed_priority: str
    claimed_exemption: str
    years_of_service: int | None
    joined_on: date | None
    classifications: tuple[tuple[int, str], ...] = ()


ImportReading = ListReading[ApplicationRow]
