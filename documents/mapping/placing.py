"""Vectors to places: alike ones lie together, no two on the same spot. The same vectors give the same places."""

import math
from typing import Any

import numpy as np
from numpy.typing import NDArray

Vectors = NDArray[np.float32]
Places = NDArray[np.float64]

# For fewer, neighbourhoods say nothing: their two widest directions do.
LEAST_BY_NEIGHBOURS = 15
# By the growth from 1,000 to 5,000, about a minute of one core; a larger library is laid out by its widest directions.
MOST_BY_NEIGHBOURS = 20_000
DIRECTIONS, PERPLEXITY, ROUNDS = 50, 30.0, 600
SEED = 7
# Dots of a small library keep this distance, those of a large one less, so that crowds stay crowds.
DISTANCE, ROOM = 0.022, 0.42
PUSHES = 80
GOLDEN_ANGLE = math.pi * (3 - math.sqrt(5))
_MARGIN = 0.03
_NOTHING = 1e-6


def lay_out(vectors: Vectors, earlier: Places | None = None) -> Places:
    """A place from 0 to 1 in both directions for each vector. `earlier` are the places they had, NaN for new ones: the
    map is turned so that what is known lies about where it lay."""
    if not len(vectors):
        return np.zeros((0, 2))
    places = _scaled(_turned(_in_two(vectors), earlier))
    return _apart(places)


def _in_two(vectors: Vectors) -> Places:
    distinct, which = np.unique(vectors, axis=0, return_inverse=True)
    few = len(distinct) < LEAST_BY_NEIGHBOURS
    laid = _widest(distinct) if few or len(distinct) > MOST_BY_NEIGHBOURS else _by_neighbours(distinct)
    return laid[which.reshape(-1)]


def _widest(vectors: Vectors) -> Places:
    """By the two directions in which they differ most."""
    if len(vectors) < 2:
        return np.zeros((len(vectors), 2))
    # Imported here alone: scikit-learn takes a second and much memory, which no other worker or page shall pay.
    from sklearn.decomposition import PCA

    found = np.zeros((len(vectors), 2))
    most = min(2, len(vectors) - 1, vectors.shape[1])
    found[:, :most] = PCA(most, random_state=SEED).fit_transform(vectors)
    return found


def _by_neighbours(vectors: Vectors) -> Places:
    """So that those near each other in all directions are near each other in two."""
    # At their one door, as above; one thread, because the workers of the other cores have work of their own.
    from sklearn.decomposition import PCA
    from sklearn.manifold import TSNE
    from threadpoolctl import threadpool_limits

    with threadpool_limits(1):
        most = min(DIRECTIONS, *vectors.shape)
        reduced = PCA(most, random_state=SEED).fit_transform(vectors)
        perplexity = min(PERPLEXITY, (len(vectors) - 1) / 3)
        layout = TSNE(perplexity=perplexity, init="pca", max_iter=ROUNDS, random_state=SEED, n_jobs=1)
        found: Any = layout.fit_transform(reduced)
    return np.asarray(found, dtype=np.float64)


def _turned(places: Places, earlier: Places | None) -> Places:
    """Turned and mirrored to lie as much as can be as before (orthogonal Procrustes)."""
    if earlier is None:
        return places
    known = ~np.isnan(earlier).any(axis=1)
    if known.sum() < 3:
        return places
    now, before = places[known], earlier[known]
    left, _, right = np.linalg.svd((now - now.mean(axis=0)).T @ (before - before.mean(axis=0)))
    return np.asarray(places @ (left @ right))


def _scaled(places: Places) -> Places:
    """Into the square, each direction by itself; a direction without extent lies in the middle."""
    low, extent = places.min(axis=0), np.ptp(places, axis=0)
    flat = extent <= _NOTHING * max(float(extent.max()), _NOTHING)
    share = (places - low) / np.where(flat, 1, extent)
    return np.where(flat, 0.5, _MARGIN + (1 - 2 * _MARGIN) * share)


def _apart(places: Places) -> Places:
    """Pushes those that lie on each other apart, the same way every time."""
    if len(places) < 2:
        return places
    # At its one door, as above.
    from sklearn.neighbors import radius_neighbors_graph

    distance = min(DISTANCE, ROOM / math.sqrt(len(places)))
    moved = np.clip(places + _spread(places, distance * 0.7), 0, 1)
    for _ in range(PUSHES):
        one, other = radius_neighbors_graph(moved, distance, n_jobs=1).nonzero()
        if not len(one):
            break
        gap = moved[one] - moved[other]
        length = np.maximum(np.hypot(*gap.T), _NOTHING)
        push = np.zeros_like(moved)
        np.add.at(push, one, gap / length[:, None] * ((distance * 1.02 - length) * 0.45)[:, None])
        # In a crowd each goes a step at a time: thrown out of it, it would land on others.
        far = np.maximum(np.hypot(*push.T) / (distance / 2), 1)
        moved = np.clip(moved + push / far[:, None], 0, 1)
    return moved


def _spread(places: Places, step: float) -> Places:
    """Those on the same spot around it, as seeds lie in a sunflower."""
    _, which, sizes = np.unique(places, axis=0, return_inverse=True, return_counts=True)
    order = np.argsort(which.reshape(-1), kind="stable")
    number = np.empty(len(places))
    number[order] = np.concatenate([np.arange(size) for size in sizes])
    radius = step * np.sqrt(number)
    return np.column_stack([radius * np.cos(number * GOLDEN_ANGLE), radius * np.sin(number * GOLDEN_ANGLE)])
