"""Pages of documents as pictures, and the words over them."""

import uuid

from django.contrib.auth.decorators import login_required
from django.http import HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404, render
from django.utils.cache import get_conditional_response
from django.views.decorators.http import require_GET

from accounts.http import UserRequest
from documents import pictures
from documents.models import Document, Page
from documents.reading.errors import UnreadableFile
from documents.web import sheets
from documents.web.desk import number

_KEPT = "private, max-age=86400, immutable"


@login_required
@require_GET
def page_picture(request: UserRequest, pk: uuid.UUID, page: int) -> HttpResponseBase:
    """The page as it looks, `width` pixels wide."""
    document = get_object_or_404(Document.objects.visible_to(request.user).light(), pk=pk)
    try:
        found = pictures.of(document, page, number(request.GET.get("width", "")) or pictures.USUAL)
    except pictures.NotDrawn as error:
        return _said(404, error)
    except pictures.Busy as error:
        return _said(503, error, {"Retry-After": str(error.retry_after_seconds)})
    except UnreadableFile as error:
        return _said(422, error)
    kept = {"Cache-Control": _KEPT, "ETag": found.tag, "X-Content-Type-Options": "nosniff"}
    response = HttpResponse(found.data, content_type="image/png", headers=kept)
    return get_conditional_response(request, etag=found.tag, response=response) or response


@login_required
@require_GET
def page_layer(request: UserRequest, pk: uuid.UUID, page: int) -> HttpResponse:
    """The words of a page where they stand, to be laid over its picture."""
    documents = Document.objects.visible_to(request.user)
    found = get_object_or_404(Page.objects.filter(document__in=documents.only("pk")), document=pk, number=page)
    find = request.GET.get("find", "").replace("\x00", "")
    response = render(request, "documents/reader/_layer.html", {"layer": sheets.layer(documents, found, find)})
    # Its address names the text it is of.
    response["Cache-Control"] = "private, max-age=3600"
    return response


@login_required
@require_GET
def thumbnails(request: UserRequest, pk: uuid.UUID) -> HttpResponse:
    """All pages, small."""
    document = get_object_or_404(Document.objects.visible_to(request.user).light(), pk=pk)
    pages = document.pages.values("number", "width", "height", "kind")
    return render(request, "documents/reader/_thumbnails.html", {"document": document, "pages": pages})


def _said(status: int, error: Exception, headers: dict[str, str] | None = None) -> HttpResponse:
    return HttpResponse(str(error), status=status, content_type="text/plain; charset=utf-8", headers=headers)
