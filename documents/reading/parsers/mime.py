"""What a part of an e-mail says, asked so that no breach of the rules stops the reading."""

import base64
import binascii
import quopri
import re
from collections.abc import Callable
from email import errors, policy
from email.header import decode_header, make_header
from email.message import Message as _Message
from email.parser import BytesParser
from typing import Any, cast

from documents.reading.decoding import decode, is_of_files
from documents.reading.errors import Code, UnreadableFile

# What the email package raises over messages that break the rules.
_BROKEN = (
    RecursionError,
    ValueError,
    LookupError,
    AttributeError,
    TypeError,
    AssertionError,
    binascii.Error,
    errors.MessageError,
)
_FOLD = re.compile(r"\r?\n(?=[ \t])")
_LATIN = {
    "": (),
    "us-ascii": (),
    "ascii": (),
    "iso-8859-1": ("cp1252",),
    "latin-1": ("cp1252",),
    "windows-1252": ("cp1252",),
    "iso-8859-15": ("iso-8859-15",),
}
# Undoing encoded words takes time with the square of their number.
_LONGEST_HEADER = 20_000
_OF_SMIME = ("application/pkcs7-mime", "application/x-pkcs7-mime")


class Message(_Message):
    """A message whose boundaries may be folded."""

    def get_boundary(self, failobj: Any = None) -> Any:
        found = super().get_boundary(failobj)
        return _FOLD.sub("", found) if isinstance(found, str) else found


def parsed(data: bytes) -> Message:
    try:
        return cast(Message, BytesParser(Message, policy=policy.compat32).parsebytes(data))
    except RecursionError as error:
        raise UnreadableFile(
            Code.DAMAGED,
            "This e-mail holds parts in parts, deeper than any program writes them. Open it in your e-mail program, "
            "save its text and upload that.",
            detail="RecursionError",
        ) from error


def kind(part: Message) -> str:
    """The media type in small letters."""
    return _asked(part.get_content_type, "text/plain")


def parts(part: Message) -> list[Message]:
    payload = _asked(part.get_payload, None)
    return [inner for inner in payload if isinstance(inner, Message)] if isinstance(payload, list) else []


def disposition(part: Message) -> str:
    return _asked(lambda: part.get_content_disposition() or "", "")


def filename(part: Message) -> str:
    name = _asked(lambda: part.get_filename() or "", "")[:_LONGEST_HEADER]
    return " ".join(_decoded(name).replace("\\", "/").rpartition("/")[2].split())


def has_content_id(part: Message) -> bool:
    return bool(part.get("Content-ID"))


def is_wrapped(part: Message) -> bool:
    """Whether it is a message inside its own signature."""
    return kind(part) in _OF_SMIME and _smime_type(part) == "signed-data"


def is_enveloped(part: Message) -> bool:
    return kind(part) in _OF_SMIME and not is_wrapped(part)


def header(part: Message, name: str) -> str:
    """The header in letters, as far as it can be made out."""
    return " ".join(_decoded(_asked(lambda: str(part.get(name, "")), "")[:_LONGEST_HEADER]).split())


def text(part: Message) -> str:
    """The text in the encoding it says it is in, or the one it is in when that is a lie."""
    data = contents(part)
    said = _asked(lambda: str(part.get_content_charset() or ""), "").strip("'\" ")
    # Much that says it is Latin is UTF-8, and what is not is read as Windows does.
    tried = ("utf-8", *_LATIN.get(said, ())) if said in _LATIN else (said,)
    for encoding in filter(is_of_files, tried):
        try:
            return data.decode(encoding)
        except (LookupError, UnicodeError, ValueError):
            continue
    return decode(data)


def contents(part: Message) -> bytes:
    """The bytes of a part that holds no others; of one that does, its source."""
    if part.is_multipart():
        return b"\n".join(source(inner) for inner in parts(part))
    if packing := _packing(part):
        part.replace_header("Content-Transfer-Encoding", packing)
    data = _asked(lambda: part.get_payload(decode=True), None)
    if isinstance(data, bytes):
        return data
    raw = _asked(lambda: cast(Any, part.get_payload()), "")
    return raw.encode("utf-8", "surrogateescape") if isinstance(raw, str) else b""


def source(message: Message) -> bytes:
    """The message as it was sent."""
    return _asked(message.as_bytes, b"") or str(message.get_payload()).encode("utf-8", "replace")


def message_inside(part: Message) -> Message:
    """The message that the part is; packed ones, which are against the rules, are unpacked."""
    inner = parts(part)[0] if parts(part) else parsed(contents(part))
    packing = _packing(part)
    if packing not in ("base64", "quoted-printable"):
        return inner
    packed = source(inner).strip()
    try:
        data = base64.b64decode(packed) if packing == "base64" else quopri.decodestring(packed)
    except binascii.Error:
        return inner
    # Some say they are packed and are not.
    return parsed(data) if data and b":" in data[:200] else inner


def _packing(part: Message) -> str:
    """How the contents are packed: the first word of what the part says."""
    return str(part.get("Content-Transfer-Encoding", "")).strip("\"' \t;").partition(";")[0].lower()


def _smime_type(part: Message) -> str:
    return _asked(lambda: str(part.get_param("smime-type") or ""), "").lower()


def _decoded(value: str) -> str:
    return _asked(lambda: str(make_header(decode_header(value))), value).encode("utf-8", "replace").decode()


def _asked[Answer](question: Callable[[], Answer], otherwise: Answer) -> Answer:
    try:
        return question()
    except _BROKEN:
        return otherwise
