"""Notes at words of documents, in the API."""

from typing import Any

from django.db.models import QuerySet
from django.shortcuts import get_object_or_404
from drf_spectacular.utils import extend_schema, extend_schema_view
from rest_framework import serializers, status
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.viewsets import ModelViewSet

from documents import actions
from documents.api import paging
from documents.api.idempotency import idempotent
from documents.api.views import ONCE, PAGED, PROBLEM, PROBLEMS, checked, person
from documents.models import Document, Note
from documents.models.notes import MOST_CHARACTERS

COLUMNS = ("id", "document_id", "start", "end", "quote", "text", "content_sha256", "created_at", "updated_at")


class NoteSerializer(serializers.ModelSerializer[Note]):
    """Your own words at a stretch of a document's text. Where `content_sha256` is not that of the document's text, its
    words are no longer there."""

    document = serializers.UUIDField(source="document_id")

    class Meta:
        model = Note
        fields = ["document" if name == "document_id" else name for name in COLUMNS]


class NewNoteSerializer(serializers.Serializer[dict[str, Any]]):
    document = serializers.UUIDField()
    start = serializers.IntegerField(min_value=0, max_value=2**31 - 1, help_text="Code points of the text.")
    end = serializers.IntegerField(min_value=1, max_value=2**31 - 1)
    text = serializers.CharField(max_length=MOST_CHARACTERS)


class ChangedNoteSerializer(serializers.Serializer[dict[str, Any]]):
    text = serializers.CharField(max_length=MOST_CHARACTERS)


class NoteQuerySerializer(serializers.Serializer[dict[str, Any]]):
    document = serializers.UUIDField(required=False)


@extend_schema_view(
    list=extend_schema(
        summary="Your notes, newest first.",
        parameters=[NoteQuerySerializer, *PAGED],
        responses={200: NoteSerializer(many=True)},
    ),
    retrieve=extend_schema(summary="One note.", responses={200: NoteSerializer, **PROBLEMS}),
    destroy=extend_schema(summary="Remove it.", responses={204: None, **PROBLEMS}),
)
class NoteViewSet(ModelViewSet[Note]):
    """Notes at words of your documents."""

    serializer_class = NoteSerializer
    pagination_class = paging.Keyset
    lookup_value_converter = "uuid"
    http_method_names = ["get", "post", "patch", "delete", "head", "options"]

    def get_queryset(self) -> QuerySet[Note]:
        return Note.objects.visible_to(self.request.user)

    def list(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        asked = checked(NoteQuerySerializer, request.query_params)
        rows = self.get_queryset().filter(**asked)
        found = paging.page(request, rows, COLUMNS)
        return Response(found | {"results": [_shown(row) for row in found["results"]]})

    @extend_schema(request=NewNoteSerializer, parameters=[ONCE], responses={201: NoteSerializer, **PROBLEMS})
    @idempotent
    def create(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        """Write one."""
        sent = checked(NewNoteSerializer, request.data)
        document = get_object_or_404(Document.objects.visible_to(person(request)).light(), pk=sent.pop("document"))
        note = actions.write_note(owner=person(request), document=document, **sent)
        return Response(NoteSerializer(note).data, status=status.HTTP_201_CREATED)

    @extend_schema(request=ChangedNoteSerializer, responses={200: NoteSerializer, 409: PROBLEM, **PROBLEMS})
    def partial_update(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        """Write it anew."""
        note = self.get_object()
        actions.change_note(note=note, text=checked(ChangedNoteSerializer, request.data)["text"])
        return Response(NoteSerializer(note).data)

    def perform_destroy(self, instance: Note) -> None:
        actions.remove_note(note=instance)


def _shown(row: dict[str, Any]) -> dict[str, Any]:
    return {("document" if name == "document_id" else name): value for name, value in row.items()}
