"""Settings to the model, the embedder and the limits of reading. The one seam that tests replace."""

from dataclasses import replace
from functools import cache
from typing import Any

from django.conf import settings

from documents.ai.claude import Claude
from documents.ai.embedding import MiniLM
from documents.ai.errors import Misconfigured
from documents.ai.local import Local
from documents.ai.protocol import Embedder, Provider
from documents.reading.limits import DEFAULT, Limits

_EMBEDDERS = {"all-MiniLM-L6-v2": MiniLM, MiniLM.name: MiniLM}


@cache
def provider() -> Provider:
    """Who answers: Claude where a key or an address is set, unless settings say otherwise. One a process."""
    if _serves_claude():
        return Claude(settings.ANTHROPIC_API_KEY, base_url=settings.AI_BASE_URL, default_model=settings.AI_MODEL)
    return Local(embedder())


@cache
def embedder() -> Embedder:
    """What turns text into vectors. One a process: it loads its model once."""
    if settings.EMBEDDING_MODEL not in _EMBEDDERS:
        known = ", ".join(_EMBEDDERS)
        raise Misconfigured(f"EMBEDDING_MODEL is {settings.EMBEDDING_MODEL!r}, which is not known here. Use {known}.")
    return _EMBEDDERS[settings.EMBEDDING_MODEL]()


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
