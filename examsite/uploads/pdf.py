"""A PDF written anew with its pages and nothing else. The only caller of pypdf; only the child process gives it files from outside.

Of each page the visible content is taken, with the fonts, pictures and patterns it uses. What acts does not come along, because nothing
but the page's own content is copied: scripts, actions and links, forms, embedded files, bookmarks, layers, metadata, outside references.
Stamps and signatures that are drawn as annotations become part of the page.
"""

import logging
from collections.abc import Iterator
from io import BytesIO
from typing import Any, cast

from pypdf import PageObject, PdfReader, PdfWriter, Transformation
from pypdf.errors import PyPdfError
from pypdf.generic import ArrayObject, DecodedStreamObject, DictionaryObject, IndirectObject, NameObject, StreamObject

from examsite.rules.refusal import Refused
from examsite.uploads.values import Limits

SEEN_OF_PAGE = frozenset({"/Type", "/MediaBox", "/CropBox", "/Rotate", "/Resources", "/Contents", "/Group", "/UserUnit"})
DRAWN = frozenset(
    {
        "/Circle", "/FreeText", "/Highlight", "/Ink", "/Line", "/PolyLine", "/Polygon", "/Square", "/Stamp", "/StrikeOut", "/Underline",
        "/Widget",
    }
)  # fmt: skip
"""Annotations that show something on paper; links, files, sound, film and pop-ups do not."""
HIDDEN_OR_NO_PRINT = 2 | 32
NO_RESOURCE = frozenset({"/Action", "/Annot", "/Catalog", "/EmbeddedFile", "/Filespec", "/OCG", "/OCMD", "/Outlines", "/Page", "/Pages"})
"""Kinds of objects that no drawn page needs."""
NO_KEY = frozenset(
    {
        "/A", "/AA", "/AF", "/Alternates", "/EF", "/FDecodeParms", "/FFilter", "/JS", "/JavaScript", "/LastModified", "/Metadata", "/OC",
        "/OPI", "/OpenAction", "/PieceInfo", "/Ref", "/StructParent", "/StructParents", "/URI",
    }
)  # fmt: skip
BROKEN = (PyPdfError, ArithmeticError, AssertionError, AttributeError, LookupError, OSError, RecursionError, TypeError, ValueError)
"""What pypdf raises at files that are not what they say."""
NAMED = frozenset({"/CharProcs", "/ColorSpace", "/Colorants", "/ExtGState", "/Font", "/Pattern", "/Properties", "/Shading", "/XObject"})
"""Dictionaries whose keys are the names that a page gave to its things, not words of the format."""


def rewritten(data: bytes, limits: Limits) -> tuple[bytes, int]:
    """The PDF anew, and how many pages it has.

    Refuses, for the field `file`: (`uploads.`) `pdf_locked`, `pdf_broken`, `pdf_empty`, `too_many_pages`, `too_intricate`.
    """
    logging.getLogger("pypdf").setLevel(logging.CRITICAL)  # it tells of every small fault of a file that it can do without
    try:
        return _rewritten(data, limits)
    except BROKEN as fault:
        raise Refused("uploads.pdf_broken", field="file") from fault


def _rewritten(data: bytes, limits: Limits) -> tuple[bytes, int]:
    reader = PdfReader(BytesIO(data), strict=False)
    if reader.is_encrypted:
        raise Refused("uploads.pdf_locked", field="file")
    if len(reader.pages) > limits.pages:
        raise Refused("uploads.too_many_pages", field="file", limit=limits.pages)
    if not len(reader.pages):
        raise Refused("uploads.pdf_empty", field="file")
    writer, walk = PdfWriter(), _Walk(limits.objects)
    for page in reader.pages:
        _bare(page)
        walk.clean(page)
        writer.add_page(page)
    written = BytesIO()
    writer.metadata = None
    writer.write(written)
    return written.getvalue(), len(reader.pages)


def _bare(page: PageObject) -> None:
    """Draw the annotations that show something into the page, then leave only what is seen; pypdf has made its own what it inherits."""
    _draw_annotations(page, cast("DictionaryObject", page.setdefault(NameObject("/Resources"), DictionaryObject()).get_object()))
    for key in [key for key in page if key not in SEEN_OF_PAGE]:
        del page[key]


def _draw_annotations(page: PageObject, resources: DictionaryObject) -> None:
    drawn = []
    for number, (appearance, matrix) in enumerate(_appearances(page)):
        forms = resources.setdefault(NameObject("/XObject"), DictionaryObject()).get_object()
        name = f"/KeptNote{number}"
        forms[NameObject(name)] = appearance
        drawn.append(f"q {' '.join(f'{value:.5f}' for value in matrix)} cm {name} Do Q")
    if not drawn:
        return
    after = "\nQ\n" + "\n".join(drawn) + "\n"
    page[NameObject("/Contents")] = ArrayObject([_stream("q\n"), *_contents(page), _stream(after)])


def _stream(text: str) -> DecodedStreamObject:
    stream = DecodedStreamObject()
    stream.set_data(text.encode())
    stream.indirect_reference = None  # pypdf asks for it when it copies a stream that stands in a list
    return stream


def _contents(page: PageObject) -> list[Any]:
    if "/Contents" not in page:
        return []
    content = page.raw_get("/Contents")
    resolved = content.get_object()
    return list(resolved) if isinstance(resolved, ArrayObject) else [content]


def _appearances(page: PageObject) -> Iterator[tuple[Any, tuple[float, ...]]]:
    """The drawings of the annotations that print, each with the matrix that puts its box where the annotation stands."""
    for entry in cast("ArrayObject", page.get("/Annots", ArrayObject()).get_object()):
        note = cast("DictionaryObject", entry.get_object())
        if note.get("/Subtype") not in DRAWN or int(note.get("/F", 4)) & HIDDEN_OR_NO_PRINT:
            continue
        looks = note.get("/AP", DictionaryObject()).get_object()
        if "/N" not in looks:
            continue
        appearance = looks.raw_get("/N")
        form = appearance.get_object()
        if not isinstance(form, StreamObject):  # one drawing for each state, such as ticked and not
            state = note.get("/AS")
            if state is None or state not in form:
                continue
            appearance = form.raw_get(state)
            form = appearance.get_object()
        place = _placed(form, [float(value) for value in cast("ArrayObject", note["/Rect"])])
        if place is not None:
            yield appearance, place


def _placed(form: DictionaryObject, rectangle: list[float]) -> tuple[float, ...] | None:
    """The matrix of ISO 32000 12.5.5: the transformed box of the drawing is fitted into the rectangle; None where it has no extent."""
    left, bottom, right, top = (float(value) for value in cast("ArrayObject", form["/BBox"]))
    a, b, c, d, e, f = (float(value) for value in cast("ArrayObject", form.get("/Matrix", (1, 0, 0, 1, 0, 0))))
    turned = Transformation((a, b, c, d, e, f))
    corners = [turned.apply_on((x, y)) for x in (left, right) for y in (bottom, top)]
    box_left, box_bottom = min(x for x, _y in corners), min(y for _x, y in corners)
    width, height = max(x for x, _y in corners) - box_left, max(y for _x, y in corners) - box_bottom
    if not width or not height:
        return None
    across, up = abs(rectangle[2] - rectangle[0]) / width, abs(rectangle[3] - rectangle[1]) / height
    return across, 0.0, 0.0, up, min(rectangle[0], rectangle[2]) - box_left * across, min(rectangle[1], rectangle[3]) - box_bottom * up


class _Walk:
    """Goes once through everything a page draws with and takes out what it need not have."""

    def __init__(self, most: int) -> None:
        self._most = most
        self._seen: set[int] = set()
        self._kept: list[Any] = []  # an object that is looked at stays alive, so that its id stays its own

    def clean(self, start: Any) -> None:
        """Everything that can be reached from `start`, without recursion: a hostile file nests as deep as it likes."""
        waiting = [(start, False)]
        while waiting:
            value, named = waiting.pop()
            thing = value.get_object() if isinstance(value, IndirectObject) else value
            if not isinstance(thing, DictionaryObject | ArrayObject) or id(thing) in self._seen:
                continue
            self._seen.add(id(thing))
            self._kept.append(thing)
            if len(self._kept) > self._most:
                raise Refused("uploads.too_intricate", field="file")
            waiting.extend(self._inside(thing, named))

    def _inside(self, thing: DictionaryObject | ArrayObject, named: bool) -> list[tuple[Any, bool]]:
        if isinstance(thing, ArrayObject):
            kept = [value for value in thing if not _acts(value)]
            if len(kept) != len(thing):
                thing[:] = kept
            return [(value, False) for value in kept]
        for key in list(thing):
            if (not named and _unwanted(key, thing)) or _acts(thing.raw_get(key)):
                del thing[key]
        return [(thing.raw_get(key), not named and key in NAMED) for key in thing]


def _unwanted(key: str, thing: DictionaryObject) -> bool:
    """A stream whose bytes lie in another file says so with /F; a dictionary that is no stream may mean something else by it."""
    return key in NO_KEY or (key in ("/F", "/Properties") and (key == "/Properties" or isinstance(thing, StreamObject)))


def _acts(value: Any) -> bool:
    thing = value.get_object() if isinstance(value, IndirectObject) else value
    return isinstance(thing, DictionaryObject) and not isinstance(thing, PageObject) and thing.get("/Type") in NO_RESOURCE
