"""The text of a document, cut for reading and for search."""

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import F, Q
from pgvector.django import HalfVectorField, SparseVectorField

from accounts.models import User
from documents.models.document import Document
from documents.values import PageKind

VECTOR_DIMENSIONS = 384
TERM_DIMENSIONS = 1_000_000_000  # the most a sparsevec can have: hashed terms hardly ever meet


class Page(models.Model):
    """One page: its stretch of the text and what stands there.

    `words` are rows [start, end, x0, y0, x1, y1], `blocks` rows [start, end, kind, level].
    """

    document = models.ForeignKey(Document, on_delete=models.CASCADE, related_name="pages")
    number = models.PositiveIntegerField()
    start = models.PositiveIntegerField()
    end = models.PositiveIntegerField()
    kind = models.CharField(max_length=12, choices=[(kind.value, kind.value) for kind in PageKind])
    width = models.FloatField(default=0, help_text="Points; 0 for formats without pages.")
    height = models.FloatField(default=0)
    words = models.JSONField(default=list)
    blocks = models.JSONField(default=list)

    class Meta:
        ordering = ["number"]
        constraints = [
            models.UniqueConstraint(fields=["document", "number"], name="page_number_is_unique"),
            models.CheckConstraint(condition=Q(end__gte=F("start")), name="page_ends_after_it_starts"),
            models.CheckConstraint(condition=Q(kind__in=[kind.value for kind in PageKind]), name="page_kind_is_known"),
        ]

    def __str__(self) -> str:
        return f"{self.document_id}, page {self.number}"


class Passage(models.Model):
    """Some 200 tokens of whole sentences, with what search needs to find them."""

    document = models.ForeignKey(Document, on_delete=models.CASCADE, related_name="passages")
    owner = models.ForeignKey(User, on_delete=models.CASCADE, related_name="+")
    ordinal = models.PositiveIntegerField()
    start = models.PositiveIntegerField()
    end = models.PositiveIntegerField()
    pages = ArrayField(models.PositiveIntegerField())
    heading_path = ArrayField(models.TextField(), default=list)
    sentences = models.JSONField(help_text="Offsets [start, end] of each sentence, in order.")
    embedding = HalfVectorField(dimensions=VECTOR_DIMENSIONS)
    embedding_model = models.CharField(max_length=100)
    terms = SparseVectorField(dimensions=TERM_DIMENSIONS)
    terms_version = models.CharField(max_length=20)

    class Meta:
        ordering = ["ordinal"]
        constraints = [
            models.UniqueConstraint(fields=["document", "ordinal"], name="passage_ordinal_is_unique"),
            models.CheckConstraint(condition=Q(end__gt=F("start")), name="passage_is_not_empty"),
        ]

    def __str__(self) -> str:
        return f"{self.document_id}, passage {self.ordinal}"
