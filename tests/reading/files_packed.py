"""Small files that are packed: archives, workbooks, e-books, and the compound files of old Office programs."""

from collections.abc import Mapping, Sequence
from io import BytesIO
from xml.sax.saxutils import escape, quoteattr
from zipfile import ZIP_DEFLATED, ZIP_STORED, ZipFile, ZipInfo

Cell = str | int | float | bool | None
_MAIN = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
_RELATIONS = "http://schemas.openxmlformats.org/package/2006/relationships"
_OFFICE = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
_DATE_STYLE = 1


def packed(members: Mapping[str, bytes | str], *, stored: bool = False) -> bytes:
    """A ZIP archive of these; their bytes can be seen in it when they are only stored."""
    file = BytesIO()
    with ZipFile(file, "w") as archive:
        for name, data in members.items():
            # Without the moment it was made: the same archive every time.
            archive.writestr(ZipInfo(name), data, ZIP_STORED if stored else ZIP_DEFLATED)
    return file.getvalue()


def xlsx(sheets: Mapping[str, Mapping[str, Cell | tuple[str, str]]], *, hidden: Sequence[str] = ()) -> bytes:
    """A workbook of sheets, each with its cells by place: {"B2": "Rent", "C2": 900}; ("d", "45000") is a date,
    ("e", "#REF!") an error, ("f", "900") the kept value of a formula."""
    names = list(sheets)
    entries = "".join(
        f'<sheet name={quoteattr(name)} sheetId="{number}" r:id="rId{number}"'
        f"{' state="hidden"' if name in hidden else ''}/>"
        for number, name in enumerate(names, start=1)
    )
    relations = "".join(
        f'<Relationship Id="rId{number}" Type="{_OFFICE}/worksheet" Target="worksheets/sheet{number}.xml"/>'
        for number in range(1, len(names) + 1)
    )
    return packed(
        {
            "[Content_Types].xml": '<Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types"/>',
            "_rels/.rels": f'<Relationships xmlns="{_RELATIONS}"><Relationship Id="rId1" '
            f'Type="{_OFFICE}/officeDocument" Target="xl/workbook.xml"/></Relationships>',
            "xl/workbook.xml": f'<workbook xmlns="{_MAIN}" xmlns:r="{_OFFICE}"><sheets>{entries}</sheets></workbook>',
            "xl/_rels/workbook.xml.rels": f'<Relationships xmlns="{_RELATIONS}">{relations}'
            f'<Relationship Id="rIdS" Type="{_OFFICE}/styles" Target="styles.xml"/></Relationships>',
            "xl/styles.xml": f'<styleSheet xmlns="{_MAIN}"><cellXfs count="2"><xf numFmtId="0"/><xf numFmtId="14"/>'
            "</cellXfs></styleSheet>",
        }
        | {f"xl/worksheets/sheet{number}.xml": _sheet(sheets[name]) for number, name in enumerate(names, start=1)}
    )


def _sheet(cells: Mapping[str, Cell | tuple[str, str]]) -> str:
    rows: dict[int, list[str]] = {}
    for place, cell in cells.items():
        row = int(place.lstrip("ABCDEFGHIJKLMNOPQRSTUVWXYZ"))
        rows.setdefault(row, []).append(_cell(place, cell))
    lines = "".join(f'<row r="{row}">{"".join(rows[row])}</row>' for row in sorted(rows))
    return f'<worksheet xmlns="{_MAIN}"><sheetData>{lines}</sheetData></worksheet>'


def _cell(place: str, cell: Cell | tuple[str, str]) -> str:
    match cell:
        case ("d", number):
            return f'<c r="{place}" s="{_DATE_STYLE}"><v>{number}</v></c>'
        case ("e", error):
            return f'<c r="{place}" t="e"><v>{error}</v></c>'
        case ("f", value):
            return f'<c r="{place}"><f>SUM(A1:A2)</f><v>{value}</v></c>'
        case bool():
            return f'<c r="{place}" t="b"><v>{int(cell)}</v></c>'
        case int() | float():
            return f'<c r="{place}"><v>{cell}</v></c>'
        case _:
            return f'<c r="{place}" t="inlineStr"><is><t>{escape(str(cell))}</t></is></c>'


def open_document(kind: str, body: str) -> bytes:
    """An OpenDocument file of this kind ("text", "spreadsheet") with this XML as its body."""
    office = "urn:oasis:names:tc:opendocument:xmlns"
    spaces = " ".join(f'xmlns:{name}="{office}:{name}:1.0"' for name in ("office", "text", "table"))
    return packed(
        {
            "mimetype": f"application/vnd.oasis.opendocument.{kind}",
            "content.xml": f"<office:document-content {spaces}><office:body><office:{kind}>{body}</office:{kind}>"
            "</office:body></office:document-content>",
            "META-INF/manifest.xml": '<manifest:manifest xmlns:manifest="urn:oasis:names:tc:opendocument:xmlns:manifest'
            ':1.0"/>',
        }
    )


def ods(name: str, rows: Sequence[Sequence[str]]) -> bytes:
    lines = "".join(
        "<table:table-row>"
        + "".join(
            f'<table:table-cell office:value-type="string"><text:p>{escape(cell)}</text:p></table:table-cell>'
            for cell in row
        )
        + "</table:table-row>"
        for row in rows
    )
    return open_document("spreadsheet", f"<table:table table:name={quoteattr(name)}>{lines}</table:table>")


def epub(
    chapters: Mapping[str, str],
    *,
    order: Sequence[str] = (),
    title: str = "",
    locked_with: str = "",
    spine: bool = True,
) -> bytes:
    """A book of chapters, by name; read in `order`, else as they come. `locked_with` says how its files are locked."""
    items = "".join(
        f'<item id="i{number}" href="{name}" media-type="application/xhtml+xml"/>'
        for number, name in enumerate(chapters)
    )
    references = "".join(f'<itemref idref="i{list(chapters).index(name)}"/>' for name in order or chapters)
    package = (
        '<package xmlns="http://www.idpf.org/2007/opf" xmlns:dc="http://purl.org/dc/elements/1.1/"><metadata>'
        f"<dc:title>{escape(title)}</dc:title></metadata><manifest>{items}</manifest><spine>{references}</spine></package>"
    )
    container = (
        '<container xmlns="urn:oasis:names:tc:opendocument:xmlns:container"><rootfiles>'
        '<rootfile full-path="OEBPS/book.opf"/></rootfiles></container>'
    )
    encryption = (
        f'<encryption><EncryptedData><EncryptionMethod Algorithm="{locked_with}"/></EncryptedData></encryption>'
    )
    members: dict[str, str | bytes] = {"mimetype": "application/epub+zip", "META-INF/container.xml": container}
    members |= {"OEBPS/book.opf": package if spine else "<package"}
    members |= {"META-INF/encryption.xml": encryption} if locked_with else {}
    return packed(members | {f"OEBPS/{name}": chapter for name, chapter in chapters.items()})
