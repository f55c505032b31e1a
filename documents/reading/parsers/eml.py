"""E-mails as they are sent (EML): header, texts and attachments, as far as the message keeps to the rules."""

import re
from collections.abc import Iterator
from pathlib import Path

from documents.reading.decoding import decode, encoding_of
from documents.reading.items import Item, Note
from documents.reading.limits import Limits
from documents.reading.parsers import mail, mime
from documents.reading.parsers.mail import Attachment, Body
from documents.reading.parsers.mime import Message

_SHOWN = ("From", "Sender", "To", "Cc", "Date", "Subject")
_MBOX = b"From "
_NEXT_IN_MBOX = re.compile(rb"(?<=\n)\r?\nFrom [^\n]{3,200}\n(?=[!-9;-~]{1,76}:)")
_DEEPEST = 40
_SIGNATURE = "It is the signature of the message and holds no words."
_SEALED = "It is encrypted for whom it was sent to. Open the message in your e-mail program and save its text."
_WRAPPED = "It is a signed message in a closed form (S/MIME). Open it in your e-mail program and save its text."
_WINMAIL = "It is a packet that only Outlook opens (winmail.dat). Open the message in Outlook and save what is in it."
_ELSEWHERE = "It was not sent with the message, only a hint at where it is."
_REASONS = {
    "application/pkcs7-signature": _SIGNATURE,
    "application/x-pkcs7-signature": _SIGNATURE,
    "application/pgp-signature": _SIGNATURE,
    "application/pgp-encrypted": _SEALED,
    "application/pkcs7-mime": _SEALED,
    "application/x-pkcs7-mime": _SEALED,
    "application/ms-tnef": _WINMAIL,
    "application/vnd.ms-tnef": _WINMAIL,
    "message/external-body": _ELSEWHERE,
}
_ENDINGS = {"text/html": ".html", "text/plain": ".txt", "text/calendar": ".ics", "application/pdf": ".pdf"}
# Texts that are shown in the message though they carry a name.
_SHOWN_TEXTS = ("text/plain", "text/html", "text/calendar", "text/enriched", "text/richtext")
_REPORTS = ("message/delivery-status", "message/disposition-notification", "message/partial")


def parse(path: Path, limits: Limits) -> Iterator[Item]:
    first, *others = _messages(path.read_bytes())
    found = _Found(limits)
    found.read(first)
    for message in others:
        found.read_inside(message)
    yield from mail.items(header_of(first), found.bodies, found.attachments, limits)
    if others:
        yield Note(f"This is a mailbox with {1 + len(others):,} e-mails: all of them were read as one document.")
    if found.is_sealed:
        yield Note("The text of this e-mail is encrypted and could not be read.")


def header_of(message: Message) -> list[tuple[str, str]]:
    return [(name, mime.header(message, name)) for name in _SHOWN]


def _messages(data: bytes) -> list[Message]:
    """The message; of a mailbox, all of them."""
    if encoding_of(data[:2_000]).startswith(("utf-16", "utf-32")):
        data = decode(data).encode()
    data = data.lstrip(b"\xef\xbb\xbf\r\n\t ")
    if not data.startswith((_MBOX, b">" + _MBOX)):
        return [mime.parsed(data)]
    return [mime.parsed(one) for one in _NEXT_IN_MBOX.split(data.partition(b"\n")[2])]


class _Found:
    """The texts and attachments of a message, in its order."""

    def __init__(self, limits: Limits) -> None:
        self.bodies: list[Body] = []
        self.attachments: list[Attachment] = []
        self.is_sealed = False
        self._limits = limits
        self._header: mail.Header = ()

    def read(self, message: Message, depth: int = 0) -> None:
        """Reads a part of a message, and the parts in it."""
        kind = mime.kind(message)
        if kind in ("message/rfc822", "message/global"):
            self._read_message(message, depth)
        elif kind == "multipart/alternative" and mime.parts(message) and depth < _DEEPEST:
            self._read_alternatives(message, depth)
        elif mime.parts(message) and depth < _DEEPEST and kind not in _REPORTS:
            for part in mime.parts(message):
                self.read(part, depth + 1)
        elif _is_text(message, kind, depth):
            self._add(mime.text(message), is_page=kind == "text/html")
        else:
            self._attach(message, kind)

    def read_inside(self, message: Message, depth: int = 1) -> None:
        """Reads a message inside of this one: its header begins its first text."""
        self._header = header_of(message)
        self.read(message, depth)
        if self._header:
            self.bodies.append(Body("", header=self._header))
            self._header = ()

    def _read_message(self, part: Message, depth: int) -> None:
        """A message sent as an attachment is a document of its own; one that was passed on belongs to the text."""
        inner = mime.message_inside(part)
        if depth and mime.disposition(part) == "attachment":
            name = mime.filename(part) or mime.header(inner, "Subject") or "message"
            ending = "" if name.lower().endswith(".eml") else ".eml"
            self.attachments.append(Attachment(name + ending, mime.source(inner)))
        elif depth < _DEEPEST:
            self.read_inside(inner, depth + 1)

    def _read_alternatives(self, message: Message, depth: int) -> None:
        """The plain text, and of the other ways to say it those that say more."""
        plain: Body | None = None
        for part in mime.parts(message):
            before = len(self.bodies)
            self.read(part, depth + 1)
            added = self.bodies[before:]
            if plain is None and added and not added[0].is_page:
                plain = added[0]
            elif plain is not None and len(added) == 1 and not mail.says_more(added[0], plain, self._limits):
                del self.bodies[before:]

    def _add(self, text: str, *, is_page: bool) -> None:
        if text.strip():
            self.bodies.append(Body(text, is_page, self._header))
            self._header = ()

    def _attach(self, part: Message, kind: str) -> None:
        name = mime.filename(part)
        picture = kind.startswith("image/") and mime.disposition(part) != "attachment"
        inline = picture and (not name or mime.has_content_id(part))
        data = mime.contents(part)
        if not data and not name:
            return
        self.is_sealed = self.is_sealed or kind == "application/pgp-encrypted" or mime.is_enveloped(part)
        reason = _WRAPPED if mime.is_wrapped(part) else _REASONS.get(kind, "")
        name = name or f"attachment {len(self.attachments) + 1}{_ENDINGS.get(kind, '')}"
        self.attachments.append(Attachment(name, data, mail.INLINE if inline else reason, shown=not inline))


def _is_text(part: Message, kind: str, depth: int) -> bool:
    """What a reader of the message sees; a text sent as a file with a name is an attachment."""
    unparted = kind.startswith("multipart/") and not part.is_multipart()
    if kind in _REPORTS or unparted or (depth == 0 and kind.startswith("text/")):
        return True
    if not kind.startswith("text/") or mime.disposition(part) == "attachment":
        return False
    return kind in _SHOWN_TEXTS or not mime.filename(part)
