"""The file to fill in: an empty table, an example, notes, and drop-down lists where a column has fixed values."""

from collections.abc import Mapping, Sequence

from examsite.lists.columns import Table, offered
from examsite.sheets import Template, TemplateColumn, TemplateNames, Value, template

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
