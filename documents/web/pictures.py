"""Pages of documents as pictures."""

import uuid

from django.contrib.auth.decorators import login_required
from django.http import HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404
from django.utils.cache import get_conditional_response
from django.views.decorators.http import require_GET

from accounts.http import UserRequest
from documents import pictures
from documents.models import Document
from documents.reading.errors import UnreadableFile
from documents.web.desk import number

_KEPT = "private, max-age=86400, immutable"


@login_required
@require_GET
def page_picture(request: UserRequest, pk: uuid.UUID, page: int) -> HttpResponseBase:
    """The page as it looks, `width` pixels wide."""
    document = get_object_or_404(Document.objects.visible_to(request.user).light(), pk=pk)
    try:
        found = pictures.of(document, page, number(request.GET.get("width", "")) or pictures.WIDTHS[-1])
    except pictures.NotDrawn as error:
        return _said(404, error)
    except pictures.Busy as error:
        return _said(503, error, {"Retry-After": str(error.retry_after_seconds)})
    except UnreadableFile as error:
        return _said(422, error)
    kept = {"Cache-Control": _KEPT, "ETag": found.tag, "X-Content-Type-Options": "nosniff"}
    response = HttpResponse(found.data, content_type="image/png", headers=kept)
    return get_conditional_response(request, etag=found.tag, response=response) or response


def _said(status: int, error: Exception, headers: dict[str, str] | None = None) -> HttpResponse:
    return HttpResponse(str(error), status=status, content_type="text/plain; charset=utf-8", headers=headers)
