"""A page turned until its text stands upright, and boxes turned back onto the page as it was given."""

from dataclasses import dataclass, replace
from math import cos, radians, sin

from PIL import Image

from documents.reading.layout import PlacedWord

Box = tuple[float, float, float, float]

_BACK = {1: Image.Transpose.ROTATE_90, 2: Image.Transpose.ROTATE_180, 3: Image.Transpose.ROTATE_270}


@dataclass(frozen=True, slots=True)
class Stance:
    """How a page of this size lies: it leans by `skew` degrees, counter-clockwise, and by `turns` quarters, clockwise.

    `wide` and `tall` are the size of the page once it does not lean any more, with room for its corners.
    """

    width: float
    height: float
    wide: float
    tall: float
    skew: float = 0.0
    turns: int = 0

    def turned(self, turns: int) -> "Stance":
        return replace(self, turns=(self.turns + turns) % 4)

    def fractions(self, word: PlacedWord) -> Box | None:
        """The box round an upright word in fractions of the page as it was given; None when it stands outside."""
        x0, y0, x1, y1 = self._leaning(self._lying((word.x0, word.y0, word.x1, word.y1)))
        if x1 <= 0 or y1 <= 0 or x0 >= self.width or y0 >= self.height:
            return None
        return _share(x0, self.width), _share(y0, self.height), _share(x1, self.width), _share(y1, self.height)

    def _lying(self, box: Box) -> Box:
        """The box before the quarter turns."""
        x0, y0, x1, y1 = box
        if self.turns == 1:
            return self.wide - y1, x0, self.wide - y0, x1
        if self.turns == 2:
            return self.wide - x1, self.tall - y1, self.wide - x0, self.tall - y0
        if self.turns == 3:
            return y0, self.tall - x1, y1, self.tall - x0
        return box

    def _leaning(self, box: Box) -> Box:
        """The box, with its sides level again, round what was straightened."""
        if not self.skew:
            return box
        across, down = cos(radians(self.skew)), sin(radians(self.skew))
        corners = [(x - self.wide / 2, y - self.tall / 2) for x in box[::2] for y in box[1::2]]
        xs = [self.width / 2 + x * across + y * down for x, y in corners]
        ys = [self.height / 2 + y * across - x * down for x, y in corners]
        return min(xs), min(ys), max(xs), max(ys)


def straightened(gray: Image.Image, skew: float) -> Image.Image:
    """The picture turned until its lines are level, its corners filled with its ground."""
    if not skew:
        return gray
    counts = gray.histogram()
    ground = counts.index(max(counts))
    return gray.rotate(-skew, Image.Resampling.BICUBIC, expand=True, fillcolor=ground)


def turned_back(picture: Image.Image, turns: int) -> Image.Image:
    """The picture of a page that lies turned clockwise by so many quarters, upright."""
    return picture.transpose(_BACK[turns]) if turns else picture


def _share(value: float, whole: float) -> float:
    return min(max(value / whole, 0.0), 1.0)
