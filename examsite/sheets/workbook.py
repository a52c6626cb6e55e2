"""Reads an XLSX file: which sheets there are, what their cells refer to, then each sheet."""

import zipfile
import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from posixpath import dirname, join, normpath
from xml.etree.ElementTree import Element
from xml.sax.handler import ContentHandler
from xml.sax.xmlreader import AttributesImpl

from examsite.sheets.container import open_workbook
from examsite.sheets.number_formats import GENERAL, format_of
from examsite.sheets.safe_xml import local, parse, tree, unescaped
from examsite.sheets.values import Book, Limits, Sheet, SheetRefused
from examsite.sheets.worksheet import TRUE, Budget, Stored, natural, read_worksheet


def read_workbook(data: bytes, limits: Limits) -> Book:
    """An XLSX file as a Book; SheetRefused where it is damaged, hostile or past a limit."""
    with _damage_is_refused(), open_workbook(data, limits) as archive:
        part = _workbook_part(archive)
        root = tree(archive.read(part))
        parts = _relations(archive, part)
        stored = Stored(_texts(archive, parts, limits), _formats(archive, parts), _counts_from_1904(root))
        budget = Budget(limits.cells, limits.characters)
        return Book(tuple(_sheets(archive, root, parts, stored, limits, budget)))


@contextmanager
def _damage_is_refused() -> Iterator[None]:
    try:
        yield
    except (zipfile.BadZipFile, zlib.error, EOFError, KeyError, NotImplementedError, UnicodeDecodeError) as error:
        raise SheetRefused("sheets.damaged") from error


def _sheets(
    archive: zipfile.ZipFile, root: Element, parts: dict[str, tuple[str, str]], stored: Stored, limits: Limits, budget: Budget
) -> Iterator[Sheet]:
    for element in _all(root, "sheet"):
        attributes = {local(name): value for name, value in element.attrib.items()}
        kind, target = parts[attributes["id"]]
        if kind != "worksheet":
            continue
        hidden = attributes.get("state", "visible") != "visible"
        with archive.open(target) as stream:
            yield read_worksheet(stream, attributes["name"], hidden, stored, limits, budget)


def _all(root: Element, name: str) -> Iterator[Element]:
    return (element for element in root.iter() if local(element.tag) == name)


def _workbook_part(archive: zipfile.ZipFile) -> str:
    for kind, target in _relations(archive, "").values():
        if kind == "officeDocument":
            return target
    raise SheetRefused("sheets.not_a_workbook")


def _relations(archive: zipfile.ZipFile, part: str) -> dict[str, tuple[str, str]]:
    """By id: the last word of the relation's type, and the path of the part in the zip."""
    folder, name = dirname(part), part.rpartition("/")[2]
    root = tree(archive.read(join(folder, "_rels", f"{name}.rels")))
    found = {}
    for element in _all(root, "Relationship"):
        if element.get("TargetMode") != "External":
            target = normpath(join("/", folder, element.attrib["Target"])).lstrip("/")
            found[element.attrib["Id"]] = (element.attrib["Type"].rpartition("/")[2], target)
    return found


def _part_of_kind(parts: dict[str, tuple[str, str]], kind: str) -> str | None:
    return next((target for found, target in parts.values() if found == kind), None)


def _counts_from_1904(root: Element) -> bool:
    return any(element.get("date1904") in TRUE for element in _all(root, "workbookPr"))


def _formats(archive: zipfile.ZipFile, parts: dict[str, tuple[str, str]]) -> list[tuple[str, bool]]:
    """For each cell style its number format, and whether that shows a date."""
    target = _part_of_kind(parts, "styles")
    if target is None:
        return []
    root = tree(archive.read(target))
    written = {element.get("numFmtId"): element.get("formatCode", GENERAL) for element in _all(root, "numFmt")}
    styles = next(_all(root, "cellXfs"), None)
    numbers = [style.get("numFmtId", "0") for style in styles or () if local(style.tag) == "xf"]
    return [format_of(natural(number) or 0, written.get(number)) for number in numbers]


def _texts(archive: zipfile.ZipFile, parts: dict[str, tuple[str, str]], limits: Limits) -> list[str]:
    target = _part_of_kind(parts, "sharedStrings")
    if target is None or target not in archive.namelist():
        return []
    handler = SharedTextHandler(limits)
    with archive.open(target) as stream:
        parse(stream, handler)
    return handler.texts


class SharedTextHandler(ContentHandler):
    """The texts that cells share; runs of rich text are joined, reading aids (phonetic runs) left out."""

    def __init__(self, limits: Limits) -> None:
        super().__init__()
        self.texts: list[str] = []
        self._limits = limits
        self._characters = 0
        self._pieces: list[str] = []
        self._taking = False
        self._phonetic = 0

    def startElement(self, name: str, attrs: AttributesImpl) -> None:  # noqa: N802, ARG002 - as SAX calls it
        match name.rpartition(":")[2]:
            case "t":
                self._taking = not self._phonetic
            case "rPh":
                self._phonetic += 1

    def endElement(self, name: str) -> None:  # noqa: N802
        match name.rpartition(":")[2]:
            case "t":
                self._taking = False
            case "rPh":
                self._phonetic -= 1
            case "si":
                self.texts.append(unescaped("".join(self._pieces)))
                self._pieces = []

    def characters(self, content: str) -> None:
        if self._taking:
            self._characters += len(content)
            if self._characters > self._limits.characters:
                raise SheetRefused("sheets.too_much_text", limit=self._limits.characters)
            self._pieces.append(content)
