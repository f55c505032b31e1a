"""What search keeps beside the passages: a person's vocabulary, and which model makes the vectors."""

from django.contrib.postgres.indexes import OpClass
from django.db import models
from django.db.models import F, Q
from django.db.models.functions import Now
from pgvector.django import HalfVectorField

from accounts.models import User
from documents.models.text import Passage

ALL = 0  # the number of no term: its row counts all passages of the owner


class Term(models.Model):
    """In how many of an owner's passages a term stands, and how it is mostly written there."""

    owner = models.ForeignKey(User, on_delete=models.CASCADE, related_name="+", db_index=False)
    number = models.IntegerField(help_text="As `search.terms.identify` gives it; 0 counts all passages.")
    word = models.CharField(max_length=64, blank=True)
    passages = models.IntegerField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["owner", "number"], name="term_is_counted_once_per_owner")]
        indexes = [models.Index("owner", OpClass(F("word"), name="varchar_pattern_ops"), name="term_word")]

    def __str__(self) -> str:
        return self.word


class EmbeddingModel(models.Model):
    """The model whose vectors are compared; one row, made with the first passages. Others wait to be switched to."""

    id = models.PositiveSmallIntegerField(primary_key=True, default=1)
    setting = models.CharField(max_length=300, help_text="As EMBEDDING_MODEL names it.")
    name = models.CharField(max_length=100, help_text="As it is stored with every vector.")
    since = models.DateTimeField(db_default=Now())

    class Meta:
        constraints = [models.CheckConstraint(condition=Q(id=1), name="embedding_model_is_one")]

    def __str__(self) -> str:
        return self.name


class NextVector(models.Model):
    """A passage's vector by a model that is not switched to yet."""

    passage = models.OneToOneField(Passage, on_delete=models.CASCADE, primary_key=True, related_name="next_vector")
    model = models.CharField(max_length=100)
    embedding = HalfVectorField()

    def __str__(self) -> str:
        return f"{self.passage_id} by {self.model}"
