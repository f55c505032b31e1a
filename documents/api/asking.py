"""Questions over documents, their answers, and the conversations they stand in."""

from io import BytesIO
from typing import Any

from django.db.models import Count, QuerySet
from django.http import FileResponse
from django.shortcuts import get_object_or_404
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import OpenApiParameter, extend_schema, extend_schema_field, extend_schema_view
from rest_framework import mixins, serializers, status
from rest_framework.decorators import action
from rest_framework.negotiation import DefaultContentNegotiation
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.viewsets import GenericViewSet

from documents import actions, coverage_exports, exports
from documents.api import paging, sweeps, waiting
from documents.api.citations import CitationSerializer, told
from documents.api.idempotency import idempotent
from documents.api.serializers import ClaimSerializer, UsageSerializer
from documents.api.sweeps import (
    AskEstimateSerializer,
    CoverageSerializer,
    LedgerQuerySerializer,
    LedgerRowSerializer,
    ToldCoverageSerializer,
)
from documents.api.views import ONCE, PAGED, PREFER, PROBLEM, PROBLEMS, checked, person
from documents.models import Collection, Conversation, Message, MessageStatus, ScopeKind
from documents.models.conversations import MOST_CHARACTERS
from documents.sweeps.coverage import cost_of


class AskSerializer(serializers.Serializer[dict[str, Any]]):
    """A question over `documents`, a `collection`, or all you may see; in a `conversation`, over what that is about."""

    # Longer ones are refused with a sentence of their own.
    question = serializers.CharField(allow_blank=True, max_length=250 * MOST_CHARACTERS)
    documents = serializers.ListField(child=serializers.UUIDField(), required=False, min_length=1, max_length=1_000)
    collection = serializers.IntegerField(required=False)
    conversation = serializers.UUIDField(required=False)
    model = serializers.CharField(required=False, max_length=100)
    key = serializers.UUIDField(required=False, help_text="Yours: the same key in a conversation asks once.")
    sweep = serializers.BooleanField(
        required=False,
        allow_null=True,
        help_text="Ask each document by itself, or do not. Not given: by the wording of the question, if it is free.",
    )

    def validate(self, attrs: dict[str, Any]) -> dict[str, Any]:
        if sum(name in attrs for name in ("documents", "collection", "conversation")) > 1:
            raise serializers.ValidationError("Give one of `documents`, `collection` and `conversation`, or none.")
        return attrs


class AnswerSerializer(serializers.Serializer[dict[str, Any]]):
    text = serializers.CharField()
    claims = ClaimSerializer(many=True)
    verified = serializers.IntegerField(help_text="Claims whose citations are all verified.")
    total = serializers.IntegerField()
    answered = serializers.BooleanField(help_text="False: what was asked is not in the documents searched.")
    coverage = ToldCoverageSerializer(required=False, help_text="Of a question asked of each document.")


class SearchedSerializer(serializers.Serializer[dict[str, Any]]):
    documents = serializers.IntegerField(required=False)
    passages = serializers.IntegerField(required=False)


class MessageSerializer(serializers.ModelSerializer[Message]):
    """A question and its answer; `text` grows while it is written, `result` and `citations` come with its end."""

    conversation = serializers.UUIDField(source="conversation_id")
    status = serializers.ChoiceField(choices=MessageStatus.choices)
    result = AnswerSerializer(allow_null=True)
    searched = SearchedSerializer()
    citations = serializers.SerializerMethodField()
    usage = UsageSerializer(allow_null=True)
    error = serializers.SerializerMethodField()
    cost = serializers.SerializerMethodField(help_text="US dollars; null where it is not known, or free.")
    sweep = serializers.SerializerMethodField(help_text="How far it is, if it is asked of each document; else null.")

    class Meta:
        model = Message
        fields = [
            *("id", "conversation", "ordinal", "question", "status", "text", "result", "searched", "citations"),
            *("sweep", "suggests_sweep", "provider", "model", "prompt_version", "truncated", "usage", "cost", "error"),
            *("created_at", "finished_at"),
        ]

    def get_error(self, message: Message) -> dict[str, str] | None:
        return {"code": message.error_code, "detail": message.error} if message.error else None

    def get_cost(self, message: Message) -> str | None:
        cost = cost_of(message) if message.usage else None
        return None if cost is None else str(cost)

    @extend_schema_field(CitationSerializer(many=True))
    def get_citations(self, message: Message) -> list[dict[str, Any]]:
        return told(message.citations.all())

    @extend_schema_field(CoverageSerializer(allow_null=True))
    def get_sweep(self, message: Message) -> dict[str, int] | None:
        return sweeps.counts(message)


class ConversationSerializer(serializers.ModelSerializer[Conversation]):
    """A thread of questions; its messages are at /api/conversations/{id}/messages/."""

    over = serializers.ChoiceField(source="kind", choices=ScopeKind.choices, read_only=True)
    messages = serializers.IntegerField(read_only=True, source="count")
    title = serializers.CharField(max_length=200)

    class Meta:
        model = Conversation
        fields = ["id", "title", "over", "collection", "messages", "created_at", "updated_at"]
        read_only_fields = ["collection"]


class AnyAccepted(DefaultContentNegotiation):
    """Who accepts only a stream of events is told in JSON what is wrong with the question."""

    def select_renderer(self, request: Any, renderers: Any, format_suffix: Any = None) -> Any:
        return renderers[0], renderers[0].media_type


class AskViewSet(GenericViewSet[Any]):
    """Ask your documents."""

    serializer_class = AskSerializer
    content_negotiation_class = AnyAccepted

    @extend_schema(
        request=AskSerializer,
        parameters=[PREFER, ONCE],
        responses={202: MessageSerializer, 200: MessageSerializer, 409: PROBLEM, **PROBLEMS},
    )
    @idempotent
    def create(self, request: Request) -> Response:
        """Ask a question; its answer is the message that comes back.

        With `Accept: text/event-stream` the events of the answer come instead: `status`, `passages`, `delta`,
        `citation`, then `done`, `error` or `cancelled`. The header `X-Message` names the message, to go on at
        `/api/messages/{id}/events/` with `Last-Event-ID`.
        """
        sent = checked(AskSerializer, request.data)
        return _answer(request, actions.ask(**_asked(request, sent), key=sent.get("key")))

    @extend_schema(request=AskSerializer, responses={200: AskEstimateSerializer, **PROBLEMS})
    @action(detail=False, methods=["post"])
    @idempotent
    def estimate(self, request: Request) -> Response:
        """What the question would cost; nothing is asked."""
        asked = _asked(request, checked(AskSerializer, request.data))
        return Response(AskEstimateSerializer(actions.estimate_ask(**asked)).data)


def _asked(request: Request, sent: dict[str, Any]) -> dict[str, Any]:
    """What the actions are told."""
    return {
        "person": person(request),
        "question": sent["question"],
        "over": _over(request, sent),
        "conversation": _conversation(request, sent),
        "model": sent.get("model", ""),
        "sweep": sent.get("sweep"),
    }


def _over(request: Request, sent: dict[str, Any]) -> actions.Over:
    if "collection" in sent:
        visible = Collection.objects.visible_to(person(request))
        return actions.Over(collection=get_object_or_404(visible, pk=sent["collection"]))
    return actions.Over(documents=tuple(sent.get("documents", ())))


def _conversation(request: Request, sent: dict[str, Any]) -> Conversation | None:
    if "conversation" not in sent:
        return None
    return get_object_or_404(Conversation.objects.visible_to(person(request)), pk=sent["conversation"])


def _answer(request: Request, message: Message) -> Response:
    seconds = waiting.wanted_seconds(request)
    done = waiting.settle(message, seconds)
    headers = {"Preference-Applied": f"wait={seconds}"} if seconds else {}
    body = MessageSerializer(message).data
    return Response(body, status=status.HTTP_200_OK if done else status.HTTP_202_ACCEPTED, headers=headers)


@extend_schema_view(retrieve=extend_schema(summary="A question and its answer.", responses=MessageSerializer))
class MessageViewSet(mixins.RetrieveModelMixin, GenericViewSet[Message]):
    """What was asked and answered."""

    serializer_class = MessageSerializer
    lookup_value_converter = "uuid"

    def get_queryset(self) -> QuerySet[Message]:
        return Message.objects.visible_to(self.request.user).prefetch_related("citations")

    @extend_schema(request=None, responses={200: MessageSerializer, 409: PROBLEM, **PROBLEMS})
    @action(detail=True, methods=["post"])
    @idempotent
    def cancel(self, request: Request, pk: Any = None) -> Response:
        """Stop the answer; what was written stays."""
        if not actions.stop(message=self.get_object()):
            raise actions.Refusal("This answer has already ended.", code="ended", status=409)
        return Response(MessageSerializer(self.get_object()).data)

    @extend_schema(request=None, responses={202: MessageSerializer, 409: PROBLEM, **PROBLEMS})
    @action(detail=True, methods=["post"])
    @idempotent
    def retry(self, request: Request, pk: Any = None) -> Response:
        """Answer it once more, if it failed or was stopped; a sweep goes on with the documents it did not reach."""
        actions.ask_again(message=self.get_object())
        return Response(MessageSerializer(self.get_object()).data, status=status.HTTP_202_ACCEPTED)

    @extend_schema(
        parameters=[LedgerQuerySerializer, *PAGED], responses={200: LedgerRowSerializer(many=True), **PROBLEMS}
    )
    @action(detail=True, pagination_class=paging.Keyset)
    def coverage(self, request: Request, pk: Any = None) -> Response:
        """Every document that it was to be asked of, what became of it, and the words it rests on."""
        asked = checked(LedgerQuerySerializer, request.query_params)
        return Response(sweeps.page(request, self.get_object().pk, asked.get("state", "")))

    @extend_schema(
        parameters=[OpenApiParameter("form", str, enum=exports.FORMS, description="Without it: json.")],
        responses={(200, "application/octet-stream"): OpenApiTypes.BINARY, **PROBLEMS},
    )
    @action(detail=True, url_path="coverage/export")
    def coverage_export(self, request: Request, pk: Any = None) -> FileResponse:
        """The same as a file."""
        form = request.query_params.get("form", "json")
        if form not in exports.FORMS:
            raise actions.Refusal(f"There are: {', '.join(exports.FORMS)}. Choose one of them.", code="unknown_form")
        file = coverage_exports.export_coverage(self.get_object(), form)
        return FileResponse(
            BytesIO(file.body), as_attachment=True, filename=file.filename, content_type=file.media_type
        )


@extend_schema_view(
    retrieve=extend_schema(summary="One conversation.", responses=ConversationSerializer),
    list=extend_schema(
        summary="Your conversations, the newest first.",
        parameters=[OpenApiParameter("q", str, description="Words of a title or a question."), *PAGED],
        responses={200: ConversationSerializer(many=True)},
    ),
    destroy=extend_schema(summary="Delete it, with its questions and answers.", responses={204: None, **PROBLEMS}),
)
class ConversationViewSet(mixins.RetrieveModelMixin, mixins.DestroyModelMixin, GenericViewSet[Conversation]):
    """Threads of questions."""

    serializer_class = ConversationSerializer
    pagination_class = paging.Keyset
    lookup_value_converter = "uuid"

    def get_queryset(self) -> QuerySet[Conversation]:
        return Conversation.objects.visible_to(self.request.user).annotate(count=Count("messages"))

    def list(self, request: Request) -> Response:
        rows = self.get_queryset().mentioning(request.query_params.get("q", ""))  # type: ignore[attr-defined]
        columns = ["id", "title", "kind", "collection", "count", "created_at", "updated_at"]
        found = paging.page(request, rows, columns)
        return Response(found | {"results": [_conversation_row(row) for row in found["results"]]})

    @extend_schema(summary="Rename it.", request=ConversationSerializer, responses=ConversationSerializer)
    def partial_update(self, request: Request, pk: Any = None) -> Response:
        conversation = self.get_object()
        sent = checked(ConversationSerializer, request.data)
        actions.rename_conversation(conversation=conversation, title=sent["title"])
        return Response(ConversationSerializer(self.get_object()).data)

    def perform_destroy(self, instance: Conversation) -> None:
        actions.forget_conversation(conversation=instance)

    @extend_schema(responses={200: MessageSerializer(many=True), **PROBLEMS}, filters=False)
    @action(detail=True, pagination_class=None)
    def messages(self, request: Request, pk: Any = None) -> Response:
        """Its questions and answers, in their order."""
        rows = self.get_object().messages.prefetch_related("citations")
        return Response(MessageSerializer(rows, many=True).data)


def _conversation_row(row: dict[str, Any]) -> dict[str, Any]:
    return row | {"over": row.pop("kind"), "messages": row.pop("count")}
