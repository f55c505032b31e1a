"""The sheet a page of a PDF is shown on: how it is cut and turned, and where things stand on it."""

from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Any

from documents.reading.layout import PlacedWord

# left, bottom, right, top in the page's own coordinates; or x0, y0, x1, y1 from the top left as it is shown
Rectangle = tuple[float, float, float, float]
Fractions = Callable[[PlacedWord], Rectangle | None]


@dataclass(frozen=True, slots=True)
class Sheet:
    """The part of a page that is shown, and how it is turned (in quarter turns, clockwise)."""

    left: float
    bottom: float
    right: float
    top: float
    turns: int

    @classmethod
    def of(cls, page: Any) -> "Sheet":
        left, bottom, right, top = page.get_bbox()
        return cls(left, bottom, right, top, (page.get_rotation() // 90) % 4)

    @property
    def width(self) -> float:
        return self._tall if self.turns % 2 else self._wide

    @property
    def height(self) -> float:
        return self._wide if self.turns % 2 else self._tall

    @property
    def _wide(self) -> float:
        return self.right - self.left

    @property
    def _tall(self) -> float:
        return self.top - self.bottom

    def placed(self, box: Rectangle) -> Rectangle:
        """The box as the page is shown: x0, y0, x1, y1 in points from the top left."""
        left, low, right, high = box
        x0, x1 = left - self.left, right - self.left
        y0, y1 = self.top - high, self.top - low
        if self.turns == 1:
            return self._tall - y1, x0, self._tall - y0, x1
        if self.turns == 2:
            return self._wide - x1, self._tall - y1, self._wide - x0, self._tall - y0
        if self.turns == 3:
            return y0, self._wide - x1, y1, self._wide - x0
        return x0, y0, x1, y1

    def turned_to(self, turns: int) -> "Sheet":
        """The sheet as if it were shown turned so."""
        return replace(self, turns=turns)

    def fractions_from(self, frame: "Sheet") -> Fractions:
        """From words placed on the same sheet turned otherwise to their boxes as it is shown."""
        turns = (frame.turns - self.turns) % 4
        return lambda word: _turned_back(frame.fractions(word), turns)

    def fractions(self, word: PlacedWord) -> Rectangle | None:
        """The word's box in fractions of the page, cut at its edges; None when it stands wholly outside."""
        wide, tall = self.width, self.height
        if wide <= 0 or tall <= 0 or word.x1 <= 0 or word.y1 <= 0 or word.x0 >= wide or word.y0 >= tall:
            return None
        return _clamp(word.x0 / wide), _clamp(word.y0 / tall), _clamp(word.x1 / wide), _clamp(word.y1 / tall)


def _turned_back(box: Rectangle | None, turns: int) -> Rectangle | None:
    if box is None or turns == 0:
        return box
    x0, y0, x1, y1 = box
    if turns == 1:
        return y0, 1 - x1, y1, 1 - x0
    if turns == 2:
        return 1 - x1, 1 - y1, 1 - x0, 1 - y0
    return 1 - y1, x0, 1 - y0, x1


def _clamp(value: float) -> float:
    return min(max(value, 0.0), 1.0)
