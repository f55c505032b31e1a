"""The tokens of the person asking."""

from typing import cast

from django.db.models import QuerySet
from django.utils.cache import add_never_cache_headers
from django.utils.dateparse import parse_datetime
from drf_spectacular.utils import extend_schema, extend_schema_view
from rest_framework import mixins, status
from rest_framework.exceptions import NotFound
from rest_framework.pagination import Cursor, CursorPagination
from rest_framework.permissions import IsAuthenticated
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.viewsets import GenericViewSet

from accounts import actions
from accounts.api.serializers import NewTokenSerializer, TokenSerializer
from accounts.models import ApiToken, Scope, User
from accounts.permissions import TokenMayWrite


def person(request: Request) -> User:
    """Whoever asks; the permissions let nobody else through."""
    return cast(User, request.user)


class NewestFirst(CursorPagination):
    page_size = 100
    ordering = ("-created_at", "-id")
    invalid_cursor_message = "This cursor is not one of ours. Start again from the first page."

    def decode_cursor(self, request: Request) -> Cursor | None:
        """A made-up place is no place: without this check it is asked of the database."""
        cursor = super().decode_cursor(request)
        if cursor and cursor.position and not _is_moment(str(cursor.position)):
            raise NotFound(self.invalid_cursor_message)
        return cursor


def _is_moment(text: str) -> bool:
    try:
        return parse_datetime(text) is not None
    except ValueError:
        return False


@extend_schema_view(
    list=extend_schema(summary="Your tokens", description="Without the tokens themselves, which are not kept."),
    destroy=extend_schema(summary="Revoke a token", description="What uses it is locked out from its next request on."),
)
@extend_schema(tags=["tokens"])
class TokenViewSet(mixins.ListModelMixin, mixins.DestroyModelMixin, GenericViewSet[ApiToken]):
    """Tokens let programs act for you."""

    queryset = ApiToken.objects.none()  # tells the schema what an id is
    serializer_class = TokenSerializer
    permission_classes = [IsAuthenticated, TokenMayWrite]
    pagination_class = NewestFirst
    lookup_value_converter = "int"

    def get_queryset(self) -> QuerySet[ApiToken]:
        return ApiToken.objects.filter(user_id=person(self.request).pk)

    @extend_schema(
        summary="Make a token",
        description="The answer carries the token itself, this once. Takes a token that may write, or a session.",
        request=TokenSerializer,
        responses={status.HTTP_201_CREATED: NewTokenSerializer},
    )
    def create(self, request: Request) -> Response:
        wish = self.get_serializer(data=request.data)
        wish.is_valid(raise_exception=True)
        values = {"scope": Scope.WRITE, "expires_at": None} | wish.validated_data
        row, secret = actions.issue_token(user=person(request), **values)
        response = Response({**TokenSerializer(row).data, "token": secret}, status=status.HTTP_201_CREATED)
        add_never_cache_headers(response)
        return response

    def perform_destroy(self, instance: ApiToken) -> None:
        actions.revoke_token(token=instance)
