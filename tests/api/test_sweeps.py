"""Questions asked of each document, by API: every document is accounted for, stopped ones go on, none is asked twice."""

import csv
from datetime import timedelta
from decimal import Decimal
from io import BytesIO, StringIO
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.db.models.functions import Now
from django.test.utils import CaptureQueriesContext
from python_calamine import CalamineWorkbook
from rest_framework.test import APIClient

from accounts.models import User
from documents import actions, jobs, tasks
from documents.models import AICall, Analysis, Budget, CallState, Document, Examination, Job, Message, Passage
from tests.api.test_ask import told
from tests.claude import MessagesAPI, Script
from tests.claude_answers import fabricated, text

pytestmark = pytest.mark.django_db(transaction=True, serialized_rollback=True)

WITH = "Lease {}. The tenant pays a security deposit of €{},000. The rent is due on the first day of each month."
WITHOUT = "Lease {}. The tenant keeps the garden. The rent is due on the first day of each month."
LACKING = "Which leases do not mention a security deposit?"
HAVING = "Which leases mention a security deposit?"
NOTHING = Script(blocks=(text("Nothing"),))


@pytest.fixture
def leases(alice: User) -> list[Document]:
    """Two with a deposit, one without, in the order of their titles."""
    texts = [WITH.format("A", 2), WITHOUT.format("B"), WITH.format("C", 3)]
    made = [actions.upload_text(owner=alice, title=one[:7], content=one).document.pk for one in texts]
    return list(Document.objects.filter(pk__in=made).order_by("title"))


@pytest.fixture
def scan(alice: User) -> Document:
    """A document that cannot be read."""
    broken = SimpleUploadedFile("scan.pdf", b"%PDF-1.7 this is no file")
    document = actions.upload(owner=alice, file=broken).document
    Document.objects.filter(pk=document.pk).update(status="failed", error="The file is damaged.", title="Scan")
    return document


def asked(api: APIClient, question: str, **over: Any) -> dict[str, Any]:
    answer = api.post("/api/ask/", {"question": question} | over)
    assert answer.status_code == 202, answer.content
    return now(api, answer.json())


def now(api: APIClient, message: dict[str, Any]) -> dict[str, Any]:
    found: dict[str, Any] = api.get(f"/api/messages/{message['id']}/").json()
    return found


def ledger(api: APIClient, message: dict[str, Any], **asked: Any) -> list[tuple[str, str]]:
    rows = api.get(f"/api/messages/{message['id']}/coverage/", asked).json()["results"]
    return [(row["title"], row["state"]) for row in rows]


def exported(api: APIClient, message: dict[str, Any], form: str) -> bytes:
    answer = api.get(f"/api/messages/{message['id']}/coverage/export/", {"form": form})
    assert answer.status_code == 200
    return b"".join(answer.streaming_content)  # type: ignore[attr-defined]


def counts(message: dict[str, Any]) -> dict[str, int]:
    """What became of the documents, without the states that none has."""
    return {name: count for name, count in message["sweep"].items() if count}


def work() -> None:
    """What workers do a while later."""
    for job in Job.objects.filter(state="queued").order_by("kind"):
        jobs.hurry(job.subject)
        tasks.run(job.pk)


class TestWithoutAKey:
    def test_a_question_about_all_is_asked_of_each_document(self, api: APIClient, leases: list[Document]) -> None:
        message = asked(api, HAVING)

        assert (message["status"], message["provider"]) == ("done", "local")
        assert counts(message) == {"documents": 3, "examined": 3, "found": 2, "not_found": 1}
        assert message["text"].startswith("2 of 3 documents say so; 1 does not. Chosen on this machine")
        assert ledger(api, message) == [("Lease A", "found"), ("Lease B", "not_found"), ("Lease C", "found")]

    def test_each_claim_cites_its_document(self, api: APIClient, leases: list[Document]) -> None:
        message = asked(api, HAVING)

        claims, citations = message["result"]["claims"], message["citations"]
        assert [claim["text"].partition(":")[0] for claim in claims] == ["Lease A", "Lease C"]
        assert (message["result"]["verified"], message["result"]["total"]) == (2, 2)
        for claim, lease in zip(claims, (leases[0], leases[2]), strict=True):
            (citation,) = (citations[at] for at in claim["citations"])
            assert citation["document"] == str(lease.pk)
            assert lease.content[citation["start"] : citation["end"]] == citation["quote"]
            assert "deposit" in citation["quote"]

    def test_documents_without_it_are_listed_and_their_absence_is_marked(
        self, api: APIClient, leases: list[Document]
    ) -> None:
        message = asked(api, LACKING)

        assert message["result"]["coverage"]["lacks"] is True
        assert message["text"].startswith("In 1 of 3 documents nothing was found; 2 have a statement of it.")
        (claim,) = message["result"]["claims"]
        assert claim["text"].startswith("Lease B: no statement found in 1 passages")
        assert (claim["citations"], claim["doubt"]) == ([], "absence cannot be cited")
        assert message["result"]["verified"] == 0

    def test_what_could_not_be_read_is_in_the_ledger_with_its_reason(
        self, api: APIClient, leases: list[Document], scan: Document
    ) -> None:
        message = asked(api, HAVING)

        assert counts(message)["unreadable"] == 1
        assert "1 could not be read" in message["text"]
        (row,) = api.get(f"/api/messages/{message['id']}/coverage/", {"state": "unreadable"}).json()["results"]
        assert (row["title"], row["reason"]) == ("Scan", "The file is damaged.")

    def test_the_question_is_answered_in_its_language(self, api: APIClient, leases: list[Document]) -> None:
        message = asked(api, "In welchen Mietverträgen fehlt eine security deposit?")

        assert message["text"].startswith("In 1 von 3 Dokumenten wurde nichts gefunden; 2 haben eine Aussage dazu.")

    def test_progress_is_told_while_documents_are_asked(self, api: APIClient, leases: list[Document]) -> None:
        events = told(asked(api, HAVING))

        progress = [data["sweep"]["examined"] for name, data in events if name == "status"]
        assert progress == [0, 1, 2, 3, 3]
        assert [name for name, _ in events][-1] == "done"
        assert {"delta", "citation"} <= {name for name, _ in events}

    def test_it_can_be_switched_off_and_on(self, api: APIClient, leases: list[Document]) -> None:
        off, on = asked(api, HAVING, sweep=False), asked(api, "What is the deposit?", sweep=True)

        assert (off["sweep"], off["suggests_sweep"]) == (None, False)
        assert on["sweep"]["documents"] == 3

    def test_one_document_is_asked_as_ever(self, api: APIClient, leases: list[Document]) -> None:
        assert asked(api, HAVING, documents=[str(leases[0].pk)])["sweep"] is None

    def test_a_deleted_document_stays_in_the_ledger(self, api: APIClient, leases: list[Document]) -> None:
        message = asked(api, HAVING)

        actions.delete(document=leases[0])

        rows = api.get(f"/api/messages/{message['id']}/coverage/").json()["results"]
        assert (rows[0]["title"], rows[0]["document"], rows[0]["state"]) == ("Lease A", None, "unreadable")
        assert "deleted" in rows[0]["reason"]

    def test_examinations_are_in_no_list_of_analyses_and_go_with_the_conversation(
        self, api: APIClient, leases: list[Document]
    ) -> None:
        message = asked(api, HAVING)

        assert api.get("/api/analyses/").json()["results"] == []
        assert api.get("/api/runs/").json()["results"] == []
        api.delete(f"/api/conversations/{message['conversation']}/")
        assert not Analysis.objects.exists()

    def test_bob_sees_nothing_of_it(self, api: APIClient, api_of_bob: APIClient, leases: list[Document]) -> None:
        message = asked(api, HAVING)

        for path in ("coverage/", "coverage/export/"):
            assert api_of_bob.get(f"/api/messages/{message['id']}/{path}").status_code == 404
        assert asked(api_of_bob, HAVING, sweep=True)["error"]["code"] == "model_rejected"

    def test_more_documents_than_can_be_asked_are_refused_with_a_sentence(
        self, api: APIClient, leases: list[Document], monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setattr("documents.actions.sweeping.MOST_IN_A_SWEEP", 2)

        refused = api.post("/api/ask/", {"question": HAVING, "sweep": True})

        assert (refused.status_code, refused.json()["code"]) == (400, "too_many")
        assert "collection" in refused.json()["detail"]
        assert asked(api, HAVING)["suggests_sweep"] is True
        assert Message.objects.count() == 1

    def test_a_status_costs_the_same_queries_however_many_documents_there_are(
        self, api: APIClient, leases: list[Document]
    ) -> None:
        three, one = asked(api, HAVING), asked(api, HAVING, documents=[str(leases[0].pk)], sweep=True)

        def queries(message: dict[str, Any], path: str) -> int:
            with CaptureQueriesContext(connection) as captured:
                api.get(f"/api/messages/{message['id']}/{path}")
            assert not any('"documents_document"."content"' in one["sql"] for one in captured)
            return len(captured)

        assert queries(three, "") == queries(one, "")
        assert queries(three, "coverage/") <= queries(one, "coverage/") + 1


class TestTakenAlong:
    def test_the_ledger_has_pages(self, api: APIClient, leases: list[Document]) -> None:
        message = asked(api, HAVING)

        first = api.get(f"/api/messages/{message['id']}/coverage/", {"limit": 2}).json()
        second = api.get(first["next"]).json()
        again = api.get(second["previous"]).json()

        assert [row["title"] for row in first["results"]] == ["Lease A", "Lease B"]
        assert ([row["title"] for row in second["results"]], second["next"]) == (["Lease C"], None)
        assert (again["results"], first["previous"]) == (first["results"], None)

    def test_every_document_is_in_the_table(self, api: APIClient, leases: list[Document], scan: Document) -> None:
        message = asked(api, HAVING)

        rows = list(csv.DictReader(StringIO(exported(api, message, "csv").decode("utf-8-sig"))))
        book = CalamineWorkbook.from_filelike(BytesIO(exported(api, message, "xlsx")))

        assert [(row["document"], row["state"]) for row in rows] == [
            ("Lease A", "found"),
            ("Lease B", "not_found"),
            ("Lease C", "found"),
            ("Scan", "unreadable"),
        ]
        assert (rows[0]["verified"], "€2,000" in rows[0]["quote"]) == ("True", True)
        assert len(book.get_sheet_by_name("Documents").to_python()) == 5
        assert ["found", 2.0] in book.get_sheet_by_name("Counts").to_python()

    def test_markdown_and_json_hold_every_document(self, api: APIClient, leases: list[Document]) -> None:
        message = asked(api, HAVING)

        assert exported(api, message, "md").decode().count("\n## Lease") == 3
        assert exported(api, message, "json").count(b'"state": "found"') == 2
        assert api.get(f"/api/messages/{message['id']}/coverage/export/", {"form": "exe"}).status_code == 400

    def test_titles_are_no_formulas(self, api: APIClient, leases: list[Document]) -> None:
        Document.objects.filter(pk=leases[0].pk).update(title="=cmd()")

        rows = list(csv.reader(StringIO(exported(api, asked(api, HAVING), "csv").decode("utf-8-sig"))))

        assert "'=cmd()" in [row[0] for row in rows]


class TestWithClaude:
    def test_a_sweep_that_costs_is_suggested_and_not_begun(
        self, claude: MessagesAPI, api: APIClient, leases: list[Document]
    ) -> None:
        message = asked(api, HAVING)

        assert (message["sweep"], message["suggests_sweep"]) == (None, True)
        assert AICall.objects.count() == 1

    def test_each_document_is_asked_by_itself_and_booked(
        self, claude: MessagesAPI, api: APIClient, leases: list[Document]
    ) -> None:
        claude.script += [Script(), NOTHING, Script()]

        message = asked(api, HAVING, sweep=True)

        assert counts(message) == {"documents": 3, "examined": 3, "found": 2, "not_found": 1}
        assert HAVING in str(claude.requests[0].body["messages"])
        assert [one.body["messages"][0]["content"][0]["title"] for one in claude.requests] == [
            "Lease A",
            "Lease B",
            "Lease C",
        ]
        assert AICall.objects.filter(state=CallState.ANSWERED).count() == 3
        assert message["usage"]["input_tokens"] > 0

    def test_what_is_quoted_and_stands_nowhere_is_a_state_of_its_own(
        self, claude: MessagesAPI, api: APIClient, leases: list[Document]
    ) -> None:
        made_up = {"type": "text", "text": "There is a deposit.", "citations": [fabricated(1)]}
        claude.script += [Script(blocks=(made_up,)), NOTHING, NOTHING]

        message = asked(api, HAVING, sweep=True)

        assert counts(message) == {"documents": 3, "examined": 3, "not_found": 2, "unverified": 1}
        (claim,) = message["result"]["claims"]
        assert claim["doubt"] == "the words quoted do not stand in the document"
        assert [(one["document"], one["verified"]) for one in message["citations"]] == [(None, False)]
        assert message["result"]["answered"] is False

    def test_what_it_would_cost_is_told_before(
        self, claude: MessagesAPI, api: APIClient, leases: list[Document], scan: Document
    ) -> None:
        told = api.post("/api/ask/estimate/", {"question": HAVING}).json()
        one = api.post("/api/ask/estimate/", {"question": HAVING, "sweep": False}).json()
        unknown = api.post("/api/ask/estimate/", {"question": HAVING, "model": "claude-opus-9"}).json()

        assert (told["sweep"], told["documents"], told["unreadable"]) == (True, 4, 1)
        assert 0 < Decimal(told["cost"]) < Decimal(told["most"])
        assert (one["sweep"], one["tokens"] > 0) == (False, True)
        assert unknown["cost"] is None
        assert not Message.objects.exists()

    def test_stopping_keeps_what_was_found_and_going_on_asks_the_rest_alone(
        self, claude: MessagesAPI, api: APIClient, leases: list[Document]
    ) -> None:
        claude.script += [Script(), Script(status=529), Script(status=529)]
        message = asked(api, HAVING, sweep=True)
        assert (message["status"], counts(message)["waiting"]) == ("running", 2)

        stopped = api.post(f"/api/messages/{message['id']}/cancel/").json()
        assert (stopped["status"], stopped["text"]) == (
            "cancelled",
            f"1 of 3 documents says so; 2 were not asked.\n- {stopped['result']['claims'][0]['text'].strip()}",
        )
        assert api.post(f"/api/messages/{message['id']}/cancel/").status_code == 409

        claude.script.clear()
        claude.requests.clear()
        api.post(f"/api/messages/{message['id']}/retry/")
        work()
        assert (now(api, message)["status"], counts(now(api, message))["found"]) == ("done", 3)
        assert len(claude.requests) == 2
        assert api.post(f"/api/messages/{message['id']}/retry/").status_code == 409

    def test_a_budget_used_up_fails_the_rest_with_its_sentence(
        self, claude: MessagesAPI, api: APIClient, leases: list[Document], alice: User
    ) -> None:
        Budget.objects.create(owner=alice, monthly_usd=Decimal("0.05"))
        claude.script.append(Script(usage={"output_tokens": 9_900}))

        message = asked(api, HAVING, sweep=True)
        work()

        message = now(api, message)
        assert (message["status"], counts(message)["failed"]) == ("done", 2)
        assert "2 could not be asked" in message["text"]
        (row, _) = api.get(f"/api/messages/{message['id']}/coverage/", {"state": "failed"}).json()["results"]
        assert "budget" in row["reason"]

    def test_a_question_no_document_could_be_asked_says_why(
        self, claude: MessagesAPI, api: APIClient, leases: list[Document], alice: User
    ) -> None:
        Budget.objects.create(owner=alice, monthly_usd=Decimal("0"))

        message = asked(api, HAVING, sweep=True)
        work()

        message = now(api, message)
        assert (message["status"], message["error"]["code"]) == ("failed", "nothing_examined")
        assert "budget" in message["error"]["detail"]


class TestKilled:
    def test_workers_lost_in_mid_sweep_ask_nothing_twice(
        self, claude: MessagesAPI, api: APIClient, leases: list[Document]
    ) -> None:
        claude.script += [Script(), Script(status=529), Script(status=529)]
        message = asked(api, HAVING, sweep=True)
        claude.script.clear()
        for job in Job.objects.filter(state="queued"):
            jobs.hurry(job.subject)
            jobs.claim(job.pk)
        Job.objects.filter(state="running").update(lease_until=Now() - timedelta(seconds=1))
        before = len(claude.requests)

        tasks.sweep()

        assert (now(api, message)["status"], counts(now(api, message))["found"]) == ("done", 3)
        assert len(claude.requests) == before + 2
        assert AICall.objects.filter(state=CallState.ANSWERED).count() == 3

    def test_a_lost_call_of_the_last_document_is_made_up_for(
        self, claude: MessagesAPI, api: APIClient, leases: list[Document]
    ) -> None:
        """The worker died between saving the last document and calling whoever waits for it."""
        claude.script += [Script(), Script(), Script(status=529)]
        message = asked(api, HAVING, sweep=True)
        left = Examination.objects.get(message=message["id"], analysis__status="running").analysis
        assert left is not None
        Analysis.objects.filter(pk=left.pk).update(status="failed", error="Killed.")
        jobs.cancel(left.pk)

        work()

        assert now(api, message)["status"] == "done"

    def test_a_document_deleted_meanwhile_holds_nothing_up(
        self, claude: MessagesAPI, api: APIClient, leases: list[Document]
    ) -> None:
        claude.script += [Script(), Script(), Script(status=529)]
        message = asked(api, HAVING, sweep=True)

        actions.delete(document=leases[2])
        work()

        message = now(api, message)
        assert (message["status"], counts(message)) == (
            "done",
            {"documents": 3, "examined": 2, "found": 2, "unreadable": 1},
        )

    def test_what_was_read_meanwhile_is_asked_when_it_is_answered_once_more(
        self, api: APIClient, leases: list[Document]
    ) -> None:
        Document.objects.filter(pk=leases[2].pk).update(status="reading")
        message = asked(api, HAVING)
        assert counts(message)["unreadable"] == 1
        Document.objects.filter(pk=leases[2].pk).update(status="ready")

        api.post(f"/api/messages/{message['id']}/retry/")

        assert counts(now(api, message)) == {"documents": 3, "examined": 3, "found": 2, "not_found": 1}
        assert Passage.objects.filter(document=leases[2]).exists()
