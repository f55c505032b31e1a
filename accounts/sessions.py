"""Where a person is signed in: which browser, since when, last seen when; and ending it there."""

import re
import threading
import time
from dataclasses import dataclass
from datetime import datetime, timedelta

from allauth.usersessions.adapter import get_adapter
from allauth.usersessions.models import UserSession
from asgiref.sync import iscoroutinefunction
from django.contrib.sessions.models import Session
from django.db import IntegrityError
from django.http import HttpRequest, HttpResponseBase
from django.utils import timezone
from django.utils.decorators import sync_and_async_middleware

from accounts.middleware import Answers, AnswersLater
from accounts.models import User

NOTED_EVERY_SECONDS = 300.0
_MOST_REMEMBERED = 10_000

# When this process last wrote down that a session was seen.
_noted: dict[str, float] = {}
_noting = threading.Lock()

# The first that fits is it: most browsers also name those they descend from.
_BROWSERS = (
    (r"\bEdgA?(iOS)?/", "Edge"),
    (r"\bOPR/|\bOpera", "Opera"),
    (r"\bSamsungBrowser/", "Samsung Internet"),
    (r"\bFirefox/|\bFxiOS/", "Firefox"),
    (r"\bChrome/|\bCriOS/|\bChromium/|\bHeadlessChrome/", "Chrome"),
    (r"\bVersion/[\d.]+ .*Safari/", "Safari"),
)
_SYSTEMS = (
    (r"\biPhone\b", "iPhone"),
    (r"\biPad\b", "iPad"),
    (r"\bAndroid\b", "Android"),
    (r"\bCrOS\b", "ChromeOS"),
    (r"\bWindows\b", "Windows"),
    (r"\bMac OS X\b|\bMacintosh\b", "macOS"),
    (r"\bLinux\b", "Linux"),
)
_HAND_HELD = {"iPhone", "iPad", "Android"}


@dataclass(frozen=True, slots=True)
class Seat:
    """A browser in which a person is signed in; `current` is the one that asks."""

    pk: int
    browser: str
    hand_held: bool
    address: str
    since: datetime
    seen: datetime
    current: bool

    @property
    def just_now(self) -> bool:
        """As far as it is known to the minute."""
        return timezone.now() - self.seen < timedelta(seconds=NOTED_EVERY_SECONDS)


@sync_and_async_middleware
def note_visits(get_response: Answers | AnswersLater) -> Answers | AnswersLater:
    """Writes down when a session was last seen, every few minutes. A stream belongs to a page that was noted."""
    if iscoroutinefunction(get_response):
        return get_response

    def now(request: HttpRequest) -> HttpResponseBase:
        _note(request)
        response = get_response(request)
        assert isinstance(response, HttpResponseBase)
        return response

    return now


def of(person: User, *, here: str | None) -> list[Seat]:
    """Where she is signed in, the browser with this key first, then the last seen. What has ended is forgotten."""
    seats = [_seat(row, here) for row in UserSession.objects.purge_and_list(person)]
    return sorted(seats, key=lambda seat: (not seat.current, -seat.seen.timestamp()))


def end(row: UserSession) -> None:
    """Signs that browser out: its next request is a stranger's."""
    get_adapter().end_sessions([row])


def end_others(person: User, *, but: str | None) -> int:
    """Signs her out everywhere but in the session of this key; how many that were."""
    rows = list(UserSession.objects.filter(user=person).exclude(session_key=but))
    get_adapter().end_sessions(rows)
    return len(rows)


def end_all(person: User) -> int:
    """Signs her out everywhere, also where she was never seen: what a session holds tells whose it is."""
    hers = [row.pk for row in Session.objects.iterator() if row.get_decoded().get("_auth_user_id") == str(person.pk)]
    return Session.objects.filter(pk__in=hers).delete()[0]


def named(user_agent: str) -> str:
    """The browser and the system in words."""
    browser, system = _first(_BROWSERS, user_agent), _first(_SYSTEMS, user_agent)
    if browser and system:
        return f"{browser} on {system}"
    return browser or (f"A browser on {system}" if system else "An unknown browser")


def _first(known: tuple[tuple[str, str], ...], user_agent: str) -> str:
    return next((name for pattern, name in known if re.search(pattern, user_agent)), "")


def _seat(row: UserSession, here: str | None) -> Seat:
    return Seat(
        pk=row.pk,
        browser=named(row.user_agent),
        hand_held=_first(_SYSTEMS, row.user_agent) in _HAND_HELD,
        address=row.ip,
        since=row.created_at,
        seen=row.last_seen_at,
        current=row.session_key == here,
    )


def _note(request: HttpRequest) -> None:
    key = request.session.session_key
    if not key or not _is_due(key) or not request.user.is_authenticated:
        return
    try:
        # The address is that of the client, or what the one proxy that is trusted says it is.
        UserSession.objects.create_from_request(request)
    except IntegrityError:
        # Her account went in this very moment, and what she asks for will be a stranger's.
        return


def _is_due(key: str) -> bool:
    last = _noted.get(key)
    if last is not None and time.monotonic() - last < NOTED_EVERY_SECONDS:
        return False
    noted(key)
    return True


def noted(key: str) -> None:
    """Remembers that it was written down just now when this session was seen."""
    with _noting:
        if len(_noted) >= _MOST_REMEMBERED:
            _noted.clear()
        _noted[key] = time.monotonic()
