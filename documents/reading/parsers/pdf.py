"""PDF: the text layer, character by character, each with its box. Nothing in a page is run or fetched."""

import re
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path
from typing import Any

import pypdfium2
import pypdfium2.raw as pdfium

from documents.reading import headings, layout
from documents.reading.draft import Draft
from documents.reading.errors import Code, UnreadableFile
from documents.reading.limits import Limits
from documents.reading.parsers.pdf_page import NO_SHEET, Sheet, lines_of
from documents.reading.progress import Progress, unheard
from documents.values import PageKind, ReadDocument, ReadPage, Word

# What programs write where their user gave no title.
_NO_TITLE = re.compile(
    r"^\W*(untitled|anonymous|unknown|no title)\W*$|^microsoft \w+ - |\.(docx?|dvi|indd|tex|pptx?|xlsx?|qxd|pmd)$",
    re.IGNORECASE,
)


def parse(path: Path, limits: Limits, progress: Progress = unheard) -> ReadDocument:
    with _open(path) as pdf:
        count = _page_count(pdf, limits)
        writer = _Writer(limits)
        for index in range(count):
            writer.add_page(pdf, index)
            progress(index + 1, count)
        title = pdf.get_metadata_value("Title")
        return writer.document(title="" if _NO_TITLE.search(title) else title)


def _open(path: Path) -> Any:
    try:
        return pypdfium2.PdfDocument(path.read_bytes())
    except pypdfium2.PdfiumError as error:
        raise _refusal(error) from error


def _refusal(error: Any) -> UnreadableFile:
    if error.err_code in (pdfium.FPDF_ERR_PASSWORD, pdfium.FPDF_ERR_SECURITY):
        return UnreadableFile(
            Code.ENCRYPTED, "This PDF is locked with a password. Save a copy without the password and upload that."
        )
    return UnreadableFile(
        Code.DAMAGED,
        "This PDF is damaged and cannot be opened. Open it in a PDF viewer, print it as a new PDF, and upload that.",
        detail=f"pdfium error {error.err_code}",
    )


def _page_count(pdf: Any, limits: Limits) -> int:
    count = len(pdf)
    if count > limits.pages:
        raise UnreadableFile(
            Code.TOO_MANY_PAGES,
            f"This PDF has {count:,} pages; up to {limits.pages:,} are read. Split it and upload the parts.",
        )
    if count == 0:
        raise UnreadableFile(Code.DAMAGED, "This PDF has no pages. Create or download the file again and upload that.")
    return count


class _Writer:
    """Writes page after page into the draft and remembers how each block is set."""

    def __init__(self, limits: Limits) -> None:
        self._draft = Draft(limits)
        self._looks: list[headings.Look] = []
        self._pages: list[ReadPage] = []
        self._hidden = False

    def add_page(self, pdf: Any, index: int) -> None:
        """A page that cannot be opened is counted too, as unreadable."""
        try:
            with closing(pdf[index]) as page:
                sheet = Sheet.of(page)
                lines = list(lines_of(page, sheet))
                kind = PageKind.TEXT if lines else _kind_without_text(page)
        except pypdfium2.PdfiumError:
            sheet, lines, kind = NO_SHEET, [], PageKind.UNREADABLE
        self._write(index + 1, sheet, kind, lines)

    def document(self, *, title: str) -> ReadDocument:
        draft = self._draft
        text = draft.document().text
        draft.blocks = list(headings.marked(draft.blocks, self._looks, text))
        return draft.document(tuple(self._pages), title=title or draft.first_heading(), hidden_text=self._hidden)

    def _write(self, number: int, sheet: Sheet, kind: PageKind, lines: list[layout.Line]) -> None:
        draft = self._draft
        first_block = len(draft.blocks)
        words = [word for paragraph in layout.paragraphs(lines) for word in self._add_paragraph(paragraph, sheet)]
        start = draft.blocks[first_block].start if lines else draft.position
        self._pages.append(ReadPage(number, start, draft.position, kind, sheet.width, sheet.height, tuple(words)))

    def _add_paragraph(self, paragraph: layout.Paragraph, sheet: Sheet) -> Iterator[Word]:
        text = "".join(joint + word.text for joint, word in paragraph.words)
        start = self._draft.add(text, paragraph.kind)
        if start is None:
            return
        self._looks.append(headings.Look(paragraph.size, paragraph.bold, paragraph.lines))
        for joint, word in paragraph.words:
            start += len(joint)
            end = start + len(word.text)
            box = sheet.fractions(word)
            if box:
                yield Word(start, end, *box)
            else:
                self._hidden = True
            start = end


def _kind_without_text(page: Any) -> PageKind:
    """A page of pictures is not an empty page: it may be a scan."""
    pictures = page.get_objects(filter=[pdfium.FPDF_PAGEOBJ_IMAGE], max_depth=3)
    return PageKind.EMPTY if next(pictures, None) is None else PageKind.UNREADABLE
