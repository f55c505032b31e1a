"""Another embedding model: made beside the one in use, compared, switched to at once."""

from collections.abc import Sequence
from io import StringIO
from pathlib import Path

import numpy as np
import pytest
from django.core.management import CommandError, call_command
from pytest_django import Settings

from accounts.models import User
from documents import providers
from documents.ai.embedding import Folder, MiniLM
from documents.ai.errors import Misconfigured
from documents.models import Document, EmbeddingModel, NextVector, Passage
from documents.search import index, reindexing, terms
from documents.search.passages import find
from documents.search.scope import Scope
from tests.search.library import Shelve, titles

pytestmark = pytest.mark.django_db

LEASE = "The tenant pays the rent on the first day of every month. The deposit is two rents."
RECIPE = "Stir the flour into the butter, add milk and let the sauce boil until it thickens."


class Shorter(MiniLM):
    """Vectors of half the length."""

    name = "shorter"

    def embed(self, texts: Sequence[str]) -> list[list[float]]:
        halves = np.array(super().embed(texts))[:, :192]
        rows: list[list[float]] = (halves / np.linalg.norm(halves, axis=1, keepdims=True)).tolist()
        return rows


class Useless(Shorter):
    """Hardly tells one text from another."""

    name = "useless"

    def embed(self, texts: Sequence[str]) -> list[list[float]]:
        return [[1.0, *([0.0] * (len(text) % 7)), 0.01] + [0.0] * (190 - len(text) % 7) for text in texts]


@pytest.fixture
def library(alice: User, shelve: Shelve) -> list[Document]:
    return [shelve(alice, "Lease", LEASE), shelve(alice, "White sauce", RECIPE)]


@pytest.fixture
def coming(monkeypatch: pytest.MonkeyPatch) -> Shorter:
    """A model that can be named in the settings."""
    made, real = Shorter(), providers.embedder
    monkeypatch.setattr(providers, "embedder", lambda setting="": made if setting == "shorter" else real(setting))
    return made


def reindex(**options: object) -> str:
    out = StringIO()
    call_command("reindex", stdout=out, **options)
    return out.getvalue()


@pytest.mark.usefixtures("library")
def test_everything_is_up_to_date_when_nothing_changed() -> None:
    assert "up to date" in reindex()


@pytest.mark.usefixtures("library")
def test_search_goes_on_with_the_old_vectors_until_the_switch(alice: User, coming: Shorter) -> None:
    said = reindex(model="shorter", compare=True)

    assert "among the first ten" in said
    assert NextVector.objects.count() == Passage.objects.count()
    assert index.active().name == MiniLM.name
    assert titles(find(Scope.of(alice), "cooking", 5))[0] == "White sauce"


@pytest.mark.usefixtures("library")
def test_the_switch_changes_every_vector_at_once(alice: User, coming: Shorter) -> None:
    reindex(model="shorter", force=True)

    assert EmbeddingModel.objects.get().name == "shorter"
    assert {len(row.embedding) for row in Passage.objects.all()} == {192}
    assert {len(row.embedding or []) for row in Document.objects.all()} == {192}
    assert not NextVector.objects.exists()
    assert titles(find(Scope.of(alice), "cooking", 5))[0] == "White sauce"


def test_what_was_added_meanwhile_is_switched_too(
    alice: User, shelve: Shelve, library: object, coming: Shorter
) -> None:
    reindex(model="shorter", compare=True)
    shelve(alice, "Note", "The water pipe in the kitchen was replaced by the plumber.")
    reindex(model="shorter", force=True)

    assert set(Passage.objects.values_list("embedding_model", flat=True)) == {"shorter"}
    shelve(alice, "Later note", "A new key for the door of the cellar was cut.")
    assert set(Passage.objects.values_list("embedding_model", flat=True)) == {"shorter"}


@pytest.mark.usefixtures("library")
def test_a_model_that_finds_less_is_not_switched_to(
    alice: User, shelve: Shelve, monkeypatch: pytest.MonkeyPatch
) -> None:
    for number in range(12):
        shelve(alice, f"Note {number}", f"Note number {number} says something about the house and its door {number}.")
    made, real = Useless(), providers.embedder
    monkeypatch.setattr(providers, "embedder", lambda setting="": made if setting == "useless" else real(setting))

    with pytest.raises(CommandError, match="finds less"):
        reindex(model="useless")
    assert index.active().name == MiniLM.name


@pytest.mark.usefixtures("library")
def test_vectors_of_another_model_are_never_compared(alice: User) -> None:
    Passage.objects.filter(document__title="Lease").update(embedding_model="other", embedding=[1.0, 0.0])

    assert titles(find(Scope.of(alice), "cooking", 5)) == ["White sauce"]
    assert titles(find(Scope.of(alice), "tenant", 5)) == ["Lease"]


@pytest.mark.usefixtures("library")
def test_weights_of_other_settings_are_made_anew(alice: User, settings: Settings) -> None:
    before = {row.pk: row.terms.to_text() for row in Passage.objects.all()}
    settings.SEARCH_BM25_B = 0.2
    reindex()

    assert set(Passage.objects.values_list("terms_version", flat=True)) == {terms.version()}
    assert all(row.terms.to_text() != before[row.pk] for row in Passage.objects.all())
    assert titles(find(Scope.of(alice), "tenant", 5)) == ["Lease"]


def test_a_document_deleted_meanwhile_is_passed_over(alice: User, library: list[Document], coming: Shorter) -> None:
    class Deleting(Shorter):
        def embed(self, texts: Sequence[str]) -> list[list[float]]:
            Document.objects.filter(pk=library[0].pk).delete()
            return super().embed(texts)

    reindexing.embed(Deleting(), lambda count: None)

    assert NextVector.objects.count() == Passage.objects.count() == 1


def test_a_folder_is_a_model(tmp_path: Path) -> None:
    model, tokenizer = MiniLM().files()[1], MiniLM().files()[0]
    (tmp_path / "model.onnx").write_bytes(model)
    (tmp_path / "tokenizer.json").write_bytes(tokenizer.read_bytes())

    mine = Folder(tmp_path)

    assert mine.name == tmp_path.name
    assert mine.dimensions == 384
    assert np.dot(mine.embed(["rent"])[0], MiniLM().embed(["rent"])[0]) == pytest.approx(1, abs=1e-4)


def test_a_folder_without_a_model_says_what_is_missing(tmp_path: Path) -> None:
    with pytest.raises(Misconfigured, match=r"model\.onnx"):
        Folder(tmp_path).embed(["rent"])
