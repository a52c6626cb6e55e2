"""Lists that people bring as files: which columns a table has, its rows, and what is wrong with each cell. Pure, without the database."""

from examsite.lists.columns import Column, Header, Table
from examsite.lists.findings import Finding, Intake, ListFile, ListReading, Param, Unusable, read_file
from examsite.lists.reading import FoundTable, Row, Unique, read_list
from examsite.lists.template import list_template, list_workbook

__all__ = [
    "Column",
    "Finding",
    "FoundTable",
    "Header",
    "Intake",
    "ListFile",
    "ListReading",
    "Param",
    "Row",
    "Table",
    "Unique",
    "Unusable",
    "list_template",
    "list_workbook",
    "read_file",
    "read_list",
]
