"""The characters of a PDF's page, gathered into words and lines.

pdfium says where lines end and guesses spaces; both are held against the distances between the characters.
"""

import ctypes
import sys
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace
from functools import cached_property
from itertools import pairwise
from math import hypot, inf, isfinite, pi
from statistics import median
from typing import Any
from unicodedata import combining

import pypdfium2.raw as pdfium

from documents.reading.draft import clean
from documents.reading.parsers.pdf_page import Rectangle

# pdfium puts this for a hyphen at a line's end, and leaves the line's end out. As text it gives U+FFFE instead.
_HYPHEN_AT_END = 0x02
_FIRST_HALF = 0xD800
_HEBREW, _BEYOND_ARABIC = 0x590, 0x900
_ALEFS = frozenset("اأإآ")
_LINE_ENDS = frozenset({0x0A, 0x0D})
# Other control codes are letters of fonts that do not tell what they mean.
_SPACES = frozenset({0, *range(0x09, 0x0E), *(code for code in range(0x20, 0x3001) if chr(code).isspace())})
# Letters further apart than this share of their height, and this much further than the others of the word, are words
# whose space was left out.
_SPACE = 0.13
_WIDER = 0.1
# Lines of at least so many words, of so few letters each, come from fonts that do not tell how wide their letters are.
_SPELLED_WORDS = 12
_SPELLED_LETTERS = 2.2
_SPELLED_SPACE = 0.35
# Type reaches from below its g to above its h over little more than its size.
_TALLEST = 1.6
# Smaller type cannot be read. Where its boxes are not near that there is no need to ask for its size.
_SMALLEST, _NEARLY_SMALLEST, _FLAT = 2.0, 3.2, 0.5


@dataclass
class RawWord:
    """Characters with nothing between them: their codes and boxes, and the index of the first on the page.

    `type_size` is the height of the type itself where the boxes do not tell it.
    """

    first: int
    glued: bool
    codes: list[int] = field(default_factory=list)
    boxes: list[Rectangle] = field(default_factory=list)
    type_size: float = 0.0

    @cached_property
    def box(self) -> Rectangle:
        """Around all of its characters; no more of them may be added."""
        lefts, lows, rights, highs = zip(*self.boxes, strict=True)
        # Mirrored text has its edges the other way round.
        xs, ys = (*lefts, *rights), (*lows, *highs)
        box = (min(xs), min(ys), max(xs), max(ys))
        return box if all(map(isfinite, box)) else (0.0, 0.0, 0.0, 0.0)

    @cached_property
    def text(self) -> str:
        if max(self.codes) < _FIRST_HALF:
            text = "".join(map(chr, self.codes))
            if any(_HEBREW <= code < _BEYOND_ARABIC for code in self.codes):
                text = "".join(self._logical(text))
            return text if text.isprintable() else clean(text)
        # Characters beyond the first plane come as two halves.
        halves = "".join(chr(code) if code <= sys.maxunicode else "\ufffd" for code in self.codes)
        return clean(halves.encode("utf-16", "surrogatepass").decode("utf-16", "ignore"))

    def _logical(self, text: str) -> Iterator[str]:
        """Letters drawn as one sign (lam and alef, a letter and its points) in the order they are written."""
        index = 0
        while index < len(text):
            pair = text[index : index + 2]
            is_sign = len(pair) == 2 and self.boxes[index] == self.boxes[index + 1]
            if is_sign and _is_backward(*pair):
                yield pair[::-1]
                index += 2
            else:
                yield pair[0]
                index += 1


def _is_backward(first: str, second: str) -> bool:
    return bool(combining(first) and not combining(second)) or (first in _ALEFS and second == "ل")


def raw_lines(textpage: Any) -> Iterator[list[RawWord]]:
    """The lines of the page in the order of its content, their words as they are spaced."""
    usual: set[float] = set()
    for line in _lines_as_said(textpage):
        words = [_tamed(textpage, word, usual) for word in line]
        if len(words) >= _SPELLED_WORDS:
            words = _spelled_out(textpage, words)
        yield from _levelled([part for word in words for part in _parted(word)])


def turns_of(textpage: Any, word: RawWord) -> int:
    """By how many quarter turns, clockwise, the page must be turned for the word to stand upright."""
    angle = pdfium.FPDFText_GetCharAngle(textpage, word.first)
    return -round(angle / (pi / 2)) % 4 if angle > 0 and isfinite(angle) else 0


def _levelled(words: list[RawWord]) -> Iterator[list[RawWord]]:
    """The line, parted where a word stands wholly above or below the one before."""
    start = 0
    for index in range(1, len(words)):
        if _leaps(words[index - 1].boxes[-1], words[index].boxes[0]):
            yield words[start:index]
            start = index
    yield words[start:]


def _leaps(first: Rectangle, second: Rectangle) -> bool:
    # Letters that stand on their side follow each other up or down the page.
    large = max(first[3] - first[1], first[2] - first[0])
    return max(second[1] - first[3], first[1] - second[3]) > 0.5 * large


def _lines_as_said(textpage: Any) -> Iterator[list[RawWord]]:
    """The hot loop: two calls into pdfium for each character, everything else kept local."""
    unicode_of, box_of = pdfium.FPDFText_GetUnicode, pdfium.FPDFText_GetLooseCharBox
    box = pdfium.FS_RECTF()
    pointer = ctypes.byref(box)
    line: list[RawWord] = []
    word: RawWord | None = None
    glued = False
    for index in range(pdfium.FPDFText_CountChars(textpage)):
        code = unicode_of(textpage, index)
        ends_line = code in _LINE_ENDS
        if code == _HYPHEN_AT_END and pdfium.FPDFText_IsHyphen(textpage, index) == 1:
            ends_line = glued = True
            code = 0 if _is_lower(unicode_of(textpage, index + 1)) else ord("-")
        if code not in _SPACES:
            if word is None:
                word = RawWord(index, glued)
                line.append(word)
                glued = ends_line
            box_of(textpage, index, pointer)
            word.codes.append(code)
            word.boxes.append((box.left, box.bottom, box.right, box.top))
        elif not ends_line:
            word = None
        if ends_line:
            word = None
            if line:
                yield line
                line = []
    if line:
        yield line


def _is_lower(code: int) -> bool:
    """Whether a word goes on small after its hyphen: then the hyphen only divides it."""
    return code <= sys.maxunicode and chr(code).islower()


def _spelled_out(textpage: Any, line: list[RawWord]) -> list[RawWord]:
    """The line with its letters joined, where every letter became a word by spaces that are not in the file."""
    if sum(len(word.codes) for word in line) > _SPELLED_LETTERS * len(line):
        return line
    joined = [replace(line[0])]
    for word in line[1:]:
        last = joined[-1]
        if _is_spaced(textpage, last, word):
            joined.append(replace(word))
        else:
            joined[-1] = replace(last, codes=last.codes + word.codes, boxes=last.boxes + word.boxes)
    # Formulas are made of such words as well.
    return joined if len(joined) * 2 < len(line) else line


def _is_spaced(textpage: Any, last: RawWord, word: RawWord) -> bool:
    between = range(word.first - 1, max(last.first, word.first - 4), -1)
    codes = [(index, pdfium.FPDFText_GetUnicode(textpage, index)) for index in between]
    spaces = [index for index, code in codes if code in _SPACES]
    written = any(not pdfium.FPDFText_IsGenerated(textpage, index) for index in spaces)
    left, low, _, high = word.boxes[0]
    return written or left - last.boxes[-1][2] > _SPELLED_SPACE * (high - low)


def _parted(word: RawWord) -> Sequence[RawWord]:
    """The words in the word, where a space was left out and only its room is there."""
    boxes = word.boxes
    if len(boxes) < 2:
        return (word,)
    gaps = [second[0] - first[2] for first, second in pairwise(boxes)]
    tall = max(high - low for _, low, _, high in boxes)
    least = inf
    if len(gaps) > 1 and max(gaps) > _SPACE * tall:
        least = max(_SPACE * tall, median(gaps) + _WIDER * tall)
    is_level = max(box[1] for box in boxes) < min(box[3] for box in boxes)
    if least == inf and is_level:
        return (word,)
    cuts = [
        index
        for index, gap in enumerate(gaps, start=1)
        if gap > least or (not is_level and _leaps(boxes[index - 1], boxes[index]))
    ]
    return [
        RawWord(word.first + start, word.glued and not start, word.codes[start:end], boxes[start:end], word.type_size)
        for start, end in pairwise([0, *cuts, len(boxes)])
    ]


def _tamed(textpage: Any, word: RawWord, usual: set[float]) -> RawWord:
    """The word with boxes around its letters alone, where its font is said to reach far above and below them.

    `usual` are heights found to be right on this page: most words have one of them, and need no second look.
    """
    heights = [high - low for _, low, _, high in word.boxes]
    tallest = max(heights)
    if round(tallest, 2) in usual:
        return word
    size = _type_size(textpage, word.first + heights.index(tallest))
    if size <= 0 or tallest <= _TALLEST * size:
        usual.add(round(tallest, 2))
        return word
    left, right, bottom, top = (ctypes.c_double() for _ in range(4))
    boxes = list(word.boxes)
    for place in range(len(boxes)):
        if pdfium.FPDFText_GetCharBox(textpage, word.first + place, left, right, bottom, top):
            boxes[place] = (left.value, bottom.value, right.value, top.value)
    return replace(word, boxes=boxes, type_size=size)


def _type_size(textpage: Any, index: int) -> float:
    """How tall or wide, whichever is more, the type is on the page; 0 when that is not told."""
    return max(_type_sizes(textpage, index))


def _type_sizes(textpage: Any, index: int) -> tuple[float, float]:
    matrix = pdfium.FS_MATRIX()
    if not pdfium.FPDFText_GetMatrix(textpage, index, matrix):
        return 0.0, 0.0
    size = pdfium.FPDFText_GetFontSize(textpage, index)
    return size * hypot(matrix.a, matrix.b), size * hypot(matrix.c, matrix.d)


def is_tiny(textpage: Any, word: RawWord) -> bool:
    """Whether a word is too small, or too flat, to be read."""
    left, low, right, high = word.boxes[0]
    if high - low >= _NEARLY_SMALLEST and right - left >= _FLAT:
        return False
    sizes = _type_sizes(textpage, word.first)
    if min(sizes) < _FLAT < max(sizes):
        return True
    # Fonts whose letters are larger than they tell exist too.
    return max(high - low, right - left) < _NEARLY_SMALLEST and 0 < max(sizes) < _SMALLEST
