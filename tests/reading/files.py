"""Small files of every kind that is read, made in code."""

import zlib
from collections.abc import Sequence
from dataclasses import dataclass
from io import BytesIO
from typing import Any
from zipfile import ZIP_DEFLATED, ZipFile

import docx


@dataclass(frozen=True)
class Text:
    """Words on a page: where they begin, in points from the bottom left, and how large they are."""

    words: str
    x: float = 72
    y: float = 720
    size: float = 12
    bold: bool = False


@dataclass(frozen=True)
class Sheet:
    """A page of a PDF, 600 by 800 points."""

    texts: Sequence[Text] = ()
    turned: int = 0
    crop: tuple[int, int, int, int] | None = None
    picture: bool = False


def pdf(*sheets: Sheet, title: str = "", locked: bool = False) -> bytes:
    """A PDF of these pages; a locked one asks for a password nobody knows."""
    kids = " ".join(f"{7 + 2 * number} 0 R" for number in range(len(sheets)))
    objects = [
        b"<< /Type /Catalog /Pages 2 0 R >>",
        f"<< /Type /Pages /Count {len(sheets)} /Kids [{kids}] >>".encode(),
        b"<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica /Encoding /WinAnsiEncoding >>",
        b"<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica-Bold /Encoding /WinAnsiEncoding >>",
        _stream(
            b"\x80", b"/Type /XObject /Subtype /Image /Width 1 /Height 1 /ColorSpace /DeviceGray /BitsPerComponent 8"
        ),
        f"<< /Title ({title}) >>".encode(),
    ]
    for number, sheet in enumerate(sheets):
        objects += [_page(sheet, contents=8 + 2 * number), _stream(_drawing(sheet))]
    return _assembled(objects, _LOCK if locked else b"")


_LOCK = b"/Encrypt << /Filter /Standard /V 1 /R 2 /P -4 /O (%s) /U (%s) >> /ID [<00> <00>]" % (b"o" * 32, b"u" * 32)


def _page(sheet: Sheet, contents: int) -> bytes:
    crop = f"/CropBox [{' '.join(map(str, sheet.crop))}]" if sheet.crop else ""
    return (
        f"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 600 800] {crop} /Rotate {sheet.turned} /Contents {contents} 0 R "
        "/Resources << /Font << /F1 3 0 R /F2 4 0 R >> /XObject << /Im 5 0 R >> >> >>"
    ).encode()


def _drawing(sheet: Sheet) -> bytes:
    parts = [b"q 500 0 0 700 50 50 cm /Im Do Q"] if sheet.picture else []
    for text in sheet.texts:
        words = text.words.encode("cp1252").replace(b"\\", b"\\\\").replace(b"(", b"\\(").replace(b")", b"\\)")
        font = b"F2" if text.bold else b"F1"
        parts.append(b"BT /%s %g Tf %g %g Td (%s) Tj ET" % (font, text.size, text.x, text.y, words))
    return b"\n".join(parts)


def _stream(data: bytes, entries: bytes = b"") -> bytes:
    packed = zlib.compress(data)
    return b"<< %s /Filter /FlateDecode /Length %d >>\nstream\n%s\nendstream" % (entries, len(packed), packed)


def _assembled(objects: Sequence[bytes], trailer: bytes) -> bytes:
    file = bytearray(b"%PDF-1.7\n")
    offsets = []
    for number, body in enumerate(objects, start=1):
        offsets.append(len(file))
        file += b"%d 0 obj\n%s\nendobj\n" % (number, body)
    table = len(file)
    file += b"xref\n0 %d\n0000000000 65535 f \n" % (len(objects) + 1)
    file += b"".join(b"%010d 00000 n \n" % offset for offset in offsets)
    file += b"trailer\n<< /Size %d /Root 1 0 R /Info 6 0 R %s >>\n" % (len(objects) + 1, trailer)
    return bytes(file) + b"startxref\n%d\n%%%%EOF\n" % table


def paragraph(*lines: str, y: float = 720, x: float = 72) -> tuple[Text, ...]:
    """Lines set solid, one under the other."""
    return tuple(Text(words, x=x, y=y - 14 * number) for number, words in enumerate(lines))


def docx_bytes(document: Any) -> bytes:
    file = BytesIO()
    document.save(file)
    return file.getvalue()


def letter() -> bytes:
    """A Word document with a heading, a paragraph, a list and a table."""
    document = docx.Document()
    document.core_properties.title = "A letter"
    document.add_heading("Rent", level=1)
    document.add_paragraph("The rent is 900 euros. It is due on the first.")
    document.add_paragraph("Heating", style="List Bullet")
    document.add_paragraph("Water", style="List Bullet")
    table = document.add_table(rows=2, cols=2)
    for cell, words in zip(table.rows[0].cells, ("Month", "Amount"), strict=True):
        cell.paragraphs[0].add_run(words).bold = True
    for cell, words in zip(table.rows[1].cells, ("May", "900"), strict=True):
        cell.text = words
    return docx_bytes(document)


def archive(**members: bytes) -> bytes:
    """A ZIP archive; in names, two underlines stand for a slash and one for a dot."""
    file = BytesIO()
    with ZipFile(file, "w", ZIP_DEFLATED) as packed:
        for name, data in members.items():
            packed.writestr(name.replace("__", "/").replace("_", "."), data)
    return file.getvalue()


PNG = b"\x89PNG\r\n\x1a\n\x00\x00\x00\rIHDR\x00\x00\x00\x01\x00\x00\x00\x01\x08\x00\x00\x00\x00:~\x9bU" + bytes(64)
