"""What tells kinds of files apart: marks, members, names; and the words for kinds that are not read."""

import re

from documents.reading.parsers.registry import (
    DOC,
    DOCX,
    EML,
    EPUB,
    FORMATS,
    HTML,
    JPEG,
    MARKDOWN,
    MSG,
    ODP,
    ODS,
    ODT,
    PLAIN,
    PNG,
    PPT,
    PPTX,
    TIFF,
    WEBP,
    XLS,
    XLSX,
    ZIP,
    Format,
)

ZIP_MARKS = (b"PK\x03\x04", b"PK\x05\x06", b"PK\x07\x08")
OLE_MARK = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
PICTURES: tuple[tuple[re.Pattern[bytes], Format], ...] = (
    (re.compile(rb"\x89PNG\r\n\x1a\n"), PNG),
    (re.compile(rb"\xff\xd8\xff"), JPEG),
    (re.compile(rb"II[*+]\x00|MM\x00[*+]"), TIFF),
    (re.compile(rb"RIFF.{4}WEBP", re.DOTALL), WEBP),
)

# Members only one format has, the most telling first.
ZIP_MEMBERS = (
    ("word/document.xml", DOCX),
    ("ppt/presentation.xml", PPTX),
    ("xl/workbook.xml", XLSX),
    ("xl/workbook.bin", XLSX),
    ("META-INF/container.xml", EPUB),
)
# In [Content_Types].xml, wherever the member itself stands; templates and files with macros are meant too.
MAIN_PARTS: tuple[tuple[re.Pattern[bytes], Format], ...] = (
    (re.compile(rb"ms-word\.[\w.]{1,40}\.main\+xml|wordprocessingml\.(?:document|template)\.main\+xml"), DOCX),
    (re.compile(rb"presentationml\.(?:presentation|slideshow|template)\.main\+xml|ms-powerpoint\."), PPTX),
    (re.compile(rb"spreadsheetml\.(?:sheet|template)\.main\+xml|ms-excel\.[\w.]{1,60}\.main"), XLSX),
)
# What the member `mimetype` begins with; templates carry a longer name.
MIME_TYPES = (
    (b"application/epub+zip", EPUB),
    (b"application/vnd.oasis.opendocument.text", ODT),
    (b"application/vnd.oasis.opendocument.spreadsheet", ODS),
    (b"application/vnd.oasis.opendocument.presentation", ODP),
)
ZIP_NOT_READ = (
    ("Index/Document.iwa", "a file of Apple Pages, Numbers or Keynote; export it as PDF"),
    ("Index.zip", "a file of Apple Pages, Numbers or Keynote; export it as PDF"),
    ("index.apxl", "an Apple Keynote file; export it as PDF"),
    ("visio/document.xml", "a Visio drawing; export it as PDF"),
    ("FixedDocSeq.fdseq", "an XPS document; print it as PDF"),
    ("AndroidManifest.xml", "an app"),
    ("META-INF/MANIFEST.MF", "a Java program"),
    ("content.xml", "an OpenDocument file of another kind; save it as PDF"),
)
PACKED = (DOCX, PPTX, XLSX, ODT, ODS, ODP, EPUB, ZIP)

# Streams at the root of an OLE file.
OLE_STREAMS = (
    ("__properties_version1.0", MSG),
    ("__nameid_version1.0", MSG),
    ("powerpoint document", PPT),
    ("pp97_dualstorage", PPT),
    ("worddocument", DOC),
    ("workbook", XLS),
    ("book", XLS),
)
OLE_NOT_READ = (
    ("visiodocument", "a Visio drawing; export it as PDF"),
    ("quill", "a Publisher document; save it as PDF"),
    ("matost", "a Microsoft Works document; save it as PDF"),
    ("bodytext", "a Hangul (HWP) document; save it as PDF"),
    ("starwriterdocument", "an old StarOffice document; save it as PDF"),
    ("catalog", "a cache of small pictures, not a document"),
)
OLE = (DOC, XLS, PPT, MSG)

# Text by its bytes, but a format of its own that is not read.
MARKED_TEXT = (
    ("%!PS", "a PostScript file"),
    ("<svg", "an SVG picture"),
)
# Names that promise bytes which are no text; text under such a name is a failed download or a wrong name.
_OTHER_BINARY = re.findall(
    r"\.\w+",
    ".docm .dotx .dotm .dot .xlt .xltx .xltm .xlam .pptm .ppsx .ppsm .potx .pps .pot .pages .numbers .key .msg"
    " .gz .tgz .bz2 .xz .7z .rar .tar .gif .bmp .heic .heif .avif .mp3 .mp4 .m4a .wav .ogg .mov .avi .mkv .exe .dll",
)
_TEXT_FORMATS = (*(format_ for format_ in FORMATS if format_.media_type.startswith("text/")), EML)
_NOT_BINARY = frozenset(suffix for format_ in _TEXT_FORMATS for suffix in format_.extensions) | {".rtf"}
BINARY_SUFFIXES = (
    frozenset(_OTHER_BINARY) | {suffix for format_ in FORMATS for suffix in format_.extensions} - _NOT_BINARY
)
# Names of plain text; what looks like an e-mail under one of them stays text.
TEXT_SUFFIXES = frozenset(PLAIN.extensions + MARKDOWN.extensions + (".csv", ".tsv", ".py", ".rst", ".tex"))

_HEADER_NAMES = (
    "from|to|cc|bcc|sender|reply-to|received|return-path|delivered-to|delivery-date|mime-version|date|subject|message-id"
    "|content-type|content-transfer-encoding|content-disposition|in-reply-to|references|x-mailer|x-originating-ip|x-priority"
    "|received-spf|authentication-results|dkim-signature|arc-seal|resent-from|list-id|precedence|thread-topic|thread-index"
    "|x-received|x-spam-status|x-mozilla-status|status|lines|user-agent|organization|newsgroups|envelope-to|importance"
)
HEADER_LINE = re.compile(r"([!-9;-~]{1,76}+)[ \t]{0,3}+:")
KNOWN_HEADER = re.compile(rf"(?:{_HEADER_NAMES})\Z", re.IGNORECASE)
# One of these is there in any message; "Date" and "Subject" alone may begin a note.
TELLING_HEADER = re.compile(
    r"(?:from|received|return-path|delivered-to|mime-version|message-id|content-type|x-mailer)\Z", re.IGNORECASE
)

# A page begins with one of these, after remarks and a declaration.
PAGE = re.compile(
    # Possessive throughout: remarks can be cut in one way only, however many there are.
    r"\s*+(?>(?:<\?xml[^>]*+>|<!--.*?-->)\s*+)*+<(?:!doctype\s+html|html|head|body|title)\b",
    re.IGNORECASE | re.DOTALL,
)
TAG = re.compile(r"<[a-z][a-z0-9]*[\s>/]", re.IGNORECASE)
# Office programs save pages under their own names.
OFFICE_PAGE = ("urn:schemas-microsoft-com:office", "<table", "<TABLE")
OFFICE_PAGE_SUFFIXES = (".doc", ".xls")
PDF_OBJECT = re.compile(rb"(?<!\d)\d{1,10}\s{1,20}\d{1,10}\s{1,20}obj\b")

PRINTABLE = bytes(set(range(0x20, 0x7F)) | {0x09, 0x0A, 0x0C, 0x0D})
FAMILIES = {"image": "a picture", "audio": "a sound recording", "video": "a video", "font": "a font"}
ARCHIVES = frozenset({".gz", ".bz2", ".xz", ".zst", ".7z", ".rar", ".tar", ".zip"})
# Of Windows, Linux and macOS.
PROGRAMS = (b"MZ", b"\x7fELF", b"\xcf\xfa\xed\xfe", b"\xca\xfe\xba\xbe")
TNEF_MARK = b"\x78\x9f\x3e\x22"
NUL_TEXT_SUFFIXES = PLAIN.extensions + MARKDOWN.extensions + HTML.extensions
