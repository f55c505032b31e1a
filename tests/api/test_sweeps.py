"""Questions asked of each document, by API: every document is accounted for, and its words are cited."""

import csv
from io import BytesIO, StringIO
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from python_calamine import CalamineWorkbook
from rest_framework.test import APIClient

from documents import actions
from documents.models import Analysis, Document, Message
from tests.api.swept import HAVING, LACKING, asked, counts, exported, ledger
from tests.api.test_ask import told

pytestmark = pytest.mark.django_db(transaction=True, serialized_rollback=True)


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
        assert claim["text"].startswith("Lease B: no statement found in 1 passage")
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
        assert asked(api_of_bob, HAVING, sweep=True)["error"]["code"] == "nothing_to_read"

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
