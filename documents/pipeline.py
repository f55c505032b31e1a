"""The life of a document after its upload: read → cut → embed → ready.

Stages compute and write nothing; `_save` is the one place that does.
"""

import hashlib
import time
from bisect import bisect_right
from collections.abc import Callable, Sequence

import numpy as np
from django.utils import timezone
from pgvector import SparseVector

from documents import files, jobs, providers, streams
from documents.models import Document, JobState, Page, Passage, Status
from documents.models.text import TERM_DIMENSIONS
from documents.reading import passages as cutting
from documents.reading import sandbox
from documents.reading.errors import Code, UnreadableFile
from documents.search import terms
from documents.values import Block, CutPassage, PageKind, ReadDocument, ReadPage

READING_SHARE = 0.5  # of the work; the rest is embedding
EMBED_AT_ONCE = 64
Report = Callable[[float], None]


def run(held: jobs.Held) -> None:
    """Reads the document and saves all that came of it, once."""
    document = Document.objects.light().filter(pk=held.subject).first()
    if document is None:
        jobs.drop(held)
        return
    report = _Progress(held)
    report(0.0)
    text = read(document, report)
    cuts = cutting.cut(text)
    rows = embed(document, text, cuts, report)
    _save(held, document, text, rows)
    streams.publish(held.subject, "ready", status=Status.READY, progress=1)


def fail(held: jobs.Held, *, state: JobState, code: str, message: str) -> None:
    """The document cannot be read: its owner learns why."""
    with jobs.ending(held, state, error=message):
        Document.objects.filter(pk=held.subject).update(
            status=Status.FAILED, error_code=code, error=message[:500], updated_at=timezone.now()
        )
    streams.publish(held.subject, "failed", status=Status.FAILED, code=code, detail=message)


def read(document: Document, report: Report) -> ReadDocument:
    """The text with every position, read in a child process."""

    def page_done(done: int, of: int) -> None:
        report(READING_SHARE * done / max(of, 1))

    text = sandbox.read(files.path(document.file_name), document.filename, on_progress=page_done)
    if not text.text.strip():
        raise UnreadableFile(
            Code.NO_TEXT,
            "No text was found in this file. If its pages are scans, run text recognition on it and upload the result.",
        )
    return text


def embed(document: Document, text: ReadDocument, cuts: Sequence[CutPassage], report: Report) -> list[Passage]:
    """The passages with what search needs: vectors and terms of title, headings and words."""
    embedder = providers.embedder()
    searched = [_searched(document, text, cut) for cut in cuts]
    rows: list[Passage] = []
    for first in range(0, len(cuts), EMBED_AT_ONCE):
        batch = slice(first, first + EMBED_AT_ONCE)
        vectors = embedder.embed(searched[batch])
        rows += [
            _passage(document, cut, words, vector, embedder.name, text.language)
            for cut, words, vector in zip(cuts[batch], searched[batch], vectors, strict=True)
        ]
        report(READING_SHARE + (1 - READING_SHARE) * len(rows) / len(cuts))
    return rows


def _searched(document: Document, text: ReadDocument, cut: CutPassage) -> str:
    """What is embedded and indexed: the words of title and headings find pages that never repeat them."""
    return "\n".join([document.title, " › ".join(cut.heading_path), text.text[cut.start : cut.end]])


def _passage(
    document: Document, cut: CutPassage, searched: str, vector: list[float], model: str, language: str
) -> Passage:
    return Passage(
        document=document,
        owner_id=document.owner_id,
        ordinal=cut.ordinal,
        start=cut.start,
        end=cut.end,
        pages=list(cut.pages),
        heading_path=list(cut.heading_path),
        sentences=[[sentence.start, sentence.end] for sentence in cut.sentences],
        embedding=vector,
        embedding_model=model,
        terms=SparseVector(terms.weigh(searched, language), TERM_DIMENSIONS),
        terms_version=terms.VERSION,
    )


def _save(held: jobs.Held, document: Document, text: ReadDocument, rows: list[Passage]) -> None:
    pages = _pages(document, text)
    found = _found(text, rows)
    with jobs.ending(held):
        document.pages.all().delete()
        document.passages.all().delete()
        Page.objects.bulk_create(pages, batch_size=200)
        Passage.objects.bulk_create(rows, batch_size=500)
        Document.objects.filter(pk=document.pk).update(**found)


def _found(text: ReadDocument, rows: list[Passage]) -> dict[str, object]:
    """The columns of a document that is ready."""
    return {
        "content": text.text,
        "content_sha256": hashlib.sha256(text.text.encode()).hexdigest(),
        "embedding": _mean([row.embedding for row in rows]),
        "language": text.language,
        "status": Status.READY,
        "progress": 1,
        "page_count": len(text.pages),
        "unread_pages": [page.number for page in text.pages if page.kind == PageKind.UNREADABLE],
        "hidden_text": text.hidden_text,
        "error_code": "",
        "error": "",
        "updated_at": timezone.now(),
    }


def _pages(document: Document, text: ReadDocument) -> list[Page]:
    starts = [page.start for page in text.pages]
    blocks: list[list[Block]] = [[] for _ in text.pages]
    for block in text.blocks:
        blocks[max(bisect_right(starts, block.start) - 1, 0)].append(block)
    return [_page(document, page, on_page) for page, on_page in zip(text.pages, blocks, strict=True)]


def _page(document: Document, page: ReadPage, blocks: list[Block]) -> Page:
    return Page(
        document=document,
        number=page.number,
        start=page.start,
        end=page.end,
        kind=page.kind.value,
        width=page.width,
        height=page.height,
        words=[[word.start, word.end, word.x0, word.y0, word.x1, word.y1] for word in page.words],
        blocks=[[block.start, block.end, block.kind.value, block.level] for block in blocks],
    )


def _mean(vectors: list[list[float]]) -> list[float] | None:
    """A unit vector, or nothing for a document without passages."""
    if not vectors:
        return None
    mean = np.mean(np.array(vectors, dtype=np.float32), axis=0)
    return [round(float(value), 6) for value in mean / max(float(np.linalg.norm(mean)), 1e-9)]


class _Progress:
    """Notes progress in the job's and the document's rows, at most twice a second, and tells who watches."""

    PAUSE_SECONDS = 0.5

    def __init__(self, held: jobs.Held) -> None:
        self.held = held
        self.next_at = 0.0

    def __call__(self, share: float) -> None:
        now = time.monotonic()
        if now < self.next_at:
            return
        self.next_at = now + self.PAUSE_SECONDS
        jobs.report(self.held, progress=share)
        Document.objects.filter(jobs.fenced(self.held), pk=self.held.subject).update(
            status=Status.READING, progress=share
        )
        streams.publish(self.held.subject, "progress", status=Status.READING, progress=round(share, 3))
