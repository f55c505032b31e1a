"""What OpenDocument texts and presentations share: paragraphs, lists, tables, notes, and words that are not shown."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from zipfile import ZipFile

from lxml import etree

from documents.reading import archives
from documents.reading.draft import Draft
from documents.reading.errors import Code, UnreadableFile
from documents.reading.limits import Limits
from documents.reading.parsers import tables
from documents.reading.parsers.open_styles import DRAW, OFFICE, PRESENTATION, TABLE, TEXT, Styles
from documents.values import BlockKind

_HREF = "{http://www.w3.org/1999/xlink}href"
_DESCRIPTION = "{urn:oasis:names:tc:opendocument:xmlns:svg-compatible:1.0}"
_MATH = "{http://www.w3.org/1998/Math/MathML}"
# Remarks of editors, what was deleted, what is only counted, how something is said, what helps to draw.
_UNSEEN = frozenset(
    {
        f"{OFFICE}annotation",
        f"{OFFICE}forms",
        f"{OFFICE}event-listeners",
        f"{TEXT}tracked-changes",
        f"{TEXT}script",
        f"{TEXT}ruby-text",
        f"{TEXT}note-citation",
        f"{TABLE}shapes",
        f"{PRESENTATION}notes",
        f"{_DESCRIPTION}title",
        f"{_DESCRIPTION}desc",
    }
)
_SIGNS = {f"{TEXT}tab": "\t", f"{TEXT}line-break": "\n"}
_MOST_REPEATS = 100
_MOST_SPACES = 80
_MOST_OBJECTS = 200


class Package:
    """An OpenDocument file, open: its parts as XML."""

    def __init__(self, path: Path, limits: Limits) -> None:
        archives.check(path, limits)
        with _words_for_broken(), ZipFile(path) as archive:
            self._path = path
            self._names = frozenset(archive.namelist())
            if b"encryption-data" in self._bytes(archive, "META-INF/manifest.xml"):
                raise UnreadableFile(
                    Code.ENCRYPTED,
                    "This OpenDocument file is locked with a password. Save a copy without it and upload that.",
                )
            self.content = _xml(archive.read("content.xml"))
            styles = self._bytes(archive, "styles.xml")
            self.page_styles = _xml(styles) if styles else None
            meta = self._bytes(archive, "meta.xml")
            self.title = _title(_xml(meta)) if meta else ""
        self.styles = Styles(self.content, self.page_styles)

    def embedded(self, name: str) -> Any | None:
        """The contents of an object inside, such as a chart; None when it has none of its own."""
        member = f"{name.removeprefix('./').rstrip('/')}/content.xml"
        if member not in self._names:
            return None
        with _words_for_broken(), ZipFile(self._path) as archive:
            return _xml(archive.read(member))

    def _bytes(self, archive: ZipFile, name: str) -> bytes:
        return archive.read(name) if name in self._names else b""


@contextmanager
def _words_for_broken() -> Iterator[None]:
    try:
        yield
    except (*archives.BROKEN, etree.XMLSyntaxError) as error:
        raise UnreadableFile(
            Code.DAMAGED,
            "This OpenDocument file is damaged and cannot be opened. Open it in LibreOffice, save it again and upload "
            "that.",
            detail=type(error).__name__,
        ) from error


def _xml(data: bytes) -> Any:
    return etree.fromstring(data, etree.XMLParser(resolve_entities=False, no_network=True, huge_tree=False))


def _title(meta: Any) -> str:
    return next((node.text or "" for node in meta.iter("{*}title")), "")


@dataclass(slots=True)
class _Line:
    """The words of a paragraph: those a reader sees, those that are hidden, and what hangs on it: notes, frames."""

    seen: list[str] = field(default_factory=list)
    hidden: list[str] = field(default_factory=list)
    hanging: list[Any] = field(default_factory=list)

    @property
    def words(self) -> str:
        return "".join(self.seen).strip()

    @property
    def hidden_words(self) -> str:
        return "".join(self.hidden).strip()


class Writer:
    """Writes elements into a draft, block after block."""

    def __init__(self, package: Package, draft: Draft) -> None:
        self._package = package
        self._styles = package.styles
        self._draft = draft
        self._on_paper = True
        self._objects = 0

    def write(self, element: Any, kind: BlockKind = BlockKind.PARAGRAPH) -> None:
        for child in element.iterchildren(tag=etree.Element):
            self._write_one(child, kind)

    def _write_one(self, element: Any, kind: BlockKind) -> None:
        tag = element.tag
        if tag in _UNSEEN:
            return
        if element.get(f"{TEXT}display") == "none" and kind is not BlockKind.HIDDEN:
            self._write_one(element, BlockKind.HIDDEN)
        elif tag == f"{TEXT}h":
            level = min(max(number(element.get(f"{TEXT}outline-level")), 1), 6)
            self.write_paragraph(element, kind if kind is BlockKind.HIDDEN else BlockKind.HEADING, level)
        elif tag == f"{TEXT}p":
            self.write_paragraph(element, kind)
        elif tag == f"{TEXT}list":
            self.write(element, kind if kind is BlockKind.HIDDEN else BlockKind.LIST_ITEM)
        elif tag == f"{TABLE}table" and kind is not BlockKind.HIDDEN:
            self._write_table(element)
        elif tag == f"{DRAW}object":
            self._write_object(element)
        else:
            self.write(element, kind)

    def write_paragraph(self, paragraph: Any, kind: BlockKind, level: int = 0) -> None:
        """The paragraph, then the words of it that are not shown, then what hangs on it."""
        line = self.line(paragraph)
        if kind is BlockKind.HEADING:
            self._draft.add(tables.one_line(line.words), kind, level)
        else:
            self._draft.add(line.words, kind)
        self._write_rest([line])

    def line(self, paragraph: Any) -> _Line:
        line = _Line()
        hidden = self._is_unseen("paragraph", paragraph) or any(
            node.get(f"{TEXT}is-hidden") != "false" for node in paragraph.iter(f"{TEXT}hidden-paragraph")
        )
        self._collect(paragraph, line, line.hidden if hidden else line.seen)
        return line

    def _write_rest(self, lines: list[_Line]) -> None:
        for line in lines:
            self._draft.add(line.hidden_words, BlockKind.HIDDEN)
            for element in line.hanging:
                self._write_hanging(element)

    def _write_hanging(self, element: Any) -> None:
        """Frames may be filled with any colour, so white in them is no disguise."""
        before, self._on_paper = self._on_paper, self._on_paper and element.tag == f"{TEXT}note"
        self._write_one(element, BlockKind.PARAGRAPH)
        self._on_paper = before

    def _collect(self, element: Any, line: _Line, words: list[str]) -> None:
        """Puts the text of the element to the words, and what does not belong there where it does."""
        words.append(element.text or "")
        for child in element:
            tag = child.tag
            if not isinstance(tag, str) or tag in _UNSEEN:
                pass
            elif tag == f"{TEXT}note" or tag.startswith(DRAW):
                line.hanging.append(child)
            elif tag == f"{TEXT}hidden-text" and child.get(f"{TEXT}is-hidden") != "false":
                line.hidden.append(child.get(f"{TEXT}string-value") or "".join(child.itertext()))
            elif tag == f"{TEXT}s":
                words.append(" " * min(number(child.get(f"{TEXT}c")), _MOST_SPACES))
            elif tag in _SIGNS:
                words.append(_SIGNS[tag])
            else:
                self._collect(child, line, line.hidden if self._is_unseen("text", child) else words)
            words.append(child.tail or "")

    def _is_unseen(self, family: str, element: Any) -> bool:
        return self._styles.is_unseen(family, element.get(f"{TEXT}style-name"), on_paper=self._on_paper)

    def _write_object(self, element: Any) -> None:
        """A chart or formula inside: its words and numbers."""
        self._objects += 1
        inside = self._package.embedded(element.get(_HREF, "")) if self._objects <= _MOST_OBJECTS else None
        if inside is not None and inside.tag.startswith(_MATH):
            self._draft.add(" ".join(node.text or "" for node in inside.iter(f"{_MATH}annotation")))
        elif inside is not None:
            for body in inside.iterchildren(f"{OFFICE}body"):
                self.write(body)

    def _write_table(self, table: Any) -> None:
        before, self._on_paper = self._on_paper, False
        if next(table.iterdescendants(f"{TABLE}table"), None) is not None:
            # A table that holds tables lays out the page.
            for cell in table.iter(f"{TABLE}table-cell"):
                if next(cell.iterancestors(f"{TABLE}table")) is table:
                    self.write(cell)
        else:
            rows = _Rows(self, table)
            tables.add(self._draft, rows.cells, rows.headers)
            self._write_rest(rows.lines)
        self._on_paper = before

    def names_columns(self, row: Any) -> bool:
        """Whether all that stands in the row is bold."""
        paragraphs = [words for words in row.iter(f"{TEXT}p", f"{TEXT}h") if "".join(words.itertext()).strip()]
        return bool(paragraphs) and all(
            self._styles.names_columns(words.get(f"{TEXT}style-name"), _spans(words)) for words in paragraphs
        )


def _spans(paragraph: Any) -> set[str | None]:
    """The styles of its words; words outside of any have the one that is none."""
    outside = [paragraph.text, *(child.tail for child in paragraph)]
    styles = {child.get(f"{TEXT}style-name") for child in paragraph if "".join(child.itertext()).strip()}
    return styles | {None} if any((words or "").strip() for words in outside) else styles


class _Rows:
    """The rows of a table: their cells, how many of them name the columns, and the lines that were read for it."""

    def __init__(self, writer: Writer, table: Any) -> None:
        self.cells: list[list[str]] = []
        self.lines: list[_Line] = []
        self._writer = writer
        self._reaching: dict[int, tuple[str, int]] = {}
        rows = list(table.iter(f"{TABLE}table-row"))
        self.headers = _marked_headers(table, rows)
        if not self.headers and len(rows) > 1 and writer.names_columns(rows[0]):
            self.headers = 1
        for place, row in enumerate(rows):
            cells = self._row(row, is_header=place < self.headers)
            times = min(number(row.get(f"{TABLE}number-rows-repeated")), _MOST_REPEATS)
            self.cells += [cells] * (times if any(cells) else 1)
        _cut_empty_columns(self.cells)

    def _row(self, row: Any, *, is_header: bool) -> list[str]:
        cells: list[str] = []
        for cell in row.iterchildren(f"{TABLE}table-cell", f"{TABLE}covered-table-cell"):
            times = min(number(cell.get(f"{TABLE}number-columns-repeated")), _MOST_REPEATS)
            for _ in range(times):
                cells.append(self._covered(cells, is_header) if cell.tag.endswith("}covered-table-cell") else "")
            if cell.tag == f"{TABLE}table-cell":
                words = self._words(cell)
                cells[-times:] = [words] * times
                self._reaching[len(cells) - times] = (words, number(cell.get(f"{TABLE}number-rows-spanned")) - 1)
        return cells

    def _covered(self, cells: list[str], is_header: bool) -> str:
        """What a cell reaches into: the one above it, or the name of several columns."""
        words, rows = self._reaching.get(len(cells), ("", 0))
        if rows > 0:
            self._reaching[len(cells)] = (words, rows - 1)
            return words
        return cells[-1] if cells and is_header else ""

    def _words(self, cell: Any) -> str:
        lines = [
            self._writer.line(paragraph) for paragraph in cell.iter(f"{TEXT}p", f"{TEXT}h") if _is_own(paragraph, cell)
        ]
        self.lines += lines
        return "\n".join(line.words for line in lines if line.words)


def _is_own(paragraph: Any, cell: Any) -> bool:
    """Whether it stands in the cell itself, not in a note or frame that hangs on it."""
    for parent in paragraph.iterancestors():
        if parent is cell:
            return True
        if parent.tag in _UNSEEN or parent.tag == f"{TEXT}note" or parent.tag.startswith(DRAW):
            return False
    return False


def _marked_headers(table: Any, rows: list[Any]) -> int:
    """How many of the first rows are marked to be repeated on every page, or as the first by the style of the table."""
    marked = sum(1 for row in rows if row.getparent().tag == f"{TABLE}table-header-rows")
    if not marked and table.get(f"{TABLE}use-first-row-styles") == "true":
        marked = 1
    return marked if marked < len(rows) else 0


def _cut_empty_columns(rows: list[list[str]]) -> None:
    """Cells without words after the last column that has any are only drawn."""
    width = max((place for row in rows for place, words in enumerate(row, start=1) if words), default=0)
    for row in rows:
        del row[width:]


def number(value: str | None) -> int:
    """How often something is repeated: once when that is not said."""
    return max(int(value), 1) if value and value.isdecimal() and len(value) < 9 else 1
