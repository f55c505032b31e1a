"""What a file is, from its bytes. The name is asked only where bytes cannot tell, and may not promise another thing."""

import re
from pathlib import Path, PurePath

import puremagic

from documents.reading import archives
from documents.reading.decoding import decode, looks_like_text
from documents.reading.errors import Code, UnreadableFile
from documents.reading.parsers.registry import (
    DOCX,
    HTML,
    MARKDOWN,
    PDF,
    PLAIN,
    Format,
    by_extension,
    supported_list,
)

_HEAD_BYTES = 65_536
_OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_ZIP = b"PK\x03\x04"
_PDF_OBJECT = re.compile(rb"(?<!\d)\d{1,10}\s{1,20}\d{1,10}\s{1,20}obj\b")
# A page begins with one of these, after remarks and a declaration.
_PAGE = re.compile(
    # Possessive throughout: remarks can be cut in one way only, however many there are.
    r"\s*+(?>(?:<\?xml[^>]*+>|<!--.*?-->)\s*+)*+<(?:!doctype\s+html|html|head|body|title)\b",
    re.IGNORECASE | re.DOTALL,
)
_TAG = re.compile(r"<[a-z][a-z0-9]*[\s>/]", re.IGNORECASE)
# Text by its bytes, but a format of its own that is not read.
_MARKED_TEXT = (
    ("{\\rtf", "an RTF document"),
    ("%!PS", "a PostScript file"),
    ("<?xml", "an XML file"),
    ("<svg", "an SVG picture"),
)
_TEXT_TYPES = {
    ".csv": "a CSV table",
    ".tsv": "a table (TSV)",
    ".json": "a JSON file",
    ".xml": "an XML file",
    ".eml": "an e-mail",
    ".rtf": "an RTF document",
    ".svg": "an SVG picture",
    ".ipynb": "a Jupyter notebook",
    ".ps": "a PostScript file",
}
# Names that promise bytes which are no text; text under such a name is a failed download or a wrong name.
_BINARY_TYPES = frozenset(
    [
        ".pdf",
        ".docx",
        ".doc",
        ".docm",
        ".dotx",
        ".xlsx",
        ".xls",
        ".pptx",
        ".ppt",
        ".odt",
        ".ods",
        ".odp",
        ".epub",
        ".zip",
        ".gz",
        ".7z",
        ".rar",
        ".tar",
        ".png",
        ".jpg",
        ".jpeg",
        ".gif",
        ".tif",
        ".tiff",
        ".webp",
        ".bmp",
        ".heic",
        ".mp3",
        ".mp4",
        ".wav",
        ".mov",
        ".avi",
        ".exe",
        ".msg",
        ".pages",
        ".numbers",
        ".key",
    ]
)
_TEXT_EXTENSIONS = PLAIN.extensions + MARKDOWN.extensions + HTML.extensions
_PRINTABLE = bytes(set(range(0x20, 0x7F)) | {0x09, 0x0A, 0x0C, 0x0D})
_FAMILIES = {"image": "a picture", "audio": "a sound recording", "video": "a video", "font": "a font"}
_ARCHIVES = frozenset({".gz", ".bz2", ".xz", ".zst", ".7z", ".rar", ".tar", ".zip"})
# Of Windows, Linux and macOS.
_PROGRAMS = (b"MZ", b"\x7fELF", b"\xcf\xfa\xed\xfe", b"\xca\xfe\xba\xbe")
_INSIDE_ZIP = (
    ("word/vbaProject.bin", "a Word document with macros; save it as a plain .docx"),
    ("ppt/presentation.xml", "a PowerPoint presentation"),
    ("xl/workbook.xml", "an Excel workbook"),
    ("xl/workbook.bin", "an Excel workbook"),
    ("META-INF/container.xml", "an e-book (EPUB)"),
    ("content.xml", "an OpenDocument file"),
)


def sniff(path: Path, filename: str) -> Format:
    """The format to read the file as. Bytes decide: a PDF called .docx is read as a PDF.

    Refused are empty files, formats that are not read, and text under the name of a binary format: nobody writes
    that, it is the error page of a failed download.
    """
    with path.open("rb") as file:
        head = file.read(_HEAD_BYTES)
    if not head.strip(b" \t\r\n\x00\xef\xbb\xbf"):
        raise UnreadableFile(Code.EMPTY_FILE, "The file is empty. Check that it was saved and upload it again.")
    suffix = PurePath(filename).suffix.lower()
    if _is_pdf(head, suffix):
        return PDF
    if head.startswith(_ZIP):
        return _in_zip(path, suffix)
    if head.startswith(_OLE):
        raise _old_office(head)
    if looks_like_text(head):
        return _in_text(decode(head), suffix)
    known = _known_binary(head)
    if _is_text_but_for_nuls(head) and (not known or suffix in _TEXT_EXTENSIONS):
        raise _unsupported("text that holds NUL bytes, so it is not plain text; save it again as UTF-8 text", "")
    raise _unsupported(known, suffix)


def _is_pdf(head: bytes, suffix: str) -> bool:
    """PDFs may have rubbish before their mark, or a broken mark; a text about PDFs has the mark and no objects."""
    if head.lstrip().startswith(b"%PDF-"):
        return True
    marked = b"%PDF-" in head[:1024] or suffix in PDF.extensions
    return marked and bool(_PDF_OBJECT.search(head))


def _in_zip(path: Path, suffix: str) -> Format:
    names = archives.members(path)
    if not names and suffix in DOCX.extensions:
        # Its parser says how it is damaged.
        return DOCX
    for member, what in _INSIDE_ZIP:
        if member in names:
            raise _unsupported(what, suffix)
    if "word/document.xml" in names or (suffix in DOCX.extensions and "[Content_Types].xml" in names):
        return DOCX
    raise _unsupported("a ZIP archive", suffix)


def _old_office(head: bytes) -> UnreadableFile:
    if "EncryptedPackage".encode("utf-16-le") in head:
        return UnreadableFile(
            Code.ENCRYPTED,
            "This Office file is locked with a password. Save a copy without the password and upload that.",
        )
    return _unsupported("an older Office file (such as .doc or .xls); save it as .docx or PDF", "")


def _in_text(head: str, suffix: str) -> Format:
    is_page = bool(_PAGE.match(head)) or (suffix in HTML.extensions and bool(_TAG.search(head)))
    if suffix in _BINARY_TYPES:
        raise UnreadableFile(
            Code.UNSUPPORTED_TYPE,
            f"The file is called {suffix} but holds {'a web page' if is_page else 'plain text'}. The download may have "
            "failed: fetch the file again, or rename it to what it is.",
        )
    if is_page:
        return HTML
    beginning = head.lstrip("\ufeff \t\r\n")
    for mark, what in _MARKED_TEXT:
        if beginning.startswith(mark):
            raise _unsupported(what, suffix)
    if suffix in _TEXT_TYPES:
        raise _unsupported(_TEXT_TYPES[suffix], "")
    return MARKDOWN if suffix in MARKDOWN.extensions else PLAIN


def _is_text_but_for_nuls(head: bytes) -> bool:
    without = head.replace(b"\0", b"")
    return b"\0" in head and looks_like_text(without) and len(without.translate(None, _PRINTABLE)) < 0.1 * len(without)


def _known_binary(head: bytes) -> str:
    if head.startswith(_PROGRAMS):
        return "a program"
    try:
        matches = puremagic.magic_string(head)
    except puremagic.PureError:
        matches = []
    matches = [match for match in matches if match.name and match.confidence >= 0.3]
    return _kind(matches[0]) if matches else ""


def _kind(match: puremagic.PureMagicWithConfidence) -> str:
    family = match.mime_type.partition("/")[0]
    if family in _FAMILIES:
        return f"{_FAMILIES[family]} ({_letters(match.extension)})"
    if match.extension in _ARCHIVES:
        return f"an archive ({_letters(match.extension)})"
    return f"a file of the kind “{match.name}”"


def _letters(extension: str) -> str:
    """The letters people know a kind by."""
    return "JPEG" if extension in (".jpg", ".jpe", ".jfif", ".jpeg") else extension.removeprefix(".").upper()


def _unsupported(what: str, suffix: str) -> UnreadableFile:
    """Says what the file is and, when its name promised one of the formats read, that it is not that."""
    looks = f"looks like {what}" if what else "is of a kind that is not known here"
    promised = by_extension(f"file{suffix}")
    subject = f"The file is called {suffix}, but it {looks}." if promised else f"This file {looks}."
    return UnreadableFile(
        Code.UNSUPPORTED_TYPE,
        f"{subject} What can be read: {supported_list()}. Convert it to one of these and try again.",
    )
