"""Sentences about documents and pictures that people hand in."""

from flask_babel import lazy_gettext as _

SENTENCES = {
    "uploads.picture_moves": _("The picture moves. Choose one that stands still."),
    "uploads.picture_too_big": _("The file is larger than %(limit)s MB. Make the picture smaller."),
    "uploads.picture_too_heavy": _("The picture takes more than %(limit)s MB even when it is made smaller. Save it as JPEG."),
    "uploads.picture_too_large": _("The picture has more than %(limit)s million pixels. Make it smaller."),
    "uploads.picture_unreadable": _("This is no PNG, JPEG or WebP picture that can be read. Choose another file."),
    "uploads.empty": _("Choose a file that is not empty."),
    "uploads.too_big": _("The file is larger than %(limit)s MB. Scan it at a lower resolution, or hand it in as several files."),
    "uploads.too_heavy": _("The document takes more than %(limit)s MB even when it is written anew. Hand it in as several files."),
    "uploads.unknown_kind": _("This is neither a PDF nor a PNG, JPEG or WebP picture, whatever its name says. Choose another file."),
    "uploads.pdf_locked": _("The PDF is protected by a password or against copying. Save it without protection, then choose it again."),
    "uploads.pdf_broken": _("The PDF is damaged and cannot be read. Print it to a new PDF, or scan the paper again."),
    "uploads.pdf_empty": _("The PDF has no page. Choose another file."),
    "uploads.too_many_pages": _("The PDF has more than %(limit)s pages. Hand it in as several files."),
    "uploads.too_intricate": _("The PDF is too intricate to be checked. Print it to a new PDF, or scan the paper."),
    "uploads.too_costly": _("The document takes more time or memory than one document may. Print it to a new PDF, or scan the paper."),
}
