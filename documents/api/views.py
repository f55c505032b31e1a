"""The REST API: request in, one action or query, response out."""

from io import BytesIO
from typing import Any, cast

from django.db.models import QuerySet
from django.http import FileResponse, Http404, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404
from django.utils.cache import get_conditional_response
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import OpenApiParameter, OpenApiResponse, extend_schema, extend_schema_view
from rest_framework import mixins, status
from rest_framework.decorators import action
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.serializers import BaseSerializer
from rest_framework.viewsets import GenericViewSet, ModelViewSet

from accounts.models import User
from documents import actions, exports, files, pictures
from documents.api import pages, paging, serializers, waiting
from documents.api.description import UPLOADING
from documents.api.idempotency import HEADER, idempotent
from documents.models import Analysis, AnalysisStatus, Collection, Document, Recipe, Tag
from documents.reading.errors import UnreadableFile
from documents.search.passages import similar
from documents.search.scope import Scope

MOST_SIMILAR = 10
ALSO_IN_THE_BIN = ("bin", "restore", "destroy")
PROBLEM = OpenApiResponse(serializers.ProblemSerializer, description="What is wrong and what to do.")
INVALID = OpenApiResponse(serializers.InvalidSerializer, description="Which fields are not right, and why.")
PROBLEMS = {400: INVALID, 401: PROBLEM, 403: PROBLEM, 404: PROBLEM}
ONCE = OpenApiParameter(HEADER, str, OpenApiParameter.HEADER, description="The same key and request: the same answer.")
PREFER = OpenApiParameter(
    "Prefer", str, OpenApiParameter.HEADER, description="`wait=30`: hold the answer up to that many seconds."
)
PAGED = [
    OpenApiParameter("cursor", str, description="From `next` or `previous`."),
    OpenApiParameter("limit", int, description="Rows a page, 1 to 100."),
]


def person(request: Request) -> User:
    """Whoever asks; the permissions let nobody else through."""
    return cast(User, request.user)


def checked(serializer: type[BaseSerializer[Any]], data: Any) -> dict[str, Any]:
    """What was sent, checked; raises ValidationError."""
    form = serializer(data=data)
    form.is_valid(raise_exception=True)
    return cast(dict[str, Any], form.validated_data)


def options(person: User, sent: dict[str, Any]) -> actions.Options:
    """What is to be found out, a summary when nothing is said."""
    is_own = sent.get("instruction") or sent.get("labels") or sent.get("schema")
    slug = sent.get("recipe") or ("" if is_own else "summary")
    return actions.Options(
        recipe=named_recipe(person, slug) if slug else None,
        instruction=sent.get("instruction", ""),
        labels=tuple(sent.get("labels", ())),
        schema=sent.get("schema"),
        language=sent.get("language", ""),
        model=sent.get("model", ""),
        max_tokens=sent.get("max_tokens"),
    )


def named_recipe(person: User, slug: str) -> Recipe:
    recipes = Recipe.objects.visible_to(person)
    recipe = recipes.named(slug)
    if recipe is None:
        known = ", ".join(recipes.values_list("slug", flat=True)[:20])
        raise actions.Refusal(f"There is no recipe of this name. There are: {known}.", code="unknown_recipe")
    return recipe


def answer(request: Request, analysis: Analysis, serializer: type[serializers.AnalysisSerializer]) -> Response:
    """202 with the analysis under way, or 200 with the finished one if the client waits for it."""
    seconds = waiting.wanted_seconds(request)
    done = waiting.settle(analysis, seconds)
    headers = {"Preference-Applied": f"wait={seconds}"} if seconds else {}
    body = serializer(analysis).data
    return Response(body, status=status.HTTP_200_OK if done else status.HTTP_202_ACCEPTED, headers=headers)


@extend_schema_view(
    retrieve=extend_schema(
        summary="One of your documents, without its text.",
        responses={200: serializers.WholeDocumentSerializer, **PROBLEMS},
    ),
    list=extend_schema(
        summary="Your documents, newest first.",
        parameters=[serializers.DocumentQuerySerializer, *PAGED],
        responses={200: serializers.DocumentSerializer(many=True)},
    ),
    destroy=extend_schema(
        summary="Delete it for good, and everything made from it, in the bin or not.", responses={204: None, **PROBLEMS}
    ),
)
class DocumentViewSet(ModelViewSet[Document]):
    """Your documents."""

    serializer_class = serializers.DocumentSerializer
    pagination_class = paging.Keyset
    lookup_value_converter = "uuid"
    http_method_names = ["get", "post", "patch", "delete", "head", "options"]

    def get_queryset(self) -> QuerySet[Document]:
        # What is in the bin can be put back, and deleted for good; there is nothing else to do with it.
        rows = Document.objects.kept_by if self.action in ALSO_IN_THE_BIN else Document.objects.visible_to
        return rows(self.request.user).light()

    def list(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        asked = checked(serializers.DocumentQuerySerializer, request.query_params)
        rows = _narrowed(person(request), asked).annotate(tag_names=serializers.TAG_NAMES)
        found = paging.page(request, rows, serializers.COLUMNS)
        return Response(found | {"results": [serializers.document(row) for row in found["results"]]})

    def retrieve(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        document = self.get_object()
        parts = document.parts.values("name", "size", "document", "reason", "document__deleted_at")
        return Response(self._shown(document) | {"parts": [serializers.part(dict(row)) for row in parts]})

    @extend_schema(
        description=UPLOADING,
        request={"multipart/form-data": serializers.UploadSerializer, "application/json": serializers.UploadSerializer},
        parameters=[ONCE],
        responses={201: serializers.DocumentSerializer, 200: serializers.DocumentSerializer, 413: PROBLEM, **PROBLEMS},
    )
    @idempotent
    def create(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        """Put a document in."""
        if len(request.FILES.getlist("file")) > 1:
            raise actions.Refusal("Send one `file` a request: each gets its own answer.", code="too_many_files")
        sent = checked(serializers.UploadSerializer, request.data)
        if "file" in sent:
            done = actions.upload(owner=person(request), file=sent["file"], title=sent["title"])
        else:
            done = actions.upload_text(owner=person(request), title=sent["title"] or "Text", content=sent["content"])
        body = self._shown(done.document) | {"duplicate": not done.created}
        return Response(body, status=status.HTTP_201_CREATED if done.created else status.HTTP_200_OK)

    @extend_schema(
        summary="Rename it.",
        request=serializers.RenameSerializer,
        responses={200: serializers.DocumentSerializer, **PROBLEMS},
    )
    def partial_update(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        document = self.get_object()
        actions.rename(document=document, title=checked(serializers.RenameSerializer, request.data)["title"])
        return Response(self._shown(document))

    def perform_destroy(self, instance: Document) -> None:
        actions.delete(document=instance)

    @extend_schema(request=None, parameters=[ONCE], responses={200: serializers.DocumentSerializer, **PROBLEMS})
    @action(detail=True, methods=["post"])
    @idempotent
    def bin(self, request: Request, pk: Any = None) -> Response:
        """Put it into the bin: out of sight everywhere, until it is restored or goes for good after some days."""
        document = self.get_object()
        actions.put_in_bin(person=person(request), documents=[document.pk])
        return Response(self._shown(document))

    @extend_schema(request=None, parameters=[ONCE], responses={200: serializers.DocumentSerializer, **PROBLEMS})
    @action(detail=True, methods=["post"])
    @idempotent
    def restore(self, request: Request, pk: Any = None) -> Response:
        """Take it out of the bin again, with all that was made from it."""
        document = self.get_object()
        actions.put_back(person=person(request), documents=[document.pk])
        return Response(self._shown(document))

    @extend_schema(responses={200: pages.ContentSerializer, **PROBLEMS})
    @action(detail=True)
    def content(self, request: Request, pk: Any = None) -> Response:
        """The canonical text and where its pages are."""
        document = get_object_or_404(Document.objects.visible_to(person(request)).defer("embedding"), pk=pk)
        return Response({"text": document.content, "sha256": document.content_sha256, "pages": pages.of(document)})

    @extend_schema(parameters=[pages.SpanSerializer], responses={200: pages.PlaceSerializer, **PROBLEMS})
    @action(detail=True)
    def place(self, request: Request, pk: Any = None) -> Response:
        """Where a stretch of the text stands: its page, a box for each line, its place by name."""
        document = get_object_or_404(Document.objects.visible_to(person(request)).defer("embedding"), pk=pk)
        asked = checked(pages.SpanSerializer, request.query_params)
        return Response(pages.place_of(document, asked["start"], asked["end"]))

    @extend_schema(
        request=serializers.ReadingSerializer,
        parameters=[ONCE],
        responses={202: serializers.DocumentSerializer, 409: PROBLEM, **PROBLEMS},
    )
    @action(detail=True, methods=["post"])
    @idempotent
    def read(self, request: Request, pk: Any = None) -> Response:
        """Read it again, or some of its pages alone."""
        document = self.get_object()
        asked = checked(serializers.ReadingSerializer, request.data)
        actions.read_again(document=document, pages=tuple(asked.get("pages", ())), ocr=asked["ocr"])
        return Response(self._shown(document), status=status.HTTP_202_ACCEPTED)

    @extend_schema(responses={200: serializers.SimilarSerializer(many=True), **PROBLEMS}, filters=False)
    @action(detail=True, pagination_class=None)
    def similar(self, request: Request, pk: Any = None) -> Response:
        """The documents most like it."""
        found = dict(similar(Scope.of(person(request)), self.get_object().pk, MOST_SIMILAR))
        titles = Document.objects.visible_to(person(request)).filter(pk__in=found).values_list("pk", "title")
        names = dict(titles)
        return Response(
            [
                {"document": key, "title": names[key], "score": round(score, 4)}
                for key, score in found.items()
                if key in names
            ]
        )

    @extend_schema(responses={(200, "application/octet-stream"): OpenApiTypes.BINARY, **PROBLEMS})
    @action(detail=True)
    def file(self, request: Request, pk: Any = None) -> FileResponse:
        """The original, as it was put in."""
        return original(self.get_object())

    @extend_schema(
        request=serializers.OptionsSerializer,
        parameters=[PREFER, ONCE],
        responses={202: serializers.AnalysisSerializer, 200: serializers.AnalysisSerializer, 409: PROBLEM, **PROBLEMS},
    )
    @action(detail=True, methods=["post"])
    @idempotent
    def analyze(self, request: Request, pk: Any = None) -> Response:
        """Have it analysed; without options, a summary."""
        document = self.get_object()
        sent = checked(serializers.OptionsSerializer, request.data)
        analysis = actions.analyse(person=person(request), document=document, options=options(person(request), sent))
        return answer(request, analysis, serializers.AnalysisSerializer)

    @extend_schema(
        operation_id="documents_analyze_text",
        request=serializers.InlineOptionsSerializer,
        parameters=[PREFER, ONCE],
        responses={202: serializers.InlineAnalysisSerializer, 200: serializers.InlineAnalysisSerializer, **PROBLEMS},
    )
    @action(detail=False, methods=["post"], url_path="analyze", url_name="analyze-text")
    @idempotent
    def analyze_text(self, request: Request) -> Response:
        """Have a text analysed that is not kept."""
        sent = checked(serializers.InlineOptionsSerializer, request.data)
        analysis = actions.analyse_text(
            person=person(request), text=sent["content"], options=options(person(request), sent)
        )
        return answer(request, analysis, serializers.InlineAnalysisSerializer)

    @extend_schema(
        parameters=[
            OpenApiParameter("number", int, "path", description="Of the page, from 1."),
            pages.PictureQuerySerializer,
        ],
        responses={(200, "image/png"): OpenApiTypes.BINARY, 422: PROBLEM, 503: PROBLEM, **PROBLEMS},
        filters=False,
    )
    def picture(self, request: Request, pk: Any = None, number: int = 0) -> HttpResponseBase:
        """A page of a PDF or a picture as it looks: boxes of citations are fractions of it. Its ETag is for
        `If-None-Match`."""
        asked = checked(pages.PictureQuerySerializer, request.query_params)
        found = picture(self.get_object(), number, asked["width"])
        kept = {"Cache-Control": "private, max-age=86400, immutable", "ETag": found.tag}
        response = HttpResponse(found.data, content_type="image/png", headers=kept)
        return get_conditional_response(request, etag=found.tag, response=response) or response

    def _shown(self, document: Document) -> dict[str, Any]:
        rows = Document.objects.filter(pk=document.pk).annotate(tag_names=serializers.TAG_NAMES)
        row = rows.values(*serializers.COLUMNS).first()
        if row is None:
            raise Http404
        return serializers.document(row)


def _narrowed(person: User, asked: dict[str, Any]) -> QuerySet[Document]:
    """Those that are asked for, of what she sees or of what is in her bin."""
    rows = Document.objects.in_bin_of(person) if asked.get("bin") else Document.objects.visible_to(person)
    rows = rows.titled(asked.get("q", ""))
    if "status" in asked:
        rows = rows.filter(status=asked["status"])
    if "collection" in asked:
        rows = rows.filter(collections__in=Collection.objects.visible_to(person).filter(pk=asked["collection"]))
    if "tag" in asked:
        rows = rows.filter(tags__in=Tag.objects.visible_to(person).filter(pk=asked["tag"]))
    return rows


def original(document: Document) -> FileResponse:
    """The file as an attachment: never shown by the browser under our own address."""
    try:
        handle = files.path(document.file_name).open("rb")
    except FileNotFoundError as error:
        raise actions.Refusal(
            "The original of this document is missing on the server.", code="gone", status=410
        ) from error
    return FileResponse(handle, as_attachment=True, filename=document.filename, content_type="application/octet-stream")


def picture(document: Document, number: int, width: int) -> pictures.Picture:
    """The page as it looks."""
    try:
        return pictures.of(document, number, width)
    except pictures.NotDrawn as error:
        raise actions.Refusal(str(error), code="no_picture", status=404) from error
    except pictures.Busy as error:
        wait = error.retry_after_seconds
        raise actions.Refusal(str(error), code="busy", status=503, retry_after_seconds=wait) from error
    except UnreadableFile as error:
        raise actions.Refusal(f"This page cannot be drawn. {error}", code="not_drawn", status=422) from error


def exported(analysis: Analysis, form: str) -> FileResponse:
    """The analysis as an attachment in this form."""
    if form not in exports.FORMS:
        raise actions.Refusal(f"There are: {', '.join(exports.FORMS)}. Choose one of them.", code="unknown_form")
    if analysis.status != AnalysisStatus.DONE:
        raise actions.Refusal("This analysis has no result to export.", code="not_done", status=409)
    file = exports.export(analysis, form)
    return FileResponse(BytesIO(file.body), as_attachment=True, filename=file.filename, content_type=file.media_type)


@extend_schema_view(
    retrieve=extend_schema(
        summary="One analysis, with its result and citations.",
        responses={200: serializers.AnalysisSerializer, **PROBLEMS},
    ),
    list=extend_schema(
        summary="Your analyses, newest first, without their results.",
        parameters=[serializers.AnalysisQuerySerializer, *PAGED],
        responses={200: serializers.AnalysisRowSerializer(many=True)},
    ),
)
class AnalysisViewSet(mixins.RetrieveModelMixin, GenericViewSet[Analysis]):
    """What was found out."""

    serializer_class = serializers.AnalysisSerializer
    pagination_class = paging.Keyset
    lookup_value_converter = "uuid"

    def get_queryset(self) -> QuerySet[Analysis]:
        rows = Analysis.objects.visible_to(self.request.user).select_related("recipe").defer("inline_text")
        return rows.prefetch_related("citations")

    def list(self, request: Request) -> Response:
        asked = checked(serializers.AnalysisQuerySerializer, request.query_params)
        rows = Analysis.objects.visible_to(person(request)).for_themselves().filter(**asked)
        found = paging.page(request, rows, serializers.LIST_COLUMNS)
        return Response(found | {"results": [serializers.analysis_row(row) for row in found["results"]]})

    @extend_schema(
        parameters=[OpenApiParameter("form", str, enum=exports.FORMS, description="Without it: json.")],
        responses={(200, "application/octet-stream"): OpenApiTypes.BINARY, 409: PROBLEM, **PROBLEMS},
    )
    @action(detail=True)
    def export(self, request: Request, pk: Any = None) -> FileResponse:
        """Its statements with the words they rest on, as a file."""
        return exported(self.get_object(), request.query_params.get("form", "json"))

    @extend_schema(request=None, responses={200: serializers.AnalysisSerializer, 409: PROBLEM, **PROBLEMS})
    @action(detail=True, methods=["post"])
    @idempotent
    def cancel(self, request: Request, pk: Any = None) -> Response:
        """Stop it."""
        if not actions.cancel(analysis=self.get_object()):
            raise actions.Refusal("This analysis has already ended.", code="ended", status=409)
        return Response(serializers.AnalysisSerializer(self.get_object()).data)
