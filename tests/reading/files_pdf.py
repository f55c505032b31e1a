"""PDFs whose pages are drawn by hand, for what `files.pdf` has no words for."""

from collections.abc import Sequence
from io import BytesIO

import pikepdf

from tests.reading.files import Sheet, Text, pdf


def drawn(*pages: str, picture: bool = False) -> bytes:
    """Pages of 600 by 800 points with these drawings.

    /F1 is Helvetica, /Im a gray picture over most of the page, /Off and /On are layers, /Clear lets all shine through.
    """
    file = BytesIO()
    with pikepdf.open(BytesIO(pdf(*(Sheet() for _ in pages)))) as made:
        for page, drawing in zip(made.pages, pages, strict=True):
            under = "q 560 0 0 760 20 20 cm /Im Do Q " if picture else ""
            _give_layers(made, page)
            page.Contents = made.make_stream((under + drawing).encode("cp1252"))
        made.save(file)
    return file.getvalue()


def _give_layers(made: pikepdf.Pdf, page: pikepdf.Page) -> None:
    layers = {name: made.make_indirect(pikepdf.Dictionary(Type=pikepdf.Name.OCG, Name=name)) for name in ("On", "Off")}
    shown = pikepdf.Dictionary(OFF=[layers["Off"]], Order=list(layers.values()))
    made.Root.OCProperties = pikepdf.Dictionary(OCGs=list(layers.values()), D=shown)
    page.Resources.Properties = pikepdf.Dictionary({f"/{name}": layer for name, layer in layers.items()})
    clear = pikepdf.Dictionary(ca=0.3, BM=pikepdf.Name.Multiply)
    page.Resources.ExtGState = pikepdf.Dictionary(Clear=clear)


def words(text: str, x: float = 72, y: float = 720, size: float = 12, before: str = "") -> str:
    """The drawing of some words, after the operators before them."""
    return f"q BT {before} /F1 {size} Tf {x} {y} Td ({text}) Tj ET Q "


def grid(*rows: Sequence[str], y: float = 700, step: float = 14, width: float = 120) -> list[Text]:
    """Cells in columns; an empty one is not drawn."""
    return [
        Text(cell, x=72 + width * column, y=y - step * row)
        for row, cells in enumerate(rows)
        for column, cell in enumerate(cells)
        if cell
    ]
