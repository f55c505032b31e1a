"""Rows of earlier versions come through an upgrade."""

import pytest
from django.db import connection
from django.db.migrations.executor import MigrationExecutor
from django.db.migrations.state import StateApps
from pgvector import HalfVector, SparseVector

from accounts.models import User
from documents.models import EmbeddingModel, Page, Passage, Term
from documents.reading import word_boxes
from documents.search import terms

pytestmark = pytest.mark.django_db


def migrated(name: str) -> StateApps:
    """The models as they were then."""
    executor = MigrationExecutor(connection)
    return executor.migrate([("documents", name)]).apps


def test_places_of_words_and_unread_pages_come_through_0003(alice: User) -> None:
    then = migrated("0002_built_in_recipes")
    with connection.cursor() as cursor:
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
    document = then.get_model("documents", "Document").objects.create(
        owner_id=alice.pk, title="Lease", sha256="0" * 64, size=5, media_type="application/pdf"
    )
    pages = then.get_model("documents", "Page").objects
    pages.create(
        document=document, number=1, start=0, end=5, kind="text", width=1, height=1, words=[[0, 5, 0.1, 0.2, 0.3, 0.4]]
    )
    pages.create(document=document, number=2, start=7, end=12, kind="text", words=[[7, 12, 0.5, 0.5, 0.75, 0.75]])
    pages.create(document=document, number=3, start=12, end=12, kind="unreadable", words=[])

    migrated("0003_reading_of_every_page")

    first, second, third = Page.objects.filter(document_id=document.pk).order_by("number")
    (word,) = word_boxes.unpack(bytes(first.words))
    assert (word.start, word.end) == (0, 5)
    assert (word.x0, word.y1) == pytest.approx((0.1, 0.4), abs=0.001)
    assert [(w.start, w.end) for w in word_boxes.unpack(bytes(second.words))] == [(0, 5)]
    assert "picture without text" in third.reason


def test_passages_get_their_text_and_words_in_0004(alice: User) -> None:
    then = migrated("0003_reading_of_every_page")
    with connection.cursor() as cursor:
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
    document = then.get_model("documents", "Document").objects.create(
        owner_id=alice.pk, title="Lease", sha256="0" * 64, size=5, media_type="text/plain", content="The rent is due."
    )
    then.get_model("documents", "Passage").objects.create(
        document=document,
        owner_id=alice.pk,
        ordinal=0,
        start=4,
        end=16,
        pages=[1],
        sentences=[[4, 16]],
        embedding=HalfVector([1.0] + [0.0] * 383),
        embedding_model="all-MiniLM-L6-v2-int8",
        terms=SparseVector({1: 1.0}, 1_000_000_000),
        terms_version="bm25-1",
    )

    migrated("0004_search_index")

    passage = Passage.objects.get()
    assert (passage.text, passage.terms_version) == ("rent is due.", terms.version())
    assert Term.objects.get(owner=alice, word="rent").passages == 1
    assert Term.objects.get(owner=alice, number=0).passages == 1
    assert EmbeddingModel.objects.get().name == "all-MiniLM-L6-v2-int8"
