"""Documents, and the recipes they are analysed by."""

from collections.abc import Iterable
from typing import Any

from django.contrib import admin
from django.contrib.admin import ActionLocation
from django.db.models import QuerySet
from django.http import HttpRequest
from django.template.defaultfilters import filesizeformat

from accounts.admin import StaffAdmin
from accounts.lists import search
from documents import actions
from documents.admin import acting
from documents.models import Document, Recipe
from documents.models.document import SETTLED
from documents.reading.parsers import registry


class MediaType(admin.SimpleListFilter):
    """Those that are read, from the table of formats."""

    title, parameter_name = "format", "format"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, str]]:
        return [(one.media_type, one.label) for one in registry.FORMATS]

    def queryset(self, request: HttpRequest, queryset: QuerySet[Document]) -> QuerySet[Document]:
        return queryset.filter(media_type=self.value()) if self.value() else queryset


class Unread(admin.SimpleListFilter):
    """What could not be read: whole files by their reason, and pages of files that could."""

    title, parameter_name = "what was not read", "unread"
    PAGES = "pages"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, str]]:
        failed = Document.objects.filter(status="failed").exclude(error_code="").order_by()
        codes = failed.values_list("error_code", flat=True).distinct()
        return [*((code, code.replace("_", " ").capitalize()) for code in sorted(codes)), (self.PAGES, "Some pages")]

    def queryset(self, request: HttpRequest, queryset: QuerySet[Document]) -> QuerySet[Document]:
        if not self.value():
            return queryset
        if self.value() == self.PAGES:
            return queryset.filter(status="ready").exclude(unread=[])
        return queryset.filter(status="failed", error_code=self.value())


@admin.register(Document)
class DocumentAdmin(StaffAdmin[Document]):
    list_display = ("title", "owner", "status", "media_type", "bytes", "page_count", "error", "created_at")
    list_filter = ("status", Unread, MediaType, "created_at")
    list_select_related = ("owner",)
    sortable_by = ("created_at",)
    search_fields = ("owner__email",)
    search_help_text = "The beginning of the owner's e-mail address, or the id of a document."
    actions = ("read_again",)
    # No link to the original: `file` would give one.
    fields = (
        ("title", "owner"),
        ("filename", "media_type", "bytes", "language"),
        ("status", "progress", "error", "error_code"),
        ("page_count", "unread_pages", "hidden_text"),
        ("sha256", "content_sha256"),
        ("created_at", "updated_at", "deleted_at"),
    )

    def get_queryset(self, request: HttpRequest) -> QuerySet[Document]:
        return Document.objects.light()

    def get_search_results(
        self, request: HttpRequest, queryset: QuerySet[Document], search_term: str
    ) -> tuple[QuerySet[Document], bool]:
        return (search(queryset, search_term, by_id=("id",)) if search_term else queryset), False

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False

    def has_change_permission(self, request: HttpRequest, obj: Document | None = None) -> bool:
        return False

    def named(self, row: Document) -> str:
        return f"document {row.pk}"

    @admin.display(description="size", ordering="size")
    def bytes(self, document: Document) -> str:
        return filesizeformat(document.size)

    @admin.action(
        permissions=["act"],
        description="Read this document again",
        description_plural="Read selected documents again",
        location=[ActionLocation.CHANGE_LIST, ActionLocation.CHANGE_FORM],
    )
    def read_again(self, request: HttpRequest, documents: QuerySet[Document]) -> None:
        left = "Left as they are, because they are in a bin or being read already"
        acting.each(self, request, documents, _read_again, done="To be read again", left=left)

    def get_deleted_objects(
        self, objs: Iterable[Document], request: HttpRequest
    ) -> tuple[list[Any], dict[str, int], set[str], list[str]]:
        """The documents alone: naming every passage and citation would load them all, vectors and quotes included."""
        titles = [str(document) for document in objs]
        return titles, {"documents, with all that was made from them": len(titles)}, set(), []

    def delete_model(self, request: HttpRequest, obj: Document) -> None:
        actions.delete(document=obj)

    def delete_queryset(self, request: HttpRequest, queryset: QuerySet[Document]) -> None:
        for document in queryset:
            actions.delete(document=document)


def _read_again(document: Document) -> bool:
    if document.deleted_at is not None or document.status not in SETTLED:
        return False
    actions.read_again(document=document)
    return True


@admin.register(Recipe)
class RecipeAdmin(StaffAdmin[Recipe]):
    list_display = ("name", "slug", "task", "owner", "automatic", "model", "max_tokens", "position")
    list_filter = ("task",)
    list_select_related = ("owner",)
    search_fields = ("name", "slug", "owner__email")
    raw_id_fields = ("owner",)

    def get_readonly_fields(self, request: HttpRequest, obj: Recipe | None = None) -> tuple[str, ...]:
        """Programs ask for a recipe by its slug: it stays what it was."""
        return ("slug",) if obj else ()
