"""What is analysed: a text, its sentences, and what is asked about it."""

import hashlib
from dataclasses import dataclass
from datetime import timedelta

from django.db import transaction
from django.utils import timezone

from documents.ai import fields
from documents.ai.errors import Rejected
from documents.ai.protocol import Provider, Request, Sentence, Source
from documents.models import Analysis, Document, Examination
from documents.reading import passages, plain_text
from documents.values import Span, Task

# So long a provider keeps a text ready that was marked as wanted again.
KEPT_READY = timedelta(minutes=5)


@dataclass(frozen=True, slots=True)
class Material:
    """A text and its sentences."""

    key: str
    title: str
    text: str
    sentences: tuple[Span, ...]

    @property
    def sha256(self) -> str:
        return hashlib.sha256(self.text.encode()).hexdigest()

    @property
    def source(self) -> Source:
        sentences = (Sentence(span.start, span.end, self.text[span.start : span.end]) for span in self.sentences)
        return Source(self.key, self.title, tuple(sentences))


def of(analysis: Analysis) -> Material:
    """The text of its document as it is now, or the one it came with. Raises Rejected when there is none."""
    material = _of_document(analysis) if analysis.document_id else _of_text(analysis)
    if not material.sentences:
        raise Rejected("There is no text to analyse.")
    return material


def _of_text(analysis: Analysis) -> Material:
    text = plain_text.structure(analysis.inline_text)
    return Material(str(analysis.pk), analysis.title, text.text, passages.sentences(text))


def _of_document(analysis: Analysis) -> Material:
    # The lock keeps text and sentences of one reading together while the document may be read again.
    assert analysis.document_id is not None
    with transaction.atomic():
        document = Document.objects.defer("embedding").select_for_update(no_key=True).get(pk=analysis.document_id)
        rows = list(document.passages.values_list("sentences", flat=True))
    spans = (Span(start, end) for row in rows for start, end in row)
    return Material(str(document.pk), document.title, document.content, tuple(spans))


def request(analysis: Analysis, material: Material, provider: Provider) -> Request:
    """What is asked of the provider about all of the material."""
    return Request(
        task=Task(analysis.task),
        sources=(material.source,),
        model=analysis.model or provider.default_model,
        max_tokens=analysis.max_tokens,
        instruction=analysis.instruction,
        labels=tuple(analysis.labels),
        fields=fields.from_schema(analysis.schema) if analysis.schema else (),
        language=analysis.language,
        again_soon=_is_in_use(analysis),
        of_each=_is_of_each(analysis),
    )


def _is_of_each(analysis: Analysis) -> bool:
    """Whether other documents are asked the same, and the answer is made of what all of them say."""
    return analysis.task == Task.INSTRUCTION and Examination.objects.filter(analysis=analysis.pk).exists()


def _is_in_use(analysis: Analysis) -> bool:
    """Whether more was asked about the same document just now: then it pays to have the provider keep it ready."""
    if analysis.document_id is None or analysis.batch_id is not None:
        return False
    others = Analysis.objects.filter(document=analysis.document_id).exclude(pk=analysis.pk)
    return others.filter(created_at__gte=timezone.now() - KEPT_READY).exists()
