"""Applications out of a spreadsheet: pure, from the cells of a file to rows, errors and repairs."""

from examsite.campaigns.application_rows.columns import application_template
from examsite.campaigns.application_rows.findings import ApplicationRow, ImportReading
from examsite.campaigns.application_rows.reading import read_applications

__all__ = ["ApplicationRow", "ImportReading", "application_template", "read_applications"]
