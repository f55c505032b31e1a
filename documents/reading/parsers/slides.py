"""What slides of every format have in common: how they are called, and in which order their shapes are read."""

from collections.abc import Sequence
from dataclasses import dataclass

from documents.reading.items import Note
from documents.values import Leaf

NOTES_LEVEL = 3

# Far more shapes than this are a drawing, and its own order is as good as any.
_MOST_SHAPES = 300
_SHARE = 0.5
_UNTITLED = frozenset(
    {
        "powerpoint presentation",
        "powerpoint-präsentation",
        "présentation powerpoint",
        "no slide title",
        "slide 1",
        "folie 1",
    }
)


@dataclass(frozen=True, slots=True)
class Area:
    """Where a shape stands on its slide, in any unit."""

    left: float
    top: float
    right: float
    bottom: float

    def is_before(self, other: "Area") -> bool:
        """Whether it is surely read first: it stands above in the same column, or left in the same line."""
        if self.bottom <= other.top:
            return _overlap(self.left, self.right, other.left, other.right)
        return self.right <= other.left and _overlap(self.top, self.bottom, other.top, other.bottom)


def _overlap(start: float, end: float, other_start: float, other_end: float) -> bool:
    shared = min(end, other_end) - max(start, other_start)
    return shared > 0 and shared >= _SHARE * min(end - start, other_end - other_start)


def label(number: int) -> str:
    return f"Slide {number}"


def real_title(title: str) -> str:
    """The title unless it is what a program writes when nobody gave one."""
    return "" if title.strip().lower() in _UNTITLED else title


class Naming:
    """What a presentation is called, when it does not say so itself."""

    def __init__(self) -> None:
        self._has_titles = False
        self._opening = ""

    def seen(self, leaf: Leaf) -> Leaf:
        """The slide, looked at."""
        self._has_titles = self._has_titles or any(0 < block.level < NOTES_LEVEL for block in leaf.blocks)
        self._opening = self._opening or leaf.text.partition("\n")[0]
        return leaf

    def title(self, stated: str) -> str:
        """Nothing where titles of slides will tell; where there are none, the first words, not the heading of notes."""
        return real_title(stated) or ("" if self._has_titles else self._opening)


def hidden_note(numbers: Sequence[int]) -> Note:
    """Says which slides are not shown when the presentation is given."""
    if len(numbers) == 1:
        return Note(f"Slide {numbers[0]} is hidden in the presentation; it was read like the others.")
    *first, last = map(str, numbers)
    return Note(f"Slides {', '.join(first)} and {last} are hidden in the presentation; they were read like the others.")


def reading_order(areas: Sequence[Area | None]) -> list[int]:
    """The shapes by their index: in the order of the file, but where their places clearly contradict it."""
    rest = list(range(len(areas)))
    if len(rest) > _MOST_SHAPES:
        return rest
    waits_for = [_read_before(areas, index) for index in rest]
    order: list[int] = []
    while rest:
        chosen = next((index for index in rest if not waits_for[index]), rest[0])
        rest.remove(chosen)
        order.append(chosen)
        for others in waits_for:
            others.discard(chosen)
    return order


def _read_before(areas: Sequence[Area | None], index: int) -> set[int]:
    area = areas[index]
    if area is None:
        return set()
    return {number for number, other in enumerate(areas) if other is not None and other.is_before(area)}
