"""A document as a workbook: a sheet for each table, so that each can be sorted and printed by itself."""

from examsite.campaigns.models import Campaign
from examsite.documents.sheet import Document, Table
from examsite.sheets.writing import NewSheet, write_xlsx


def workbook(campaign: Campaign, document: Document) -> bytes:
    """An XLSX file in which figures are numbers and texts are texts."""
    return write_xlsx([_sheet(campaign, document, table, place) for place, table in enumerate(document.tables, start=1)])


def _sheet(campaign: Campaign, document: Document, table: Table, place: int) -> NewSheet:
    above = [[campaign.organisation], [f"{campaign.title} ({campaign.code})"], [document.title], [document.standing]]
    above += [[text] for text in (table.title, *table.facts) if text]
    header = [column.title for column in table.columns]
    name = f"{place}. {table.title}" if table.title else document.title
    return NewSheet(name, header, table.rows, [column.width for column in table.columns], above)
