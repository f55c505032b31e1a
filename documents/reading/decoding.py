"""Bytes of a text file to text, whatever encoding they are in."""

import codecs
import re

from charset_normalizer import from_bytes

_BOMS = (
    (codecs.BOM_UTF8, "utf-8-sig"),
    (codecs.BOM_UTF32_LE, "utf-32"),
    (codecs.BOM_UTF32_BE, "utf-32"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)
# Enough to tell an encoding by; guessing over a whole book takes seconds.
_SAMPLE_BYTES = 60_000
_DECLARED = re.compile(
    rb"""<(?:meta\b[^>]{0,200}?charset|\?xml\b[^>]{0,100}?encoding)\s*=\s*["']?\s*([\w.:-]{2,40})""", re.I
)
_CONTROLS = bytes(set(range(0x20)) - {0x09, 0x0A, 0x0B, 0x0C, 0x0D, 0x1B})


def decode(data: bytes) -> str:
    """The text of the bytes. Bytes that fit no encoding become replacement characters: nothing is left out."""
    encoding = encoding_of(data)
    return data.decode(encoding, errors="replace")


def encoding_of(data: bytes) -> str:
    """By mark, by being valid UTF-8, by what the file says of itself, by statistics; in this order."""
    for mark, encoding in _BOMS:
        if data.startswith(mark):
            return encoding
    if _is_utf8(data):
        return "utf-8"
    return _unmarked_utf16(data) or _declared(data) or _guessed(data)


def looks_like_text(head: bytes) -> bool:
    """Whether the beginning of a file can be text at all: hardly any control characters."""
    if any(head.startswith(mark) for mark, _ in _BOMS) or _unmarked_utf16(head):
        return True
    controls = len(head) - len(head.translate(None, _CONTROLS))
    return controls <= len(head) * 0.02


def _is_utf8(data: bytes) -> bool:
    try:
        data.decode("utf-8")
    except UnicodeDecodeError as error:
        # A sample may end in the middle of a character.
        return error.start >= len(data) - 3 and error.reason == "unexpected end of data"
    return True


def _unmarked_utf16(data: bytes) -> str:
    """Latin text in UTF-16 has a zero in every other byte."""
    sample = data[:2_000]
    even, odd = sample[0::2].count(0), sample[1::2].count(0)
    half = len(sample) / 2
    if half >= 4 and odd > half * 0.7 and even < half * 0.1:
        return "utf-16-le"
    if half >= 4 and even > half * 0.7 and odd < half * 0.1:
        return "utf-16-be"
    return ""


def _declared(data: bytes) -> str:
    found = _DECLARED.search(data[:4_096])
    if not found:
        return ""
    try:
        name = codecs.lookup(found.group(1).decode("ascii"))
    except LookupError:
        return ""
    # Codecs such as "hex" or "zip" are not encodings of text; UTF-16 cannot declare itself in ASCII.
    return name.name if name._is_text_encoding and not name.name.startswith(("utf-16", "utf-32")) else ""


def _guessed(data: bytes) -> str:
    best = from_bytes(data[:_SAMPLE_BYTES]).best()
    return best.encoding if best else "cp1252"
