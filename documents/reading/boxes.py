"""Where a stretch of text stands on its page."""

from collections.abc import Iterable

from documents.values import Box, Word

SAME_LINE = 0.5  # words of one line overlap vertically by at least this share of the lower one's height


def boxes(page: int, words: Iterable[Word], start: int, end: int) -> list[Box]:
    """One box for each line that text[start:end) touches on this page, in reading order."""
    lines: list[Box] = []
    for word in words:
        if word.start < end and word.end > start:
            box = Box(page, word.x0, word.y0, word.x1, word.y1)
            if lines and _continues(lines[-1], box):
                lines[-1] = _joined(lines[-1], box)
            else:
                lines.append(box)
    return lines


def _continues(line: Box, box: Box) -> bool:
    overlap = min(line.y1, box.y1) - max(line.y0, box.y0)
    return box.x0 >= line.x0 and overlap >= SAME_LINE * min(line.y1 - line.y0, box.y1 - box.y0)


def _joined(line: Box, box: Box) -> Box:
    return Box(line.page, min(line.x0, box.x0), min(line.y0, box.y0), max(line.x1, box.x1), max(line.y1, box.y1))
