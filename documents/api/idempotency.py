"""A POST with an Idempotency-Key is carried out once; the same request again gets the same answer."""

import functools
import hashlib
from collections.abc import Callable
from datetime import timedelta
from typing import Any, cast

import orjson
from django.core.files.uploadedfile import UploadedFile
from django.db import IntegrityError, transaction
from django.utils import timezone
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.viewsets import GenericViewSet

from accounts.models import User
from documents.actions import Refusal
from documents.api.rendering import dumps
from documents.models import ApiReply

HEADER = "Idempotency-Key"
KEPT = timedelta(days=1)
ABANDONED = timedelta(minutes=5)
MAX_KEY = 200


def idempotent[Method: Callable[..., Response]](method: Method) -> Method:
    """Wraps an action of a view; without the header it is called as it is."""

    @functools.wraps(method)
    def once(view: GenericViewSet[Any], request: Request, *args: Any, **kwargs: Any) -> Response:
        key = request.headers.get(HEADER, "")
        if not key:
            return method(view, request, *args, **kwargs)
        reply = _begin(request, key)
        if reply.status is not None:
            return Response(reply.body, status=reply.status, headers={"Idempotency-Replayed": "true"})
        return _carry_out(reply, functools.partial(method, view, request, *args, **kwargs))

    return cast(Method, once)


def _begin(request: Request, key: str) -> ApiReply:
    """The reply to fill, or the one that was given before."""
    if len(key) > MAX_KEY or not key.isprintable():
        raise Refusal(f"An {HEADER} has at most {MAX_KEY} printable characters.", code="invalid_key")
    fingerprint, user = _fingerprint(request), request.user
    assert isinstance(user, User)
    ApiReply.objects.filter(user=user, created_at__lt=timezone.now() - KEPT).delete()
    ApiReply.objects.filter(user=user, key=key, status=None, created_at__lt=timezone.now() - ABANDONED).delete()
    try:
        with transaction.atomic():
            return ApiReply.objects.create(user=user, key=key, fingerprint=fingerprint)
    except IntegrityError:
        return _earlier(user, key, fingerprint)


def _earlier(user: User, key: str, fingerprint: str) -> ApiReply:
    reply = ApiReply.objects.filter(user=user, key=key).first()
    if reply and reply.fingerprint != fingerprint:
        raise Refusal(f"This {HEADER} was used for another request. Take a new one.", code="key_reused", status=422)
    if reply is None or reply.status is None:
        raise Refusal("The same request is still under way. Ask again in a moment.", code="in_progress", status=409)
    return reply


def _carry_out(reply: ApiReply, call: Callable[[], Response]) -> Response:
    """What did not succeed may be tried again with the same key."""
    try:
        response = call()
    except BaseException:
        reply.delete()
        raise
    if response.status_code >= 300:
        reply.delete()
    else:
        body = orjson.loads(dumps(response.data))
        ApiReply.objects.filter(pk=reply.pk).update(status=response.status_code, body=body)
    return response


def _fingerprint(request: Request) -> str:
    digest = hashlib.sha256(f"{request.method} {request.path}".encode())
    for name, value in sorted(request.data.items()) if hasattr(request.data, "items") else [("", request.data)]:
        digest.update(name.encode())
        if isinstance(value, UploadedFile):
            digest.update(hashlib.file_digest(value, "sha256").digest())
            value.seek(0)
        else:
            digest.update(dumps(value))
    return digest.hexdigest()
