"""A person with a row in every table that leads to her."""

import uuid
from datetime import timedelta
from typing import Any

from allauth.account.models import EmailAddress, EmailConfirmation
from allauth.usersessions.models import UserSession
from django.contrib.admin.models import CHANGE, LogEntry
from django.contrib.auth.models import Group, Permission
from django.contrib.contenttypes.models import ContentType
from django.utils import timezone

from accounts import actions as accounts
from accounts.models import User
from documents import models
from documents.models import Document


def give(owner: User, document: Document, mark: str) -> None:
    """Rows in all tables; `mark` stands in each text of theirs."""
    _work(owner, document, mark)
    analysis = _results(owner, document, mark)
    _conversation(owner, document, analysis, mark)
    _shelves(owner, document, mark)
    _account(owner, document, mark)


def _results(owner: User, document: Document, mark: str) -> models.Analysis:
    recipe = models.Recipe.objects.create(owner=owner, slug="own", name=mark, task="instruction", instruction=mark)
    run = models.Run.objects.create(owner=owner, name=mark)
    batch = models.Batch.objects.create(owner=owner, run=run)
    claims = {"claims": [{"text": mark, "citations": [0]}], "verified": 1}
    analysis = models.Analysis.objects.create(
        owner=owner,
        document=document,
        title=mark,
        run=run,
        batch=batch,
        recipe=recipe,
        task="instruction",
        max_tokens=100,
        status="done",
        result=claims,
    )
    models.Portion.objects.create(analysis=analysis, number=0, first=0, last=1, sha256="0" * 64, found={"is": mark})
    _cite(document, mark, analysis=analysis)
    return analysis


def _cite(document: Document, mark: str, **of: Any) -> None:
    models.Citation.objects.create(
        ordinal=0, document=document, title=mark, quote=mark, verified=True, start=0, end=5, text_sha256="0" * 64, **of
    )


def _conversation(owner: User, document: Document, analysis: models.Analysis, mark: str) -> None:
    conversation = models.Conversation.objects.create(owner=owner, title=mark, kind="documents")
    conversation.documents.add(document)
    message = models.Message.objects.create(
        conversation=conversation, ordinal=0, question=mark, status="done", text=mark, result={"claims": []}
    )
    _cite(document, mark, message=message)
    models.Examination.objects.create(message=message, ordinal=0, document=document, title=mark, analysis=analysis)


def _shelves(owner: User, document: Document, mark: str) -> None:
    models.Note.objects.create(
        owner=owner, document=document, start=0, end=5, quote=mark, text=mark, content_sha256="0" * 64
    )
    models.Tag.objects.create(owner=owner, name=mark).documents.add(document)
    models.Collection.objects.create(owner=owner, name=mark).documents.add(document)
    models.LibraryMap.objects.create(owner=owner, error=mark)
    models.Part.objects.create(container=document, ordinal=0, name=mark, size=1, reason=mark)


def _work(owner: User, document: Document, mark: str) -> None:
    job = models.Job.objects.create(owner=owner, kind="analyse", subject=uuid.uuid4(), state="queued")
    models.AICall.objects.create(
        owner=owner, job=job, subject=job.subject, fence=1, provider="claude", model=mark, state="answered", cost="0.5"
    )
    models.ApiReply.objects.create(user=owner, key=mark, fingerprint="0" * 64)
    models.Budget.objects.create(owner=owner, monthly_usd=5)
    passage = models.Passage.objects.filter(owner=owner).first()
    assert passage is not None
    models.NextVector.objects.create(passage=passage, model=mark, embedding=passage.embedding)


def _account(owner: User, document: Document, mark: str) -> None:
    accounts.issue_token(user=owner, name=mark, scope="read", expires_at=timezone.now() + timedelta(days=3))
    UserSession.objects.create(user=owner, ip="192.0.2.7", session_key=uuid.uuid4().hex, user_agent=mark)
    address = EmailAddress.objects.create(user=owner, email=owner.email, primary=True)
    EmailConfirmation.objects.create(email_address=address, key=uuid.uuid4().hex)
    group, _ = Group.objects.get_or_create(name="Readers")
    owner.groups.add(group)
    owner.user_permissions.add(Permission.objects.all()[0])
    _logged(by=owner, about=owner, mark=mark)


def _logged(*, by: User, about: Any, mark: str) -> None:
    kind = ContentType.objects.get_for_model(about)
    LogEntry.objects.create(
        user=by, content_type=kind, object_id=str(about.pk), object_repr=mark, action_flag=CHANGE, change_message=mark
    )


def logged(*, by: User, about: Any, mark: str) -> None:
    """What staff's log keeps of something of hers."""
    _logged(by=by, about=about, mark=mark)
