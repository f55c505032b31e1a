"""Word documents of 1995 to 2003: headers, the body with its tables, footers, then notes and text boxes."""

import re
import struct
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from itertools import pairwise
from pathlib import Path

from documents.reading.draft import Draft, table_row
from documents.reading.items import Item, Title
from documents.reading.limits import Limits
from documents.reading.parsers import doc_binary, ole
from documents.reading.parsers.doc_binary import BOLD, DELETED, HIDDEN, WHITE, Setting, Word97
from documents.values import BlockKind

_PARAGRAPH_MARKS = re.compile("[\r\x07\x0c]")
_PARAGRAPH = re.compile("[^\r\x07\x0c]*(?:[\r\x07\x0c]|$)")
_FIELD_MARKS = re.compile("[\x13\x14\x15]")
_CELL_MARK = "\x07"
# What characters stand for that are none; pictures, references and marks stand for nothing.
_MEANINGS = str.maketrans(
    {"\x0b": "\n", "\x1e": "-", "\xa0": " ", **dict.fromkeys("\x01\x02\x03\x04\x05\x08\x13\x14\x15\x1f")}
)
# Lines above notes come first, then for each section what stands on even, odd and first pages.
_SEPARATORS, _OF_SECTION, _HEADERS = 6, 6, (0, 1, 4)


def parse(path: Path, limits: Limits) -> Iterator[Item]:
    draft = Draft(limits)
    with ole.container(path) as opened:
        document = ole.stream(opened, "WordDocument")
        doc_binary.check(document)
        table = ole.stream(opened, doc_binary.table_stream(document))
        title = ole.title(opened)
    try:
        _write(document, table, draft, limits)
    except (struct.error, IndexError) as error:
        raise ole.damaged(type(error).__name__) from error
    yield draft.leaf()
    yield Title(title)


def _write(document: bytes, table: bytes, draft: Draft, limits: Limits) -> None:
    if doc_binary.is_word_95(document):
        for paragraph in _PARAGRAPH_MARKS.split(_without_instructions(doc_binary.word_95_text(document))):
            draft.add(_readable(paragraph))
        return
    source = Word97(document, table, limits)
    headers, footers = _margins(source)
    told: set[str] = set()
    for header in headers:
        _Story(source, draft, told=told).write(*header)
    _Story(source, draft).write(*source.story("main"))
    for footer in footers:
        _Story(source, draft, told=told).write(*footer)
    for name in ("footnotes", "endnotes"):
        _Story(source, draft).write(*source.story(name))
    # What text boxes are filled with is not known here.
    _Story(source, draft, on_paper=False).write(*source.story("boxes"))


def _margins(source: Word97) -> tuple[list[tuple[int, int]], list[tuple[int, int]]]:
    """Where the headers stand, and where the footers."""
    start, end = source.story("headers")
    stories = list(pairwise(min(start + bound, end) for bound in source.header_bounds()))[_SEPARATORS:]
    headers = [story for number, story in enumerate(stories) if number % _OF_SECTION in _HEADERS]
    return headers, [story for number, story in enumerate(stories) if number % _OF_SECTION not in _HEADERS]


def _instructions(text: str) -> Iterator[tuple[int, int]]:
    """Where fields say how their words are made: from their beginning to their words, or all when they have none."""
    open_fields: list[int | None] = []
    for mark in _FIELD_MARKS.finditer(text):
        if mark.group() == "\x13":
            open_fields.append(mark.start())
        elif open_fields:
            start = open_fields.pop()
            if start is not None:
                yield start, mark.end()
            if mark.group() == "\x14":
                open_fields.append(None)


def _without_instructions(text: str) -> str:
    kept = list(text)
    for start, end in _instructions(text):
        kept[start:end] = [""] * (end - start)
    return "".join(kept)


@dataclass(slots=True)
class _Row:
    """A row of a table while it is being read: cells, each with its lines."""

    cells: list[list[str]] = field(default_factory=lambda: [[]])
    hidden: list[str] = field(default_factory=list)
    is_bold: bool = True

    @property
    def is_empty(self) -> bool:
        return not any(line for lines in self.cells for line in lines)


class _Story:
    """Writes one story into the draft. With `told`, words that stand there already are left out."""

    def __init__(self, source: Word97, draft: Draft, *, told: set[str] | None = None, on_paper: bool = True) -> None:
        self._source = source
        self._draft = draft
        self._told = told
        self._on_paper = on_paper
        self._row = _Row()
        self._header: Sequence[str] | None = None

    def write(self, start: int, end: int) -> None:
        text = self._source.text[start:end]
        marks = self._source.marks[start:end]
        for first, last in _instructions(text):
            marks[first:last] = bytes([DELETED]) * (last - first)
        for found in _PARAGRAPH.finditer(text):
            if found.group():
                setting = self._source.setting(start + found.end() - 1)
                self._write_paragraph(found.group(), marks[found.start() : found.end()], setting)
        self._end_table()

    def _write_paragraph(self, text: str, marks: bytearray, setting: Setting) -> None:
        on_paper = self._on_paper and not setting.in_table and not setting.is_coloured
        seen, hidden = _words(text, marks, hiding=HIDDEN | WHITE if on_paper else HIDDEN)
        if setting.in_table:
            self._read_line(text, marks, seen, hidden)
            if setting.ends_row:
                self._end_row(is_header=setting.is_table_header)
            elif text.endswith(_CELL_MARK):
                self._row.cells.append([])
        else:
            self._end_table()
            self._add(seen, setting)
            self._draft.add(hidden, BlockKind.HIDDEN)

    def _read_line(self, text: str, marks: bytearray, seen: str, hidden: str) -> None:
        row = self._row
        row.cells[-1].append(" ".join(seen.split()))
        row.hidden.append(hidden)
        row.is_bold = row.is_bold and all(
            mark & BOLD for character, mark in zip(text, marks, strict=True) if character.isalnum()
        )

    def _add(self, words: str, setting: Setting) -> None:
        if not self._is_news(words):
            return
        if setting.level and self._told is None:
            self._draft.add(" ".join(words.split()), BlockKind.HEADING, setting.level)
        else:
            self._draft.add(words, BlockKind.LIST_ITEM if setting.is_item else BlockKind.PARAGRAPH)

    def _is_news(self, words: str) -> bool:
        """Whether to write them: headers say the same for every section, and the number of a page says nothing."""
        if self._told is None:
            return True
        is_news = words not in self._told and any(map(str.isalpha, words))
        self._told.add(words)
        return is_news

    def _end_row(self, *, is_header: bool = False) -> None:
        row, self._row = self._row, _Row()
        # The mark of the row's end stands in a cell of its own.
        cells = [" ".join(filter(None, lines)) for lines in row.cells[:-1] or row.cells]
        if len(cells) == 1:
            for line in row.cells[0]:
                self._add(line, Setting())
        elif self._is_news(table_row((), cells)):
            self._draft.add(table_row(self._header or (), cells), BlockKind.TABLE_ROW)
            if self._header is None:
                self._header = cells if is_header or row.is_bold else ()
        self._draft.add("\n".join(filter(None, row.hidden)), BlockKind.HIDDEN)

    def _end_table(self) -> None:
        if not self._row.is_empty:
            self._row.cells.append([])
            self._end_row()
        self._row = _Row()
        self._header = None


def _words(text: str, marks: bytearray, *, hiding: int) -> tuple[str, str]:
    """The words a reader sees, and those nobody does."""
    if not any(marks):
        return _readable(text), ""
    pairs = [(character, mark) for character, mark in zip(text, marks, strict=True) if not mark & DELETED]
    seen = "".join(character for character, mark in pairs if not mark & hiding)
    return _readable(seen), _readable("".join(character for character, mark in pairs if mark & hiding))


def _readable(text: str) -> str:
    """The characters with their meanings, the halves of pairs put together."""
    text = text.translate(_MEANINGS).encode("utf-16-le", "surrogatepass").decode("utf-16-le", "replace")
    return text.strip(" \t\r\x07\x0c")
