"""The only XML parsing of sheets: no document type, no entity, nothing external."""

import re
from typing import IO
from xml.etree.ElementTree import Element, ParseError
from xml.sax import SAXException
from xml.sax.handler import ContentHandler

from defusedxml import ElementTree, sax
from defusedxml.common import DefusedXmlException

from examsite.sheets.values import SheetRefused

_ESCAPED = re.compile("_x([0-9A-Fa-f]{4})_")
_NO_TEXT = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f\ud800-\udfff\ufdd0-\ufdef\ufffe\uffff]")


def parse(stream: IO[bytes], handler: ContentHandler) -> None:
    """Feed the stream to the handler; SheetRefused where the XML is broken or uses what no spreadsheet program writes."""
    try:
        sax.parse(stream, handler, forbid_dtd=True)
    except DefusedXmlException as error:
        raise SheetRefused("sheets.xml_forbidden") from error
    except SAXException as error:
        raise SheetRefused("sheets.damaged") from error


def tree(data: bytes) -> Element:
    """A small part as an element tree, under the same rules as `parse`."""
    try:
        return ElementTree.fromstring(data, forbid_dtd=True)
    except DefusedXmlException as error:
        raise SheetRefused("sheets.xml_forbidden") from error
    except ParseError as error:
        raise SheetRefused("sheets.damaged") from error


def local(name: str) -> str:
    """An element's or attribute's name without its namespace: the transitional and the strict standard differ only there."""
    return name.rpartition("}")[2]


def unescaped(text: str) -> str:
    """Text with the escapes that spreadsheets use for characters XML cannot hold (`_x000D_`) turned back.

    An escape stays as it stands where its character is none that a text may hold: a control other than tab and the ends of lines, half
    of a pair, none at all. No keyboard types these, and PostgreSQL stores no NUL.
    """
    return _ESCAPED.sub(_character, text)


def _character(escape: re.Match[str]) -> str:
    found = chr(int(escape[1], 16))
    return escape[0] if _NO_TEXT.match(found) else found
