"""What kind of file the bytes are, and whether a zip is one that may be opened."""

import re
import stat
import zipfile
from io import BytesIO

from examsite.sheets.values import Limits, SheetRefused

LOCAL_HEADER_BYTES = 30
RATIO_COUNTS_FROM = 1_000_000

OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
ZIP = (b"PK\x03\x04", b"PK\x05\x06")
NO_TABLE = (b"%PDF", b"{\\rtf", b"\x89PNG", b"\xff\xd8\xff", b"GIF8", b"Rar!", b"7z\xbc\xaf", b"\x1f\x8b")
MARKUP = re.compile(rb"\s*(?:<[!?a-zA-Z]|MIME-Version:)", re.IGNORECASE)
BYTE_ORDER_MARKS = (b"\xef\xbb\xbf", b"\xff\xfe", b"\xfe\xff")


def is_workbook(data: bytes) -> bool:
    """True for a zip (an XLSX file, if anything), False for what may be CSV.

    Raises SheetRefused, with the plain reason, for everything that is known to be something else.
    """
    if not data.strip():
        raise SheetRefused("sheets.empty_file")
    if data.startswith(OLE):
        raise SheetRefused("sheets.encrypted" if _is_encrypted_office(data) else "sheets.legacy_xls")
    if data.startswith(ZIP):
        return True
    if data.startswith(NO_TABLE):
        raise SheetRefused("sheets.not_a_table")
    if MARKUP.match(_without_mark(data[:400])):
        raise SheetRefused("sheets.web_page")
    return False


def _is_encrypted_office(data: bytes) -> bool:
    return "EncryptedPackage".encode("utf-16-le") in data


def _without_mark(head: bytes) -> bytes:
    for mark in BYTE_ORDER_MARKS:
        head = head.removeprefix(mark)
    return head.replace(b"\0", b"")


def open_workbook(data: bytes, limits: Limits) -> zipfile.ZipFile:
    """The zip of an XLSX file, opened only after its table of contents was found harmless."""
    try:
        archive = zipfile.ZipFile(BytesIO(data))
    except (zipfile.BadZipFile, NotImplementedError, ValueError, OSError) as error:
        raise SheetRefused("sheets.damaged") from error
    members = archive.infolist()
    if len(members) > limits.zip_members:
        raise SheetRefused("sheets.zip_members", found=len(members), limit=limits.zip_members)
    for member in members:
        _check_member(member, limits)
    _check_sizes(members, limits)
    _check_overlap(members)
    _check_is_xlsx(archive)
    return archive


def _check_member(member: zipfile.ZipInfo, limits: Limits) -> None:
    if member.flag_bits & 0x1:
        raise SheetRefused("sheets.encrypted")
    parts = re.split(r"[/\\]", member.filename)
    if ".." in parts or member.filename.startswith(("/", "\\")) or stat.S_ISLNK(member.external_attr >> 16):
        raise SheetRefused("sheets.zip_path", name=member.filename[:80])
    if member.compress_type not in (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED):
        raise SheetRefused("sheets.damaged")
    if member.file_size > RATIO_COUNTS_FROM and member.file_size > limits.zip_ratio * max(member.compress_size, 1):
        raise SheetRefused("sheets.zip_ratio", name=member.filename[:80], limit=limits.zip_ratio)


def _check_sizes(members: list[zipfile.ZipInfo], limits: Limits) -> None:
    declared = sum(member.file_size for member in members)
    if declared > limits.zip_bytes:
        raise SheetRefused("sheets.zip_bytes", found=declared // 1_000_000, limit=limits.zip_bytes // 1_000_000)


def _check_overlap(members: list[zipfile.ZipInfo]) -> None:
    """Members that share bytes unpack to far more than the file holds; older Pythons read them without a word."""
    end = 0
    for member in sorted(members, key=lambda one: one.header_offset):
        if member.header_offset < end:
            raise SheetRefused("sheets.zip_overlap", name=member.filename[:80])
        end = member.header_offset + LOCAL_HEADER_BYTES + len(member.orig_filename.encode()) + member.compress_size


def _check_is_xlsx(archive: zipfile.ZipFile) -> None:
    names = {name.lower() for name in archive.namelist()}
    if any(name.endswith("workbook.bin") for name in names):
        raise SheetRefused("sheets.binary_xlsb")
    if "mimetype" in names:
        raise SheetRefused("sheets.open_document")
    if "_rels/.rels" not in names or not any(name.endswith("workbook.xml") for name in names):
        raise SheetRefused("sheets.not_a_workbook")
