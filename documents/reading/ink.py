"""What a picture shows before anything on it is read: whether somebody wrote on it, and how far its lines lean."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from PIL import Image

# Pictures are looked at this small: letters are still strokes, and the grain of paper is gone.
_EDGE = 1_000
# A step between neighbouring pixels is a stroke beyond this share of the picture's contrast, within these bounds.
_STEP, _LEAST_STEP, _MOST_STEP = 0.3, 12.0, 48.0
# Scanners draw shadows round a page.
_MARGIN = 0.03
# A line of writing is more than this share of a page; specks and the holes of a punch are less.
_LEAST_INK = 0.002
# This much of a page is of nearly one tone, paper; of a photograph it is less.
_LEAST_PAPER, _SAME_TONE = 0.5, 24

_MOST_DEGREES, _COARSE_DEGREES, _FINE_DEGREES = 15.0, 0.5, 0.1
# Text recognition copes with lines that lean less than this by itself.
_LEAST_DEGREES = 1.0
_FEWEST_MARKS, _MOST_MARKS = 200, 40_000
# How much sharper the lines must stand out when straight: than at most angles, and than as they are.
_SHARPER, _BETTER = 2.0, 1.5

Marks = NDArray[np.bool_]
Places = NDArray[np.float32]


@dataclass(frozen=True, slots=True)
class Ink:
    """The strokes on a picture: where tone steps from row to row, and from column to column."""

    tones: NDArray[np.int16]
    down: Marks
    across: Marks

    @classmethod
    def of(cls, gray: Image.Image) -> "Ink":
        tones = np.asarray(_small(gray), dtype=np.int16)
        darkest, lightest = np.percentile(tones, (0.2, 99.8))
        step = min(max(_STEP * float(lightest - darkest), _LEAST_STEP), _MOST_STEP)
        return cls(tones, np.abs(np.diff(tones, axis=0)) > step, np.abs(np.diff(tones, axis=1)) > step)

    @property
    def has_strokes(self) -> bool:
        """Whether there is anything on it but what scanners and dust leave."""
        tall, wide = (round(size * _MARGIN) for size in self.tones.shape)
        inner = self.down[tall : -tall or None, wide : -wide or None]
        return bool(inner.size) and float(inner.mean()) > _LEAST_INK

    @property
    def looks_written(self) -> bool:
        """Whether there are strokes on something like paper; not so a blank page, nor most photographs."""
        return self.has_strokes and self._paper() > _LEAST_PAPER

    def skew(self) -> float:
        """Degrees, counter-clockwise, by which the lines lean; 0 when they hardly do, or when there are no lines."""
        sharpness, degrees = _lean(self.down)
        standing, others = _lean(self.across.T)
        # Slanted letters lean too, but stand out less than the lines they are in.
        if standing > 2 * sharpness:
            degrees = -others
        return degrees if _LEAST_DEGREES <= abs(degrees) < _MOST_DEGREES else 0.0

    def _paper(self) -> float:
        """The share of the picture that has nearly its most frequent tone."""
        counts = np.bincount(self.tones.ravel(), minlength=256)
        return float(np.convolve(counts, np.ones(2 * _SAME_TONE + 1)).max() / self.tones.size)


def _small(gray: Image.Image) -> Image.Image:
    by = min(_EDGE / max(gray.size), 1.0)
    size = max(round(gray.width * by), 1), max(round(gray.height * by), 1)
    return gray.resize(size, Image.Resampling.BOX) if by < 1 else gray


def _lean(marks: Marks) -> tuple[float, float]:
    """How sharply lines stand out when the marks are turned best, against most angles, and that angle in degrees."""
    rows, columns = np.nonzero(marks)
    if len(rows) < _FEWEST_MARKS:
        return 0.0, 0.0
    every = -(-len(rows) // _MOST_MARKS)
    down, along = rows[::every].astype(np.float32), columns[::every].astype(np.float32)
    coarse = np.arange(-_MOST_DEGREES, _MOST_DEGREES + _COARSE_DEGREES, _COARSE_DEGREES)
    found = [_sharpness(down, along, degrees) for degrees in coarse]
    best = int(np.argmax(found))
    usual = float(np.median(found))
    if found[best] < max(_SHARPER * usual, _BETTER * _sharpness(down, along, 0.0)):
        return found[best] / max(usual, 1.0), 0.0
    fine = coarse[best] + np.arange(-_COARSE_DEGREES, _COARSE_DEGREES + _FINE_DEGREES, _FINE_DEGREES)
    exact = max(fine, key=lambda degrees: _sharpness(down, along, degrees))
    return found[best] / max(usual, 1.0), float(exact)


def _sharpness(down: Places, along: Places, degrees: float) -> float:
    """How much the counts of marks differ from row to row, once lines that lean so are level."""
    turn = np.radians(degrees)
    level = down * np.float32(np.cos(turn)) + along * np.float32(np.sin(turn))
    counts = np.bincount((level - level.min()).astype(np.int32))
    return float(np.sum(np.diff(counts).astype(np.float64) ** 2))
