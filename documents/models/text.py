"""The text of a document, cut for reading and for search."""

from collections.abc import Iterable
from typing import Self

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import F, Q
from pgvector.django import HalfVectorField, SparseVectorField

from accounts.models import User
from documents.models.document import Document
from documents.values import UNREAD, Block, BlockKind, PageKind, ReadPage

TERM_DIMENSIONS = 1_000_000_000  # the most a sparsevec can have: hashed terms hardly ever meet


class Page(models.Model):
    """One page: its stretch of the text and what stands there.

    `words` are packed (`reading.word_boxes`) and count from the page's start; `blocks` are rows
    [start, end, kind, level] or [start, end, kind, level, anchor] and count from the document's.
    """

    document = models.ForeignKey(Document, on_delete=models.CASCADE, related_name="pages")
    number = models.PositiveIntegerField()
    start = models.PositiveIntegerField()
    end = models.PositiveIntegerField()
    kind = models.CharField(max_length=12, choices=[(kind.value, kind.value) for kind in PageKind])
    width = models.FloatField(default=0, help_text="Points; 0 for formats without pages.")
    height = models.FloatField(default=0)
    words = models.BinaryField(default=bytes)
    blocks = models.JSONField(default=list)
    label = models.CharField(max_length=300, blank=True, help_text="A sheet's name, “Slide 3”, a part of an e-mail.")
    reason = models.CharField(max_length=600, blank=True, help_text="Why it was not read, in words for the owner.")
    confidence = models.FloatField(null=True, blank=True, help_text="Of text recognition, 0 to 1.")

    class Meta:
        ordering = ["number"]
        constraints = [
            models.UniqueConstraint(fields=["document", "number"], name="page_number_is_unique"),
            models.CheckConstraint(condition=Q(end__gte=F("start")), name="page_ends_after_it_starts"),
            models.CheckConstraint(condition=Q(kind__in=[kind.value for kind in PageKind]), name="page_kind_is_known"),
            models.CheckConstraint(
                condition=~Q(kind__in=[kind.value for kind in UNREAD]) | ~Q(reason=""), name="page_unread_has_a_reason"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.document_id}, page {self.number}"

    @classmethod
    def of(cls, document: Document, page: ReadPage, blocks: Iterable[Block]) -> Self:
        """The row of a page that was read."""
        return cls(
            document=document,
            number=page.number,
            start=page.start,
            end=page.end,
            kind=page.kind.value,
            width=page.width,
            height=page.height,
            words=page.words,
            blocks=[_row(block) for block in blocks],
            label=page.label,
            reason=page.reason,
            confidence=page.confidence,
        )

    @property
    def as_read(self) -> ReadPage:
        return ReadPage(
            number=self.number,
            start=self.start,
            end=self.end,
            kind=PageKind(self.kind),
            width=self.width,
            height=self.height,
            words=bytes(self.words),
            label=self.label,
            reason=self.reason,
            confidence=self.confidence,
        )

    @property
    def as_blocks(self) -> tuple[Block, ...]:
        return tuple(Block(start, end, BlockKind(kind), *rest) for start, end, kind, *rest in self.blocks)


def _row(block: Block) -> list[int | str]:
    row: list[int | str] = [block.start, block.end, block.kind.value, block.level]
    return [*row, block.anchor] if block.anchor else row


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
    text = models.TextField(default="", help_text="content[start:end], so that a result needs no other row.")
    embedding = HalfVectorField(help_text="Of as many dimensions as its model has.")
    embedding_model = models.CharField(max_length=100)
    terms = SparseVectorField(dimensions=TERM_DIMENSIONS)
    terms_version = models.CharField(max_length=40)

    class Meta:
        ordering = ["ordinal"]
        constraints = [
            models.UniqueConstraint(fields=["document", "ordinal"], name="passage_ordinal_is_unique"),
            models.CheckConstraint(condition=Q(end__gt=F("start")), name="passage_is_not_empty"),
        ]

    def __str__(self) -> str:
        return f"{self.document_id}, passage {self.ordinal}"
