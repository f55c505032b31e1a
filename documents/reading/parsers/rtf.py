"""Rich Text (RTF): headers, paragraphs, rows of tables, footers; notes and text boxes after the paragraph they hang on.

A file is groups in braces with control words in them. Some groups hold the document, most hold something about it.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass, replace
from pathlib import Path

from striprtf.striprtf import charset_map, destinations

from documents.reading.draft import Draft, check_size
from documents.reading.errors import Code, UnreadableFile
from documents.reading.items import Item, Title
from documents.reading.limits import Limits
from documents.reading.parsers.rtf_story import Story
from documents.values import BlockKind

_TOKEN = re.compile(
    r"\\([a-zA-Z]{1,32})(-?\d{1,10})? ?|\\'([0-9a-fA-F]{2})|\\([^a-zA-Z])|([{}])|[\r\n]++|([^\\{}\r\n]++)|\\", re.DOTALL
)
_HEADERS = frozenset({"header", "headerl", "headerr", "headerf"})
_FOOTERS = frozenset({"footer", "footerl", "footerr", "footerf"})
_ASIDE = frozenset({"footnote", "shptxt", "dptxbxtext"})
_SHAPES = frozenset({"do", "shp", "shpgrp", "shpinst", "object", "result"})
_FORMULAS = frozenset(
    [
        "mmath",
        "moMath",
        "moMathPara",
        "mr",
        "me",
        "mf",
        "mfunc",
        "mfName",
        "mnum",
        "mden",
        "mrad",
        "mdeg",
        "mnary",
        "md",
        "msSup",
        "msSub",
        "msSubSup",
        "msup",
        "msub",
    ]
)
_TABLES = frozenset({"fonttbl", "colortbl", "stylesheet"})
_IGNORED = (
    (destinations | {"listtext", "nonesttables"})
    - _HEADERS
    - _FOOTERS
    - _ASIDE
    - _SHAPES
    - _FORMULAS
    - _TABLES
    - {"title"}
)
_BULLETS = frozenset({"pntext", "listtext"})
_KNOWN_STARRED = _ASIDE | _SHAPES | _FORMULAS
_CHARACTERS = {
    "line": "\n",
    "tab": "\t",
    "emdash": "—",
    "endash": "–",
    "emspace": " ",
    "enspace": " ",
    "qmspace": " ",
    "bullet": "•",
    "lquote": "‘",
    "rquote": "’",
    "ldblquote": "“",
    "rdblquote": "”",
}
_SYMBOLS = {"~": " ", "_": "-", "{": "{", "}": "}", "\\": "\\"}
_GROUNDS = frozenset({"cb", "highlight", "chcbpat", "cbpat", "chshdng"})
_HEADING_NAME = re.compile(r"heading (\d)", re.IGNORECASE)
_WHITE = (255, 255, 255)
_SYMBOL_CHARSET = 2
# Blanks, and a mark of UTF-8 that does not belong there.
_BEFORE = "\xef\xbb\xbf \t\r\n\0"


def parse(path: Path, limits: Limits) -> Iterator[Item]:
    source = path.read_bytes().decode("latin-1")
    if not source.lstrip(_BEFORE).startswith("{\\rtf"):
        raise UnreadableFile(
            Code.DAMAGED,
            "This RTF file is damaged and cannot be opened. Open it in a word processor, save it again as .docx and "
            "upload that.",
            detail="no RTF mark",
        )
    reader = _Reader(limits)
    reader.read(source)
    draft = Draft(limits)
    told: set[str] = set()
    for header in reader.headers:
        header.write(draft, told)
    reader.body.write(draft)
    for footer in reader.footers:
        footer.write(draft, told)
    yield draft.leaf()
    # In letters its encoding does not have, a title is a row of question marks.
    yield Title(reader.title if any(map(str.isalnum, reader.title)) else "")


@dataclass(frozen=True, slots=True)
class _Letters:
    """How letters are set, and what their group is for: "" for the document, a name for what is no text of it."""

    purpose: str = ""
    font: int = -1
    bold: bool = False
    hidden: bool = False
    white: bool = False
    ground: bool = False
    tiny: bool = False
    skipped: int = 1

    @property
    def unseen(self) -> bool:
        return self.hidden or self.tiny or (self.white and not self.ground)


@dataclass(frozen=True, slots=True)
class _Paragraph:
    """How a paragraph is set."""

    style: int = 0
    outline: int = 9
    is_item: bool = False
    in_table: bool = False


class _Reader:
    """Reads the file from its beginning to its end."""

    def __init__(self, limits: Limits) -> None:
        self.body = Story()
        self.headers: list[Story] = []
        self.footers: list[Story] = []
        self.title = ""
        self._limits = limits
        self._story = self.body
        self._letters = _Letters()
        self._paragraph = _Paragraph()
        self._groups: list[tuple[_Letters, Story, _Paragraph]] = []
        self._fresh = self._starred = False
        self._to_skip = self._length = 0
        self._bytes = bytearray()
        self._codepage = "cp1252"
        self._fonts: dict[int, str] = {}
        self._entry = 0
        self._levels: dict[int, int] = {}
        self._colours: list[list[int]] = [[0, 0, 0]]

    def read(self, source: str) -> None:
        position = source.index("{")
        while found := _TOKEN.match(source, position):
            position = found.end()
            word, number, code, symbol, brace, text = found.groups()
            if brace:
                self._cross(brace)
                if not self._groups:
                    break
            elif word == "bin":
                position += max(int(number or 0), 0)
            elif word:
                self._control(word, int(number) if number else None)
            elif code:
                self._put_bytes(bytes.fromhex(code))
            elif symbol:
                self._symbol(symbol)
            elif text:
                self._put_bytes(text.encode("latin-1"))
        while self._groups:
            self._cross("}")
        self._flush()
        self._end_paragraph()
        self.body.end_row()

    def _cross(self, brace: str) -> None:
        self._flush()
        self._to_skip = 0
        if brace == "{":
            self._groups.append((self._letters, self._story, self._paragraph))
            self._fresh, self._starred = True, False
            return
        letters, story, paragraph = self._groups.pop()
        if story is not self._story:
            self._end_paragraph()
            self._story.end_row()
            self._paragraph = paragraph
        self._letters, self._story, self._fresh = letters, story, False

    def _symbol(self, symbol: str) -> None:
        if symbol == "*":
            self._starred = self._fresh
        elif symbol in "\r\n":
            self._control("par", None)
        elif symbol in _SYMBOLS:
            if symbol in "{}\\":
                self._put_bytes(symbol.encode())
            else:
                self._put(_SYMBOLS[symbol])

    def _control(self, word: str, number: int | None) -> None:
        self._flush()
        if self._to_skip:
            self._to_skip -= 1
            return
        fresh, starred, self._fresh, self._starred = self._fresh, self._starred, False, False
        if fresh and self._opens(word, starred=starred):
            return
        if self._letters.purpose in _TABLES:
            self._define(word, number or 0)
        elif self._letters.purpose:
            return
        elif word in _CHARACTERS:
            self._put(_CHARACTERS[word])
        elif word == "u":
            self._put(chr((number or 0) & 0xFFFF))
            self._to_skip = self._letters.skipped
        elif not self._ends(word):
            self._set(word, number)

    def _opens(self, word: str, *, starred: bool) -> bool:
        """Whether the word says what its group is for."""
        if self._letters.purpose in _TABLES:
            return False
        if self._letters.purpose:
            if word == "title" and self._letters.purpose == "info":
                self._letters = replace(self._letters, purpose=word)
            return True
        if word in _BULLETS:
            self._paragraph = replace(self._paragraph, is_item=True)
        if word in _HEADERS | _FOOTERS | _ASIDE:
            self._story, outer = Story(), self._story
            others = self.headers if word in _HEADERS else self.footers if word in _FOOTERS else outer.aside
            others.append(self._story)
            self._letters, self._paragraph = _Letters(font=self._letters.font, ground=word in _ASIDE), _Paragraph()
        elif word in _IGNORED or word in _TABLES or (starred and word not in _KNOWN_STARRED):
            self._letters = replace(self._letters, purpose=word)
        else:
            return word in _KNOWN_STARRED
        return True

    def _define(self, word: str, number: int) -> None:
        """Fonts, colours and styles, by their numbers."""
        purpose = self._letters.purpose
        if purpose == "colortbl" and word in ("red", "green", "blue"):
            self._colours[-1][("red", "green", "blue").index(word)] = number
        elif word in ("f", "s"):
            self._entry = number
        elif word == "fcharset" and purpose == "fonttbl" and number > _SYMBOL_CHARSET:
            self._fonts[self._entry] = charset_map.get(number, self._codepage)
        elif word == "outlinelevel" and purpose == "stylesheet":
            self._levels[self._entry] = number

    def _ends(self, word: str) -> bool:
        """Whether the word ends a paragraph, cell or row."""
        if word in ("par", "sect", "page", "nestrow"):
            self._end_paragraph()
        elif word == "cell":
            self._story.end_cell()
        elif word == "nestcell":
            self._put(" ")
        elif word == "row":
            self._story.end_row()
        else:
            return False
        return True

    def _set(self, word: str, number: int | None) -> None:
        on = number != 0
        if word == "pard":
            self._paragraph = _Paragraph()
        elif word == "plain":
            self._letters = _Letters(skipped=self._letters.skipped)
        elif word in ("intbl", "s", "outlinelevel", "ls"):
            self._set_paragraph(word, number or 0)
        elif word in ("trowd", "trhdr"):
            self._story.names_columns = word == "trhdr"
        elif word == "ansicpg":
            self._codepage = f"cp{number}" if number and number != 65001 else "utf-8"
        elif word == "deleted":
            self._letters = replace(self._letters, purpose=word if on else "")
        else:
            self._set_letters(word, number, on=on)

    def _set_paragraph(self, word: str, number: int) -> None:
        if word == "intbl":
            self._paragraph = replace(self._paragraph, in_table=True)
        elif word == "s":
            self._paragraph = replace(self._paragraph, style=number)
        elif word == "ls":
            self._paragraph = replace(self._paragraph, is_item=number > 0)
        else:
            self._paragraph = replace(self._paragraph, outline=number)

    def _set_letters(self, word: str, number: int | None, *, on: bool) -> None:
        if word == "f":
            self._letters = replace(self._letters, font=number or 0)
        elif word == "v":
            self._letters = replace(self._letters, hidden=on)
        elif word == "b":
            self._letters = replace(self._letters, bold=on)
        elif word == "uc":
            self._letters = replace(self._letters, skipped=min(max(number or 0, 0), 10))
        elif word == "fs":
            self._letters = replace(self._letters, tiny=0 < (number or 24) < 4)
        elif word == "cf":
            colour = self._colours[number] if number and number < len(self._colours) else ()
            self._letters = replace(self._letters, white=tuple(colour) == _WHITE)
        elif word in _GROUNDS:
            self._letters = replace(self._letters, ground=bool(number))

    def _put_bytes(self, data: bytes) -> None:
        self._fresh = False
        skipped = min(self._to_skip, len(data))
        self._to_skip -= skipped
        purpose = self._letters.purpose
        if purpose == "colortbl":
            self._colours += [[0, 0, 0] for _ in range(data.count(b";"))]
        elif not purpose or purpose in ("title", "stylesheet"):
            self._bytes += data[skipped:]

    def _flush(self) -> None:
        if self._bytes:
            encoding = self._fonts.get(self._letters.font, self._codepage)
            try:
                text = self._bytes.decode(encoding, "replace")
            except LookupError:
                text = self._bytes.decode("cp1252", "replace")
            self._bytes.clear()
            self._put(text)

    def _put(self, text: str) -> None:
        self._fresh = False
        if self._letters.purpose == "title":
            self.title += text
        elif self._letters.purpose == "stylesheet":
            if found := _HEADING_NAME.match(text.strip()):
                self._levels.setdefault(self._entry, int(found.group(1)) - 1)
        elif not self._letters.purpose:
            self._length += len(text)
            check_size(self._length, self._limits.text_chars)
            # What a table lies on is not known here.
            unseen = self._letters.unseen and not (self._paragraph.in_table and self._letters.white)
            (self._story.hidden if unseen else self._story.seen).append(text)
            self._story.bold = self._story.bold and (self._letters.bold or not text.strip())

    def _end_paragraph(self) -> None:
        outline = min(self._paragraph.outline, self._levels.get(self._paragraph.style, 9))
        kind = BlockKind.LIST_ITEM if self._paragraph.is_item else BlockKind.PARAGRAPH
        if 0 <= outline < 9 and self._story is self.body:
            kind = BlockKind.HEADING
        level = min(outline + 1, 6) if kind is BlockKind.HEADING else 0
        self._story.end_paragraph(kind, level, in_table=self._paragraph.in_table)
