"""Comments people wrote on the cells of a workbook (XLSX), the plain ones and those in threads."""

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import islice

from lxml import etree

from documents.reading.draft import one_line
from documents.reading.parsers import sheet_places
from documents.reading.parsers.workbook_parts import BROKEN, WorkbookParts

MOST_COMMENTS = 2_000
_LONGEST_COMMENT = 2_000
_LONGEST_NAME = 100
_MOST_PEOPLE = 10_000
# Older programs are shown a comment like this in place of a thread.
_STANDS_FOR_THREAD = "tc="
# What is written above letters of Japanese to say how they sound is no part of the comment.
_TEXTS = etree.XPath('.//*[local-name()="t"][not(ancestor::*[local-name()="rPh"])]')


@dataclass(frozen=True, slots=True)
class Comment:
    """What somebody wrote on a cell; the first row is 1, the first column 0."""

    row: int
    column: int
    author: str
    text: str

    @property
    def in_words(self) -> str:
        place = sheet_places.place(self.row, self.column)
        by = f" by {self.author}" if self.author else ""
        return f"Comment on {place}{by}: {self.text}"


def comments(parts: WorkbookParts, sheet: str) -> list[Comment]:
    """The comments of a sheet in the order of its cells, one more than MOST_COMMENTS when there are more."""
    member = parts.sheets.get(sheet, "")
    threads = list(islice(_threads(parts, member), MOST_COMMENTS + 1))
    threaded = {(comment.row, comment.column) for comment in threads}
    plain = islice(_plain(parts, member, threaded), MOST_COMMENTS + 1)
    return sorted([*threads, *plain], key=lambda comment: (comment.row, comment.column))[: MOST_COMMENTS + 1]


def _plain(parts: WorkbookParts, sheet: str, threaded: set[tuple[int, int]]) -> Iterator[Comment]:
    for member in parts.related(sheet, "comments"):
        authors: list[str] = []
        for element in _elements(parts, member, "author", "comment"):
            if etree.QName(element).localname == "author":
                authors.append(one_line(element.text or "", _LONGEST_NAME))
                continue
            author = _at(authors, element.get("authorId", ""))
            place = sheet_places.cell(element.get("ref", ""))
            if author.startswith(_STANDS_FOR_THREAD) and place in threaded:
                continue
            text = "".join(text.text or "" for text in _TEXTS(element))
            yield from _comment(element, "" if author.startswith(_STANDS_FOR_THREAD) else author, text)


def _threads(parts: WorkbookParts, sheet: str) -> Iterator[Comment]:
    members = parts.related(sheet, "threadedComment")
    names = _names(parts) if members else {}
    for member in members:
        for element in _elements(parts, member, "threadedComment"):
            yield from _comment(element, names.get(element.get("personId", ""), ""), element.findtext("{*}text") or "")


def _names(parts: WorkbookParts) -> dict[str, str]:
    people = (person for member in parts.people() for person in _elements(parts, member, "person"))
    return {
        person.get("id", ""): one_line(person.get("displayName", ""), _LONGEST_NAME)
        for person in islice(people, _MOST_PEOPLE)
    }


def _elements(parts: WorkbookParts, member: str, *names: str) -> Iterator[etree._Element]:
    """The elements up to where the member is torn."""
    try:
        yield from parts.elements(member, *names)
    except BROKEN:
        return


def _comment(element: etree._Element, author: str, text: str) -> Iterator[Comment]:
    """The comment, without its author's name, which Excel writes before the words too; none when it says nothing."""
    place = sheet_places.cell(element.get("ref", ""))
    words = one_line(text, _LONGEST_COMMENT + 1).removeprefix(f"{author}:").strip()
    if place and words:
        yield Comment(*place, author, words if len(words) <= _LONGEST_COMMENT else f"{words[:_LONGEST_COMMENT]}…")


def _at(authors: list[str], number: str) -> str:
    return authors[int(number)] if number.isdecimal() and int(number) < len(authors) else ""
