"""What staff see of the house, and what they do not."""

import re
import uuid
from decimal import Decimal

import pytest
from allauth.account.models import EmailAddress
from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.test import Client

from accounts.models import ApiToken, User
from documents.models import (
    AICall,
    Analysis,
    AnalysisStatus,
    CallState,
    Document,
    Job,
    JobKind,
    JobState,
    Page,
    Passage,
    Recipe,
    Run,
    Status,
)
from tests.library import Commit

SECRET = "The treasure is under the old oak"
REASON = "The file is damaged. Save it again and upload it once more."


@pytest.fixture
def diary(alice: User) -> Document:
    return Document.objects.create(
        owner=alice,
        title="Diary",
        filename="diary.txt",
        file=default_storage.save("diary.txt", ContentFile(SECRET.encode())),
        sha256="0" * 64,
        size=2048,
        media_type="text/plain",
        content=SECRET,
        content_sha256="1" * 64,
        status=Status.READY,
    )


@pytest.fixture
def gist(diary: Document) -> Analysis:
    return Analysis.objects.create(
        owner=diary.owner,
        document=diary,
        title=diary.title,
        task="summary",
        instruction=SECRET,
        max_tokens=512,
        status=AnalysisStatus.DONE,
        provider="local",
        result={"text": SECRET},
    )


@pytest.fixture
def failed(diary: Document) -> Job:
    """The reading of the diary, given up."""
    Document.objects.filter(pk=diary.pk).update(status=Status.FAILED, error=REASON)
    return Job.objects.create(
        kind=JobKind.READ, subject=diary.pk, owner=diary.owner, state=JobState.QUARANTINED, attempts=3, error=REASON
    )


@pytest.fixture
def recipe(db: None) -> Recipe:
    return Recipe.objects.create(slug="risks", name="Risks", task="instruction", instruction="List the risks.")


def call(owner: User, model: str, cost: str, step: int) -> AICall:
    state = CallState.ANSWERED
    subject = uuid.uuid4()
    return AICall.objects.create(
        owner=owner, subject=subject, fence=1, step=step, provider="claude", model=model, state=state,
        input_tokens=1000, output_tokens=10, cost=Decimal(cost), request_id=f"req_{step}",
    )  # fmt: skip


def rows(client: Client, address: str) -> str:
    answer = client.get(address)
    assert answer.status_code == 200, address
    return answer.content.decode()


def test_the_way_in_is_the_log_in_of_everybody(client: Client, db: None) -> None:
    answer = client.get("/admin/", follow=True)

    assert answer.redirect_chain[-1][0].startswith("/accounts/login/?next=")


def test_people_who_are_not_staff_stay_outside(as_alice: Client, diary: Document) -> None:
    answer = as_alice.get("/admin/documents/document/", follow=True)

    assert answer.status_code == 403
    assert "Diary" not in answer.content.decode()


def test_the_admin_bears_our_name(as_staff: Client) -> None:
    assert "<title>What is going on | Glossa</title>" in rows(as_staff, "/admin/")


def test_staff_see_documents_and_never_their_text(as_staff: Client, diary: Document) -> None:
    listed = rows(as_staff, "/admin/documents/document/")
    opened = rows(as_staff, f"/admin/documents/document/{diary.pk}/change/")

    for page in (listed, opened):
        assert "Diary" in page
        assert "alice@example.org" in page
        assert "2.0\xa0KB" in page
        assert SECRET not in page
        assert f'href="{diary.file.url}"' not in page


@pytest.mark.parametrize("lookup", ["content__icontains", "analyses__result__icontains", "content__startswith"])
def test_made_up_filters_ask_no_text(as_staff: Client, diary: Document, lookup: str) -> None:
    answer = as_staff.get("/admin/documents/document/", {lookup: "treasure"})

    assert answer.status_code == 400


@pytest.mark.parametrize("lookup", ["document__content__icontains", "result__icontains", "instruction__icontains"])
def test_made_up_filters_ask_no_result(as_staff: Client, gist: Analysis, lookup: str) -> None:
    answer = as_staff.get("/admin/documents/analysis/", {lookup: "treasure"})

    assert answer.status_code == 400


def test_the_filters_on_the_page_work(as_staff: Client, diary: Document) -> None:
    ready = rows(as_staff, "/admin/documents/document/?status__exact=ready&created_at__gte=2020-01-01T00:00:00Z")
    failed = rows(as_staff, "/admin/documents/document/?status__exact=failed&o=2&p=1&_facets=True")

    assert ("Diary" in ready, "Diary" in failed) == (True, False)


@pytest.mark.parametrize("words", ["diary", "alice@", "no such thing", "\x00"])
def test_any_words_can_be_searched_for(as_staff: Client, diary: Document, words: str) -> None:
    for rows_of in ("document", "job", "analysis", "aicall", "recipe"):
        assert as_staff.get(f"/admin/documents/{rows_of}/", {"q": words}).status_code == 200


def test_a_document_is_found_by_its_id(as_staff: Client, diary: Document) -> None:
    assert "Diary" in rows(as_staff, f"/admin/documents/document/?q={diary.pk}")


def test_staff_neither_add_nor_change_nor_delete_documents(as_staff: Client, diary: Document) -> None:
    address = f"/admin/documents/document/{diary.pk}"

    answers = [
        as_staff.post("/admin/documents/document/add/", {"title": "Forged"}),
        as_staff.post(f"{address}/change/", {"title": "Forged"}),
        as_staff.post(f"{address}/delete/", {"post": "yes"}),
    ]

    assert [answer.status_code for answer in answers] == [403, 403, 403]
    assert Document.objects.get().title == "Diary"


def test_deleting_a_document_takes_its_file_along(as_admin: Client, diary: Document, commit: Commit) -> None:
    asked = rows(as_admin, f"/admin/documents/document/{diary.pk}/delete/")

    with commit():
        as_admin.post(f"/admin/documents/document/{diary.pk}/delete/", {"post": "yes"})

    assert "Diary" in asked
    assert not Document.objects.exists()
    assert not default_storage.exists(str(diary.file.name))


def test_deleting_many_takes_their_files_along(as_admin: Client, diary: Document, commit: Commit) -> None:
    sent = {"action": "delete_selected", "_selected_action": [str(diary.pk)], "post": "yes"}

    with commit():
        as_admin.post("/admin/documents/document/", sent)

    assert not Document.objects.exists()
    assert not default_storage.exists(str(diary.file.name))


def test_pages_and_passages_are_nowhere(as_admin: Client) -> None:
    page = rows(as_admin, "/admin/")

    for model in (Page, Passage):
        assert f"/admin/documents/{model._meta.model_name}/" not in page


def test_what_a_browser_is_known_by_is_nowhere(as_admin: Client, as_alice: Client) -> None:
    as_alice.get("/account/")

    assert "usersessions" not in rows(as_admin, "/admin/")
    assert as_admin.get("/admin/usersessions/usersession/").status_code == 404


def test_jobs_show_state_age_attempts_and_reason(as_staff: Client, failed: Job) -> None:
    page = rows(as_staff, "/admin/documents/job/?state__exact=quarantined&kind__exact=read")

    for words in ("Quarantined", "0\xa0minutes", ">3<", "alice@example.org", REASON):
        assert words in page


def test_an_admin_retries_a_failed_job(as_admin: Client, failed: Job) -> None:
    answer = as_admin.post("/admin/documents/job/", {"action": "retry", "_selected_action": [failed.pk]}, follow=True)

    assert "Owed once more: 1." in answer.content.decode()
    assert Document.objects.get().status == Status.QUEUED
    assert Job.objects.filter(subject=failed.subject, state=JobState.QUEUED).count() == 1


def test_a_job_that_has_not_failed_is_left_as_it_is(as_admin: Client, diary: Document) -> None:
    job = Job.objects.create(kind=JobKind.READ, subject=diary.pk, owner=diary.owner, state=JobState.DONE)

    answer = as_admin.post("/admin/documents/job/", {"action": "retry", "_selected_action": [job.pk]}, follow=True)

    assert "have not failed" in answer.content.decode()
    assert Job.objects.count() == 1


def test_analyses_show_what_happened_and_not_what_was_found(as_staff: Client, gist: Analysis) -> None:
    listed = rows(as_staff, "/admin/documents/analysis/")
    opened = rows(as_staff, f"/admin/documents/analysis/{gist.pk}/change/")

    for page in (listed, opened):
        assert "Diary" in page
        assert "local" in page
        assert SECRET not in page


def test_calls_are_added_up_by_filter(as_staff: Client, alice: User) -> None:
    call(alice, "small", "0.25", 1)
    call(alice, "small", "0.50", 2)
    call(alice, "large", "4.00", 3)

    everything = rows(as_staff, "/admin/documents/aicall/")
    small = rows(as_staff, "/admin/documents/aicall/?model=small")

    assert "<strong>$4.7500</strong>" in everything
    assert "3,000 tokens in, 30 tokens out" in everything
    assert "<strong>$0.7500</strong>" in small


def test_the_books_are_kept_even_from_the_admin(as_admin: Client, alice: User) -> None:
    booked = call(alice, "small", "0.25", 1)

    deleted = as_admin.post(f"/admin/documents/aicall/{booked.pk}/delete/", {"post": "yes"})
    changed = as_admin.post(f"/admin/documents/aicall/{booked.pk}/change/", {"cost": "0"})

    assert (deleted.status_code, changed.status_code) == (403, 403)
    assert AICall.objects.get().cost == Decimal("0.25")


def test_an_admin_edits_a_recipe_but_not_its_slug(as_admin: Client, recipe: Recipe) -> None:
    sent = {
        "name": "Dangers",
        "slug": "dangers",
        "task": "instruction",
        "labels": "[]",
        "max_tokens": 512,
        "position": 1,
    }

    as_admin.post(f"/admin/documents/recipe/{recipe.pk}/change/", sent)

    recipe.refresh_from_db()
    assert (recipe.name, recipe.slug) == ("Dangers", "risks")


def test_an_admin_makes_a_person_who_can_log_in(as_admin: Client, client: Client) -> None:
    password = "seven green umbrellas"
    sent = {"email": "Dora@Example.org", "usable_password": "true", "password1": password, "password2": password}

    as_admin.post("/admin/accounts/user/add/", sent)

    client.post("/accounts/login/", {"login": "dora@example.org", "password": password})
    assert client.session["_auth_user_id"] == str(User.objects.get(email="dora@example.org").pk)


def test_a_taken_address_is_refused_whatever_its_capitals(as_admin: Client, alice: User) -> None:
    sent = {"email": "ALICE@example.org", "usable_password": "false"}

    answer = as_admin.post("/admin/accounts/user/add/", sent)

    assert "is taken" in answer.content.decode()


def test_a_new_address_replaces_the_old_one_at_the_door(as_admin: Client, alice: User) -> None:
    EmailAddress.objects.create(user=alice, email=alice.email, primary=True, verified=True)

    as_admin.post(f"/admin/accounts/user/{alice.pk}/change/", {"email": "new@example.org", "is_active": "on"})

    alice.refresh_from_db()
    assert alice.email == "new@example.org"
    assert not EmailAddress.objects.filter(email="alice@example.org").exists()


def test_staff_see_people_and_raise_nobody(as_staff: Client, staff: User) -> None:
    address = f"/admin/accounts/user/{staff.pk}/change/"

    page = rows(as_staff, address)
    answer = as_staff.post(address, {"email": staff.email, "is_superuser": "on"})

    assert "staff@example.org" in page
    assert staff.password not in page
    assert answer.status_code == 403
    assert not User.objects.get(pk=staff.pk).is_superuser


def test_tokens_are_seen_without_secrets_and_revoked(as_admin: Client, alice: User) -> None:
    token, secret = ApiToken.issue(user=alice, name="Script")
    address = f"/admin/accounts/apitoken/{token.pk}"
    pages = rows(as_admin, "/admin/accounts/apitoken/") + rows(as_admin, f"{address}/change/")

    as_admin.post(f"{address}/delete/", {"post": "yes"})

    assert token.prefix in pages
    assert secret not in pages
    assert token.digest not in pages
    assert not ApiToken.objects.exists()


@pytest.mark.usefixtures("gist", "failed", "recipe")
def test_every_page_keeps_the_strict_content_policy(as_admin: Client, alice: User) -> None:
    call(alice, "small", "0.25", 1)
    models = ["document", "job", "analysis", "aicall", "recipe"]
    addresses = ["/admin/", *(f"/admin/documents/{model}/" for model in models), "/admin/accounts/user/add/"]

    for address in addresses:
        answer = as_admin.get(address)

        assert "script-src 'self'" in answer["Content-Security-Policy"]
        assert not re.search(r"<script(?![^>]*\bsrc=)|<style|\sstyle=|\son\w+=", answer.content.decode()), address


class TestSpending:
    def test_the_books_are_summed_by_model_and_by_person(self, as_staff: Client, alice: User, bob: User) -> None:
        for owner, model, cost in ((alice, "claude-a", "0.5"), (alice, "claude-b", "0.25"), (bob, "claude-a", "2")):
            subject = uuid.uuid4()
            AICall.objects.create(
                owner=owner, subject=subject, fence=1, provider="claude", model=model, state="answered", cost=cost
            )

        page = as_staff.get("/admin/documents/aicall/").content.decode()

        rows = re.findall(r'<th scope="row">([^<]+)</th><td>(\d+)</td><td>([\d.]+)</td>', page)
        assert rows == [
            ("claude-a", "2", "2.5000"),
            ("claude-b", "1", "0.2500"),
            ("bob@example.org", "1", "2.0000"),
            ("alice@example.org", "2", "0.7500"),
        ]

    def test_runs_are_listed_without_what_was_asked(self, as_staff: Client, alice: User) -> None:
        Run.objects.create(owner=alice, name=SECRET)

        page = as_staff.get("/admin/documents/run/")

        assert page.status_code == 200
        assert SECRET not in page.content.decode()
        assert as_staff.get("/admin/documents/batch/").status_code == 200
