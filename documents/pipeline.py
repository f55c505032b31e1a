"""The life of a document after its upload: read → cut → embed → ready.

Stages compute and write nothing; `_save` is the one place that does.
"""

import hashlib
import time
from bisect import bisect_right
from collections.abc import Callable, Sequence
from dataclasses import replace
from itertools import batched
from typing import Any

import numpy as np
from django.utils import timezone
from pgvector import HalfVector, SparseVector

from documents import files, jobs, margin, pictures, providers, streams
from documents.ai.errors import NotNow
from documents.ai.protocol import Embedder
from documents.models import Analysis, Document, Job, JobKind, JobState, Options, Page, Passage, Recipe, Status
from documents.models.text import TERM_DIMENSIONS
from documents.parts import Parts
from documents.reading import binding, language, sandbox
from documents.reading import passages as cutting
from documents.search import index, terms, vocabulary
from documents.values import UNREAD, Block, CutPassage, Leaf, ReadDocument

READING_SHARE = 0.5  # of the work; the rest is embedding
EMBED_AT_ONCE = 32
Report = Callable[[float], None]


def run(held: jobs.Held) -> list[Job]:
    """Reads the document and saves all that came of it, once.

    Gives the jobs that are owed then: files inside of it, and what its owner wants to know of each new document.
    """
    document = Document.objects.light().filter(pk=held.subject).first()
    if document is None:
        jobs.drop(held)
        return []
    report = _Progress(held)
    report(0.0)
    with Parts(document) as parts:
        text = read(document, held, report, parts)
        cuts = cutting.cut(text, index.active().count)
        found = embed(document, text, cuts, report)
        pictures.draw_first(document, text)
        owed = _save(held, document, text, found, parts)
    streams.publish(held.subject, "ready", status=Status.READY, progress=1)
    return owed


def fail(held: jobs.Held, *, state: JobState, code: str, message: str) -> None:
    """The document cannot be read: its owner learns why. One that was read before stays as it was."""
    failed: dict[str, Any] = {"status": Status.FAILED, "error_code": code, "error": message[:500]}
    outcome = {"status": Status.READY} if held.options.get("pages") else failed
    with jobs.ending(held, state, error=message):
        Document.objects.filter(pk=held.subject).update(**outcome, updated_at=timezone.now())
    streams.publish(held.subject, "failed", status=outcome["status"], code=code, detail=message)


def read(document: Document, held: jobs.Held, report: "_Progress", parts: Parts) -> ReadDocument:
    """The text with every position, read in a child process: all of it, or with some pages read anew."""
    wanted = tuple(held.options.get("pages", ()))
    limits = providers.limits(pages_wanted=wanted, force_ocr=bool(held.options.get("ocr")))
    place = files.path(document.file_name)
    if not wanted:
        return sandbox.read(place, document.filename, limits, report.page, parts.keep)
    return _with_pages(document, sandbox.read_pages(place, document.filename, limits, report.page))


def _with_pages(document: Document, anew: Sequence[Leaf]) -> ReadDocument:
    """The text there is, with these pages in the place of theirs. A page that was lost is no better than an old one."""
    stored = _stored(document)
    leaves = {leaf.number: leaf for leaf in binding.unbind(stored)}
    for leaf in anew:
        old = leaves.get(leaf.number)
        if old is None or leaf.text or not old.text:
            leaves[leaf.number] = leaf
    bound = binding.bind([leaves[number] for number in sorted(leaves)], title=stored.title, notes=stored.notes)
    return replace(bound, language=language.detect(bound.text))


def _stored(document: Document) -> ReadDocument:
    rows = list(document.pages.all())
    content = Document.objects.values_list("content", flat=True).get(pk=document.pk)
    blocks = tuple(block for row in rows for block in row.as_blocks)
    pages = tuple(row.as_read for row in rows)
    return ReadDocument(content, pages, blocks, title=document.title, notes=tuple(document.notes))


def embed(document: Document, text: ReadDocument, cuts: Sequence[CutPassage], report: Report) -> "Searchable":
    """The passages with what search needs: vectors and terms of title, headings and words.

    Those of like length are embedded together: little is then computed for padding.
    """
    embedder = index.active()
    searched = [index.searched(document.title, cut.heading_path, text.text[cut.start : cut.end]) for cut in cuts]
    order = sorted(range(len(cuts)), key=lambda at: len(searched[at]))
    found = Searchable(embedder)
    for batch in batched(order, EMBED_AT_ONCE):
        for at, vector in zip(batch, embedder.embed([searched[at] for at in batch]), strict=True):
            found.add(_passage(document, cuts[at], text), terms.index(searched[at], text.language), vector)
        report(READING_SHARE + (1 - READING_SHARE) * len(found.passages) / len(cuts))
    return found


class Searchable:
    """The rows of a document's passages, and the words they put into its owner's vocabulary."""

    def __init__(self, embedder: Embedder) -> None:
        self.embedder = embedder
        self.passages: list[Passage] = []
        self.words: dict[int, str] = {}

    def add(self, passage: Passage, indexed: terms.Indexed, vector: list[float]) -> None:
        passage.embedding, passage.embedding_model = HalfVector(vector), self.embedder.name
        passage.terms, passage.terms_version = SparseVector(indexed.weights, TERM_DIMENSIONS), terms.version()
        self.passages.append(passage)
        for number, word in indexed.words.items():
            self.words.setdefault(number, word)

    def save(self, document: Document) -> None:
        """Puts the passages in the place of those there are, and counts their terms instead of theirs."""
        counts = vocabulary.counted(row.terms.indices() for row in self.passages)
        counts.subtract(vocabulary.of_document(document.pk))
        document.passages.all().delete()
        Passage.objects.bulk_create(self.passages, batch_size=500)
        vocabulary.change(document.owner_id, counts, self.words)


def _passage(document: Document, cut: CutPassage, text: ReadDocument) -> Passage:
    return Passage(
        document=document,
        owner_id=document.owner_id,
        ordinal=cut.ordinal,
        start=cut.start,
        end=cut.end,
        pages=list(cut.pages),
        heading_path=list(cut.heading_path),
        sentences=[[sentence.start, sentence.end] for sentence in cut.sentences],
        text=text.text[cut.start : cut.end],
    )


def _save(held: jobs.Held, document: Document, text: ReadDocument, found: Searchable, parts: Parts) -> list[Job]:
    pages = _pages(document, text)
    columns = _found(text, found.passages)
    with jobs.ending(held):
        if not index.settle(found.embedder):
            raise NotNow("Search was switched to another model while this was being read.")
        document.pages.all().delete()
        Page.objects.bulk_create(pages, batch_size=100)
        found.save(document)
        Document.objects.filter(pk=document.pk).update(**columns)
        margin.follow(document.pk, text.text, columns["content_sha256"])
        if held.options.get("pages"):
            return []
        return [*parts.save(text.parts), *_wanted_of_each(document)]


def _wanted_of_each(document: Document) -> list[Job]:
    """The owner's automatic recipes, unless this is not the first time the document is read."""
    done = Analysis.objects.filter(document=document).values("recipe")
    recipes = Recipe.objects.automatic_for(document.owner_id).exclude(pk__in=done.filter(recipe__isnull=False))
    analyses = [
        Analysis(owner_id=document.owner_id, document=document, title=document.title, **Options(recipe).columns)
        for recipe in recipes
    ]
    Analysis.objects.bulk_create(analyses)
    return Job.objects.bulk_create(
        Job(kind=JobKind.ANALYSE, subject=one.pk, owner_id=document.owner_id) for one in analyses
    )


def _found(text: ReadDocument, rows: list[Passage]) -> dict[str, Any]:
    """The columns of a document that is ready."""
    unread = [page for page in text.pages if page.kind in UNREAD]
    return {
        "content": text.text,
        "content_sha256": hashlib.sha256(text.text.encode()).hexdigest(),
        "embedding": _mean([row.embedding.to_numpy() for row in rows]),
        "language": text.language,
        "status": Status.READY,
        "progress": 1,
        "page_count": len(text.pages),
        "pages_read": len(text.pages),
        "unread_pages": [page.number for page in unread],
        "unread": [{"page": page.number, "kind": page.kind.value, "reason": page.reason} for page in unread],
        "notes": list(text.notes),
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
    return [Page.of(document, page, on_page) for page, on_page in zip(text.pages, blocks, strict=True)]


def _mean(vectors: "list[np.ndarray[Any, Any]]") -> list[float] | None:
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
        self.pages = self.of = 0

    def page(self, done: int, of: int) -> None:
        """A page was read."""
        self.pages, self.of = done, of
        self(READING_SHARE * done / max(of, 1))

    def __call__(self, share: float) -> None:
        now = time.monotonic()
        if now < self.next_at:
            return
        self.next_at = now + self.PAUSE_SECONDS
        jobs.report(self.held, progress=share)
        told: dict[str, Any] = {"progress": share, "pages_read": self.pages}
        if not self.held.options.get("pages"):
            told["page_count"] = self.of
        Document.objects.filter(jobs.fenced(self.held), pk=self.held.subject).update(status=Status.READING, **told)
        streams.publish(
            self.held.subject,
            "progress",
            status=Status.READING,
            progress=round(share, 3),
            pages_read=self.pages,
            page_count=self.of,
        )
