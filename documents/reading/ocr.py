"""Text recognition: a picture of a page to lines of words with places, by Tesseract, one thread a process."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from functools import cache
from statistics import fmean, median
from time import monotonic

import tesserocr
from PIL import Image

from documents.reading import ocr_data, painting
from documents.reading.errors import PAGE_TOO_SLOW, Code, UnreadableFile
from documents.reading.ink import Ink
from documents.reading.layout import Line, PlacedWord
from documents.reading.limits import Limits
from documents.reading.upright import Stance, straightened, turned_back

POINTS_PER_INCH = 72
# What the models were trained on; more pixels cost time and win nothing.
_DPI = 300
_LONGEST_EDGE = 5_000
# Letters of small pictures are drawn larger before they are read: below about 20 pixels they blur into each other.
_SMALL_EDGE = 1_100
# Less sure than this, a word is a stain on the paper.
_LEAST_CONFIDENCE = 0.25
# Type measured to within this share of what most of the page is set in is of that size.
_SAME_TYPE = 0.25
# A page less sure than this may have been read upside down; when it has few words too, lying on its side.
_SURE, _FEW_WORDS = 0.8, 12
# Read another way up it must say so much more to be believed, and be no guess.
_CLEARLY, _NO_GUESS = 1.3, 0.7
_UPSIDE_DOWN = 2
_TURNS = {tesserocr.Orientation.PAGE_UP: 0, tesserocr.Orientation.PAGE_RIGHT: 1}
_TURNS |= {tesserocr.Orientation.PAGE_DOWN: 2, tesserocr.Orientation.PAGE_LEFT: 3}


@dataclass(frozen=True, slots=True)
class Recognised:
    """The lines of a page in reading order, upright, in points; how sure it is (0 to 1), and how the page lies.

    `looks_written` says whether somebody seems to have written on it, whatever was recognised.
    """

    lines: tuple[Line, ...]
    stance: Stance
    looks_written: bool

    @property
    def words(self) -> int:
        return sum(len(line.words) for line in self.lines)

    @property
    def confidence(self) -> float:
        return fmean(_sure(self.lines)) if self.words else 0.0


def recognise(picture: Image.Image, width: float, height: float, limits: Limits) -> Recognised:
    """What is written on the picture of a page of this size in points. Raises UnreadableFile when it takes too long."""
    until = monotonic() + limits.ocr_page_seconds
    gray = _prepared(picture)
    ink = Ink.of(gray)
    skew = ink.skew()
    upright = straightened(gray, skew)
    scale = width / max(gray.width, 1)
    stance = Stance(width, gray.height * scale, upright.width * scale, upright.height * scale, skew)
    reader = _reader(limits.ocr_language)
    first = _tried(reader, upright, 0, scale, until)
    if first is None:
        raise UnreadableFile(Code.TIMED_OUT, PAGE_TOO_SLOW, detail="text recognition", resumable=True)
    best = _surest(reader, upright, first, until) if ink.has_strokes else first
    return Recognised(_evened(best.lines), stance.turned(best.turns), ink.looks_written)


def scale_for(width: float, height: float) -> float:
    """Pixels a point at which a page of this size is drawn to be read."""
    return min(_DPI / POINTS_PER_INCH, _LONGEST_EDGE / max(width, height, 1.0))


@cache
def _reader(language: str) -> "tesserocr.PyTessBaseAPI":
    folder = ocr_data.folder_for(language)
    if folder is None:
        raise UnreadableFile(
            Code.UNSUPPORTED_TYPE,
            "Text in pictures cannot be recognised: this server has no data for the language it is set to "
            f"({language}). Ask whoever runs it to set OCR_LANGUAGE.",
        )
    mode, segments = tesserocr.OEM.LSTM_ONLY, tesserocr.PSM.AUTO_OSD
    reader = tesserocr.PyTessBaseAPI(path=str(folder), lang=language, psm=segments, oem=mode)
    # It would open a file to write its remarks to, which the walls forbid, and falls over that.
    reader.SetVariable("debug_file", "")
    return reader


def _prepared(picture: Image.Image) -> Image.Image:
    """Gray on white, of a size at which letters are read well."""
    gray = painting.flat(picture).convert("L")
    edge = max(gray.size)
    if edge > _LONGEST_EDGE:
        return gray.resize(_scaled(gray, _LONGEST_EDGE / edge), Image.Resampling.LANCZOS)
    return gray.resize(_scaled(gray, 2.0), Image.Resampling.LANCZOS) if edge < _SMALL_EDGE else gray


def _scaled(picture: Image.Image, by: float) -> tuple[int, int]:
    return max(round(picture.width * by), 1), max(round(picture.height * by), 1)


@dataclass(frozen=True, slots=True)
class _Try:
    """What was read of a page taken to lie turned so; `scale` is points a pixel."""

    lines: list[Line]
    turns: int
    scale: float

    @property
    def sense(self) -> float:
        """How much of it are words: signs that stand alone are none, and sure words weigh more."""
        words = (word for line in self.lines for word in line.words if sum(map(str.isalnum, word.text)) > 1)
        return sum((word.confidence or 0.0) ** 2 for word in words)

    @property
    def is_upright(self) -> bool:
        """Whether it is no guess, and its words are wide: upright columns are read too, but not said to be such."""
        words = [word for line in self.lines for word in line.words if len(word.text) > 2]
        wide = sum(word.x1 - word.x0 > word.y1 - word.y0 for word in words)
        return bool(words) and 2 * wide > len(words) and fmean(_sure(self.lines)) >= _NO_GUESS

    def is_doubtful(self, turns: int) -> bool:
        """Whether the page may lie turned by so many quarters more: gibberish comes of reading upside down."""
        sure = _sure(self.lines)
        if sure and fmean(sure) >= _SURE:
            return False
        return turns == _UPSIDE_DOWN or len(sure) < _FEW_WORDS


def _surest(reader: "tesserocr.PyTessBaseAPI", upright: Image.Image, first: _Try, until: float) -> _Try:
    """The same page read upside down, then on its sides, as long as that is needed and there is time."""
    best = first
    for turns in (_UPSIDE_DOWN, 1, 3):
        other = _tried(reader, upright, turns, first.scale, until) if best.is_doubtful(turns) else None
        if other and other.is_upright and other.sense > _CLEARLY * best.sense:
            best = other
    return best


def _tried(
    reader: "tesserocr.PyTessBaseAPI", upright: Image.Image, turns: int, scale: float, until: float
) -> _Try | None:
    """The page read as if it lay turned so, or as its letters say when `turns` is 0; None when there is no time."""
    milliseconds = round((until - monotonic()) * 1000)
    if milliseconds <= 0:
        return None
    picture = turned_back(upright, turns)
    reader.SetPageSegMode(tesserocr.PSM.AUTO if turns else tesserocr.PSM.AUTO_OSD)
    reader.SetImage(picture)
    reader.SetSourceResolution(round(POINTS_PER_INCH / scale))
    if not reader.Recognize(milliseconds):
        return None
    found = _turns(reader)
    return _Try(list(_lines(reader, found, picture.size, scale)), (turns + found) % 4, scale)


def _sure(lines: Sequence[Line]) -> list[float]:
    return [word.confidence for line in lines for word in line.words if word.confidence is not None]


def _turns(reader: "tesserocr.PyTessBaseAPI") -> int:
    """How the text lies, by what most of its blocks say."""
    found = reader.GetIterator()
    return _TURNS[found.Orientation()[0]] if found else 0


def _lines(reader: "tesserocr.PyTessBaseAPI", turns: int, size: tuple[int, int], scale: float) -> Iterator[Line]:
    """The lines; a word divided at a line's end by a hyphen loses it, and takes the next word along."""
    found = reader.GetIterator()
    row: list[PlacedWord] = []
    height = 0.0
    for place in tesserocr.iterate_level(found, tesserocr.RIL.WORD) if found else ():
        word = None if place.Empty(tesserocr.RIL.WORD) else _word(place, turns, size, scale)
        if place.IsAtBeginningOf(tesserocr.RIL.TEXTLINE):
            if row:
                divided = word is not None and _is_divided(row[-1], word)
                yield _line([*row[:-1], replace(row[-1], text=row[-1].text[:-1])] if divided else row, height)
                word = replace(word, glued=True) if word and divided else word
            row, height = [], place.RowAttributes()["row_height"] * scale
        if word is not None:
            row.append(word)
    if row:
        yield _line(row, height)


def _is_divided(last: PlacedWord, following: PlacedWord) -> bool:
    """Whether a word goes on small after its hyphen."""
    return last.text[-2:-1].isalpha() and last.text.endswith("-") and following.text[:1].islower()


def _word(place: "tesserocr.PyResultIterator", turns: int, size: tuple[int, int], scale: float) -> PlacedWord | None:
    level = tesserocr.RIL.WORD
    text = (place.GetUTF8Text(level) or "").strip()
    confidence = place.Confidence(level) / 100
    if not text or confidence < _LEAST_CONFIDENCE:
        return None
    x0, y0, x1, y1 = (edge * scale for edge in _upright(place.BoundingBox(level), turns, size))
    return PlacedWord(text, x0, y0, x1, y1, confidence=confidence)


def _upright(box: tuple[int, int, int, int], turns: int, size: tuple[int, int]) -> tuple[int, int, int, int]:
    """The box after the page was turned until its text stands upright."""
    x0, y0, x1, y1 = box
    wide, tall = size
    if turns == 1:
        return y0, wide - x1, y1, wide - x0
    if turns == 2:
        return wide - x1, tall - y1, wide - x0, tall - y0
    if turns == 3:
        return tall - y1, x0, tall - y0, x1
    return box


def _line(row: list[PlacedWord], height: float) -> Line:
    """`height` is that of the type, from its deepest to its highest letters, whichever of them the line has."""
    return Line(tuple(row), height, max(word.y1 for word in row))


def _evened(lines: Sequence[Line]) -> tuple[Line, ...]:
    """The lines with one size for the type of most words, which is measured a little differently on each line."""
    usual = median(line.size for line in lines for _ in line.words) if lines else 0.0
    return tuple(replace(line, size=usual) if abs(line.size - usual) <= _SAME_TYPE * usual else line for line in lines)
