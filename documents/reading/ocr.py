"""Text recognition: a picture of a page to lines of words with places, by Tesseract, one thread a process."""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from functools import cache
from statistics import fmean, median

import tesserocr
from PIL import Image, ImageOps

from documents.reading import ocr_data
from documents.reading.errors import PAGE_TOO_SLOW, Code, UnreadableFile
from documents.reading.layout import Line, PlacedWord
from documents.reading.limits import Limits

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
_TURNS = {tesserocr.Orientation.PAGE_UP: 0, tesserocr.Orientation.PAGE_RIGHT: 1}
_TURNS |= {tesserocr.Orientation.PAGE_DOWN: 2, tesserocr.Orientation.PAGE_LEFT: 3}


@dataclass(frozen=True, slots=True)
class Recognised:
    """The lines of a page in reading order, upright, in points; how sure it is (0 to 1), and how to turn boxes back.

    `turns` counts quarter turns, clockwise, by which the page lies on its side.
    """

    lines: tuple[Line, ...]
    confidence: float
    width: float
    height: float
    turns: int

    def fractions(self, word: PlacedWord) -> tuple[float, float, float, float]:
        """The word's box in fractions of the page as it was given."""
        wide, tall = (self.height, self.width) if self.turns % 2 else (self.width, self.height)
        x0, y0, x1, y1 = word.x0 / wide, word.y0 / tall, word.x1 / wide, word.y1 / tall
        if self.turns == 1:
            return 1 - y1, x0, 1 - y0, x1
        if self.turns == 2:
            return 1 - x1, 1 - y1, 1 - x0, 1 - y0
        if self.turns == 3:
            return y0, 1 - x1, y1, 1 - x0
        return x0, y0, x1, y1


def recognise(picture: Image.Image, width: float, height: float, limits: Limits) -> Recognised:
    """What is written on the picture of a page of this size in points. Raises UnreadableFile when it takes too long."""
    gray = _prepared(picture)
    reader = _reader(limits.ocr_language)
    reader.SetImage(gray)
    reader.SetSourceResolution(round(gray.width / max(width, 1) * POINTS_PER_INCH))
    if not reader.Recognize(round(limits.ocr_page_seconds * 1000)):
        raise UnreadableFile(Code.TIMED_OUT, PAGE_TOO_SLOW, detail="text recognition", resumable=True)
    turns = _turns(reader)
    scale = width / gray.width
    lines = _evened(list(_lines(reader, turns, gray.size, scale)))
    sure = [word.confidence for line in lines for word in line.words if word.confidence is not None]
    return Recognised(lines, fmean(sure) if sure else 0.0, width, height, turns)


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
    if picture.mode in ("RGBA", "LA", "PA") or "transparency" in picture.info:
        coloured = picture.convert("RGBA")
        picture = Image.alpha_composite(Image.new("RGBA", coloured.size, "white"), coloured)
    if picture.mode.startswith("I"):
        picture = ImageOps.autocontrast(picture.point(lambda value: value / 256).convert("L"))
    gray = picture.convert("L")
    edge = max(gray.size)
    if edge > _LONGEST_EDGE:
        return gray.resize(_scaled(gray, _LONGEST_EDGE / edge), Image.Resampling.LANCZOS)
    return gray.resize(_scaled(gray, 2.0), Image.Resampling.LANCZOS) if edge < _SMALL_EDGE else gray


def _scaled(picture: Image.Image, by: float) -> tuple[int, int]:
    return max(round(picture.width * by), 1), max(round(picture.height * by), 1)


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


def _evened(lines: list[Line]) -> tuple[Line, ...]:
    """The lines with one size for the type of most words, which is measured a little differently on each line."""
    usual = median(line.size for line in lines for _ in line.words) if lines else 0.0
    return tuple(replace(line, size=usual) if abs(line.size - usual) <= _SAME_TYPE * usual else line for line in lines)
