"""Settings decide who answers."""

from collections.abc import Iterator

import pytest
from pytest_django import Settings

from documents import providers
from documents.ai.errors import Misconfigured


@pytest.fixture(autouse=True)
def _fresh() -> Iterator[None]:
    providers.provider.cache_clear()
    yield
    providers.provider.cache_clear()


@pytest.mark.parametrize(
    ("chosen", "key", "address", "answering"),
    [
        ("auto", "", "", "local"),
        ("auto", "sk-test", "", "claude"),
        ("auto", "", "http://127.0.0.1:9", "claude"),
        ("local", "sk-test", "", "local"),
        ("claude", "sk-test", "", "claude"),
    ],
)
def test_settings_choose_the_provider(settings: Settings, chosen: str, key: str, address: str, answering: str) -> None:
    settings.AI_PROVIDER, settings.ANTHROPIC_API_KEY, settings.AI_BASE_URL = chosen, key, address

    assert providers.provider().name == answering


def test_one_embedder_serves_the_process() -> None:
    assert providers.embedder() is providers.embedder()
    assert providers.embedder().dimensions == 384


def test_an_unknown_embedding_model_is_named(settings: Settings) -> None:
    settings.EMBEDDING_MODEL = "word2vec"

    with pytest.raises(Misconfigured, match="word2vec"):
        providers.embedder()
