"""Questions asked of each document by a model that charges: whatever stops or dies, none is asked twice."""

from datetime import timedelta
from decimal import Decimal

import pytest
from django.db.models.functions import Now
from rest_framework.test import APIClient

from accounts.models import User
from documents import actions, jobs, tasks
from documents.models import AICall, Analysis, Budget, CallState, Document, Examination, Job, Message, Passage
from tests.api.swept import HAVING, asked, counts, now, work
from tests.claude import MessagesAPI, Script
from tests.claude_answers import fabricated, text

pytestmark = pytest.mark.django_db(transaction=True, serialized_rollback=True)

NOTHING = Script(blocks=(text("Nothing"),))


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
