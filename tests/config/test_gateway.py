"""The gateway, with the smallest applications behind it."""

import asyncio
import json
from collections.abc import Callable, Iterable, Iterator
from http import HTTPStatus
from pathlib import Path
from typing import Any
from wsgiref.types import StartResponse, WSGIEnvironment

import pytest

from config.gateway import Gateway
from config.refusals import Limits
from tests.config.asgi import Client

MEGABYTE = 1024 * 1024
TOKEN = {"Authorization": "Token secret"}


class Application:
    """A WSGI application that keeps what it was asked and answers what it is told to."""

    def __init__(self) -> None:
        self.environ: WSGIEnvironment = {}
        self.body = b""
        self.answer: Callable[[], Iterable[bytes]] = lambda: [b"hello"]
        self.headers = [("Content-Type", "text/plain"), ("Content-Length", "5")]
        self.reads = True

    def __call__(self, environ: WSGIEnvironment, start_response: StartResponse) -> Iterable[bytes]:
        self.environ = environ
        if self.reads:
            self.body = environ["wsgi.input"].read(int(environ["CONTENT_LENGTH"]))
        start_response("200 OK", self.headers)
        return self.answer()


class Blocks:
    """An answer in parts, which knows whether it was closed."""

    def __init__(self, blocks: list[bytes]) -> None:
        self.blocks = blocks
        self.closed = 0

    def __iter__(self) -> Iterator[bytes]:
        return iter(self.blocks)

    def close(self) -> None:
        self.closed += 1


async def stream(scope: Any, receive: Any, send: Any) -> None:
    await send({"type": "http.response.start", "status": 200, "headers": []})
    await send({"type": "http.response.body", "body": b"streamed"})


@pytest.fixture
def application() -> Application:
    return Application()


@pytest.fixture
def client(application: Application, tmp_path: Path) -> Client:
    limits = Limits(upload_bytes=8 * MEGABYTE, other_bytes=2 * MEGABYTE, stranger_bytes=MEGABYTE // 2)
    gateway = Gateway(
        asynchronous=stream,
        synchronous=application,
        limits=limits,
        session_cookie="session",
        temporary=tmp_path,
        threads=2,
    )
    return Client(gateway)


def length_of(*blocks: bytes) -> dict[str, str]:
    return {"Content-Length": str(sum(map(len, blocks)))}


def test_an_ordinary_request_is_answered_by_the_wsgi_application(client: Client) -> None:
    answer = client.request("GET", "/")

    assert answer.status == 200
    assert answer.headers == {"content-type": "text/plain", "content-length": "5"}
    assert answer.blocks == [b"hello"]


@pytest.mark.parametrize("kind", ["documents", "analyses", "messages"])
def test_events_are_answered_by_the_asgi_application(client: Client, kind: str) -> None:
    answer = client.request("GET", f"/api/{kind}/0198c6a2-5d4e-7c3b-9f00-1a2b3c4d5e6f/events/")

    assert answer.body == b"streamed"


@pytest.mark.parametrize(
    "path", ["/api/documents/events/", "/api/recipes/0198c6a2-5d4e-7c3b-9f00-1a2b3c4d5e6f/events/"]
)
def test_what_only_looks_like_events_is_not(client: Client, path: str) -> None:
    answer = client.request("GET", path)

    assert answer.body == b"hello"


def test_the_environ_is_what_pep_3333_says(client: Client, application: Application) -> None:
    headers = {"Host": "glossa.example", "Content-Type": "text/plain", "X-One": "1", **length_of(b"abc")}
    client.request("POST", "/caf\u00e9 a/b", headers=headers, blocks=[b"abc"], query_string=b"q=%C3%A9", scheme="https")

    environ = application.environ
    assert environ["PATH_INFO"].encode("latin-1").decode() == "/caf\u00e9 a/b"
    assert environ["QUERY_STRING"] == "q=%C3%A9"
    assert (environ["SERVER_NAME"], environ["SERVER_PORT"]) == ("127.0.0.1", "8000")
    assert (environ["CONTENT_TYPE"], environ["CONTENT_LENGTH"]) == ("text/plain", "3")
    assert (environ["HTTP_HOST"], environ["HTTP_X_ONE"]) == ("glossa.example", "1")
    assert (environ["wsgi.url_scheme"], environ["REMOTE_ADDR"]) == ("https", "192.0.2.1")
    assert application.body == b"abc"


def test_bytes_that_are_no_utf_8_reach_the_application_as_they_came(client: Client, application: Application) -> None:
    client.request("GET", "/�", raw_path=b"/%FF%2F")

    assert application.environ["PATH_INFO"] == "/\xff/"


def test_a_header_said_twice_is_joined(client: Client, application: Application) -> None:
    client.request(
        "GET", "/", headers=[("Cookie", "a=1"), ("Cookie", "b=2"), ("Accept", "text/html"), ("Accept", "*/*")]
    )

    assert application.environ["HTTP_COOKIE"] == "a=1; b=2"
    assert application.environ["HTTP_ACCEPT"] == "text/html,*/*"


def test_a_header_with_an_underscore_cannot_pass_for_one_of_a_proxy(client: Client, application: Application) -> None:
    client.request("GET", "/", headers={"X_Forwarded_For": "10.0.0.1"})

    assert "HTTP_X_FORWARDED_FOR" not in application.environ


@pytest.mark.parametrize("method", ["POST", "PUT", "PATCH"])
def test_strangers_are_refused_before_their_body_is_read(client: Client, application: Application, method: str) -> None:
    body = b"x" * MEGABYTE
    answer = client.request(method, "/api/documents/", headers=length_of(body), blocks=[body])

    assert answer.status == 401
    assert answer.headers["www-authenticate"] == "Token"
    assert answer.headers["content-type"] == "application/problem+json"
    assert "token" in json.loads(answer.body)["detail"]
    assert json.loads(answer.body)["code"] == "not_authenticated"
    assert application.environ == {}


@pytest.mark.parametrize("known_by", [TOKEN, {"Cookie": "a=b; session=abc"}])
def test_whoever_shows_something_is_let_through_to_be_judged(client: Client, known_by: dict[str, str]) -> None:
    answer = client.request("POST", "/api/documents/", headers=known_by)

    assert answer.status == 200


def test_another_cookie_opens_nothing(client: Client) -> None:
    answer = client.request("POST", "/api/documents/", headers={"Cookie": "csrftoken=session"})

    assert answer.status == 401


def test_a_request_over_the_limit_is_refused_before_its_body_is_read(client: Client, application: Application) -> None:
    headers = {**TOKEN, "Content-Type": "multipart/form-data; boundary=x", "Content-Length": str(9 * MEGABYTE)}
    answer = client.request("POST", "/api/documents/", headers=headers)

    assert answer.status == 413
    assert json.loads(answer.body) == {
        "type": "about:blank",
        "title": HTTPStatus(413).phrase,
        "status": 413,
        "detail": "This request is larger than 8 MB, the most that is taken here. Send less at a time.",
        "code": "too_large",
    }
    assert application.environ == {}


def test_json_may_be_less_than_an_upload(client: Client) -> None:
    headers = {**TOKEN, "Content-Type": "application/json", "Content-Length": str(3 * MEGABYTE)}
    answer = client.request("POST", "/api/documents/", headers=headers)

    assert answer.status == 413


def test_people_get_a_page_and_not_json(client: Client) -> None:
    answer = client.request("POST", "/upload/", headers={**TOKEN, "Content-Length": str(9 * MEGABYTE)})

    assert answer.headers["content-type"].startswith("text/html")
    assert b"larger than 2 MB" in answer.body


@pytest.mark.parametrize("length", ["-1", "many", "1.5"])
def test_a_length_that_is_no_number_is_refused(client: Client, length: str) -> None:
    answer = client.request("POST", "/api/documents/", headers={**TOKEN, "Content-Length": length})

    assert answer.status == 400
    assert json.loads(answer.body)["code"] == "bad_request"


def test_a_body_in_chunks_is_counted_and_handed_on_with_its_length(client: Client, application: Application) -> None:
    client.request("POST", "/", headers={"Transfer-Encoding": "chunked"}, blocks=[b"abc", b"", b"de"])

    assert application.environ["CONTENT_LENGTH"] == "5"
    assert application.body == b"abcde"


def test_a_body_in_chunks_is_cut_off_at_the_limit(client: Client, application: Application) -> None:
    answer = client.request("POST", "/", headers={"Transfer-Encoding": "chunked"}, blocks=[b"x" * MEGABYTE] * 3)

    assert answer.status == 413
    assert application.environ == {}


def test_a_large_body_is_read_as_the_application_asks_for_it(client: Client, application: Application) -> None:
    blocks = [bytes([number]) * 100_000 for number in range(15)]
    client.request("POST", "/", headers={**TOKEN, **length_of(*blocks)}, blocks=blocks)

    assert application.body == b"".join(blocks)


def test_a_large_body_nobody_asks_for_is_not_read(client: Client, application: Application) -> None:
    application.reads = False
    blocks = [b"x" * 100_000] * 15
    answer = client.request("POST", "/", headers={**TOKEN, **length_of(*blocks)}, blocks=blocks)

    assert answer.status == 200
    assert answer.taken == 0


def test_a_stranger_sends_no_more_than_a_form(client: Client, application: Application) -> None:
    answer = client.request("POST", "/accounts/login/", headers={"Content-Length": str(MEGABYTE)})

    assert answer.status == 413
    assert application.environ == {}


def test_a_body_sent_to_a_stream_is_refused(client: Client) -> None:
    path = "/api/documents/0198c6a2-5d4e-7c3b-9f00-1a2b3c4d5e6f/events/"

    chunked = client.request("GET", path, headers={**TOKEN, "Transfer-Encoding": "chunked"}, blocks=[b"x"] * 3)
    announced = client.request("GET", path, headers={**TOKEN, **length_of(b"x")}, blocks=[b"x"])

    assert (chunked.status, announced.status) == (400, 400)


def test_a_cookie_with_a_nul_in_it_is_dropped(client: Client, application: Application) -> None:
    client.request("GET", "/", headers={"Cookie": r'session="aaaa\000"'})

    assert "HTTP_COOKIE" not in application.environ


def test_a_client_that_goes_away_with_half_a_small_body_is_not_answered(
    client: Client, application: Application
) -> None:
    client.gone_after = 1
    answer = client.request("POST", "/", headers=length_of(b"abcdef"), blocks=[b"abc", b"def"])

    assert answer.status == 0
    assert application.environ == {}


def test_a_client_that_goes_away_with_half_a_large_body_is_an_os_error_to_the_application(client: Client) -> None:
    client.gone_after = 1
    blocks = [b"x" * MEGABYTE] * 2

    with pytest.raises(OSError, match="went away"):
        client.request("POST", "/", headers={**TOKEN, **length_of(*blocks)}, blocks=blocks)


def test_head_has_the_headers_and_no_body(client: Client) -> None:
    answer = client.request("HEAD", "/")

    assert answer.headers["content-length"] == "5"
    assert answer.body == b""


def test_a_small_answer_in_many_parts_leaves_in_one(client: Client, application: Application) -> None:
    parts = Blocks([b"he", b"l", b"lo"])
    application.answer = lambda: parts
    answer = client.request("GET", "/")

    assert answer.blocks == [b"hello"]
    assert parts.closed == 1


@pytest.mark.parametrize("headers", [[], [("Content-Length", "600000")]])
def test_a_large_answer_leaves_part_by_part(
    client: Client, application: Application, headers: list[tuple[str, str]]
) -> None:
    parts = Blocks([b"a" * 300_000, b"b" * 300_000])
    application.answer, application.headers = lambda: parts, headers
    answer = client.request("GET", "/")

    assert answer.blocks == parts.blocks
    assert parts.closed == 1


def test_a_large_answer_to_head_is_closed_unread(client: Client, application: Application) -> None:
    parts = Blocks([b"a" * 600_000])
    application.answer, application.headers = lambda: parts, [("Content-Length", "600000")]
    answer = client.request("HEAD", "/")

    assert answer.body == b""
    assert parts.closed == 1


def test_nothing_more_is_made_for_a_client_that_hung_up(client: Client, application: Application) -> None:
    parts = Blocks([b"a" * 300_000] * 100)
    application.answer, application.headers = lambda: parts, []
    client.full_after = 2
    answer = client.request("GET", "/")

    assert len(answer.blocks) < 5
    assert parts.closed == 1


def test_an_answer_that_fails_on_the_way_is_closed(client: Client, application: Application) -> None:
    class Failing(Blocks):
        def __iter__(self) -> Iterator[bytes]:
            raise ValueError("no more")

    parts = Failing([])
    application.answer = lambda: parts

    with pytest.raises(ValueError, match="no more"):
        client.request("GET", "/")
    assert parts.closed == 1


def test_it_says_that_it_lives_and_that_it_ends(client: Client) -> None:
    events = iter([{"type": "lifespan.startup"}, {"type": "lifespan.shutdown"}])
    sent: list[str] = []

    async def receive() -> Any:
        return next(events)

    async def send(event: Any) -> None:
        sent.append(event["type"])

    asyncio.run(client.application({"type": "lifespan"}, receive, send))  # type: ignore[arg-type]

    assert sent == ["lifespan.startup.complete", "lifespan.shutdown.complete"]
