"""What Alice has in her library, and how work gets done in tests: at once, by the real tasks."""

from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager
from typing import Any

import pytest
from celery import current_app
from django.core.files.uploadedfile import SimpleUploadedFile
from pytest_django import DjangoCaptureOnCommitCallbacks, Settings

from accounts.models import User
from documents import actions, providers
from documents.models import Document
from tests.claude import MessagesAPI

LETTER = """# Notice to the tenants of 8 Quay Street

The water will be turned off on 12 May 2026 from 9 a.m. to 3 p.m. while the main pipe is replaced.

Please store enough water the evening before. The work costs €4,800, which the landlord pays in full.

Questions are answered by Ruth Okoye at ruth.okoye@quay-street.example. She can be reached on weekdays until 6 p.m.
"""

WITH = "Lease {}. The tenant pays a security deposit of €{},000. The rent is due on the first day of each month."
WITHOUT = "Lease {}. The tenant keeps the garden. The rent is due on the first day of each month."

Commit = Callable[[], AbstractContextManager[Any]]


@pytest.fixture(autouse=True)
def tasks_run_at_once() -> Iterator[None]:
    """The task runs where it is hinted at; what happens between processes is tested with real ones."""
    current_app.conf.task_always_eager = True
    yield
    current_app.conf.task_always_eager = False


@pytest.fixture(autouse=True)
def own_files(settings: Settings, tmp_path_factory: pytest.TempPathFactory) -> None:
    settings.MEDIA_ROOT = tmp_path_factory.mktemp("files")


@pytest.fixture
def commit(django_capture_on_commit_callbacks: DjangoCaptureOnCommitCallbacks) -> Commit:
    """What was promised for after the transaction happens when the block ends."""
    return lambda: django_capture_on_commit_callbacks(execute=True)


@pytest.fixture
def letter() -> SimpleUploadedFile:
    return SimpleUploadedFile("notice.md", LETTER.encode())


@pytest.fixture
def notice(alice: User, letter: SimpleUploadedFile, commit: Commit) -> Document:
    """A document of Alice's that is ready."""
    with commit():
        document = actions.upload(owner=alice, file=letter).document
    return Document.objects.get(pk=document.pk)


@pytest.fixture
def claude(settings: Settings) -> Iterator[MessagesAPI]:
    """The product configured for Claude, answered by a Messages API on this machine."""
    with MessagesAPI() as api:
        settings.AI_BASE_URL, settings.ANTHROPIC_API_KEY, settings.AI_PROVIDER = api.url, api.api_key, "claude"
        providers.provider.cache_clear()
        yield api
    providers.provider.cache_clear()


@pytest.fixture
def leases(alice: User) -> list[Document]:
    """Two with a deposit, one without, in the order of their titles."""
    texts = [WITH.format("A", 2), WITHOUT.format("B"), WITH.format("C", 3)]
    made = [actions.upload_text(owner=alice, title=one[:7], content=one).document.pk for one in texts]
    return list(Document.objects.filter(pk__in=made).order_by("title"))


@pytest.fixture
def scan(alice: User) -> Document:
    """A document that cannot be read."""
    broken = SimpleUploadedFile("scan.pdf", b"%PDF-1.7 this is no file")
    document = actions.upload(owner=alice, file=broken).document
    Document.objects.filter(pk=document.pk).update(status="failed", error="The file is damaged.", title="Scan")
    return document
