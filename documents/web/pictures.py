"""Pages of documents as pictures."""

import uuid

from django.contrib.auth.decorators import login_required
from django.http import FileResponse, Http404, HttpResponse
from django.shortcuts import get_object_or_404
from django.views.decorators.http import require_GET

from accounts.http import UserRequest
from documents import pictures
from documents.models import Document
from documents.reading.errors import UnreadableFile
from documents.web.desk import number

_KEPT_SECONDS = 86_400


@login_required
@require_GET
def page_picture(request: UserRequest, pk: uuid.UUID, page: int) -> HttpResponse | FileResponse:
    """The page as it looks, `width` pixels wide."""
    document = get_object_or_404(Document.objects.visible_to(request.user).light(), pk=pk)
    try:
        place = pictures.of(document, page, number(request.GET.get("width", "")) or pictures.WIDTHS[-1])
    except pictures.Busy:
        return HttpResponse(status=503, headers={"Retry-After": "5"})
    except (pictures.NotDrawn, UnreadableFile) as error:
        raise Http404("This page has no picture.") from error
    kept = {"Cache-Control": f"private, max-age={_KEPT_SECONDS}", "X-Content-Type-Options": "nosniff"}
    return FileResponse(place.open("rb"), content_type="image/png", headers=kept)
