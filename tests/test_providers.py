"""Settings decide who answers."""

from collections.abc import Iterator

import pytest
from django.core.exceptions import ImproperlyConfigured
from pytest_django import Settings

from config import environment
from documents import providers
from documents.ai.errors import Misconfigured
from documents.ai.models import FEATURES


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


def test_settings_say_what_the_server_can_do_and_how_much_it_takes(settings: Settings) -> None:
    settings.AI_PROVIDER, settings.ANTHROPIC_API_KEY = "claude", "sk-test"
    settings.AI_FEATURES, settings.AI_CONTEXT_TOKENS = ("forms",), 8_192

    provider = providers.provider()

    assert (provider.capabilities.documents, provider.capabilities.forms, provider.batches) == (False, True, None)
    assert provider.window("claude-haiku-5-5") == 8_192


@pytest.mark.parametrize(
    ("said", "meant"),
    [("", FEATURES), ("none", ()), ("forms", ("forms",)), (" counting, documents", ("counting", "documents"))],
)
def test_features_are_named_with_commas_between(
    monkeypatch: pytest.MonkeyPatch, said: str, meant: tuple[str, ...]
) -> None:
    monkeypatch.setenv("AI_FEATURES", said)

    assert tuple(environment.listed("AI_FEATURES", FEATURES)) == meant


@pytest.mark.parametrize("said", ["telepathy", "none,forms", "forms;documents"])
def test_a_feature_nobody_knows_is_refused(monkeypatch: pytest.MonkeyPatch, said: str) -> None:
    monkeypatch.setenv("AI_FEATURES", said)

    with pytest.raises(ImproperlyConfigured, match="AI_FEATURES is"):
        environment.listed("AI_FEATURES", FEATURES)


@pytest.mark.parametrize(("said", "meant"), [("", 0), ("0", 0), ("8192", 8_192)])
def test_a_window_may_be_left_open(monkeypatch: pytest.MonkeyPatch, said: str, meant: int) -> None:
    monkeypatch.setenv("AI_CONTEXT_TOKENS", said)

    assert environment.number("AI_CONTEXT_TOKENS", 0, least=0) == meant


@pytest.mark.parametrize("said", ["-1", "8k", "1e6"])
def test_a_window_that_is_no_number_is_refused(monkeypatch: pytest.MonkeyPatch, said: str) -> None:
    monkeypatch.setenv("AI_CONTEXT_TOKENS", said)

    with pytest.raises(ImproperlyConfigured, match="AI_CONTEXT_TOKENS is"):
        environment.number("AI_CONTEXT_TOKENS", 0, least=0)


def test_one_embedder_serves_the_process() -> None:
    assert providers.embedder() is providers.embedder()
    assert providers.embedder().dimensions == 384


def test_an_unknown_embedding_model_is_named(settings: Settings) -> None:
    settings.EMBEDDING_MODEL = "word2vec"

    with pytest.raises(Misconfigured, match="word2vec"):
        providers.embedder()
