"""People and tokens, for staff."""

from collections.abc import Mapping, Sequence
from typing import Any

from allauth.account.decorators import secure_admin_login
from allauth.account.models import EmailAddress
from allauth.usersessions.models import UserSession
from django.contrib import admin
from django.contrib.admin.models import CHANGE, LogEntry
from django.contrib.admin.views.main import ChangeList
from django.contrib.auth.admin import GroupAdmin as DjangoGroupAdmin
from django.contrib.auth.admin import UserAdmin as DjangoUserAdmin
from django.contrib.auth.forms import AdminUserCreationForm
from django.contrib.auth.models import Group
from django.contrib.contenttypes.models import ContentType
from django.db.models import Model, QuerySet
from django.http import HttpRequest

from accounts import actions
from accounts.lists import QuickList, QuickPaginator
from accounts.models import ApiToken, User

admin.site.site_title = admin.site.site_header = "Glossa"
admin.site.index_title = "What is going on"
# One door for all: allauth's, which slows down who guesses passwords.
admin.site.login = secure_admin_login(admin.site.login)  # type: ignore[method-assign]
# Confirming addresses is allauth's own business.
admin.site.unregister(EmailAddress)
# Its key is all that a browser shows to be somebody: whoever reads it could be that person.
admin.site.unregister(UserSession)


class StaffAdmin[Row: Model](admin.ModelAdmin):  # type: ignore[type-arg]  # not generic when it runs
    """All staff may look; who may change anything follows from permissions."""

    show_full_result_count = False
    show_facets = admin.ShowFacets.NEVER  # they count every row for each value
    paginator = QuickPaginator
    list_per_page = 50

    def has_module_permission(self, request: HttpRequest) -> bool:
        return True  # the admin lets in nobody but staff

    def has_view_permission(self, request: HttpRequest, obj: Row | None = None) -> bool:
        return True

    def has_act_permission(self, request: HttpRequest) -> bool:
        """Of actions on rows that no form may change."""
        return request.user.has_perm(f"{self.opts.app_label}.change_{self.opts.model_name}")

    def lookup_allowed(self, lookup: str, value: Any, request: HttpRequest) -> bool:
        """Only the filters on the page: a lookup made up in the address could ask hidden texts letter by letter."""
        names = [_name(one) for one in self.get_list_filter(request)]
        return any(lookup == name or lookup.startswith(f"{name}__") for name in names)

    def get_changelist(self, request: HttpRequest, **kwargs: Any) -> type[ChangeList]:
        return QuickList

    def figures(self, keys: Sequence[Any]) -> Mapping[Any, Any]:
        """What is worked out for the rows of one page, by their keys."""
        return {}

    def record(self, request: HttpRequest, rows: Sequence[Row], words: str) -> None:
        """Writes into the history of each who did what."""
        kind = ContentType.objects.get_for_model(self.model)
        LogEntry.objects.bulk_create(
            LogEntry(
                user_id=int(str(request.user.pk)),
                content_type=kind,
                object_id=row.pk,
                object_repr=self.named(row)[:200],
                action_flag=CHANGE,
                change_message=words,
            )
            for row in rows
        )

    def named(self, row: Row) -> str:
        """What a row is called in the history, which outlives it."""
        return str(row)


def _name(chosen: Any) -> str:
    """The column or parameter of a filter, however it is given."""
    if isinstance(chosen, tuple):
        return str(chosen[0])
    return str(getattr(chosen, "parameter_name", chosen))


class WitnessAdmin[Row: Model](StaffAdmin[Row]):
    """Rows that the product writes and nobody edits."""

    def get_fields(self, request: HttpRequest, obj: Row | None = None) -> Any:
        """Those that no form would show as well, such as the moment a row was made."""
        return self.fields or [field.name for field in self.opts.concrete_fields]

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False

    def has_change_permission(self, request: HttpRequest, obj: Row | None = None) -> bool:
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Row | None = None) -> bool:
        return False


class UserCreationForm(AdminUserCreationForm[User]):
    class Meta:
        model = User
        fields = ("email",)


@admin.register(User)
class UserAdmin(StaffAdmin[User], DjangoUserAdmin):  # type: ignore[type-arg]
    """People, without what they keep here: removing them takes that along, which `documents` sees to."""

    filter_horizontal = ()  # see GroupAdmin
    add_form = UserCreationForm
    fieldsets = (
        (None, {"fields": ("email", "name", "password")}),
        ("What they may do", {"fields": ("is_active", "is_staff", "is_superuser", "groups", "user_permissions")}),
        ("When", {"fields": ("last_login", "date_joined")}),
    )
    add_fieldsets = ((None, {"classes": ("wide",), "fields": ("email", "usable_password", "password1", "password2")}),)
    readonly_fields = ("last_login", "date_joined")
    list_display: tuple[str, ...] = ("email", "name", "is_active", "is_staff", "last_login", "date_joined")
    list_filter = ("is_active", "is_staff", "is_superuser")
    search_fields = ("email", "name")
    ordering = ("email",)

    def has_delete_permission(self, request: HttpRequest, obj: User | None = None) -> bool:
        return False

    def save_model(self, request: HttpRequest, obj: User, form: Any, change: bool) -> None:
        super().save_model(request, obj, form, change)
        EmailAddress.objects.filter(user=obj).exclude(email=obj.email).delete()  # the old one would still log in


@admin.register(ApiToken)
class ApiTokenAdmin(StaffAdmin[ApiToken]):
    """Deleting a token revokes it. The token and its digest are shown to nobody."""

    list_display = ("name", "user", "prefix", "scope", "created_at", "last_used_at", "expires_at")
    list_filter = ("scope", "created_at", "last_used_at")
    list_select_related = ("user",)
    search_fields = ("name", "prefix", "user__email")
    fields = ("user", "name", "prefix", "scope", "created_at", "last_used_at", "expires_at")

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False

    def has_change_permission(self, request: HttpRequest, obj: ApiToken | None = None) -> bool:
        return False

    def delete_model(self, request: HttpRequest, obj: ApiToken) -> None:
        actions.revoke_token(token=obj)

    def delete_queryset(self, request: HttpRequest, queryset: QuerySet[ApiToken]) -> None:
        for token in queryset:
            actions.revoke_token(token=token)


admin.site.unregister(Group)


@admin.register(Group)
class GroupAdmin(DjangoGroupAdmin):
    """Groups, their permissions in a plain list: Django's two boxes have a label that axe refuses (WCAG 4.1.2)."""

    filter_horizontal = ()
