"""One's own account, in the API."""

from typing import Any

from django.http import StreamingHttpResponse
from django.utils import timezone
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import extend_schema
from rest_framework.decorators import action
from rest_framework.request import Request
from rest_framework.serializers import Serializer
from rest_framework.viewsets import GenericViewSet

from documents import takeout
from documents.api.asking import AnyAccepted
from documents.api.views import PROBLEMS, person


class AccountViewSet(GenericViewSet[Any]):
    """Your account."""

    serializer_class = Serializer
    content_negotiation_class = AnyAccepted
    pagination_class = None

    @extend_schema(responses={(200, "application/zip"): OpenApiTypes.BINARY, **PROBLEMS}, filters=False)
    @action(detail=False)
    def export(self, request: Request) -> StreamingHttpResponse:
        """Take all that is yours along, as a ZIP.

        Originals as they were put in; texts, pages, tags, collections, analyses, conversations, notes, recipes, runs,
        usage, tokens and sessions as JSON; `manifest.json` and `SHA256SUMS` for all of it. It is made while it is sent
        and has no length beforehand: when it breaks off, ask again.
        """
        name = f"glossa-{timezone.now():%Y-%m-%d}.zip"
        headers = {"Content-Disposition": f'attachment; filename="{name}"'}
        return StreamingHttpResponse(takeout.pack(person(request)), content_type="application/zip", headers=headers)
