"""Search and collections in the API."""

from typing import Any, cast

from django.db.models import QuerySet
from django.shortcuts import get_object_or_404
from drf_spectacular.utils import extend_schema, extend_schema_view
from rest_framework import serializers, status
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.viewsets import GenericViewSet, ModelViewSet

from documents import actions
from documents.api import paging
from documents.api.idempotency import idempotent
from documents.api.views import ONCE, PAGED, PROBLEMS, checked, person
from documents.models import Collection, Document
from documents.search.passages import Found, Hit, find
from documents.search.scope import Scope
from documents.search.scoring import Mode

MOST_PASSAGES = 1_000


class SearchQuerySerializer(serializers.Serializer[dict[str, Any]]):
    q = serializers.CharField(
        max_length=1_000,
        help_text='Words, "exact phrases", -excluded, title:words, type:pdf, before:2026-01-31, after:…, in:"Name", '
        "tag:name.",
    )
    document = serializers.ListField(
        child=serializers.UUIDField(), required=False, max_length=100, help_text="Only in these documents."
    )
    collection = serializers.IntegerField(required=False, help_text="Only in this collection.")
    mode = serializers.ChoiceField(
        choices=[(mode.value, mode.value) for mode in Mode], default=Mode.HYBRID.value, help_text="What ranks."
    )


class HitSerializer(serializers.Serializer[dict[str, Any]]):
    """A passage that was found. Offsets count the document's text."""

    document = serializers.UUIDField()
    title = serializers.CharField()
    passage = serializers.IntegerField(help_text="Its number in the document, from 0.")
    text = serializers.CharField()
    start = serializers.IntegerField()
    end = serializers.IntegerField()
    page = serializers.IntegerField(allow_null=True)
    headings = serializers.ListField(child=serializers.CharField(), help_text="The headings above it.")
    score = serializers.FloatField(help_text="0 to 1 within this search; scores of two searches do not compare.")
    bm25 = serializers.FloatField(help_text="By its words.")
    cosine = serializers.FloatField(help_text="By its meaning.")
    highlights = serializers.ListField(
        child=serializers.ListField(child=serializers.IntegerField()), help_text="[start, end] of words looked for."
    )


class UnderstoodSerializer(serializers.Serializer[dict[str, Any]]):
    words = serializers.CharField()
    phrases = serializers.ListField(child=serializers.CharField())
    excluded = serializers.ListField(child=serializers.CharField())
    corrections = serializers.DictField(child=serializers.CharField(), help_text="Words taken for others.")


class FoundSerializer(serializers.Serializer[dict[str, Any]]):
    next = serializers.URLField(allow_null=True)
    previous = serializers.URLField(allow_null=True)
    understood = UnderstoodSerializer()
    results = HitSerializer(many=True)


def hit(found: Hit) -> dict[str, Any]:
    """A passage as the API shows it."""
    return {
        "document": found.document,
        "title": found.title,
        "passage": found.ordinal,
        "text": found.text,
        "start": found.start,
        "end": found.end,
        "page": found.pages[0] if found.pages else None,
        "headings": found.heading_path,
        "score": round(found.score, 6),
        "bm25": round(found.bm25, 4),
        "cosine": round(found.cosine, 4),
        "highlights": [(mark.start, mark.end) for mark in found.highlights],
    }


class CollectionSerializer(serializers.ModelSerializer[Collection]):
    """Some of your documents under a name."""

    documents = serializers.ListField(
        child=serializers.UUIDField(), required=False, max_length=10_000, help_text="All that shall be in it."
    )

    class Meta:
        model = Collection
        fields = ["id", "name", "documents", "created_at"]
        read_only_fields = ["id", "created_at"]


class SearchViewSet(GenericViewSet[Any]):
    """Passages of your documents."""

    serializer_class = HitSerializer

    @extend_schema(
        operation_id="search",
        parameters=[SearchQuerySerializer, *PAGED],
        responses={200: FoundSerializer, **PROBLEMS},
    )
    def list(self, request: Request) -> Response:
        """Find passages by their words and by their meaning, best first, up to the best 1,000."""
        asked = checked(SearchQuerySerializer, _asked(request))
        size, offset = paging.size(request), paging.offset(request, most=MOST_PASSAGES)
        found = find(_scope(request, asked), asked["q"], size, offset=offset, mode=Mode(asked["mode"]))
        more = found.has_more and offset + size < MOST_PASSAGES
        return Response(
            {
                "next": paging.offset_link(request, offset + size) if more else None,
                "previous": paging.offset_link(request, max(offset - size, 0)) if offset else None,
                "understood": _understood(found),
                "results": [hit(one) for one in found.hits],
            }
        )


def _asked(request: Request) -> dict[str, Any]:
    """The query's parameters, `document` as often as it was given."""
    given: dict[str, Any] = request.query_params.dict()
    documents = request.query_params.getlist("document")
    return given | ({"document": documents} if documents else {})


def _scope(request: Request, asked: dict[str, Any]) -> Scope:
    scope = Scope.of(person(request))
    if "document" in asked:
        scope = scope.within(asked["document"])
    return scope.within_collection(asked["collection"]) if "collection" in asked else scope


def _understood(found: Found) -> dict[str, Any]:
    query = found.understood.query
    return {
        "words": query.words,
        "phrases": query.phrases,
        "excluded": query.excluded,
        "corrections": found.understood.corrections,
    }


@extend_schema_view(
    list=extend_schema(summary="Your collections.", parameters=PAGED),
    retrieve=extend_schema(
        summary="One collection, with the documents in it.", responses={200: CollectionSerializer, **PROBLEMS}
    ),
    destroy=extend_schema(summary="Remove it; its documents stay.", responses={204: None, **PROBLEMS}),
)
class CollectionViewSet(ModelViewSet[Collection]):
    """Documents put together under a name."""

    serializer_class = CollectionSerializer
    pagination_class = paging.Keyset
    lookup_value_converter = "int"
    http_method_names = ["get", "post", "patch", "delete", "head", "options"]

    def get_queryset(self) -> QuerySet[Collection]:
        return Collection.objects.visible_to(self.request.user)

    def list(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        return Response(paging.page(request, self.get_queryset(), ("id", "name", "created_at"), identity=int))

    def retrieve(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        return Response(_shown(self.get_object()))

    @extend_schema(parameters=[ONCE], responses={201: CollectionSerializer, **PROBLEMS})
    @idempotent
    def create(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        """Make one."""
        sent = checked(CollectionSerializer, request.data)
        made = actions.make_collection(owner=person(request), name=sent["name"], documents=sent.get("documents", []))
        return Response(_shown(made), status=status.HTTP_201_CREATED)

    @extend_schema(responses={200: CollectionSerializer, **PROBLEMS})
    def partial_update(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        """Rename it, or say anew which documents are in it."""
        collection = self.get_object()
        form = CollectionSerializer(collection, data=request.data, partial=True)
        form.is_valid(raise_exception=True)
        sent = cast(dict[str, Any], form.validated_data)
        actions.change_collection(
            person=person(request), collection=collection, name=sent.get("name"), documents=sent.get("documents")
        )
        return Response(_shown(get_object_or_404(self.get_queryset(), pk=collection.pk)))

    def perform_destroy(self, instance: Collection) -> None:
        actions.remove_collection(collection=instance)


def _shown(collection: Collection) -> dict[str, Any]:
    here = Document.objects.out_of_bin().filter(collections=collection)
    return {
        "id": collection.pk,
        "name": collection.name,
        "documents": list(here.order_by("-created_at", "-id").values_list("pk", flat=True)),
        "created_at": collection.created_at,
    }
