"""A person's own pages: her name, where she is signed in, her tokens."""

import re
from datetime import timedelta

import pytest
from allauth.usersessions.models import UserSession
from django.test import Client
from django.utils import timezone
from pytest_django import DjangoAssertNumQueries, Settings

from accounts import sessions
from accounts.models import ApiToken, User
from tests.fixtures import PASSWORD

IPHONE = (
    "Mozilla/5.0 (iPhone; CPU iPhone OS 18_0 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) "
    "Version/18.0 Mobile/15E148 Safari/604.1"
)
FIREFOX = "Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0"
EDGE = (
    "Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/142.0.0.0 Safari/537.36 "
    "Edg/142.0.0.0"
)
PAGES = ["/account/", "/account/sessions/", "/account/tokens/", "/accounts/email/", "/accounts/password/change/"]


def signed_in(user: User, agent: str, **extra: str) -> Client:
    client = Client(HTTP_USER_AGENT=agent, **extra)  # type: ignore[arg-type]
    client.post("/accounts/login/", {"login": user.email, "password": PASSWORD})
    return client


@pytest.mark.parametrize("page", PAGES)
def test_the_pages_of_an_account_share_their_navigation(as_alice: Client, page: str) -> None:
    content = as_alice.get(page).content.decode()

    navigation = content.partition('aria-label="Account"')[2].partition("</nav>")[0]
    assert re.findall(r'href="([^"]+)"', navigation) == [
        *("/account/", "/accounts/email/", "/accounts/password/change/"),
        *("/account/sessions/", "/account/tokens/", "/account/data/"),
    ]
    assert re.findall(r'href="([^"]+)" aria-current="page"', navigation) == [page]


@pytest.mark.parametrize("page", PAGES)
def test_strangers_are_asked_to_sign_in(client: Client, db: None, page: str) -> None:
    assert client.get(page)["Location"] == f"/accounts/login/?next={page}"


def test_a_person_says_what_she_is_called(as_alice: Client, alice: User) -> None:
    answer = as_alice.post("/account/", {"name": " Alice Ngata "}, follow=True)

    alice.refresh_from_db()
    assert alice.name == "Alice Ngata"
    assert "Your name is kept." in answer.content.decode()


@pytest.fixture
def long_ago(as_alice: Client) -> Client:
    """Alice's browser, of which nothing was noted for long."""
    sessions._noted.clear()
    return as_alice


class TestSessions:
    def test_she_sees_each_browser_in_words_and_which_is_this(self, alice: User) -> None:
        signed_in(alice, IPHONE)
        here = signed_in(alice, FIREFOX)

        seats = here.get("/account/sessions/").context["seats"]

        assert [(seat.browser, seat.current, seat.hand_held) for seat in seats] == [
            ("Firefox on Linux", True, False),
            ("Safari on iPhone", False, True),
        ]

    def test_ending_one_signs_that_browser_out(self, alice: User) -> None:
        phone, here = signed_in(alice, IPHONE), signed_in(alice, FIREFOX)
        other = UserSession.objects.get(user_agent=IPHONE)

        answer = here.post(f"/account/sessions/{other.pk}/end/", follow=True)

        assert "Safari on iPhone is signed out." in answer.content.decode()
        assert phone.get("/account/").status_code == 302
        assert here.get("/account/").status_code == 200

    def test_ending_all_others_leaves_this_one(self, alice: User) -> None:
        others, here = [signed_in(alice, IPHONE), signed_in(alice, EDGE)], signed_in(alice, FIREFOX)

        here.post("/account/sessions/end-others/")

        assert [one.get("/account/").status_code for one in others] == [302, 302]
        assert len(here.get("/account/sessions/").context["seats"]) == 1

    def test_changing_the_password_ends_the_others(self, alice: User) -> None:
        phone, here = signed_in(alice, IPHONE), signed_in(alice, FIREFOX)
        new = "seven green umbrellas"

        here.post("/accounts/password/change/", {"oldpassword": PASSWORD, "password1": new, "password2": new})

        assert phone.get("/account/").status_code == 302
        assert [seat.current for seat in here.get("/account/sessions/").context["seats"]] == [True]

    def test_nobody_ends_anothers(self, alice: User, as_bob: Client) -> None:
        here = signed_in(alice, FIREFOX)
        hers = UserSession.objects.get(user=alice)

        answer = as_bob.post(f"/account/sessions/{hers.pk}/end/")

        assert answer.status_code == 404
        assert here.get("/account/").status_code == 200

    def test_a_session_from_before_is_known_once_it_is_used(self, long_ago: Client) -> None:
        assert [seat.current for seat in long_ago.get("/account/sessions/").context["seats"]] == [True]

    def test_when_it_was_seen_is_noted_every_few_minutes(
        self, long_ago: Client, django_assert_max_num_queries: DjangoAssertNumQueries
    ) -> None:
        long_ago.get("/account/")
        seen = UserSession.objects.get().last_seen_at

        with django_assert_max_num_queries(2):  # the session and the person
            long_ago.get("/account/")

        assert UserSession.objects.get().last_seen_at == seen

    def test_then_again(self, long_ago: Client) -> None:
        long_ago.get("/account/")
        UserSession.objects.update(last_seen_at=timezone.now() - timedelta(days=1))
        sessions._noted.clear()

        long_ago.get("/account/")

        assert timezone.now() - UserSession.objects.get().last_seen_at < timedelta(minutes=1)

    def test_an_address_is_not_what_the_client_says(self, alice: User) -> None:
        signed_in(alice, FIREFOX, HTTP_X_FORWARDED_FOR="203.0.113.9", REMOTE_ADDR="192.0.2.1")

        assert UserSession.objects.get().ip == "192.0.2.1"

    def test_but_what_the_one_trusted_proxy_says(self, alice: User, settings: Settings) -> None:
        settings.ALLAUTH_TRUSTED_PROXY_COUNT = 1
        signed_in(alice, FIREFOX, HTTP_X_FORWARDED_FOR="203.0.113.9, 198.51.100.4", REMOTE_ADDR="127.0.0.1")

        assert UserSession.objects.get().ip == "198.51.100.4"

    def test_the_address_of_the_library_leads_to_our_page(self, as_alice: Client) -> None:
        assert as_alice.get("/accounts/sessions/")["Location"] == "/account/sessions/"

    @pytest.mark.parametrize(
        ("agent", "words"),
        [
            (EDGE, "Edge on Windows"),
            (IPHONE, "Safari on iPhone"),
            ("curl/8.5", "An unknown browser"),
            ("Mozilla/5.0 (Linux; Android 15)", "A browser on Android"),
            ("", "An unknown browser"),
        ],
    )
    def test_a_browser_has_a_name(self, agent: str, words: str) -> None:
        assert sessions.named(agent) == words


class TestTokens:
    def test_one_that_ends_soon_is_warned_of(self, as_alice: Client, alice: User) -> None:
        ApiToken.issue(user=alice, name="Soon", expires_at=timezone.now() + timedelta(days=5))

        page = as_alice.get("/account/tokens/").content.decode()

        assert "expires in 4\xa0days" in page
        assert "Make another, put it in its place" in page

    def test_one_that_has_ended_is_shown_as_such(self, as_alice: Client, alice: User) -> None:
        ApiToken.issue(user=alice, name="Old", expires_at=timezone.now() - timedelta(days=1))

        page = as_alice.get("/account/tokens/").content.decode()

        assert "expired" in page
        assert "It opens nothing any more." in page

    def test_revoking_asks_once_more(self, as_alice: Client, alice: User) -> None:
        token, _ = ApiToken.issue(user=alice, name="Script")

        page = as_alice.get("/account/tokens/").content.decode()
        answer = as_alice.post(f"/account/tokens/{token.pk}/revoke/", follow=True)

        assert "What uses it is locked out from its next request on." in page
        assert "“Script” is revoked" in answer.content.decode()
