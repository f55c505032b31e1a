"""Texts word by word: how near the nearest word of one comes to each word of another, as they are meant there."""

from collections.abc import Sequence

import numpy as np

from documents.ai.embedding import Read, Transformer, Vectors
from documents.ai.protocol import Embedder


def read(embedder: Embedder, texts: Sequence[str]) -> list[Read]:
    """In the order given; of an embedder that tells no words, each text as one."""
    if isinstance(embedder, Transformer):
        return embedder.read(texts)
    vectors = np.array(embedder.embed(texts), dtype=np.float32)
    return [Read(one, one[None, :], ((0, len(text)),)) for one, text in zip(vectors, texts, strict=True)]


def nearest(asked: Vectors, texts: Sequence[Vectors]) -> Vectors:
    """A row for each piece asked, a column for each text: how like the likest piece of the text is."""
    begins = np.cumsum([0, *(len(text) for text in texts)])[:-1]
    likest: Vectors = np.maximum.reduceat(asked @ np.concatenate(list(texts)).T, begins, axis=1)
    return likest
