"""Texts are compared word by word, in the meaning a word has where it stands."""

import numpy as np
import pytest

from documents.ai import wordwise
from documents.ai.embedding import MiniLM


@pytest.fixture(scope="module")
def model() -> MiniLM:
    return MiniLM()


def test_the_whole_of_a_text_is_its_embedding(model: MiniLM) -> None:
    texts = ["The owner of the bakery.", "", "Rain"]

    wholes = [read.whole for read in wordwise.read(model, texts)]

    assert np.allclose(wholes, model.embed(texts), atol=1e-4)


def test_pieces_stand_where_their_words_do(model: MiniLM) -> None:
    read = wordwise.read(model, ["Rain fell"])[0]

    assert read.places == ((0, 4), (5, 9))
    assert read.pieces.shape == (2, model.dimensions)


def test_a_word_comes_nearest_to_the_text_that_has_one_like_it(model: MiniLM) -> None:
    owner, reads, blooms = wordwise.read(model, ["owner", "The man who owns it reads.", "Roses bloom in June."])

    nearest = wordwise.nearest(owner.pieces, [reads.pieces, blooms.pieces])

    assert nearest.shape == (1, 2)
    assert nearest[0, 0] > nearest[0, 1]


def test_an_embedder_that_tells_no_words_gives_each_text_as_one() -> None:
    class Plain:
        name, dimensions = "plain", 2

        def count(self, text: str) -> int:
            return 1

        def pieces_a_word(self, text: str) -> float:
            return 1.0

        def embed(self, texts: object) -> list[list[float]]:
            return [[1.0, 0.0]]

    read = wordwise.read(Plain(), ["anything"])[0]

    assert read.pieces.tolist() == [[1.0, 0.0]]
    assert read.places == ((0, 8),)
