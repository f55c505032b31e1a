"""PDFs that are turned, filled in, broken, or whose letters are no writing."""

from collections.abc import Callable
from io import BytesIO
from pathlib import Path

import pikepdf
import pytest
from pikepdf import Array, Dictionary, Name

from documents.reading.parsers import pdf
from documents.reading.parsers.pdf import is_garbage
from documents.reading.parsers.pdf_repair import REPAIRED
from documents.values import PageKind, ReadDocument
from tests.reading import files
from tests.reading.files import Sheet, Text
from tests.reading.files_pdf import drawn, words
from tests.reading.reading import blocks, place, read_with

Parsed = Callable[[bytes], ReadDocument]


@pytest.fixture
def parsed(tmp_path: Path) -> Parsed:
    def parse(data: bytes) -> ReadDocument:
        path = tmp_path / "file.pdf"
        path.write_bytes(data)
        return read_with(pdf.parse, path)

    return parse


def _upright(*lines: str, matrix: str) -> str:
    """Lines set under each other in a frame that is turned as the matrix says."""
    shown = " ".join(f"({line}) Tj 0 -14 Td" for line in lines)
    return f"q BT {matrix} Tm /F1 12 Tf {shown} ET Q "


@pytest.mark.parametrize(
    ("matrix", "corner"),
    [("0 1 -1 0 300 100", (0.5, 0.87)), ("0 -1 1 0 300 700", (0.5, 0.13)), ("-1 0 0 -1 500 400", (0.83, 0.5))],
    ids=["upwards", "downwards", "upside down"],
)
def test_text_that_runs_another_way_is_read_along_its_lines(
    parsed: Parsed, matrix: str, corner: tuple[float, float]
) -> None:
    lines = ("The rent is nine hundred euros and it is", "due on the first day of every month.")

    document = parsed(drawn(_upright(*lines, matrix=matrix)))

    assert document.text == " ".join(lines)
    word = place(document, "The")
    assert ((word.x0 + word.x1) / 2, (word.y0 + word.y1) / 2) == pytest.approx(corner, abs=0.02)


def test_a_page_of_two_directions_keeps_both(parsed: Parsed) -> None:
    document = parsed(drawn(words("Read me first") + _upright("In the margin", matrix="0 1 -1 0 40 100")))

    assert blocks(document) == ["Read me first", "In the margin"]


def _form(value: str, flags: int = 0) -> bytes:
    """A page with a label and a field that holds the value; /F 2 hides a field."""
    file = BytesIO()
    with pikepdf.open(BytesIO(drawn(words("Name of the tenant:", y=705)))) as made:
        field = made.make_indirect(
            Dictionary(
                Type=Name.Annot, Subtype=Name.Widget, FT=Name.Tx, T="t", V=value, F=flags, Rect=[250, 700, 500, 716]
            )
        )
        made.pages[0].Annots = Array([field])
        made.Root.AcroForm = Dictionary(Fields=Array([field]), DA="/F1 12 Tf 0 g")
        made.save(file)
    return file.getvalue()


def test_what_is_filled_into_a_form_is_read_where_its_field_stands(parsed: Parsed) -> None:
    document = parsed(_form("Ada Byron"))

    assert "Name of the tenant: Ada Byron" in document.text
    word = place(document, "Ada")
    assert (word.x0, word.y1) == pytest.approx((250 / 600, 100 / 800), abs=0.02)


def test_a_hidden_field_is_not_read(parsed: Parsed) -> None:
    assert "Ada" not in parsed(_form("Ada Byron", flags=2)).text


def test_a_pdf_whose_tables_are_broken_is_repaired_and_says_so(parsed: Parsed) -> None:
    before, _, after = files.pdf(Sheet([Text("Still to be read")])).rpartition(b">>")

    document = parsed(before + after)

    assert document.text == "Still to be read"
    assert document.notes == (REPAIRED,)


@pytest.mark.parametrize(
    ("letters", "expected"),
    [
        ("The rent is nine hundred euros.", False),
        ("Die Miete beträgt 900 Euro.", False),
        ("房租是九百欧元。", False),
        ("किराया नौ सौ यूरो है", False),
        ("........................ 12", False),
        ("2024 | 1,250.00 | 3.5 %", False),
        ("\ufffd\ufffd\ufffd \ufffd\ufffd", True),
        ("\ue001\ue002\ue003 \ue004\ue005\ue006", True),
        ("!\"#$%&'()*+,-./:;<=>?@[\\]^_`{|}~!#%&()+-/<>{}", True),
        ("", False),
    ],
)
def test_letters_that_are_no_writing_are_told_apart(letters: str, expected: bool) -> None:
    assert is_garbage(letters) is expected


def test_a_page_whose_letters_are_no_writing_is_recognised(parsed: Parsed) -> None:
    """Every letter of the font stands for a sign without meaning; what is drawn can be read all the same."""
    document = parsed(_with_nameless_letters("The rent is nine hundred euros a month."))

    assert document.pages[0].kind is PageKind.OCR
    assert "nine hundred euros" in document.text


def _with_nameless_letters(line: str) -> bytes:
    file = BytesIO()
    with pikepdf.open(BytesIO(drawn(words(line, size=20)))) as made:
        mapping = b"/CIDInit /ProcSet findresource begin 12 dict begin begincmap /CMapName /X def /CMapType 2 def\n"
        mapping += b"1 begincodespacerange <00> <ff> endcodespacerange\n"
        mapping += b"1 beginbfrange <20> <7e> <E020> endbfrange endcmap end end"
        made.pages[0].Resources.Font.F1.ToUnicode = made.make_stream(mapping)
        made.save(file)
    return file.getvalue()
