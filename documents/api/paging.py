"""Keyset pages: quick at any depth, and no row is shown twice or skipped while others come and go."""

import base64
import binascii
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any
from urllib.parse import urlencode
from uuid import UUID

from django.db.models import Q, QuerySet
from rest_framework.exceptions import ParseError
from rest_framework.pagination import BasePagination
from rest_framework.request import Request

PAGE_SIZE = 20
MAX_PAGE_SIZE = 100
SIZE_PARAMETER = "limit"
WRONG_CURSOR = "This cursor is not one of ours. Start again from the first page."


@dataclass(frozen=True, slots=True)
class Cursor:
    """A place between two rows, and the side of it that is wanted."""

    created_at: datetime
    id: UUID | int
    backwards: bool

    def encode(self) -> str:
        side = "p" if self.backwards else "n"
        return base64.urlsafe_b64encode(f"{side}|{self.created_at.isoformat()}|{self.id}".encode()).decode()

    @classmethod
    def decode(cls, text: str, identity: type[UUID] | type[int] = UUID) -> "Cursor":
        try:
            side, moment, key = base64.urlsafe_b64decode(text.encode()).decode().split("|")
            return cls(datetime.fromisoformat(moment).astimezone(UTC), identity(key), side == "p")
        except (ValueError, OverflowError, binascii.Error) as error:
            raise ParseError(WRONG_CURSOR) from error

    @property
    def beyond(self) -> Q:
        """Rows on the wanted side, newest first being forwards."""
        if self.backwards:
            return Q(created_at__gt=self.created_at) | Q(created_at=self.created_at, id__gt=self.id)
        return Q(created_at__lt=self.created_at) | Q(created_at=self.created_at, id__lt=self.id)


def page(
    request: Request, rows: QuerySet[Any], fields: Sequence[str], identity: type[UUID] | type[int] = UUID
) -> dict[str, Any]:
    """`{next, previous, results}` of rows that have created_at and id, newest first, straight from the database."""
    per_page = size(request)
    cursor = Cursor.decode(request.query_params["cursor"], identity) if request.query_params.get("cursor") else None
    backwards = bool(cursor and cursor.backwards)
    order = ("created_at", "id") if backwards else ("-created_at", "-id")
    wanted = rows.filter(cursor.beyond) if cursor else rows
    found = list(wanted.order_by(*order).values(*fields)[: per_page + 1])
    more, found = len(found) > per_page, found[:per_page]
    if backwards:
        found.reverse()
    return {
        "next": _link(request, found[-1], False) if found and (more or backwards) else None,
        "previous": _link(request, found[0], True) if found and cursor and (more or not backwards) else None,
        "results": found,
    }


def size(request: Request) -> int:
    """The rows a page that are wanted."""
    text = request.query_params.get(SIZE_PARAMETER, str(PAGE_SIZE))
    if not text.isascii() or not text.isdigit() or not 1 <= int(text[:6]) <= MAX_PAGE_SIZE:
        raise ParseError(f"`{SIZE_PARAMETER}` is a number from 1 to {MAX_PAGE_SIZE}.")
    return int(text)


def _link(request: Request, row: dict[str, Any], backwards: bool) -> str:
    cursor = Cursor(row["created_at"], row["id"], backwards).encode()
    query = request.query_params.dict() | {"cursor": cursor}
    return request.build_absolute_uri(f"{request.path}?{urlencode(query)}")


def offset(request: Request, *, most: int) -> int:
    """How many results are passed over, for lists whose order is made anew each time."""
    text = request.query_params.get("cursor", "")
    if not text:
        return 0
    try:
        place = base64.urlsafe_b64decode(text.encode()).decode()
    except (ValueError, binascii.Error) as error:
        raise ParseError(WRONG_CURSOR) from error
    if not (place.isascii() and place.isdigit() and int(place[:9]) < most):
        raise ParseError(WRONG_CURSOR)
    return int(place)


def offset_link(request: Request, offset: int) -> str:
    """The address of the page that begins there."""
    pairs = [(name, value) for name, values in request.query_params.lists() for value in values if name != "cursor"]
    cursor = base64.urlsafe_b64encode(str(offset).encode()).decode()
    return request.build_absolute_uri(f"{request.path}?{urlencode([*pairs, ('cursor', cursor)])}")


class Keyset(BasePagination):
    """Describes the pages to the schema; the views make them with `page`."""

    def get_paginated_response_schema(self, schema: dict[str, Any]) -> dict[str, Any]:
        link = {"type": "string", "format": "uri", "nullable": True}
        properties = {"next": link, "previous": link, "results": schema}
        return {"type": "object", "required": list(properties), "properties": properties}
