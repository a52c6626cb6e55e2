"""Lists as bytes: rows by the headers of a template."""

from collections.abc import Mapping, Sequence

from examsite.sheets.writing import NewSheet, write_xlsx


def listed(*rows: Mapping[str, str], name: str = "Sheet1") -> bytes:
    """These rows as an XLSX file; the header has every title that some row names."""
    titles = list(dict.fromkeys(title for row in rows for title in row))
    return write_xlsx([NewSheet(name, titles, [[row.get(title, "") for title in titles] for row in rows])])


def as_csv(rows: Sequence[Mapping[str, str]], separator: str = ";") -> bytes:
    """These rows as Excel saves a CSV file on a Vietnamese computer."""
    titles = list(rows[0])
    return "\r\n".join(separator.join(line) for line in [titles, *([row[title] for title in titles] for row in rows)]).encode("utf-8-sig")
