"""The shape of every document that leaves the house: a heading, tables, notes, and who signs. A page and a workbook are made from it."""

from collections.abc import Sequence
from dataclasses import dataclass

from examsite.sheets import Value


@dataclass(frozen=True, slots=True)
class Column:
    """A column of a table; `width` in characters of a workbook. A column of figures is set to the right."""

    title: str
    width: int = 14
    figures: bool = False


@dataclass(frozen=True, slots=True)
class Table:
    """One table with its heading and the facts under it; `nobody` stands in its place where it has no rows."""

    title: str
    columns: Sequence[Column]
    rows: Sequence[Sequence[Value]]
    facts: Sequence[str] = ()
    nobody: str = ""


@dataclass(frozen=True, slots=True)
class Document:
    """`standing` says what the document rests on: the published list, or the state of this moment; `settled` is the first of these."""

    title: str
    tables: Sequence[Table]
    standing: str
    settled: bool
    signers: Sequence[str]
    notes: Sequence[str] = ()
    digest: str = ""
