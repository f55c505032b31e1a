"""A document that lies open: its pages or its text on one side, with the marks of what lies in the panel beside it."""

from collections.abc import Sequence
from dataclasses import replace
from typing import Any

from accounts.models import User
from documents import pictures
from documents.models import Document
from documents.web import desk, finding, marginalia, pagemap, panels, sheets
from documents.web.address import Address, View
from documents.web.reader import FOUND, Cited, TextView, assemble
from documents.web.sheets import SheetsView

type Laid = TextView | SheetsView


def lay_out(document: Document, person: User, address: Address) -> dict[str, Any]:
    """All that the reader shows."""
    notes = marginalia.of(document, person, address.edit)
    panel = panels.lay_out(document, person, address, notes)
    find = finding.look(document, address)
    cited = [*panel.cited, *marginalia.cited(notes), *(find.cited if find else _sought(address.at))]
    laid = _laid(document, address, cited)
    return {
        **desk.about(document, person),
        **panel.context,
        **panel.linked(laid),
        "here": replace(address, part=str(laid.part) if laid and laid.parts > 1 else ""),
        "find": find,
        "notes": notes,
        "drawn": pictures.has_pictures(document),
        "text": laid if isinstance(laid, TextView) else None,
        "sheets": laid if isinstance(laid, SheetsView) else None,
        "laid": laid,
        "map": pagemap.draw(document, cited) if laid else None,
    }


def _laid(document: Document, address: Address, cited: Sequence[Cited]) -> Laid | None:
    if not document.content:
        return None
    part, number = desk.number(address.part), desk.number(address.near)
    if address.shown == View.PAGES and pictures.has_pictures(document):
        return sheets.lay_out(document, cited, part=part, near=number)
    pages = desk.pages(document)
    near = next((page.start for page in pages if page.number == number), 0)
    return assemble(document.content, pages, cited, part=part, near=near)


def _sought(at: str) -> list[Cited]:
    """The words at these offsets; nothing when they are none."""
    span = desk.span(at)
    return [Cited(FOUND, span.start, span.end)] if span else []
