"""Regions of a map, and the words that tell each from the others."""

import math
from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass

import numpy as np

from documents.mapping.placing import SEED, Places

LEAST_DOCUMENTS = 12
FEWEST, MOST = 2, 16
WORDS = 3
# A word of so few documents of a region says nothing about the others.
LEAST_SHARE = 0.08


@dataclass(frozen=True, slots=True)
class Region:
    """Documents that lie together, by their numbers, and the middle of them."""

    x: float
    y: float
    members: tuple[int, ...]


def divide(places: Places) -> list[Region]:
    """A few regions, from the largest; none for a handful of documents."""
    if len(places) < LEAST_DOCUMENTS:
        return []
    # Imported here alone: scikit-learn takes a second and much memory, which no other worker or page shall pay.
    from sklearn.cluster import KMeans
    from threadpoolctl import threadpool_limits

    wanted = min(max(round(math.sqrt(len(places)) * 0.8), FEWEST), MOST)
    with threadpool_limits(1):
        found = KMeans(wanted, n_init=4, random_state=SEED).fit_predict(places)
    regions = [_region(places, np.flatnonzero(found == number)) for number in np.unique(found)]
    return sorted(regions, key=lambda region: (-len(region.members), region.members))


def _region(places: Places, members: "np.ndarray[tuple[int], np.dtype[np.intp]]") -> Region:
    x, y = np.median(places[members], axis=0)
    return Region(float(x), float(y), tuple(members.tolist()))


def name[Word](regions: Sequence[Region], words: Sequence[Iterable[Word]], said: Callable[[Word], str]) -> list[str]:
    """A label for each region: words that stand in many of its documents and in fewer of the others.

    `words` are those of each document, each once; `said` how one is written, empty for one that is not to be shown.
    """
    everywhere = Counter(word for some in words for word in some)
    shares = {word: count / len(words) for word, count in everywhere.items()}
    return [_label(region, words, shares, said) for region in regions]


def _label[Word](
    region: Region, words: Sequence[Iterable[Word]], shares: dict[Word, float], said: Callable[[Word], str]
) -> str:
    size = len(region.members)
    here = Counter(word for member in region.members for word in words[member])
    telling: list[tuple[float, str]] = []
    for word, count in here.items():
        if count >= max(2, LEAST_SHARE * size) and (weight := count / size * math.log(count / size / shares[word])) > 0:
            telling.append((-weight, said(word)))
    chosen = _distinct(written for _, written in sorted(telling) if written)
    return " · ".join(word[:1].upper() + word[1:] for word in chosen)


def _distinct(words: Iterable[str]) -> list[str]:
    """The first few, of several forms of a word the first."""
    chosen: list[str] = []
    for word in words:
        if len(chosen) < WORDS and not any(_alike(word, other) for other in chosen):
            chosen.append(word)
    return chosen


def _alike(one: str, other: str) -> bool:
    """Forms of one word, such as report and reports."""
    return one.startswith(other) or other.startswith(one)
