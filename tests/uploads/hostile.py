"""PDF files made for the tests: a plain one, and ones that carry what must not come through."""

from io import BytesIO

from pypdf import PdfReader, PdfWriter
from pypdf.annotations import FreeText, Link
from pypdf.generic import ArrayObject, DecodedStreamObject, DictionaryObject, FloatObject, NameObject, TextStringObject


def pdf(pages: int = 1, *, words: str = "Degree") -> bytes:
    """A PDF with words on each page."""
    return written(writer_of(pages, words))


def writer_of(pages: int = 1, words: str = "Degree") -> PdfWriter:
    """Pages with a font and words, not yet written."""
    writer = PdfWriter()
    font = {"/Type": "/Font", "/Subtype": "/Type1", "/BaseFont": "/Helvetica"}
    for _page in range(pages):
        page = writer.add_blank_page(300, 200)
        content = DecodedStreamObject()
        content.set_data(f"BT /F 20 Tf 20 100 Td ({words}) Tj ET".encode())
        page[NameObject("/Contents")] = writer._add_object(content)
        page[NameObject("/Resources")] = named({"/Font": named({"/F": named({key: NameObject(value) for key, value in font.items()})})})
    return writer


def named(entries: dict[str, object]) -> DictionaryObject:
    """A dictionary of the format."""
    return DictionaryObject({NameObject(key): value for key, value in entries.items()})


def script(words: str = "app.alert(1)") -> DictionaryObject:
    """An action that runs a script."""
    return named({"/Type": NameObject("/Action"), "/S": NameObject("/JavaScript"), "/JS": TextStringObject(words)})


def written(writer: PdfWriter) -> bytes:
    """The bytes of a file."""
    file = BytesIO()
    writer.write(file)
    return file.getvalue()


def armed() -> bytes:
    """A PDF with a script, an opening action, an embedded file, a link, page actions, metadata, and a picture that lies elsewhere."""
    writer = writer_of(1)
    page = writer.pages[0]
    writer.root_object[NameObject("/Names")] = named({"/JavaScript": named({"/Names": ArrayObject([script("hiddenscript")])})})
    writer.add_attachment("tool.exe", b"hiddenattachment")
    writer.add_metadata({"/Author": "hiddenauthor"})
    writer.add_annotation(0, Link(rect=(10, 10, 60, 40), url="http://hiddenlink.example/"))
    page[NameObject("/AA")] = named({"/O": script("hiddenPageAction")})
    page[NameObject("/PieceInfo")] = named({"/Maker": TextStringObject("hiddenpiece")})
    elsewhere = DecodedStreamObject()
    elsewhere.update(named({"/Type": NameObject("/XObject"), "/Subtype": NameObject("/Image"), "/F": TextStringObject("hiddenpath")}))
    deep = named({"/Type": NameObject("/Pattern"), "/AA": script("hiddendeep"), "/Kids": ArrayObject([script("hiddenkid")])})
    page["/Resources"][NameObject("/XObject")] = named({"/I1": writer._add_object(elsewhere)})
    page["/Resources"][NameObject("/Pattern")] = named({"/P1": writer._add_object(deep)})
    writer.root_object[NameObject("/OpenAction")] = script("hiddenopen")
    return written(writer)


def stamped() -> bytes:
    """A PDF whose signature is drawn by an annotation."""
    writer = writer_of(1)
    look = DecodedStreamObject()
    look.set_data(b"BT /F 12 Tf 5 5 Td (Signed) Tj ET")
    box = ArrayObject(FloatObject(value) for value in (0, 0, 100, 20))
    font = writer.pages[0]["/Resources"]
    look.update(named({"/Type": NameObject("/XObject"), "/Subtype": NameObject("/Form"), "/BBox": box, "/Resources": font}))
    note = FreeText(text="Signed", rect=(50, 50, 150, 70))
    writer.add_annotation(0, note)
    kept = writer.pages[0]["/Annots"][0].get_object()
    kept[NameObject("/AP")] = named({"/N": writer._add_object(look)})
    return written(writer)


def locked() -> bytes:
    """A PDF under a password."""
    writer = writer_of(1)
    writer.encrypt("secret", algorithm="RC4-128")
    return written(writer)


def opened(data: bytes) -> PdfReader:
    """A PDF to look into."""
    return PdfReader(BytesIO(data))
