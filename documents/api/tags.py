"""Tags: words on documents."""

from typing import Any, cast

from django.db.models import QuerySet
from django.shortcuts import get_object_or_404
from drf_spectacular.utils import extend_schema, extend_schema_view
from rest_framework import serializers, status
from rest_framework.decorators import action
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.viewsets import ModelViewSet

from documents import actions
from documents.api import paging
from documents.api.idempotency import idempotent
from documents.api.views import ONCE, PAGED, PROBLEM, PROBLEMS, checked, person
from documents.models import Tag
from documents.models.tags import COLOURS

MOST_AT_ONCE, MOST_IN_AN_ADDRESS = 10_000, 100


class TagSerializer(serializers.ModelSerializer[Tag]):
    """A word on some of your documents; they are at /api/documents/?tag=."""

    colour = serializers.IntegerField(
        required=False, min_value=0, max_value=COLOURS - 1, help_text="One of eight. Not given: the next one."
    )
    documents = serializers.IntegerField(read_only=True, source="count", help_text="How many bear it.")

    class Meta:
        model = Tag
        fields = ["id", "name", "colour", "documents", "created_at"]
        read_only_fields = ["id", "created_at"]


class TaggedSerializer(serializers.Serializer[dict[str, Any]]):
    documents = serializers.ListField(
        child=serializers.UUIDField(),
        max_length=MOST_AT_ONCE,
        help_text="By their ids. Those that are not there are passed over.",
    )


class UntaggedSerializer(serializers.Serializer[dict[str, Any]]):
    document = serializers.ListField(
        child=serializers.UUIDField(),
        min_length=1,
        max_length=MOST_IN_AN_ADDRESS,
        help_text=f"As often as there are documents, up to {MOST_IN_AN_ADDRESS} at a time.",
    )


@extend_schema_view(
    list=extend_schema(summary="Your tags, the newest first.", parameters=PAGED),
    retrieve=extend_schema(summary="One tag.", responses={200: TagSerializer, **PROBLEMS}),
    destroy=extend_schema(summary="Remove it; the documents that bore it stay.", responses={204: None, **PROBLEMS}),
)
class TagViewSet(ModelViewSet[Tag]):
    """Words on documents."""

    serializer_class = TagSerializer
    pagination_class = paging.Keyset
    lookup_value_converter = "int"
    http_method_names = ["get", "post", "patch", "delete", "head", "options"]

    def get_queryset(self) -> QuerySet[Tag]:
        return Tag.objects.visible_to(self.request.user).counted()

    def list(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        columns = ("id", "name", "colour", "count", "created_at")
        found = paging.page(request, self.get_queryset(), columns, identity=int)
        return Response(found | {"results": [row | {"documents": row.pop("count")} for row in found["results"]]})

    @extend_schema(parameters=[ONCE], responses={201: TagSerializer, 200: TagSerializer, **PROBLEMS})
    @idempotent
    def create(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        """Make one. The one you have, whatever its capitals, comes with 200."""
        sent = checked(TagSerializer, request.data)
        known = set(Tag.objects.visible_to(person(request)).values_list("pk", flat=True))
        tag = actions.make_tag(owner=person(request), name=sent["name"], colour=sent.get("colour"))
        return self._shown(tag, status.HTTP_200_OK if tag.pk in known else status.HTTP_201_CREATED)

    @extend_schema(responses={200: TagSerializer, 409: PROBLEM, **PROBLEMS})
    def partial_update(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        """Rename it, or give it another colour."""
        tag = self.get_object()
        form = TagSerializer(tag, data=request.data, partial=True)
        form.is_valid(raise_exception=True)
        sent = cast(dict[str, Any], form.validated_data)
        actions.change_tag(tag=tag, name=sent.get("name"), colour=sent.get("colour"))
        return self._shown(tag)

    def perform_destroy(self, instance: Tag) -> None:
        actions.remove_tag(tag=instance)

    @extend_schema(request=TaggedSerializer, parameters=[ONCE], responses={200: TagSerializer, **PROBLEMS})
    @action(detail=True, methods=["post"], pagination_class=None)
    @idempotent
    def documents(self, request: Request, pk: Any = None) -> Response:
        """Put it on documents."""
        tag, sent = self.get_object(), checked(TaggedSerializer, request.data)
        actions.put_tag(person=person(request), tag=tag, documents=sent["documents"])
        return self._shown(tag)

    @extend_schema(
        operation_id="tags_documents_destroy",
        parameters=[UntaggedSerializer],
        responses={200: TagSerializer, **PROBLEMS},
    )
    @documents.mapping.delete
    def untag(self, request: Request, pk: Any = None) -> Response:
        """Take it off documents."""
        tag = self.get_object()
        sent = checked(UntaggedSerializer, {"document": request.query_params.getlist("document")})
        actions.take_tag(tag=tag, documents=sent["document"])
        return self._shown(tag)

    def _shown(self, tag: Tag, code: int = status.HTTP_200_OK) -> Response:
        return Response(TagSerializer(get_object_or_404(self.get_queryset(), pk=tag.pk)).data, status=code)
