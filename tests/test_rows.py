"""Rules about rows are constraints with a name; each is broken here once."""

import uuid
from typing import Any

import pytest
from django.db import IntegrityError, transaction
from django.db.models import Model
from django.db.models.functions import Now

from accounts.models import User
from documents.models import (
    AICall,
    Analysis,
    ApiReply,
    Citation,
    Conversation,
    Document,
    Examination,
    Job,
    Message,
    Page,
    Passage,
    Recipe,
)

pytestmark = pytest.mark.django_db


def refuses(constraint: str, model: type[Model], **changes: Any) -> None:
    """The database refuses these values on every row of the model, by this rule."""
    with pytest.raises(IntegrityError, match=constraint), transaction.atomic():
        model._default_manager.update(**changes)


@pytest.mark.parametrize(
    ("constraint", "changes"),
    [
        ("document_status_is_known", {"status": "lost"}),
        ("document_progress_is_a_share", {"progress": 1.5}),
        ("document_size_is_not_negative", {"size": -1}),
        ("document_failure_has_a_reason", {"status": "failed", "error": ""}),
        ("document_ready_has_a_text", {"content_sha256": ""}),
    ],
)
def test_a_document_keeps_its_rules(notice: Document, constraint: str, changes: dict[str, Any]) -> None:
    refuses(constraint, Document, **changes)


def test_an_owner_has_the_same_bytes_once(notice: Document) -> None:
    with pytest.raises(IntegrityError, match="document_is_kept_once_per_owner"), transaction.atomic():
        Document.objects.create(owner=notice.owner, title="Copy", sha256=notice.sha256, size=1)


def test_pages_and_passages_keep_their_rules(notice: Document) -> None:
    refuses("page_ends_after_it_starts", Page, start=10, end=5)
    refuses("page_kind_is_known", Page, kind="torn")
    refuses("passage_is_not_empty", Passage, start=5, end=5)
    with pytest.raises(IntegrityError, match="page_number_is_unique"), transaction.atomic():
        Page.objects.create(document=notice, number=1, start=0, end=0, kind="text")


def test_a_passage_stands_at_one_place(notice: Document) -> None:
    passage = notice.passages.get()
    passage.pk = None

    with pytest.raises(IntegrityError, match="passage_ordinal_is_unique"), transaction.atomic():
        passage.save()


@pytest.mark.parametrize(
    ("constraint", "changes"),
    [
        ("analysis_status_is_known", {"status": "lost"}),
        ("analysis_done_has_a_result", {"status": "done", "result": None}),
        ("analysis_failure_has_a_reason", {"status": "failed", "error": ""}),
        ("analysis_forgets_its_inline_text", {"status": "cancelled", "document": None, "inline_text": "secret"}),
        ("analysis_has_one_text", {"inline_text": "another"}),
    ],
)
def test_an_analysis_keeps_its_rules(notice: Document, constraint: str, changes: dict[str, Any]) -> None:
    Analysis.objects.create(owner=notice.owner, document=notice, title="x", task="summary", max_tokens=1)

    refuses(constraint, Analysis, **changes)


def test_a_citation_points_somewhere_only_when_verified(notice: Document) -> None:
    analysis = Analysis.objects.create(owner=notice.owner, document=notice, title="x", task="summary", max_tokens=1)
    Citation.objects.create(analysis=analysis, ordinal=0, quote="x", verified=True, start=0, end=1)

    refuses("citation_points_only_when_verified", Citation, verified=False)
    refuses("citation_points_only_when_verified", Citation, start=None)
    with pytest.raises(IntegrityError, match="citation_ordinal_is_unique"), transaction.atomic():
        Citation.objects.create(analysis=analysis, ordinal=0, quote="y", verified=False)


def test_a_recipe_keeps_its_rules(alice: User) -> None:
    refuses("recipe_task_is_known", Recipe, task="juggle")
    with pytest.raises(IntegrityError, match="recipe_slug_is_unique"), transaction.atomic():
        Recipe.objects.create(slug="summary", name="Another", task="summary")


@pytest.mark.parametrize(
    ("constraint", "changes"),
    [
        ("job_kind_is_known", {"kind": "juggle"}),
        ("job_state_is_known", {"state": "lost"}),
        ("job_running_has_a_lease", {"state": "running", "lease_until": None}),
        ("job_failure_has_a_reason", {"state": "quarantined", "error": ""}),
    ],
)
def test_a_job_keeps_its_rules(notice: Document, constraint: str, changes: dict[str, Any]) -> None:
    refuses(constraint, Job, **changes)


def test_work_is_owed_once_per_subject(alice: User) -> None:
    subject = uuid.uuid4()
    Job.objects.create(kind="read", subject=subject, owner=alice)

    with pytest.raises(IntegrityError, match="job_is_owed_once_per_subject"), transaction.atomic():
        Job.objects.create(kind="read", subject=subject, owner=alice, state="running", lease_until=Now())


def test_a_call_keeps_its_rules(alice: User) -> None:
    subject = uuid.uuid4()
    job = Job.objects.create(kind="analyse", subject=subject, owner=alice)
    call: dict[str, Any] = {"owner": alice, "job": job, "subject": subject, "provider": "claude", "model": "claude-x"}
    AICall.objects.create(**call, fence=1, state="answered")

    refuses("call_state_is_known", AICall, state="lost")
    refuses("call_cost_is_not_negative", AICall, cost=-1)
    with pytest.raises(IntegrityError, match="call_is_made_once_per_attempt"), transaction.atomic():
        AICall.objects.create(**call, fence=1)
    with pytest.raises(IntegrityError, match="call_is_charged_once_per_step"), transaction.atomic():
        AICall.objects.create(**call, fence=2, state="answered")


def test_a_key_answers_one_request_of_a_person(alice: User) -> None:
    ApiReply.objects.create(user=alice, key="one", fingerprint="x")

    with pytest.raises(IntegrityError, match="reply_key_is_unique_per_person"), transaction.atomic():
        ApiReply.objects.create(user=alice, key="one", fingerprint="y")


def test_a_document_is_examined_once_for_a_question(alice: User) -> None:
    document = Document.objects.create(owner=alice, title="Lease", sha256="1" * 64, size=1)
    thread = Conversation.objects.create(owner=alice, title="Which?")
    message = Message.objects.create(conversation=thread, ordinal=0, question="Which?", of_each=True)
    Examination.objects.create(message=message, ordinal=0, document=document, title="Lease")

    with pytest.raises(IntegrityError, match="examination_ordinal_is_unique"), transaction.atomic():
        Examination.objects.create(message=message, ordinal=0, title="Another")
    with pytest.raises(IntegrityError, match="document_is_examined_once_per_question"), transaction.atomic():
        Examination.objects.create(message=message, ordinal=1, document=document, title="Lease")
