"""What the API takes and gives, for checking requests and for the schema.

Lists are not rendered through these: they go from rows to bytes (`paging.page`).
"""

from typing import Any

from django.contrib.postgres.expressions import ArraySubquery
from django.db.models import OuterRef
from django.db.models.functions import Lower
from rest_framework import serializers

from documents import actions
from documents.ai import fields
from documents.api.citations import CitationSerializer
from documents.models import Analysis, AnalysisStatus, Document, Recipe, Status, Tag

IN_BIN = "It is in the bin."
MAX_TOKENS = 8192
MAX_LABELS = 50
MAX_INLINE_CHARACTERS = 2_000_000


class ProblemSerializer(serializers.Serializer[dict[str, Any]]):
    """Problem details (RFC 9457)."""

    type = serializers.CharField()
    title = serializers.CharField()
    status = serializers.IntegerField()
    detail = serializers.CharField(help_text="What is wrong and what to do.")
    code = serializers.CharField(required=False, help_text="Stable, for programs.")


class InvalidSerializer(ProblemSerializer):
    """Problem details of a request whose fields are not right."""

    def get_fields(self) -> dict[str, Any]:
        # Not a class attribute: a serializer has an attribute `errors` already.
        messages = serializers.DictField(child=serializers.ListField(child=serializers.CharField()))
        return super().get_fields() | {"errors": messages}


class FailureSerializer(serializers.Serializer[dict[str, Any]]):
    code = serializers.CharField()
    detail = serializers.CharField()


class UnreadSerializer(serializers.Serializer[dict[str, Any]]):
    """A page that was not read, and why."""

    page = serializers.IntegerField()
    kind = serializers.CharField(help_text="`unreadable` or `too_large`.")
    reason = serializers.CharField()


class PartSerializer(serializers.Serializer[dict[str, Any]]):
    """A file inside of the document: a document of its own, or only listed, with the reason."""

    name = serializers.CharField()
    size = serializers.IntegerField(help_text="Bytes.")
    document = serializers.UUIDField(allow_null=True)
    reason = serializers.CharField(allow_blank=True)


class DocumentSerializer(serializers.ModelSerializer[Document]):
    """A document, without its text."""

    error = FailureSerializer(allow_null=True, help_text="Why it could not be read.")
    duplicate = serializers.BooleanField(
        required=False, help_text="In the answer to an upload: true when you already had these bytes."
    )

    unread = UnreadSerializer(many=True, help_text="The pages that were not read, and why.")
    notes = serializers.ListField(child=serializers.CharField(), help_text="Sentences on how the file was read.")
    tags = serializers.ListField(child=serializers.CharField(), help_text="The names of your tags on it.")

    class Meta:
        model = Document
        fields = [
            "id",
            "title",
            "filename",
            "media_type",
            "size",
            "sha256",
            "language",
            "status",
            "progress",
            "page_count",
            "pages_read",
            "unread_pages",
            "unread",
            "hidden_text",
            "notes",
            "tags",
            "error",
            "duplicate",
            "created_at",
            "updated_at",
            "deleted_at",
        ]
        read_only_fields = [name for name in fields if name != "title"]


class WholeDocumentSerializer(DocumentSerializer):
    """A document by itself, with the files inside of it."""

    parts = PartSerializer(many=True, read_only=True, help_text="Attachments of an e-mail, members of an archive.")

    class Meta(DocumentSerializer.Meta):
        fields = [*DocumentSerializer.Meta.fields, "parts"]


MADE_UP = ("tags", "error", "duplicate")
COLUMNS = [name for name in DocumentSerializer.Meta.fields if name not in MADE_UP]
COLUMNS += ["tag_names", "error_code", "error"]
_TAGS = Tag.objects.filter(documents=OuterRef("pk")).order_by(Lower("name"))
# In the same statement, for each row of a page.
TAG_NAMES = ArraySubquery(_TAGS.values("name"))


def document(row: dict[str, Any]) -> dict[str, Any]:
    """A row of COLUMNS as the API shows it."""
    return with_error(row | {"tags": row.pop("tag_names")})


def with_error(row: dict[str, Any]) -> dict[str, Any]:
    """The row with its failure as one value."""
    code, detail = row.pop("error_code"), row.pop("error")
    return row | {"error": {"code": code, "detail": detail} if detail else None}


def part(row: dict[str, Any]) -> dict[str, Any]:
    """A file inside of a document; one whose document is in the bin has none."""
    return row if row.pop("document__deleted_at") is None else row | {"document": None, "reason": IN_BIN}


class UploadSerializer(serializers.Serializer[dict[str, Any]]):
    """Multipart with `file`, or JSON with `content` and `title`."""

    file = serializers.FileField(required=False, allow_empty_file=True)
    title = serializers.CharField(required=False, max_length=300, allow_blank=True, default="")
    content = serializers.CharField(required=False, trim_whitespace=False, allow_blank=True)

    def validate(self, attrs: dict[str, Any]) -> dict[str, Any]:
        if ("file" in attrs) == ("content" in attrs):
            raise serializers.ValidationError(
                {"file": "Send either a `file` (multipart/form-data) or a text as `content` (application/json)."}
            )
        return attrs


class RenameSerializer(serializers.Serializer[dict[str, Any]]):
    title = serializers.CharField(max_length=300)


class DocumentQuerySerializer(serializers.Serializer[dict[str, Any]]):
    status = serializers.ChoiceField(choices=Status.choices, required=False)
    q = serializers.CharField(required=False, max_length=300, allow_blank=True, help_text="Words of the title.")
    collection = serializers.IntegerField(required=False, help_text="Only those in this collection.")
    tag = serializers.IntegerField(required=False, help_text="Only those with this tag, by its id.")
    bin = serializers.BooleanField(required=False, help_text="Those in the bin instead.")


class ReadingSerializer(serializers.Serializer[dict[str, Any]]):
    """What to read again. Nothing given: the whole file."""

    pages = serializers.ListField(
        child=serializers.IntegerField(min_value=1), required=False, min_length=1, max_length=actions.MAX_PAGES_AGAIN
    )
    ocr = serializers.BooleanField(default=False, help_text="Recognise the text even where there is some.")


class SimilarSerializer(serializers.Serializer[dict[str, Any]]):
    """A document like another."""

    document = serializers.UUIDField()
    title = serializers.CharField()
    score = serializers.FloatField(help_text="Cosine of the documents' mean vectors.")


def _checked_schema(schema: Any) -> Any:
    try:
        fields.from_schema(schema)
    except ValueError as error:
        raise serializers.ValidationError(str(error)) from error
    return schema


class OptionsSerializer(serializers.Serializer[dict[str, Any]]):
    """What is to be found out. Nothing given: a summary."""

    recipe = serializers.CharField(required=False, max_length=60, help_text="Slug of a recipe, see /api/recipes/.")
    instruction = serializers.CharField(required=False, max_length=4000)
    labels = serializers.ListField(
        child=serializers.CharField(max_length=100), required=False, min_length=1, max_length=MAX_LABELS
    )
    schema = serializers.JSONField(
        required=False,
        help_text="JSON schema of the values to find: an object of strings (also `date`, `enum`), numbers, booleans.",
    )
    language = serializers.CharField(
        required=False, max_length=40, help_text="Of a translation, by its English name; English when not given."
    )
    model = serializers.CharField(required=False, max_length=100)
    max_tokens = serializers.IntegerField(required=False, min_value=1, max_value=MAX_TOKENS)

    def validate_schema(self, schema: Any) -> Any:
        return _checked_schema(schema)


class InlineOptionsSerializer(OptionsSerializer):
    content = serializers.CharField(max_length=MAX_INLINE_CHARACTERS, trim_whitespace=False)


class ClassifySerializer(serializers.Serializer[dict[str, Any]]):
    text = serializers.CharField(max_length=MAX_INLINE_CHARACTERS, trim_whitespace=False)
    labels = OptionsSerializer().fields["labels"]
    model = serializers.CharField(required=False, max_length=100)
    max_tokens = serializers.IntegerField(required=False, min_value=1, max_value=MAX_TOKENS)


class ClassifiedSerializer(serializers.Serializer[dict[str, Any]]):
    result = serializers.CharField(help_text="The label that fits best.")
    score = serializers.FloatField(allow_null=True)
    tokens_used = serializers.IntegerField()
    model = serializers.CharField()


class ClaimSerializer(serializers.Serializer[dict[str, Any]]):
    text = serializers.CharField()
    label = serializers.CharField(allow_blank=True)  # type: ignore[assignment]  # a field has a label of its own
    score = serializers.FloatField(allow_null=True)
    value = serializers.JSONField(
        required=False, help_text="Of a typed result: a number, true or false, a text, a date as 2026-05-12."
    )
    citations = serializers.ListField(child=serializers.IntegerField(), help_text="Indexes into `citations`.")
    doubt = serializers.CharField(
        default="", allow_blank=True, help_text="Why a value does not follow from the words it cites; else empty."
    )


class ResultSerializer(serializers.Serializer[dict[str, Any]]):
    text = serializers.CharField()
    claims = ClaimSerializer(many=True)
    verified = serializers.IntegerField(help_text="Claims with at least one verified citation.")
    total = serializers.IntegerField()


class UsageSerializer(serializers.Serializer[dict[str, Any]]):
    input_tokens = serializers.IntegerField()
    output_tokens = serializers.IntegerField()
    cache_read_tokens = serializers.IntegerField()
    cache_write_tokens = serializers.IntegerField()


class AnalysisSerializer(serializers.ModelSerializer[Analysis]):
    """An analysis; `result` and `citations` are there when `status` is done."""

    document = serializers.UUIDField(source="document_id", allow_null=True)
    recipe = serializers.SlugRelatedField[Recipe](slug_field="slug", read_only=True, allow_null=True)
    status = serializers.ChoiceField(choices=AnalysisStatus.choices)
    result = ResultSerializer(allow_null=True)
    citations = CitationSerializer(many=True)
    usage = UsageSerializer(allow_null=True)
    error = serializers.SerializerMethodField()

    class Meta:
        model = Analysis
        fields = [
            "id",
            "document",
            "title",
            "recipe",
            "task",
            "instruction",
            "labels",
            "language",
            "run",
            "max_tokens",
            "status",
            "progress",
            "provider",
            "model",
            "prompt_version",
            "truncated",
            "text_sha256",
            "result",
            "citations",
            "usage",
            "error",
            "created_at",
            "finished_at",
        ]

    def get_error(self, analysis: Analysis) -> dict[str, str] | None:
        return {"code": analysis.error_code, "detail": analysis.error} if analysis.error else None


class InlineAnalysisSerializer(AnalysisSerializer):
    """The same, with the text of the result as `analysis`."""

    analysis = serializers.SerializerMethodField()

    class Meta(AnalysisSerializer.Meta):
        fields = ["analysis", *AnalysisSerializer.Meta.fields]

    def get_analysis(self, analysis: Analysis) -> str | None:
        return analysis.result["text"] if analysis.result else None


LIST_COLUMNS = ["id", "document_id", "title", "recipe__slug", "task", "status", "provider", "model"]
LIST_COLUMNS += ["error_code", "error", "created_at", "finished_at"]


class AnalysisRowSerializer(serializers.Serializer[dict[str, Any]]):
    """An analysis in a list, without its result."""

    id = serializers.UUIDField()
    document = serializers.UUIDField(allow_null=True)
    title = serializers.CharField()
    recipe = serializers.CharField(allow_null=True)
    task = serializers.CharField()
    status = serializers.ChoiceField(choices=AnalysisStatus.choices)
    provider = serializers.CharField(allow_blank=True)
    model = serializers.CharField(allow_blank=True)
    error = FailureSerializer(allow_null=True)
    created_at = serializers.DateTimeField()
    finished_at = serializers.DateTimeField(allow_null=True)


def analysis_row(row: dict[str, Any]) -> dict[str, Any]:
    """A row of LIST_COLUMNS as the API shows it."""
    row = with_error(row)
    return row | {"document": row.pop("document_id"), "recipe": row.pop("recipe__slug")}


class AnalysisQuerySerializer(serializers.Serializer[dict[str, Any]]):
    status = serializers.ChoiceField(choices=AnalysisStatus.choices, required=False)
    document = serializers.UUIDField(required=False)
    run = serializers.UUIDField(required=False)


class RecipeSerializer(serializers.ModelSerializer[Recipe]):
    """A named analysis: an instruction, labels to choose from, or a JSON schema of values to find."""

    own = serializers.BooleanField(read_only=True, source="owner_id", help_text="Whether it is yours to change.")
    labels = serializers.ListField(child=serializers.CharField(max_length=100), required=False, max_length=MAX_LABELS)
    max_tokens = serializers.IntegerField(required=False, min_value=1, max_value=MAX_TOKENS)

    class Meta:
        model = Recipe
        fields = [
            "slug",
            "name",
            "description",
            "task",
            "instruction",
            "labels",
            "schema",
            "model",
            "max_tokens",
            "automatic",
            "own",
        ]
        read_only_fields = ["slug", "task"]

    def validate_schema(self, schema: Any) -> Any:
        return _checked_schema(schema) if schema is not None else None
