"""Outlook messages (MSG): header, text and attachments. Read stream by stream: one broken property costs no other."""

import struct
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from email.parser import HeaderParser
from pathlib import Path

from olefile import OleFileIO
from oxmsg.storage import Storage

from documents.reading.decoding import decode
from documents.reading.draft import clean
from documents.reading.errors import Code, UnreadableFile
from documents.reading.items import Item, Note
from documents.reading.limits import Limits
from documents.reading.parsers import mail, mime
from documents.reading.parsers.mail import Attachment, Body

# Properties by the numbers the format gives them.
_SUBJECT, _BODY, _HTML, _RICH_TEXT, _HEADERS = 0x0037, 0x1000, 0x1013, 0x1009, 0x007D
_SENDER_NAME, _SENDER_ADDRESS, _SENDER_SMTP, _SENT_FOR = 0x0C1A, 0x0C1F, 0x5D01, 0x0042
_SENT, _DELIVERED, _TO, _CC = 0x0039, 0x0E06, 0x0E04, 0x0E03
_NAME, _ADDRESS, _SMTP, _RECEIVER_KIND = 0x3001, 0x3003, 0x39FE, 0x0C15
_FILE_NAME, _SHORT_FILE_NAME, _DATA, _CONTENT_ID, _HIDDEN = 0x3707, 0x3704, 0x3701, 0x3712, 0x7FFE
_CODE_PAGE, _BODY_CODE_PAGE = 0x3FFD, 0x3FDE
# Types of properties.
_UNICODE, _LETTERS, _BYTES, _OBJECT = 0x001F, 0x001E, 0x0102, 0x000D
# Where the table of properties begins, by what it belongs to.
_OF_FILE, _OF_INNER, _OF_OTHERS = 32, 24, 8
_PICTURES = (b"\x89PNG", b"\xff\xd8\xff", b"GIF8", b"BM")
_EMBEDDED = "It is an object of another program inside of the message. Save it from Outlook and upload that."
_ABSENT = "It is a link to a file that was not sent with the message."
# What the libraries raise over files that break the rules.
_BROKEN = (OSError, ValueError, LookupError, AttributeError, TypeError, RecursionError, struct.error)


def parse(path: Path, limits: Limits) -> Iterator[Item]:
    message = _Properties(_open(path), _OF_FILE)
    header = _header(message)
    bodies = _bodies(message, limits)
    attachments = []
    for storage in message.storages("__attach"):
        inner = _inner_message(storage)
        if inner:
            bodies += _inside(inner, limits)
            attachments += [_attachment(one) for one in inner.storages("__attach") if not _inner_message(one)]
        else:
            attachments.append(_attachment(storage))
    yield from mail.items(header, bodies, attachments, limits)
    if not bodies and message.data(_RICH_TEXT) and not message.data(_BODY, _UNICODE) + message.data(_BODY, _LETTERS):
        yield Note(
            "The text of this message is kept in a form only Outlook reads. Save it from Outlook as .docx or PDF."
        )


class _Properties:
    """The properties of a message, of one of its receivers or attachments."""

    def __init__(self, storage: Storage, begins: int) -> None:
        self._storage = storage
        self._streams = {stream.name.lower(): stream.bytes_ for stream in storage.streams}
        table = self._streams.get("__properties_version1.0", b"")[begins:]
        rows = (table[start : start + 16] for start in range(0, len(table) - 15, 16))
        self._fixed = {int.from_bytes(row[2:4], "little"): row[8:] for row in rows}

    def data(self, number: int, kind: int = _BYTES) -> bytes:
        return self._streams.get(f"__substg1.0_{number:04x}{kind:04x}", b"")

    def text(self, number: int, *others: int) -> str:
        """The text of the property, or of the first of the others that has one."""
        if unicode := self.data(number, _UNICODE):
            found = unicode.decode("utf-16-le", "replace")
        else:
            found = self._decoded(self.data(number, _LETTERS), self._code_page(number))
        found = clean(found).strip()
        return found or (self.text(*others) if others else "")

    def page(self) -> str:
        """The text as a web page."""
        return self._decoded(self.data(_HTML), self._code_page(_HTML)) or self.text(_HTML)

    def number(self, number: int) -> int:
        return int.from_bytes(self._fixed.get(number, b"")[:4], "little")

    def moment(self, number: int) -> datetime | None:
        """In UTC; kept as tenths of microseconds since 1601."""
        ticks = int.from_bytes(self._fixed.get(number, b""), "little")
        try:
            return datetime(1601, 1, 1, tzinfo=UTC) + timedelta(microseconds=ticks // 10) if ticks else None
        except OverflowError:
            return None

    def storages(self, beginning: str) -> list[Storage]:
        return [storage for storage in self._storage.storages if storage.name.lower().startswith(beginning)]

    def _code_page(self, number: int) -> str:
        first, second = (_BODY_CODE_PAGE, _CODE_PAGE) if number in (_BODY, _HTML) else (_CODE_PAGE, _BODY_CODE_PAGE)
        page = self.number(first) or self.number(second)
        return "utf-8" if page == 65001 else f"cp{page}" if page else ""

    def _decoded(self, data: bytes, encoding: str) -> str:
        try:
            return data.decode(encoding) if encoding else decode(data)
        except (LookupError, UnicodeError):
            return decode(data)


def _open(path: Path) -> Storage:
    try:
        with OleFileIO(path) as ole:
            return Storage.from_ole(ole)
    except _BROKEN as error:
        raise UnreadableFile(
            Code.DAMAGED,
            "This Outlook message is damaged and cannot be opened. Open it in Outlook, save it again and upload that.",
            detail=type(error).__name__,
        ) from error


def _header(message: _Properties) -> list[tuple[str, str]]:
    sent = HeaderParser(mime.Message).parsestr(message.text(_HEADERS))
    moment = message.moment(_SENT) or message.moment(_DELIVERED)
    sender = _person(message.text(_SENDER_NAME, _SENT_FOR), message.text(_SENDER_SMTP, _SENDER_ADDRESS))
    return [
        ("From", mime.header(sent, "From") or sender),
        ("To", _receivers(message, 1) or message.text(_TO) or mime.header(sent, "To")),
        ("Cc", _receivers(message, 2) or message.text(_CC) or mime.header(sent, "Cc")),
        ("Date", f"{moment:%Y-%m-%d %H:%M} UTC" if moment else mime.header(sent, "Date")),
        ("Subject", message.text(_SUBJECT) or mime.header(sent, "Subject")),
    ]


def _receivers(message: _Properties, kind: int) -> str:
    found = [_Properties(storage, _OF_OTHERS) for storage in message.storages("__recip")]
    chosen = [one for one in found if (one.number(_RECEIVER_KIND) or 1) == kind]
    return ", ".join(filter(None, (_person(one.text(_NAME), one.text(_SMTP, _ADDRESS)) for one in chosen)))


def _person(name: str, address: str) -> str:
    """Addresses inside of one organisation are paths, and say nothing to people."""
    address = "" if address.startswith("/") or address == name else address
    return f"{name} <{address}>" if name and address else name or address


def _bodies(message: _Properties, limits: Limits, header: mail.Header = ()) -> list[Body]:
    """The plain text, and the page where it says more."""
    text, page = message.text(_BODY), message.page()
    plain = [Body(text, header=header)] if text.strip() else []
    if page.strip() and (not plain or mail.says_more(Body(page, is_page=True), plain[0], limits)):
        return [*plain, Body(page, is_page=True, header=() if plain else header)]
    return plain


def _inner_message(attachment: Storage) -> _Properties | None:
    wanted = f"__substg1.0_{_DATA:04x}{_OBJECT:04x}"
    inner = next((one for one in attachment.storages if one.name.lower() == wanted), None)
    found = _Properties(inner, _OF_INNER) if inner else None
    return found if found and (found.text(_SUBJECT, _BODY) or found.page()) else None


def _inside(message: _Properties, limits: Limits) -> list[Body]:
    header = _header(message)
    return _bodies(message, limits, header) or [Body("", header=header)]


def _attachment(storage: Storage) -> Attachment:
    properties = _Properties(storage, _OF_OTHERS)
    data = properties.data(_DATA)
    name = properties.text(_FILE_NAME, _SHORT_FILE_NAME, _NAME) or "attachment"
    is_picture = data.startswith(_PICTURES)
    inline = is_picture and bool(properties.number(_HIDDEN) or properties.text(_CONTENT_ID))
    absent = "" if data else _EMBEDDED if storage.storages else _ABSENT
    return Attachment(name, data, mail.INLINE if inline else absent, shown=not inline)
