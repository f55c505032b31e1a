"""What staff should look at now, worst first: each with its cause and the next step."""

from collections.abc import Iterator
from dataclasses import dataclass

from django.template.defaultfilters import filesizeformat
from django.urls import reverse
from django.utils.timesince import timesince

from documents.admin.machinery import Crew, Room
from documents.admin.overview import Month, Outage, Work


@dataclass(frozen=True, slots=True)
class Worry:
    """`address` is where to see more of it; empty when that is this page."""

    words: str
    address: str = ""


def worries(work: Work, crew: Crew, outages: tuple[Outage, ...], room: Room, month: Month) -> tuple[Worry, ...]:
    return (*_of_crew(crew), *_of_work(work), *_of_providers(outages), *_of_means(room, month))


def _of_crew(crew: Crew) -> Iterator[Worry]:
    if crew.trouble:
        yield Worry(
            f"Valkey does not answer ({crew.trouble}). Work waits in its rows and nothing is lost: start it again."
        )
        return
    for name in crew.unserved:
        yield Worry(f"No worker takes from the queue “{name}”. Is that worker running?")
    for worker in crew.workers:
        if worker.missing:
            yield Worry(f"{worker.name} has not been heard of for {timesince(worker.heard)}. Is it stuck, or gone?")


def _of_work(work: Work) -> Iterator[Worry]:
    if work.sweep is None:
        yield Worry("No sweep has been seen yet: is beat running? Lost and postponed work stays where it is.")
    elif work.sweep.late:
        yield Worry(f"No sweep for {timesince(work.sweep.at, depth=1)}: is beat running?")
    if work.longest is not None and work.longest.long:
        yield Worry(
            f"A job has been due for {timesince(work.longest.since, depth=1)} and nobody has taken it.",
            reverse("admin:documents_job_change", args=[work.longest.pk]),
        )


def _of_providers(outages: tuple[Outage, ...]) -> Iterator[Worry]:
    for one in outages:
        yield Worry(
            f"{one.provider} has failed {one.failures:,} times on end and is left alone for now.",
            reverse("admin:documents_breaker_change", args=[one.provider]),
        )


def _of_means(room: Room, month: Month) -> Iterator[Worry]:
    if room.scarce:
        yield Worry(f"The disk of the files is nearly full: {filesizeformat(room.disk_free)} free. Make room soon.")
    for person in month.people:
        if person.tight and person.limit:
            yield Worry(
                f"{person.name} has used {person.percent} % of this month's budget.",
                reverse("admin:accounts_user_change", args=[person.owner]),
            )
