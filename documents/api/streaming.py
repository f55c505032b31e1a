"""A text in, its summary out as it is written. The view of REST framework begins it; `events` tells of it."""

from typing import Any

from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import extend_schema
from rest_framework import serializers, status
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.viewsets import GenericViewSet

from documents import actions
from documents.api.asking import AnyAccepted
from documents.api.serializers import MAX_INLINE_CHARACTERS, MAX_TOKENS
from documents.api.views import PROBLEMS, checked, person
from documents.models import Recipe


class StreamSerializer(serializers.Serializer[dict[str, Any]]):
    """A text that is not kept."""

    text = serializers.CharField(max_length=MAX_INLINE_CHARACTERS, trim_whitespace=False)
    model = serializers.CharField(required=False, max_length=100)
    max_tokens = serializers.IntegerField(required=False, min_value=1, max_value=MAX_TOKENS)


class StreamViewSet(GenericViewSet[Any]):
    """A text's summary as it is written."""

    serializer_class = StreamSerializer
    content_negotiation_class = AnyAccepted

    @extend_schema(responses={(200, "text/event-stream"): OpenApiTypes.STR, **PROBLEMS})
    def create(self, request: Request) -> Response:
        """Have a text summarised, and read along.

        Comes as `data:` lines of text, then the event `done` with the model and the tokens used, or `error`.
        """
        sent = checked(StreamSerializer, request.data)
        asked = actions.Options(
            recipe=Recipe.objects.visible_to(person(request)).get(owner=None, slug="summary"),
            model=sent.get("model", ""),
            max_tokens=sent.get("max_tokens"),
        )
        analysis = actions.analyse_text(person=person(request), text=sent["text"], options=asked)
        return Response({"id": str(analysis.pk)}, status=status.HTTP_200_OK)
