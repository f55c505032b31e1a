"""Few jobs work at once, hundreds may wait for a model."""

import threading
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor, wait

from documents import places

PATIENCE_SECONDS = 30


def test_those_who_wait_leave_their_places_to_others() -> None:
    jobs = 3 * places.WORKING
    all_wait = threading.Barrier(jobs)

    def job() -> None:
        with places.working(), places.waiting():
            all_wait.wait(PATIENCE_SECONDS)

    assert outcomes(job, jobs) == [None] * jobs


def test_no_more_work_at_once_than_there_are_places() -> None:
    working, most, lock = 0, 0, threading.Lock()
    full = threading.Barrier(places.WORKING)

    def job() -> None:
        nonlocal working, most
        with places.working():
            with lock:
                working += 1
                most = max(most, working)
            full.wait(PATIENCE_SECONDS)
            with lock:
                working -= 1

    assert outcomes(job, 2 * places.WORKING) == [None] * 2 * places.WORKING
    assert most == places.WORKING


def test_a_job_within_a_job_needs_no_second_place() -> None:
    def job() -> None:
        with places.working(), places.working():
            full.wait(PATIENCE_SECONDS)

    full = threading.Barrier(places.WORKING)

    assert outcomes(job, places.WORKING) == [None] * places.WORKING


def outcomes(job: Callable[[], None], count: int) -> list[BaseException | None]:
    with ThreadPoolExecutor(count) as threads:
        done = [threads.submit(job) for _ in range(count)]
        wait(done)
    return [one.exception() for one in done]
