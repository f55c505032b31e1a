"""Having documents analysed: one, many, or a text that is not kept."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from itertools import batched
from uuid import UUID

from django.db import IntegrityError, transaction
from django.db.models import Func, IntegerField, Q, QuerySet
from django.db.models.functions import Length
from django.utils import timezone

from accounts.models import User
from documents import jobs, ledger, providers, streams
from documents.actions.owing import owe, owe_each
from documents.actions.refusal import Refusal
from documents.ai import fields
from documents.models import Analysis, AnalysisStatus, Batch, Document, JobKind, Options, Recipe, Run, Status
from documents.models.results import OPEN
from documents.values import Task

MOST_IN_A_RUN = 1_000
IN_A_BATCH = 100
# The built-in recipes that together tell what a document is about.
OVERVIEW = ("summary", "key-points", "entities", "dates")
USUAL_LANGUAGE = "English"


def analyse(*, person: User, document: Document, options: Options) -> Analysis:
    """Starts an analysis of a document."""
    if document.status != Status.READY:
        raise Refusal(
            "This document has no text yet. Wait until it is ready, or see why it could not be read.",
            code="not_ready",
            status=409,
        )
    try:
        return _start(Analysis(owner=person, document=document, title=document.title), options)
    except IntegrityError as error:
        raise Refusal("This document has just been deleted.", code="not_found", status=404) from error


def make_overview(*, person: User, document: Document) -> list[Analysis]:
    """Starts those built-in analyses of an overview that the document, as it reads now, has not got yet."""
    mine = document.analyses.visible_to(person).for_themselves()
    current = Q(status=AnalysisStatus.DONE, text_sha256=document.content_sha256)
    there = mine.filter(Q(status__in=OPEN) | current, recipe__isnull=False)
    recipes = Recipe.objects.filter(owner=None, slug__in=OVERVIEW).exclude(pk__in=there.values("recipe"))
    return [analyse(person=person, document=document, options=Options(recipe)) for recipe in recipes]


def analyse_text(*, person: User, text: str, options: Options) -> Analysis:
    """Starts an analysis of a text that is forgotten when it is done."""
    text = text.replace("\x00", "")
    if not text.strip():
        raise Refusal("There is no text to analyse. Send some words.", code="empty_text")
    return _start(Analysis(owner=person, inline_text=text, title="Text"), options)


@transaction.atomic
def _start(analysis: Analysis, options: Options) -> Analysis:
    for column, value in _checked(options).columns.items():
        setattr(analysis, column, value)
    analysis.save(force_insert=True)
    owe(JobKind.ANALYSE, analysis)
    return analysis


def _checked(options: Options) -> Options:
    """The options, if whoever answers here can do that."""
    if options.schema:
        return replace(options, schema=fields.ordered(options.schema))
    if options.task != Task.TRANSLATION:
        return options
    if not providers.provider().capabilities.writes:
        raise Refusal(
            "The built-in provider cannot translate. A summary in the document's own language is there without a key; "
            "for translations, whoever runs this server sets ANTHROPIC_API_KEY.",
            code="needs_a_model",
            status=409,
        )
    language = options.columns["language"] or USUAL_LANGUAGE
    return replace(options, language=language)


def cancel(*, analysis: Analysis) -> bool:
    """Stops an analysis; False when it had already ended."""
    with transaction.atomic():
        jobs.cancel(analysis.pk)
        stopped = _stop(Analysis.objects.filter(pk=analysis.pk))
    if stopped:
        streams.publish(analysis.pk, "cancelled", status=AnalysisStatus.CANCELLED)
    return bool(stopped)


def _stop(analyses: QuerySet[Analysis]) -> int:
    return analyses.filter(status__in=OPEN).update(
        status=AnalysisStatus.CANCELLED, inline_text="", finished_at=timezone.now()
    )


@dataclass(frozen=True, slots=True)
class Started:
    """A run under way; `skipped` documents had no text."""

    run: Run
    skipped: int


@transaction.atomic
def analyse_many(
    *, person: User, documents: Sequence[UUID], options: Options, name: str = "", not_urgent: bool = False
) -> Started:
    """Starts the same analysis of each of these documents; `not_urgent` hands them over together at a lower price."""
    options = _checked(options)
    ready = list(_ready(person, documents).only("title", "owner"))
    if not_urgent and providers.provider().batches is None:
        raise Refusal("Who answers here takes no batches. Start the run without waiting.", code="no_batches")
    run = Run.objects.create(owner=person, name=_name(name, options), not_urgent=not_urgent)
    analyses = [Analysis(owner=person, document=one, title=one.title, run=run, **options.columns) for one in ready]
    Analysis.objects.bulk_create(analyses, batch_size=500)
    if not_urgent:
        _hand_over_together(run, analyses)
    else:
        owe_each(person.pk, analyses)
    return Started(run, len(set(documents)) - len(ready))


def _ready(person: User, documents: Sequence[UUID]) -> QuerySet[Document]:
    """Those that can be analysed, oldest first. Raises Refusal for none, too many, or some that she cannot see."""
    seen = Document.objects.visible_to(person).filter(pk__in=documents)
    if seen.count() != len(set(documents)):
        raise Refusal("Some of these documents are not there. Look them up again.", code="unknown_document")
    if len(set(documents)) > MOST_IN_A_RUN:
        raise Refusal(f"A run takes up to {MOST_IN_A_RUN:,} documents. Make several of it.", code="too_many")
    ready = seen.filter(status=Status.READY).order_by("created_at", "pk")
    if not ready.exists():
        raise Refusal("None of these documents has a text yet. Wait until they are read.", code="not_ready", status=409)
    return ready


def _name(name: str, options: Options) -> str:
    kind = options.recipe.name if options.recipe else options.instruction or ", ".join(options.labels)
    return (" ".join((name or kind).split()) or "Values")[:200]


def _hand_over_together(run: Run, analyses: Sequence[Analysis]) -> None:
    for some in batched(analyses, IN_A_BATCH):
        batch = Batch.objects.create(owner_id=run.owner_id, run=run)
        Analysis.objects.filter(pk__in=[one.pk for one in some]).update(batch=batch)
        owe(JobKind.BATCH, batch)


def cancel_run(*, run: Run) -> int:
    """Stops what has not ended; gives how many analyses that were."""
    with transaction.atomic():
        open_ones = list(run.analyses.filter(status__in=OPEN).values_list("pk", flat=True))
        jobs.cancel(*open_ones)
        stopped = _stop(run.analyses.all())
    for analysis in open_ones:
        streams.publish(analysis, "cancelled", status=AnalysisStatus.CANCELLED)
    # A batch that is under way finds that nothing is wanted any more, and calls it off with the provider.
    for batch in run.batches.filter(ended_at=None):
        jobs.hurry(batch.pk)
    return stopped


def estimate(*, person: User, documents: Sequence[UUID], options: Options, not_urgent: bool = False) -> ledger.Estimate:
    """What a run would cost, before it is started."""
    provider, asked = providers.provider(), _checked(options).columns
    model, longest = asked["model"] or provider.default_model, asked["max_tokens"]
    sizes = _ready(person, documents).annotate(
        characters=Length("content"), bytes=Func("content", function="octet_length", output_field=IntegerField())
    )
    each = [
        ledger.estimate(model, characters, size, longest, window=provider.window(model), batch=not_urgent)
        for characters, size in sizes.values_list("characters", "bytes")
    ]
    return sum(each, ledger.Estimate())
