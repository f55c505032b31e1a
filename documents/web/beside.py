"""A document beside an answer: at the page and the words that the answer cites."""

from dataclasses import dataclass

from accounts.models import User
from documents import pictures
from documents.models import Document, Message, Page
from documents.web import desk, thread
from documents.web.reader import FOUND, Cited, TextView, assemble
from documents.web.sheets import in_units

# So much of a long text is shown around the words.
CHARACTERS = 30_000


@dataclass(frozen=True, slots=True)
class Box:
    """Where words stand on a page's picture, in the `UNITS` of sheets; `number` is the mark that rests on them."""

    x: int
    y: int
    width: int
    height: int
    number: int
    chosen: bool


@dataclass(frozen=True, slots=True)
class Beside:
    """The document, the mark that was followed, and the text around its words; no text when it was read again.

    `page` is the one the words stand on, where it can be shown as a picture with its `boxes`.
    """

    document: Document
    mark: thread.Mark
    text: TextView | None
    boxes: tuple[Box, ...] = ()
    page: Page | None = None

    @property
    def address(self) -> str:
        return self.mark.href


def lay_out(message: Message, ordinal: int, person: User, *, first: int) -> Beside | None:
    """What a mark of the message leads to; nothing when there is no such mark, or its document is not to be seen."""
    turn = thread.turn(message, first=first)
    marks = [quote for one in turn.statements for quote in one.quotes if isinstance(quote, thread.Mark)]
    mark = next((one for one in marks if one.ordinal == ordinal and one.number), None)
    if mark is None or mark.document is None:
        return None
    document = Document.objects.visible_to(person).defer("embedding").filter(pk=mark.document).first()
    if document is None:
        return None
    text = None if mark.old else _around(document, turn, mark)
    boxes = _boxes(message, turn, mark) if pictures.has_pictures(document) else ()
    return Beside(document, mark, text, boxes, _pictured(document, mark.page) if boxes and mark.page else None)


def _pictured(document: Document, number: int) -> Page | None:
    sized = Page.objects.filter(document=document, number=number, width__gt=0)
    return sized.only("number", "width", "height").first()


def _around(document: Document, turn: thread.Turn, mark: thread.Mark) -> TextView:
    cited = [*thread.cited_in(document.pk, [turn]), Cited(FOUND, mark.start, mark.end)]
    return assemble(document.content, desk.pages(document), cited, limit=CHARACTERS)


def _boxes(message: Message, turn: thread.Turn, chosen: thread.Mark) -> tuple[Box, ...]:
    """Of all marks on the page of the chosen one."""
    if chosen.old or chosen.page is None:
        return ()
    numbers = {mark.ordinal: mark.number or 0 for mark in turn.marks}
    rows = message.citations.filter(document=chosen.document, verified=True)
    return tuple(
        Box(*in_units(*row[1:]), numbers[citation.ordinal], numbers[citation.ordinal] == chosen.number)
        for citation in rows
        if citation.ordinal in numbers
        for row in citation.boxes
        if row[0] == chosen.page
    )
