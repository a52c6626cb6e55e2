"""The file to fill in: an empty table, an example, notes, drop-down lists where a column has fixed values; and the list as it stands."""

from collections.abc import Mapping, Sequence

from examsite.lists.columns import COUNTER, Table, offered
from examsite.sheets import Value
from examsite.sheets.writing import NewSheet, Template, TemplateColumn, TemplateNames, template, write_xlsx

OTHER_SHEETS = {"vi": ("Ví dụ", "Hướng dẫn", "Danh mục"), "en": ("Example", "Notes", "Choices")}


def list_template(
    table: Table,
    language: str,
    name: str,
    examples: Sequence[Mapping[str, Value]],
    notes: Sequence[str],
    choices: Mapping[str, Sequence[str]] | None = None,
) -> bytes:
    """The XLSX file to fill in, with headers in `vi` or `en`.

    `name` is that of the first sheet, `examples` are rows by the names of columns, `notes` are sentences for the third sheet,
    `choices` the values that a drop-down list offers for a column. A cell takes another value too, with a warning.
    """
    columns = offered(table.columns)
    given = choices or {}
    example, told, lists = OTHER_SHEETS[language]
    return template(
        Template(
            TemplateNames(name, example, told, lists),
            [TemplateColumn(column.title(language), column.width, tuple(given.get(column.name, ()))) for column in columns],
            [[row.get(column.name, "") for column in columns] for row in examples],
            notes,
        )
    )


def list_workbook(table: Table, language: str, name: str, rows: Sequence[Mapping[str, str]]) -> bytes:
    """The list as it stands, as an XLSX file in the columns of its template, so that it can be taken in again.

    `rows` go by the names of columns and are counted here; every cell is text. A column that the template does not offer is written
    where a row fills it.
    """
    filled = {column for row in rows for column in row}
    columns = [column for column in table.columns if column.offered or column.name in filled]
    counted = [{COUNTER: str(place), **row} for place, row in enumerate(rows, start=1)]
    lines = [[row.get(column.name, "") for column in columns] for row in counted]
    return write_xlsx([NewSheet(name, [column.title(language) for column in columns], lines, [column.width for column in columns])])
