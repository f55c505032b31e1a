"""The same question to many documents."""

from io import BytesIO
from typing import Any
from uuid import UUID

from django.db.models import QuerySet
from django.http import FileResponse
from django.shortcuts import get_object_or_404
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import OpenApiParameter, extend_schema, extend_schema_view
from rest_framework import mixins, serializers, status
from rest_framework.decorators import action
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.viewsets import GenericViewSet

from documents import actions, exports
from documents.api import paging
from documents.api.idempotency import idempotent
from documents.api.serializers import OptionsSerializer
from documents.api.views import ONCE, PAGED, PROBLEM, PROBLEMS, checked, options, person
from documents.models import Collection, Document, Run, Status


class RunOptionsSerializer(OptionsSerializer):
    """What is to be found out, and in which documents."""

    documents = serializers.ListField(
        child=serializers.UUIDField(), required=False, min_length=1, max_length=actions.MOST_IN_A_RUN
    )
    collection = serializers.IntegerField(required=False, help_text="Instead of `documents`: all that are ready in it.")
    name = serializers.CharField(required=False, max_length=200, help_text="Without it: that of the recipe.")
    not_urgent = serializers.BooleanField(
        default=False, help_text="Hands all over together, at half the price; the answers may take a day."
    )

    def validate(self, attrs: dict[str, Any]) -> dict[str, Any]:
        if ("documents" in attrs) == ("collection" in attrs):
            raise serializers.ValidationError("Give either `documents` or a `collection`.")
        return attrs


class RunSerializer(serializers.ModelSerializer[Run]):
    """A run; its analyses are at /api/analyses/?run=."""

    total = serializers.IntegerField(help_text="Analyses in it.")
    done = serializers.IntegerField()
    failed = serializers.IntegerField(help_text="Failed or stopped.")

    class Meta:
        model = Run
        fields = ["id", "name", "not_urgent", "total", "done", "failed", "created_at"]


class StartedSerializer(RunSerializer):
    skipped = serializers.IntegerField(help_text="Documents that have no text.")

    class Meta(RunSerializer.Meta):
        fields = [*RunSerializer.Meta.fields, "skipped"]


class EstimateSerializer(serializers.Serializer[Any]):
    """What a run would cost, in US dollars."""

    calls = serializers.IntegerField()
    tokens = serializers.IntegerField(help_text="About; of all prompts.")
    about = serializers.DecimalField(max_digits=None, decimal_places=6, rounding="ROUND_HALF_UP")
    most = serializers.DecimalField(max_digits=None, decimal_places=6, rounding="ROUND_UP")
    known = serializers.BooleanField(help_text="False when the price of the model is not known here.")


@extend_schema_view(
    retrieve=extend_schema(summary="One run, and how far it is.", responses={200: RunSerializer, **PROBLEMS}),
    list=extend_schema(summary="Your runs, newest first.", parameters=PAGED, responses={200: RunSerializer(many=True)}),
)
class RunViewSet(mixins.RetrieveModelMixin, GenericViewSet[Run]):
    """The same question to many documents."""

    serializer_class = RunSerializer
    pagination_class = paging.Keyset
    lookup_value_converter = "uuid"

    def get_queryset(self) -> QuerySet[Run]:
        return Run.objects.visible_to(self.request.user).counted()

    def list(self, request: Request) -> Response:
        return Response(paging.page(request, self.get_queryset(), list(RunSerializer.Meta.fields)))

    @extend_schema(
        request=RunOptionsSerializer, parameters=[ONCE], responses={202: StartedSerializer, 409: PROBLEM, **PROBLEMS}
    )
    @idempotent
    def create(self, request: Request) -> Response:
        """Ask many documents."""
        asked, sent = _asked(request)
        started = actions.analyse_many(**asked, name=sent.get("name", ""))
        return Response(self._shown(started.run) | {"skipped": started.skipped}, status=status.HTTP_202_ACCEPTED)

    @extend_schema(request=RunOptionsSerializer, responses={200: EstimateSerializer, 409: PROBLEM, **PROBLEMS})
    @action(detail=False, methods=["post"], pagination_class=None)
    @idempotent
    def estimate(self, request: Request) -> Response:
        """What it would cost; nothing is started."""
        asked, _ = _asked(request)
        return Response(EstimateSerializer(actions.estimate(**asked)).data)

    @extend_schema(request=None, responses={200: RunSerializer, **PROBLEMS})
    @action(detail=True, methods=["post"])
    @idempotent
    def cancel(self, request: Request, pk: Any = None) -> Response:
        """Stop what has not ended."""
        run = self.get_object()
        actions.cancel_run(run=run)
        return Response(self._shown(run))

    @extend_schema(request=None, responses={202: RunSerializer, **PROBLEMS})
    @action(detail=True, methods=["post"])
    @idempotent
    def retry(self, request: Request, pk: Any = None) -> Response:
        """Try what failed once more."""
        run = self.get_object()
        actions.retry_run(run=run)
        return Response(self._shown(run), status=status.HTTP_202_ACCEPTED)

    @extend_schema(
        parameters=[OpenApiParameter("form", str, enum=exports.FORMS, description="Without it: json.")],
        responses={(200, "application/octet-stream"): OpenApiTypes.BINARY, **PROBLEMS},
    )
    @action(detail=True)
    def export(self, request: Request, pk: Any = None) -> FileResponse:
        """What was found so far, as a file."""
        form = request.query_params.get("form", "json")
        if form not in exports.FORMS:
            raise actions.Refusal(f"There are: {', '.join(exports.FORMS)}. Choose one of them.", code="unknown_form")
        file = exports.export_run(self.get_object(), form)
        return FileResponse(
            BytesIO(file.body), as_attachment=True, filename=file.filename, content_type=file.media_type
        )

    def _shown(self, run: Run) -> dict[str, Any]:
        return dict(RunSerializer(self.get_queryset().get(pk=run.pk)).data)


def _asked(request: Request) -> tuple[dict[str, Any], dict[str, Any]]:
    """What the actions are told, and all that was sent."""
    sent = checked(RunOptionsSerializer, request.data)
    asked = {
        "person": person(request),
        "documents": _documents(request, sent),
        "options": options(person(request), sent),
        "not_urgent": sent["not_urgent"],
    }
    return asked, sent


def _documents(request: Request, sent: dict[str, Any]) -> "list[UUID]":
    """Those that were named, or all that are ready in the collection."""
    if "documents" in sent:
        return list(dict.fromkeys(sent["documents"]))
    collection = get_object_or_404(Collection.objects.visible_to(person(request)), pk=sent["collection"])
    ready = Document.objects.visible_to(person(request)).filter(collections=collection, status=Status.READY)
    return list(ready.values_list("pk", flat=True))
