"""The bin by the API: in, out, and nothing of it told meanwhile."""

import uuid
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from rest_framework.test import APIClient

from accounts.models import User
from documents import actions, tasks
from documents.models import Analysis, Document, Job, Run
from documents.values import Task
from tests.library import LETTER, Commit
from tests.test_parts import put_in, zipped
from tests.web.analysed import done

pytestmark = pytest.mark.django_db

COST = "What does the work cost?"


def bin_it(api: APIClient, document: Document) -> Any:
    return api.post(f"/api/documents/{document.pk}/bin/")


def restore(api: APIClient, document: Document) -> Any:
    return api.post(f"/api/documents/{document.pk}/restore/")


def titles(api: APIClient, **query: Any) -> list[str]:
    return [row["title"] for row in api.get("/api/documents/", query).json()["results"]]


def test_a_document_goes_in_and_comes_back(api: APIClient, notice: Document) -> None:
    went = bin_it(api, notice)
    gone = (titles(api), titles(api, bin=True), api.get(f"/api/documents/{notice.pk}/").status_code)
    came = restore(api, notice)

    assert (went.status_code, came.status_code) == (200, 200)
    assert went.json()["deleted_at"] is not None
    assert came.json()["deleted_at"] is None
    assert gone == ([], ["notice"], 404)
    assert (titles(api), titles(api, bin=True)) == (["notice"], [])


def test_doing_it_twice_changes_nothing_more(api: APIClient, notice: Document) -> None:
    first, second = bin_it(api, notice).json(), bin_it(api, notice).json()
    again = [restore(api, notice).status_code for _ in range(2)]

    assert first["deleted_at"] == second["deleted_at"]
    assert again == [200, 200]


def test_the_same_key_gives_the_same_answer(api: APIClient, notice: Document) -> None:
    key = {"Idempotency-Key": "once"}
    first = api.post(f"/api/documents/{notice.pk}/bin/", headers=key)
    restore(api, notice)

    second = api.post(f"/api/documents/{notice.pk}/bin/", headers=key)

    assert second["Idempotency-Replayed"] == "true"
    assert second.json() == first.json()
    assert titles(api) == ["notice"]


def test_delete_is_for_good_in_the_bin_or_not(api: APIClient, notice: Document, leases: list[Document]) -> None:
    bin_it(api, notice)

    statuses = [api.delete(f"/api/documents/{one.pk}/").status_code for one in (notice, leases[0])]

    assert statuses == [204, 204]
    assert Document.objects.count() == 2


def test_an_upload_brings_it_back_as_a_duplicate(api: APIClient, notice: Document) -> None:
    bin_it(api, notice)

    answer = api.post("/api/documents/", {"file": SimpleUploadedFile("n.md", LETTER.encode())}, format="multipart")

    assert (answer.status_code, answer.json()["id"], answer.json()["duplicate"]) == (200, str(notice.pk), True)
    assert titles(api) == ["notice"]


def test_bob_can_do_nothing_with_it(api: APIClient, api_of_bob: APIClient, notice: Document) -> None:
    own = f"/api/documents/{notice.pk}/"

    before = [bin_it(api_of_bob, notice).status_code, restore(api_of_bob, notice).status_code]
    bin_it(api, notice)
    after = [api_of_bob.post(f"{own}restore/").status_code, api_of_bob.delete(own).status_code]

    assert before + after == [404] * 4
    assert titles(api_of_bob, bin=True) == []
    assert titles(api, bin=True) == ["notice"]


def test_a_reading_token_moves_nothing(reading_api: APIClient, notice: Document) -> None:
    assert bin_it(reading_api, notice).status_code == 403
    assert restore(reading_api, notice).status_code == 403


@pytest.mark.parametrize(
    "path", ["", "content/", "place/?start=0&end=5", "file/", "similar/", "pages/1.png", "analyze/", "read/"]
)
def test_nothing_else_finds_it(api: APIClient, notice: Document, path: str) -> None:
    bin_it(api, notice)
    call = api.post if path in ("analyze/", "read/") else api.get

    assert call(f"/api/documents/{notice.pk}/{path}").status_code == 404


def test_no_analysis_of_it_is_found_and_none_is_lost(api: APIClient, notice: Document) -> None:
    analysis = done(notice, Task.SUMMARY, {"text": "It names a price.", "quotes": ["€4,800"]})
    bin_it(api, notice)

    hidden = [api.get(f"/api/analyses/{analysis.pk}/{path}").status_code for path in ("", "export/")]
    listed = api.get("/api/analyses/").json()["results"]
    restore(api, notice)

    assert hidden == [404, 404]
    assert listed == []
    assert api.get(f"/api/analyses/{analysis.pk}/").json()["citations"][0]["verified"] is True


def test_a_run_counts_without_it(api: APIClient, alice: User, notice: Document) -> None:
    analysis = done(notice, Task.SUMMARY, {"text": "It names a price.", "quotes": ["€4,800"]})
    run = Run.objects.create(owner=alice, name="Prices")
    Analysis.objects.filter(pk=analysis.pk).update(run=run)

    bin_it(api, notice)

    shown = api.get(f"/api/runs/{run.pk}/").json()
    exported = api.get(f"/api/runs/{run.pk}/export/")
    assert (shown["total"], shown["done"]) == (0, 0)
    assert b"price" not in b"".join(exported.streaming_content)  # type: ignore[attr-defined]


def test_citations_of_an_answer_keep_their_places_and_tell_nothing(
    api: APIClient, alice: User, notice: Document, commit: Commit
) -> None:
    with commit():
        message = actions.ask(person=alice, question=COST)
    address = f"/api/messages/{message.pk}/"
    before = api.get(address).json()["citations"]

    bin_it(api, notice)
    hidden = api.get(address).json()["citations"]
    in_thread = api.get(f"/api/conversations/{message.conversation_id}/messages/").json()[0]["citations"]
    restore(api, notice)

    assert before[0]["verified"] is True
    assert len(hidden) == len(before)
    assert (hidden[0]["document"], hidden[0]["quote"], hidden[0]["start"], hidden[0]["verified"]) == (
        *(None, "", None),
        False,
    )
    assert in_thread == hidden
    assert api.get(address).json()["citations"] == before


def test_a_file_inside_of_another_has_no_document_while_it_is_in_the_bin(
    api: APIClient, alice: User, notice: Document, commit: Commit
) -> None:
    archive = put_in(alice, "letters.zip", zipped(notice_md=LETTER), commit)
    bin_it(api, notice)

    (part,) = api.get(f"/api/documents/{archive.pk}/").json()["parts"]
    restore(api, notice)
    (back,) = api.get(f"/api/documents/{archive.pk}/").json()["parts"]

    assert (part["document"], part["reason"]) == (None, "It is in the bin.")
    assert (back["document"], back["reason"]) == (str(notice.pk), "")


def test_search_and_similar_documents_leave_it_out(api: APIClient, notice: Document, leases: list[Document]) -> None:
    for job in Job.objects.filter(state="queued"):
        tasks.run(job.pk)
    bin_it(api, leases[0])

    found = api.get("/api/search/", {"q": "security deposit"}).json()["results"]
    similar = api.get(f"/api/documents/{leases[2].pk}/similar/").json()

    assert str(leases[0].pk) not in {hit["document"] for hit in found}
    assert str(leases[0].pk) not in {one["document"] for one in similar}


def test_collections_leave_it_out(api: APIClient, notice: Document) -> None:
    made = api.post("/api/collections/", {"name": "Letters", "documents": [str(notice.pk)]}).json()
    bin_it(api, notice)

    shown = api.get(f"/api/collections/{made['id']}/").json()

    assert shown["documents"] == []
    assert titles(api, collection=made["id"]) == []
    assert titles(api, collection=made["id"], bin=True) == ["notice"]


def test_what_is_not_there_is_not_found(api: APIClient) -> None:
    assert api.post(f"/api/documents/{uuid.uuid4()}/restore/").status_code == 404
