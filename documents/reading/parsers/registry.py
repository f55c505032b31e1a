"""The formats that are read: one table, from which the upload page, the API's description and the documentation tell.

A new format is a line here and a module beside it with a function `parse`.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from importlib import import_module
from pathlib import Path, PurePath
from typing import cast

from documents.reading.items import Item
from documents.reading.limits import DEFAULT, Limits

# Yields what the file holds, page by page; bytes after a Part are its contents.
Parser = Callable[[Path, Limits], Iterator[Item]]
# Draws the one page wanted, as a PNG.
Painter = Callable[[Path, Limits], bytes]


@dataclass(frozen=True, slots=True)
class Format:
    """A kind of file, and the module whose `parse` reads it.

    `pages` says what is counted as a page; `scope` what is read of it and up to where, beyond the limits of every file.
    """

    name: str
    label: str
    media_type: str
    extensions: tuple[str, ...]
    module: str
    pages: str
    scope: str

    @property
    def heading(self) -> str:
        """The name where it stands by itself."""
        return self.name[:1].upper() + self.name[1:]

    @property
    def is_paged(self) -> bool:
        """Whether one page can be read without the others."""
        return self.pages == "pages" and self.module in _PAGED


_HERE = "documents.reading.parsers"
_PAGED = (f"{_HERE}.pdf", f"{_HERE}.image")
_OPEN_XML = "application/vnd.openxmlformats-officedocument"
_OPEN_DOCUMENT = "application/vnd.oasis.opendocument"
_PIXELS = f"up to {DEFAULT.pixels // 1_000_000} megapixels a page"

PDF = Format(
    "PDF",
    "PDF",
    "application/pdf",
    (".pdf",),
    f"{_HERE}.pdf",
    "pages",
    f"text layer and scans, up to {DEFAULT.pages:,} pages; pages without text are recognised",
)
DOCX = Format(
    "DOCX",
    "Word (DOCX)",
    f"{_OPEN_XML}.wordprocessingml.document",
    (".docx", ".docm", ".dotx"),
    f"{_HERE}.docx",
    "",
    "headings, lists, tables, notes, text boxes",
)
DOC = Format(
    "DOC", "Word 97–2003 (DOC)", "application/msword", (".doc",), f"{_HERE}.doc", "", "headings, lists, tables, notes"
)
PPTX = Format(
    "PPTX",
    "PowerPoint (PPTX)",
    f"{_OPEN_XML}.presentationml.presentation",
    (".pptx", ".pptm", ".ppsx", ".potx"),
    f"{_HERE}.pptx",
    "slides",
    "slides with tables and speaker notes",
)
PPT = Format(
    "PPT",
    "PowerPoint 97–2003 (PPT)",
    "application/vnd.ms-powerpoint",
    (".ppt",),
    f"{_HERE}.ppt",
    "slides",
    "slides with tables and speaker notes",
)
XLSX = Format(
    "XLSX",
    "Excel (XLSX)",
    f"{_OPEN_XML}.spreadsheetml.sheet",
    (".xlsx", ".xlsm", ".xlsb", ".xltx"),
    f"{_HERE}.sheets",
    "sheets",
    "values of cells, each row with its place",
)
XLS = Format(
    "XLS",
    "Excel 97–2003 (XLS)",
    "application/vnd.ms-excel",
    (".xls",),
    f"{_HERE}.sheets",
    "sheets",
    "values of cells, each row with its place",
)
ODT = Format(
    "ODT",
    "OpenDocument text (ODT)",
    f"{_OPEN_DOCUMENT}.text",
    (".odt",),
    f"{_HERE}.odt",
    "",
    "headings, lists, tables, notes",
)
ODS = Format(
    "ODS",
    "OpenDocument spreadsheets (ODS)",
    f"{_OPEN_DOCUMENT}.spreadsheet",
    (".ods",),
    f"{_HERE}.sheets",
    "sheets",
    "values of cells, each row with its place",
)
ODP = Format(
    "ODP",
    "OpenDocument presentations (ODP)",
    f"{_OPEN_DOCUMENT}.presentation",
    (".odp",),
    f"{_HERE}.odp",
    "slides",
    "slides with tables and speaker notes",
)
RTF = Format(
    "RTF", "Rich Text (RTF)", "application/rtf", (".rtf",), f"{_HERE}.rtf", "", "headings, lists, tables, notes"
)
HTML = Format(
    "HTML",
    "web pages (HTML)",
    "text/html",
    (".html", ".htm", ".xhtml"),
    f"{_HERE}.html",
    "",
    "what a reader sees; nothing is run or fetched",
)
MARKDOWN = Format(
    "Markdown",
    "Markdown",
    "text/markdown",
    (".md", ".markdown"),
    f"{_HERE}.markdown",
    "",
    "headings, lists, tables",
)
EPUB = Format(
    "EPUB", "e-books (EPUB)", "application/epub+zip", (".epub",), f"{_HERE}.epub", "chapters", "chapters in order"
)
CSV = Format("CSV", "tables (CSV, TSV)", "text/csv", (".csv", ".tsv"), f"{_HERE}.csv", "", "rows under their header")
EML = Format(
    "EML",
    "e-mails (EML)",
    "message/rfc822",
    (".eml",),
    f"{_HERE}.eml",
    "parts",
    "header and text; attachments that can be read become documents",
)
MSG = Format(
    "MSG",
    "Outlook messages (MSG)",
    "application/vnd.ms-outlook",
    (".msg",),
    f"{_HERE}.msg",
    "parts",
    "header and text; attachments that can be read become documents",
)
PNG = Format("PNG", "pictures (PNG)", "image/png", (".png",), f"{_HERE}.image", "pages", f"text recognised, {_PIXELS}")
JPEG = Format(
    "JPEG",
    "pictures (JPEG)",
    "image/jpeg",
    (".jpg", ".jpeg"),
    f"{_HERE}.image",
    "pages",
    f"text recognised, {_PIXELS}",
)
TIFF = Format(
    "TIFF", "scans (TIFF)", "image/tiff", (".tif", ".tiff"), f"{_HERE}.image", "pages", f"text recognised, {_PIXELS}"
)
WEBP = Format(
    "WebP", "pictures (WebP)", "image/webp", (".webp",), f"{_HERE}.image", "pages", f"text recognised, {_PIXELS}"
)
ZIP = Format(
    "ZIP",
    "archives (ZIP)",
    "application/zip",
    (".zip",),
    f"{_HERE}.archive",
    "",
    f"each file in it becomes a document, up to {DEFAULT.parts:,}; archives inside are listed only",
)
PLAIN = Format(
    "plain text",
    "plain text",
    "text/plain",
    (".txt", ".text", ".log", ".json", ".xml"),
    f"{_HERE}.plain",
    "",
    "any encoding",
)

FORMATS: tuple[Format, ...] = (
    PDF,
    DOCX,
    DOC,
    PPTX,
    PPT,
    XLSX,
    XLS,
    ODT,
    ODS,
    ODP,
    RTF,
    HTML,
    MARKDOWN,
    EPUB,
    CSV,
    EML,
    MSG,
    PNG,
    JPEG,
    TIFF,
    WEBP,
    ZIP,
    PLAIN,
)


def supported_list() -> str:
    """The formats as words in a sentence: "PDF, DOCX, DOC, … and plain text"."""
    *first, last = (format_.name for format_ in FORMATS)
    return f"{', '.join(first)} and {last}"


def by_extension(filename: str) -> Format | None:
    """The format a file's name promises, if it is one that is read."""
    suffix = PurePath(filename).suffix.lower()
    return next((format_ for format_ in FORMATS if suffix in format_.extensions), None)


def by_media_type(media_type: str) -> Format | None:
    return next((format_ for format_ in FORMATS if format_.media_type == media_type), None)


def painter(format_: Format) -> Painter:
    """The function that draws a page of a format whose pages can be drawn: those that can be read one by one."""
    return cast(Painter, import_module(format_.module).draw)


def parser(format_: Format) -> Parser:
    """The function that reads a format. Parsers are loaded when used: each brings a large library."""
    return cast(Parser, import_module(format_.module).parse)
