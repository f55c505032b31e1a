"""A provider that is down is left alone: jobs wait without using up their attempts, one of them tries now and then."""

from datetime import timedelta

from django.db.models import F
from django.db.models.functions import Now
from django.utils import timezone

from documents.ai.errors import LeftAlone, Misconfigured, ModelError, NotNow
from documents.models import Breaker, Job, JobKind, JobState

OPENS_AFTER = 3
SHORTEST_SECONDS, LONGEST_SECONDS = 15.0, 600.0
# Whoever tries has so long to come back with an answer before another may try.
TRIAL_SECONDS = 60.0


def pass_through(provider: str) -> None:
    """Returns when the provider may be asked. Raises NotNow while it is left alone."""
    row = Breaker.objects.filter(provider=provider, open_until__isnull=False).first()
    if row is None or row.open_until is None:
        return
    left = (row.open_until - timezone.now()).total_seconds()
    if left > 0:
        raise LeftAlone(f"The model has not been answering: {row.reason}", retry_after_seconds=left)
    # The one that moves the end on is the one that tries.
    trying = Breaker.objects.filter(provider=provider, open_until=row.open_until)
    if not trying.update(open_until=Now() + timedelta(seconds=TRIAL_SECONDS)):
        raise LeftAlone("The model is being tried again.", retry_after_seconds=TRIAL_SECONDS / 4)


def answered(provider: str) -> None:
    """It works: who waited for that is due at once."""
    troubled = Breaker.objects.filter(provider=provider).exclude(failures=0, open_until=None)
    was_open = troubled.filter(open_until__isnull=False).exists()
    troubled.update(failures=0, open_until=None)
    if was_open:
        waiting = Job.objects.filter(state=JobState.QUEUED, run_after__gt=Now()).exclude(kind=JobKind.READ)
        waiting.update(run_after=Now())


def failed(provider: str, error: ModelError) -> None:
    """It did not answer. Other errors are the request's fault, and say that the provider is up."""
    if not isinstance(error, NotNow):
        if not isinstance(error, Misconfigured):
            answered(provider)
        return
    row, _ = Breaker.objects.get_or_create(provider=provider)
    Breaker.objects.filter(provider=provider).update(failures=F("failures") + 1, reason=str(error)[:300])
    row.refresh_from_db()
    if row.failures >= OPENS_AFTER:
        pause = min(SHORTEST_SECONDS * 2 ** min(row.failures - OPENS_AFTER, 10), LONGEST_SECONDS)
        pause = max(pause, min(error.retry_after_seconds, LONGEST_SECONDS))
        Breaker.objects.filter(provider=provider).update(open_until=Now() + timedelta(seconds=pause))
