"""Builds XLSX files part by part, as other programs write them and as an attacker would."""

import zipfile
from collections.abc import Callable, Mapping
from io import BytesIO

import pytest

from examsite import sheets
from examsite.sheets.file import book_of

MAIN = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
OFFICE = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
PACKAGE = "http://schemas.openxmlformats.org/package/2006/relationships"

RawXlsx = Callable[..., bytes]
Refusal = Callable[[bytes], tuple[str, Mapping[str, object]]]


def part(root: str, inside: str) -> str:
    return f'<?xml version="1.0" encoding="UTF-8"?><{root} xmlns="{MAIN}" xmlns:r="{OFFICE}">{inside}</{root}>'


def relations(*lines: tuple[str, str, str]) -> str:
    items = "".join(f'<Relationship Id="{name}" Type="{OFFICE}/{kind}" Target="{target}"/>' for name, kind, target in lines)
    return f'<?xml version="1.0" encoding="UTF-8"?><Relationships xmlns="{PACKAGE}">{items}</Relationships>'


def build(
    body: str,
    *,
    shared: str | None = None,
    styles: str = "",
    workbook: str = '<sheets><sheet name="Hồ sơ" sheetId="1" r:id="rId1"/></sheets>',
    more: Mapping[str, str] | None = None,
) -> bytes:
    """`body` is what stands inside <worksheet>."""
    parts = {
        "_rels/.rels": relations(("rId1", "officeDocument", "xl/workbook.xml")),
        "xl/workbook.xml": part("workbook", workbook),
        "xl/_rels/workbook.xml.rels": relations(
            ("rId1", "worksheet", "worksheets/sheet1.xml"),
            ("rId2", "worksheet", "/xl/worksheets/sheet2.xml"),
            ("rId8", "sharedStrings", "sharedStrings.xml"),
            ("rId9", "styles", "styles.xml"),
        ),
        "xl/styles.xml": part("styleSheet", styles),
        "xl/worksheets/sheet1.xml": part("worksheet", body),
        **({} if shared is None else {"xl/sharedStrings.xml": part("sst", shared)}),
        **(more or {}),
    }
    return zipped(parts)


def zipped(parts: Mapping[str, str | bytes]) -> bytes:
    target = BytesIO()
    with zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in parts.items():
            archive.writestr(name, content)
    return target.getvalue()


@pytest.fixture
def raw_xlsx() -> RawXlsx:
    return build


@pytest.fixture
def raw_zip() -> Callable[[Mapping[str, str | bytes]], bytes]:
    return zipped


@pytest.fixture
def refusal() -> Refusal:
    """Why a file is refused, by the reader itself; the child process around it has tests of its own."""

    def of(data: bytes, limits: sheets.Limits = sheets.LIMITS) -> tuple[str, Mapping[str, object]]:
        with pytest.raises(sheets.SheetRefused) as caught:
            book_of(data, limits)
        return caught.value.code, caught.value.params

    return of
