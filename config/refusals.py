"""What can be refused by the head of a request alone, before a byte of its body is read."""

import json
from dataclasses import dataclass
from http import HTTPStatus
from http.cookies import CookieError, SimpleCookie

from asgiref.typing import HTTPScope
from django.template.loader import render_to_string

API = "/api/"
# What programs go by, the same words as the API's own problems.
CODES = {
    HTTPStatus.BAD_REQUEST: "bad_request",
    HTTPStatus.UNAUTHORIZED: "not_authenticated",
    HTTPStatus.REQUEST_ENTITY_TOO_LARGE: "too_large",
    HTTPStatus.REQUEST_TIMEOUT: "too_slow",
    HTTPStatus.SERVICE_UNAVAILABLE: "busy",
}
# What people read instead of the phrase of the protocol.
HEADINGS = {
    HTTPStatus.BAD_REQUEST: "This request makes no sense here",
    HTTPStatus.REQUEST_ENTITY_TOO_LARGE: "That is too large",
    HTTPStatus.REQUEST_TIMEOUT: "That took too long",
    HTTPStatus.SERVICE_UNAVAILABLE: "Too much comes in just now",
}
BODIES = {"POST", "PUT", "PATCH"}


class Refused(Exception):
    """The request is not answered; the message is fit for whoever sent it."""

    def __init__(self, status: HTTPStatus, detail: str) -> None:
        super().__init__(detail)
        self.status = status
        self.detail = detail


@dataclass(frozen=True, slots=True)
class Limits:
    """The most a request may carry: with files in it, or anything else, or from somebody nobody knows."""

    upload_bytes: int
    other_bytes: int
    stranger_bytes: int

    def of(self, scope: HTTPScope, *, session_cookie: str) -> int:
        if not has_credentials(scope, session_cookie):
            return self.stranger_bytes
        return self.upload_bytes if header(scope, b"content-type").startswith(b"multipart/") else self.other_bytes


def header(scope: HTTPScope, name: bytes) -> bytes:
    return next((value for key, value in scope["headers"] if key == name), b"")


def content_length(scope: HTTPScope) -> int | None:
    """The length of the body as announced, None when it comes in chunks."""
    announced = header(scope, b"content-length")
    if not announced:
        return None if header(scope, b"transfer-encoding") else 0
    if not announced.isdigit():
        raise Refused(
            HTTPStatus.BAD_REQUEST, "Content-Length is not a number. Send the request again with a right one."
        )
    return int(announced)


def refuse_strangers(scope: HTTPScope, *, session_cookie: str) -> None:
    """Nobody without a token or a session writes to the API; whether they are good is for the view to say."""
    writes = scope["path"].startswith(API) and scope["method"] in BODIES
    if writes and not has_credentials(scope, session_cookie):
        raise Refused(
            HTTPStatus.UNAUTHORIZED,
            "This needs a token. Send it as `Authorization: Token …`; your settings page makes one.",
        )


def has_credentials(scope: HTTPScope, session_cookie: str) -> bool:
    """Whether the request carries any; it may still be a wrong one."""
    return bool(header(scope, b"authorization")) or has_cookie(scope, session_cookie)


def drop_broken_cookies(scope: HTTPScope) -> None:
    """A quoted cookie can hold a NUL, which no database takes and no browser of ours was given."""
    kept = [(name, value) for name, value in scope["headers"] if name != b"cookie" or b"\\000" not in value]
    scope["headers"] = kept


def refuse_any_body(length: int | None) -> None:
    if length != 0:
        raise Refused(HTTPStatus.BAD_REQUEST, "Nothing is sent to this address: ask again without a body.")


def too_many() -> Refused:
    return Refused(HTTPStatus.SERVICE_UNAVAILABLE, "Many uploads come in just now. Send this one again in a minute.")


def too_slow() -> Refused:
    return Refused(HTTPStatus.REQUEST_TIMEOUT, "The request did not come in time. Send it again over a better line.")


def has_cookie(scope: HTTPScope, name: str) -> bool:
    try:
        return any(name in SimpleCookie(value.decode("latin-1")) for key, value in scope["headers"] if key == b"cookie")
    except CookieError:
        return False


def refuse_length(length: int, limit: int) -> None:
    if length > limit:
        raise Refused(
            HTTPStatus.REQUEST_ENTITY_TOO_LARGE,
            f"This request is larger than {limit // 1024**2} MB, the most that is taken here. Send less at a time.",
        )


def rendered(scope: HTTPScope, refused: Refused) -> tuple[list[tuple[bytes, bytes]], bytes]:
    """Headers and body: problem details for programs, a small page for people."""
    title = refused.status.phrase
    if scope["path"].startswith(API):
        kind = b"application/problem+json"
        problem = {
            "type": "about:blank",
            "title": title,
            "status": refused.status,
            "detail": refused.detail,
            "code": CODES[refused.status],
        }
        body = json.dumps(problem, ensure_ascii=False).encode()
    else:
        kind = b"text/html; charset=utf-8"
        body = render_to_string(
            "refused.html",
            {"title": HEADINGS.get(refused.status, title), "detail": refused.detail, "status": refused.status.value},
        ).encode()
    headers = [(b"content-type", kind), (b"content-length", str(len(body)).encode())]
    if refused.status == HTTPStatus.UNAUTHORIZED:
        headers.append((b"www-authenticate", b"Token"))
    return headers, body
