"""What a file is, from its bytes. The name is asked only where bytes cannot tell, and may not promise another thing."""

import re
import struct
from collections.abc import Iterator
from dataclasses import dataclass
from io import BytesIO
from pathlib import Path, PurePath

import olefile
import puremagic

from documents.reading import archives, kinds
from documents.reading.archives import Source
from documents.reading.decoding import decode, looks_like_text
from documents.reading.errors import Code, UnreadableFile
from documents.reading.parsers.registry import (
    CSV,
    EML,
    EPUB,
    HTML,
    MARKDOWN,
    MSG,
    ODP,
    ODS,
    ODT,
    PDF,
    PLAIN,
    RTF,
    ZIP,
    Format,
    by_extension,
    supported_list,
)

_HEAD_BYTES = 65_536
_NOTHING = b" \t\r\n\x00\xef\xbb\xbf"
_HEADER_LINES = 40
_LIST = " What can be read: "
# "BM" begins words too: zeros and the size of one of the known headers must follow.
_BITMAP = re.compile(rb"BM.{4}\x00{4}.{4}[\x0c\x10\x28\x34\x38\x40\x6c\x7c]\x00{3}", re.DOTALL)
_ENCRYPTED_STREAM = "encryptedpackage"
_LOCKED = "This Office file is locked with a password. Save a copy without the password and upload that."


@dataclass(frozen=True, slots=True)
class Sniffed:
    """The format to read a file as, and a sentence when its name says it is another."""

    format: Format
    note: str = ""


def sniff(path: Path, filename: str) -> Sniffed:
    """What the file is. Bytes decide: a PDF called .docx is read as a PDF, and that is told.

    Refused are empty files, formats that are not read, and text under the name of a binary format: nobody writes
    that, it is the error page of a failed download.
    """
    with path.open("rb") as file:
        head = file.read(_HEAD_BYTES)
    return _sniffed(path, head, filename)


def sniff_bytes(data: bytes, filename: str) -> Sniffed:
    """The same for a file in memory."""
    return _sniffed(BytesIO(data), data[:_HEAD_BYTES], filename)


def _sniffed(source: Source, head: bytes, filename: str) -> Sniffed:
    if not head.strip(_NOTHING):
        raise UnreadableFile(Code.EMPTY_FILE, "The file is empty. Check that it was saved and upload it again.")
    suffix = PurePath(filename).suffix.lower()
    format_ = _format(source, head, suffix)
    return Sniffed(format_, _told(format_, suffix))


def _told(format_: Format, suffix: str) -> str:
    """What is odd about the name."""
    promised = by_extension(f"file{suffix}")
    if promised is None or promised.module == format_.module:
        return ""
    return f"Its name ends in {suffix}, but its bytes are {format_.name}: it was read as {format_.name}."


def _format(source: Source, head: bytes, suffix: str) -> Format:
    if _is_pdf(head, suffix):
        return PDF
    if head.startswith(kinds.ZIP_MARKS):
        return _in_zip(source, suffix)
    if head.startswith(kinds.OLE_MARK):
        return _in_ole(source, suffix)
    if picture := next((format_ for mark, format_ in kinds.PICTURES if mark.match(head)), None):
        return picture
    if head.lstrip().startswith(b"{\\rtf"):
        return RTF
    if looks_like_text(head) and not _BITMAP.match(head):
        return _in_text(decode(head), suffix)
    return _in_binary(head, suffix)


def _is_pdf(head: bytes, suffix: str) -> bool:
    """PDFs may have rubbish before their mark, or a broken mark; a text about PDFs has the mark and no objects."""
    if head.lstrip().startswith(b"%PDF-"):
        return True
    marked = b"%PDF-" in head[:1024] or suffix in PDF.extensions
    return marked and bool(kinds.PDF_OBJECT.search(head))


def _in_zip(source: Source, suffix: str) -> Format:
    names = archives.members(source)
    promised = by_extension(f"file{suffix}")
    if not names:
        # Its parser says how it is damaged.
        return promised if promised in kinds.PACKED else ZIP
    if found := _by_members(source, names):
        return found
    for member, what in kinds.ZIP_NOT_READ:
        if member in names:
            raise _unsupported(what, suffix)
    if "[Content_Types].xml" in names:
        types = archives.beginning(source, "[Content_Types].xml", _HEAD_BYTES)
        for pattern, format_ in kinds.MAIN_PARTS:
            if pattern.search(types):
                return format_
        if promised in kinds.PACKED and promised is not ZIP:
            return promised
    return ZIP


def _by_members(source: Source, names: frozenset[str]) -> Format | None:
    if "mimetype" in names:
        said = archives.beginning(source, "mimetype", 100)
        for begins, format_ in kinds.MIME_TYPES:
            if said.startswith(begins):
                return format_
    return next((format_ for member, format_ in kinds.ZIP_MEMBERS if member in names), None)


def _in_ole(source: Source, suffix: str) -> Format:
    """Office files before 2007, and messages of Outlook, by the streams in them."""
    streams = _streams(source)
    if _ENCRYPTED_STREAM in streams:
        raise UnreadableFile(Code.ENCRYPTED, _LOCKED)
    if found := next((format_ for stream, format_ in kinds.OLE_STREAMS if stream in streams), None):
        return found
    for stream, what in kinds.OLE_NOT_READ:
        if stream in streams:
            raise _unsupported(what, suffix)
    promised = by_extension(f"file{suffix}")
    if promised in kinds.OLE:
        # Its parser says how it is damaged.
        return promised
    raise _unsupported("an Office file of a kind that is not known here", suffix)


def _streams(source: Source) -> set[str]:
    """The names at the root, in small letters; none when the file is too damaged to tell."""
    if not isinstance(source, Path):
        source.seek(0)
    try:
        with olefile.OleFileIO(source) as file:
            return {entry[0].lower() for entry in file.listdir(streams=True, storages=True)}
    except (OSError, struct.error, ValueError, LookupError, AttributeError, TypeError, RecursionError):
        return set()


def _in_text(head: str, suffix: str) -> Format:
    is_page = bool(kinds.PAGE.match(head)) or (suffix in HTML.extensions and bool(kinds.TAG.search(head)))
    if not is_page and _is_mail(head, suffix):
        return EML
    if suffix in kinds.OFFICE_PAGE_SUFFIXES and _is_office_page(head):
        return HTML
    if suffix in kinds.BINARY_SUFFIXES:
        raise UnreadableFile(
            Code.UNSUPPORTED_TYPE,
            f"The file is called {suffix} but holds {'a web page' if is_page else 'plain text'}. The download may have "
            "failed: fetch the file again, or rename it to what it is.",
        )
    if is_page:
        return HTML
    beginning = head.lstrip("\ufeff \t\r\n")
    for mark, what in kinds.MARKED_TEXT:
        if beginning.startswith(mark) or (suffix == ".svg" and mark in head):
            raise _unsupported(what, suffix)
    return next((format_ for format_ in (MARKDOWN, CSV) if suffix in format_.extensions), PLAIN)


def _is_office_page(head: str) -> bool:
    """Office programs save web pages under their own names."""
    return head.lstrip("\ufeff \t\r\n").startswith("<") and any(mark in head for mark in kinds.OFFICE_PAGE)


def _is_mail(head: str, suffix: str) -> bool:
    """Whether the text begins with the header of an e-mail. A name that says so is believed; one of a text, too."""
    if suffix in EML.extensions:
        return True
    if suffix in kinds.TEXT_SUFFIXES:
        return False
    known = [name for name in _header_names(head.lstrip("\ufeff \t\r\n")) if kinds.KNOWN_HEADER.match(name)]
    return len(known) >= 2 and any(kinds.TELLING_HEADER.match(name) for name in known)


def _header_names(text: str) -> Iterator[str]:
    """The names in the lines a text begins with, as long as they are lines of a header."""
    for number, line in enumerate(text.split("\n", _HEADER_LINES)[:_HEADER_LINES]):
        if found := kinds.HEADER_LINE.match(line):
            yield found.group(1)
        elif line[:1] not in (" ", "\t") and not (number == 0 and line.startswith(("From ", ">From "))):
            return


def _in_binary(head: bytes, suffix: str) -> Format:
    known = _known_binary(head)
    if _is_text_but_for_nuls(head) and (not known or suffix in kinds.NUL_TEXT_SUFFIXES):
        raise _unsupported("text that holds NUL bytes, so it is not plain text; save it again as UTF-8 text", "")
    promised = by_extension(f"file{suffix}")
    if suffix in EML.extensions:
        # Messages may hold raw bytes anywhere.
        return EML
    if promised in (ODT, ODS, ODP, EPUB, MSG) and not known:
        return promised
    raise _unsupported(known, suffix)


def _is_text_but_for_nuls(head: bytes) -> bool:
    without = head.replace(b"\0", b"")
    printable = len(without.translate(None, kinds.PRINTABLE)) < 0.1 * len(without)
    return b"\0" in head and looks_like_text(without) and printable


def _known_binary(head: bytes) -> str:
    if head.startswith(kinds.PROGRAMS):
        return "a program"
    if _BITMAP.match(head):
        return "a picture (BMP)"
    if head.startswith(kinds.TNEF_MARK):
        return "an attachment that only Outlook opens (winmail.dat)"
    try:
        matches = puremagic.magic_string(head)
    except puremagic.PureError:
        matches = []
    matches = [match for match in matches if match.name and match.confidence >= 0.3]
    return _kind(matches[0]) if matches else ""


def _kind(match: puremagic.PureMagicWithConfidence) -> str:
    family = match.mime_type.partition("/")[0]
    if family in kinds.FAMILIES:
        return f"{kinds.FAMILIES[family]} ({_letters(match.extension)})"
    if match.extension in kinds.ARCHIVES:
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
        f"{subject}{_LIST}{supported_list()}. Convert it to one of these and try again.",
    )


def without_list(refusal: UnreadableFile) -> str:
    """Why the file was refused, in few words: without the list of what can be read."""
    return str(refusal).partition(_LIST)[0]
