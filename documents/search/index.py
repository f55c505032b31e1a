"""Which model makes the vectors that are compared, and what every part of search asks it for."""

from collections.abc import Sequence
from functools import lru_cache

from django.conf import settings

from documents import providers
from documents.ai.protocol import Embedder
from documents.models import EmbeddingModel


def active() -> Embedder:
    """The embedder whose vectors are stored: that of the row, or of the settings before there is one."""
    setting = EmbeddingModel.objects.values_list("setting", flat=True).first()
    return providers.embedder(setting or settings.EMBEDDING_MODEL)


def settle(embedder: Embedder) -> bool:
    """Whether this embedder is the active one, from now on until the transaction ends; the first to ask becomes it."""
    row, _ = EmbeddingModel.objects.get_or_create(
        id=1, defaults={"setting": settings.EMBEDDING_MODEL, "name": embedder.name}
    )
    EmbeddingModel.objects.select_for_update(of=("self",), no_key=True).get(pk=row.pk)
    return row.name == embedder.name


def searched(title: str, heading_path: Sequence[str], text: str) -> str:
    """What is embedded and indexed of a passage: the words of title and headings find pages that never repeat them."""
    return "\n".join([title, " › ".join(heading_path), text])


@lru_cache(maxsize=1_000)
def _vector(embedder: Embedder, text: str) -> tuple[float, ...]:
    return tuple(embedder.embed([text])[0])


def vector(embedder: Embedder, text: str) -> tuple[float, ...]:
    """The vector of a query; those of the last thousand are kept, for pages are turned and words typed letter by
    letter."""
    return _vector(embedder, text)
