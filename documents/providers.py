"""Settings to the model, the embedder and the limits of reading. The one seam that tests replace."""

from dataclasses import replace
from functools import cache
from pathlib import Path
from typing import Any

from django.conf import settings

from documents.ai.claude import Claude
from documents.ai.embedding import Folder, MiniLM
from documents.ai.errors import Misconfigured
from documents.ai.local import Local
from documents.ai.protocol import Embedder, Provider
from documents.reading.limits import DEFAULT, Limits


@cache
def provider() -> Provider:
    """Who answers: Claude where a key or an address is set, unless settings say otherwise. One a process."""
    if _serves_claude():
        return Claude(
            settings.ANTHROPIC_API_KEY,
            base_url=settings.AI_BASE_URL,
            default_model=settings.AI_MODEL,
            features=settings.AI_FEATURES,
            context_tokens=settings.AI_CONTEXT_TOKENS,
        )
    return Local(embedder())


def models() -> tuple[str, ...]:
    """Those that can be chosen for a question, the usual one first."""
    return tuple(settings.AI_MODELS) if _serves_claude() else (provider().default_model,)


def embedder(setting: str = "") -> Embedder:
    """What turns text into vectors: a model by its name or its folder, that of the settings when none is given.

    One of each a process: it loads its model once.
    """
    name = setting or settings.EMBEDDING_MODEL
    return _embedder(MiniLM.name if name in MiniLM.names else name)


@cache
def _embedder(name: str) -> Embedder:
    if name == MiniLM.name:
        return MiniLM()
    if Path(name).is_dir():
        return Folder(Path(name))
    raise Misconfigured(
        f"EMBEDDING_MODEL is {name!r}, which is neither a model this program brings nor a folder with one. "
        f"Use {MiniLM.name}, or the path of a folder with model.onnx and tokenizer.json."
    )


def limits(**wanted: Any) -> Limits:
    """How much reading one file may use here, with what is wanted of this reading."""
    return replace(
        DEFAULT,
        memory_mb=settings.READING_MEMORY_MB,
        ocr_language=settings.OCR_LANGUAGE,
        weak_walls=settings.ALLOW_WEAK_SANDBOX,
        **wanted,
    )


def _serves_claude() -> bool:
    reachable = bool(settings.ANTHROPIC_API_KEY or settings.AI_BASE_URL)
    return settings.AI_PROVIDER == "claude" or (settings.AI_PROVIDER == "auto" and reachable)
