"""Every error of the API as problem details (RFC 9457)."""

import logging
from collections.abc import Iterator
from http import HTTPStatus
from typing import Any

from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse, UnreadablePostError
from django.views import defaults
from rest_framework import exceptions
from rest_framework.response import Response
from rest_framework.views import exception_handler

from documents.actions import Refusal

log = logging.getLogger(__name__)

MEDIA_TYPE = "application/problem+json"
NOT_FOUND = "There is nothing here that you may see. Check the address and whose token you use."
SIGN_IN = "Sign in, or send a token: `Authorization: Token …`."
FORBIDDEN = "You may not do this."
BAD_REQUEST = "This request cannot be understood. Check its address and headers."
OUR_FAULT = "Something went wrong on our side. Try again; if it stays, tell whoever runs this server when it happened."
BROKEN_OFF = "The request broke off before its end. Send it again."
BROKEN_MULTIPART = "The multipart body cannot be read. Let your client set the Content-Type itself, with its boundary."
NUL_CHARACTERS = "This holds NUL characters. Take them out and send it again."
WORDS: dict[type[exceptions.APIException], str] = {
    exceptions.NotAuthenticated: SIGN_IN,
    exceptions.MethodNotAllowed: "This address does not take this method. The Allow header names those it takes.",
    exceptions.UnsupportedMediaType: "Send this as application/json, or a file as multipart/form-data.",
}
WRONG_FIELDS = "Some of what was sent is not right: see `errors`."


def problem(status: int, detail: str, *, code: str = "", errors: dict[str, list[str]] | None = None) -> dict[str, Any]:
    """The body of an error; `code` is stable and made for programs, `detail` is made for people."""
    title = HTTPStatus(status).phrase
    body: dict[str, Any] = {"type": "about:blank", "title": title, "status": status, "detail": detail}
    if code:
        body["code"] = code
    if errors:
        body["errors"] = errors
    return body


def handle(error: Exception, context: dict[str, Any]) -> Response | None:
    """The answer to an error in a view; None for what nobody foresaw, which Django logs and answers with 500."""
    if isinstance(error, Refusal):
        return _refused(error)
    if isinstance(error, Http404):
        return _respond(problem(404, NOT_FOUND, code="not_found"))
    if isinstance(error, PermissionDenied):
        return _respond(problem(403, FORBIDDEN, code="permission_denied"))
    if isinstance(error, UnreadablePostError):
        return _respond(problem(400, BROKEN_OFF, code="broken_off"))
    response = exception_handler(error, context)
    if response is None or not isinstance(error, exceptions.APIException):
        return None
    answer = _respond(_of(error))
    for header in ("WWW-Authenticate", "Retry-After", "Allow"):
        if header in response:
            answer[header] = response[header]
    return answer


def _refused(error: Refusal) -> Response:
    answer = _respond(problem(error.status, str(error), code=error.code))
    if error.retry_after_seconds:
        answer["Retry-After"] = str(error.retry_after_seconds)
    return answer


def _of(error: exceptions.APIException) -> dict[str, Any]:
    if isinstance(error, exceptions.ValidationError):
        return problem(400, WRONG_FIELDS, code="invalid", errors=dict(_fields(error.detail)))
    code = error.get_codes()
    detail = WORDS.get(type(error)) or str(error.detail)
    if detail.startswith("Multipart form parse error"):
        detail = BROKEN_MULTIPART
    return problem(error.status_code, detail, code=code if isinstance(code, str) else "")


def _fields(detail: Any, name: str = "") -> Iterator[tuple[str, list[str]]]:
    """Field by field, nested ones with a dot."""
    if isinstance(detail, dict):
        for key, value in detail.items():
            yield from _fields(value, f"{name}.{key}".lstrip("."))
    elif isinstance(detail, list) and any(isinstance(item, dict | list) for item in detail):
        for index, item in enumerate(detail):
            yield from _fields(item, f"{name}.{index}".lstrip("."))
    else:
        yield name or "body", [_worded(item) for item in (detail if isinstance(detail, list) else [detail])]


def _worded(message: Any) -> str:
    return NUL_CHARACTERS if getattr(message, "code", "") == "null_characters_not_allowed" else str(message)


def _respond(body: dict[str, Any]) -> Response:
    return Response(body, status=body["status"], content_type=MEDIA_TYPE)


def not_found(request: HttpRequest, exception: Exception) -> HttpResponse:
    """Addresses that are not there: a problem under /api/, else a page."""
    return (
        respond(404, NOT_FOUND, code="not_found")
        if _for_programs(request)
        else defaults.page_not_found(request, exception)
    )


def bad_request(request: HttpRequest, exception: Exception) -> HttpResponse:
    return (
        respond(400, BAD_REQUEST, code="bad_request")
        if _for_programs(request)
        else defaults.bad_request(request, exception)
    )


def server_error(request: HttpRequest) -> HttpResponse:
    return respond(500, OUR_FAULT, code="internal") if _for_programs(request) else defaults.server_error(request)


def _for_programs(request: HttpRequest) -> bool:
    return request.path.startswith("/api/")


def respond(status: int, detail: str, *, code: str) -> JsonResponse:
    """The same outside REST framework."""
    return JsonResponse(problem(status, detail, code=code), status=status, content_type=MEDIA_TYPE)
