"""Questions over documents by API: answered with the words they rest on, refused where there is no answer."""

from collections.abc import Callable
from decimal import Decimal
from typing import Any

import pytest
from django.test import Client
from rest_framework.test import APIClient

from accounts.models import User
from documents import actions, jobs, streams, tasks
from documents.ai import citations
from documents.models import AICall, CallState, Conversation, Document, Job, Message
from tests.claude import MessagesAPI, Script

pytestmark = pytest.mark.django_db(transaction=True, serialized_rollback=True)

LETTER = "The water is turned off on 12 May 2026. The work costs €4,800, which the landlord pays in full."
RECIPE = "Two eggs and a pound of flour make a fine cake. It bakes for forty minutes."


@pytest.fixture
def put(alice: User) -> Callable[..., Document]:
    def put_in(content: str, title: str = "Letter") -> Document:
        document = actions.upload_text(owner=alice, title=title, content=content).document
        return Document.objects.get(pk=document.pk)

    return put_in


def asked(api: APIClient, question: str, **over: Any) -> dict[str, Any]:
    answer = api.post("/api/ask/", {"question": question} | over)
    assert answer.status_code == 202, answer.content
    found: dict[str, Any] = api.get(f"/api/messages/{answer.json()['id']}/").json()
    return found


def told(message: dict[str, Any]) -> list[tuple[str, dict[str, Any]]]:
    """What was told of it while it was answered."""
    answer = streams._client().xrange(f"glossa:events:{message['id']}")
    return [(event.name, event.data) for event in streams.read([[b"", answer]])]


class TestWithoutAKey:
    def test_the_sentence_that_answers_is_quoted(self, api: APIClient, put: Callable[..., Document]) -> None:
        letter = put(LETTER)
        put(RECIPE, "Cake")

        message = asked(api, "What does the work cost?")

        assert message["text"] == "The work costs €4,800, which the landlord pays in full."
        assert (message["status"], message["provider"]) == ("done", "local")
        assert message["result"]["answered"] is True
        assert message["searched"]["documents"] == 2
        (citation,) = message["citations"]
        assert (citation["document"], citation["verified"]) == (str(letter.pk), True)
        assert letter.content[citation["start"] : citation["end"]] == citation["quote"]

    def test_what_is_not_in_the_documents_is_not_answered(self, api: APIClient, put: Callable[..., Document]) -> None:
        put(LETTER)

        message = asked(api, "Who was the emperor of Austria in 1848?")

        assert message["result"]["answered"] is False
        assert message["citations"] == []

    def test_the_answer_is_told_as_it_comes(self, api: APIClient, put: Callable[..., Document]) -> None:
        put(LETTER)

        events = told(asked(api, "What does the work cost?"))

        assert [name for name, _ in events] == ["status", "passages", "delta", "citation", "done"]


class TestScope:
    def test_only_the_documents_chosen_are_searched(self, api: APIClient, put: Callable[..., Document]) -> None:
        put(LETTER)
        cake = put(RECIPE, "Cake")

        message = asked(api, "What does the work cost?", documents=[str(cake.pk)])

        assert message["result"]["answered"] is False
        assert message["searched"]["documents"] == 1

    def test_a_collection_is_searched_as_it_is_now(
        self, api: APIClient, alice: User, put: Callable[..., Document]
    ) -> None:
        collection = actions.make_collection(owner=alice, name="House", documents=[put(LETTER).pk])

        assert asked(api, "What does the work cost?", collection=collection.pk)["result"]["answered"] is True

    def test_bobs_questions_reach_none_of_alices_documents(
        self, api: APIClient, api_of_bob: APIClient, put: Callable[..., Document]
    ) -> None:
        letter = put(LETTER)
        message = asked(api, "What does the work cost?")

        refused = api_of_bob.post("/api/ask/", {"question": "What?", "documents": [str(letter.pk)]})
        nothing = asked(api_of_bob, "What does the work cost?")

        assert (refused.status_code, refused.json()["code"]) == (400, "unknown_document")
        assert (nothing["status"], nothing["error"]["code"]) == ("failed", "nothing_to_read")
        assert "no document with a text" in nothing["error"]["detail"]
        for path in (f"messages/{message['id']}", f"conversations/{message['conversation']}"):
            assert api_of_bob.get(f"/api/{path}/").status_code == 404
        assert (
            api_of_bob.post("/api/ask/", {"question": "So?", "conversation": message["conversation"]}).status_code
            == 404
        )


class TestWithClaude:
    def test_an_answer_is_streamed_from_passages_and_its_citations_lead_into_documents(
        self, claude: MessagesAPI, api: APIClient, put: Callable[..., Document]
    ) -> None:
        letter = put(LETTER)

        message = asked(api, "What does the work cost?")

        assert message["status"] == "done"
        assert claude.requests[-1].body["stream"] is True
        (citation,) = message["citations"]
        assert letter.content[citation["start"] : citation["end"]] == citation["quote"]
        names = [name for name, _ in told(message)]
        assert names[:2] == ["status", "passages"]
        assert names[-1] == "done"
        assert "".join(data["text"] for name, data in told(message) if name == "delta").strip() == message["text"]
        assert AICall.objects.get().state == CallState.ANSWERED
        assert Decimal(message["cost"]) == AICall.objects.get().cost

    def test_a_model_that_is_not_configured_is_refused(
        self, claude: MessagesAPI, api: APIClient, put: Callable[..., Document]
    ) -> None:
        put(LETTER)

        refused = api.post("/api/ask/", {"question": "What does the work cost?", "model": "claude-opus-9"})

        assert (refused.status_code, refused.json()["code"]) == (400, "unknown_model")

    def test_a_follow_up_question_knows_what_was_said(
        self, claude: MessagesAPI, api: APIClient, put: Callable[..., Document]
    ) -> None:
        put(LETTER)
        first = asked(api, "What does the work cost?")

        second = asked(api, "And who pays?", conversation=first["conversation"])

        assert second["ordinal"] == 1
        assert "What does the work cost?" in claude.requests[-1].body["messages"][0]["content"][-1]["text"]

    def test_made_up_quotes_are_marked_and_lead_nowhere(
        self, claude: MessagesAPI, api: APIClient, put: Callable[..., Document]
    ) -> None:
        put(LETTER)
        claude.fabricated = 3

        message = asked(api, "What does the work cost?")

        unverified = [one for one in message["citations"] if not one["verified"]]
        assert [(one["document"], one["start"]) for one in unverified] == [(None, None)] * 3
        assert message["result"]["verified"] < message["result"]["total"]

    def test_a_stream_that_is_cut_is_asked_once_more_and_both_are_on_the_books(
        self, claude: MessagesAPI, api: APIClient, put: Callable[..., Document]
    ) -> None:
        put(LETTER)
        claude.script.append(Script(cut="within"))
        message = asked(api, "What does the work cost?")
        assert message["status"] == "running"

        jobs.hurry(message["id"])
        tasks.run(Job.objects.get(subject=message["id"]).pk)

        assert Message.objects.get().status == "done"
        assert list(AICall.objects.order_by("pk").values_list("state", flat=True)) == ["ambiguous", "answered"]
        answered = AICall.objects.get(state=CallState.ANSWERED)
        assert Decimal(api.get(f"/api/messages/{message['id']}/").json()["cost"]) == answered.cost

    def test_a_document_deleted_meanwhile_takes_its_words_along_and_the_thread_stays_usable(
        self,
        claude: MessagesAPI,
        api: APIClient,
        as_alice: Client,
        put: Callable[..., Document],
        monkeypatch: pytest.MonkeyPatch,
    ) -> None:
        letter = put(LETTER)
        check = citations.check

        def deleted_then_checked(*args: Any) -> Any:
            Document.objects.filter(pk=letter.pk).delete()
            return check(*args)

        monkeypatch.setattr(citations, "check", deleted_then_checked)
        message = asked(api, "What does the work cost?")

        assert message["status"] == "done"
        assert message["result"]["verified"] == 0
        assert [(one["verified"], one["quote"]) for one in message["citations"]] == [(False, "")]
        page = as_alice.get(f"/conversations/{message['conversation']}/")
        assert page.status_code == 200
        assert "Your next question" in page.content.decode()

    def test_a_stopped_answer_keeps_its_words_and_can_be_asked_for_again(
        self, claude: MessagesAPI, api: APIClient, put: Callable[..., Document]
    ) -> None:
        put(LETTER)
        claude.script.append(Script(status=529))
        message = asked(api, "What does the work cost?")

        assert told(message)[-1] == ("status", {"status": "queued", "detail": "The model is busy or down just now."})

        stopped = api.post(f"/api/messages/{message['id']}/cancel/").json()
        assert stopped["status"] == "cancelled"
        assert api.post(f"/api/messages/{message['id']}/cancel/").status_code == 409

        api.post(f"/api/messages/{message['id']}/retry/")
        assert api.get(f"/api/messages/{message['id']}/").json()["status"] == "done"


class TestConversations:
    def test_a_double_click_asks_once(self, api: APIClient, put: Callable[..., Document]) -> None:
        put(LETTER)
        thread = asked(api, "What does the work cost?")["conversation"]
        again = {"question": "Who pays?", "conversation": thread, "key": "6f6b7a8e-3c5a-4df0-8f0c-2f1d7e9b1a11"}

        messages = [api.post("/api/ask/", again).json()["id"] for _ in range(2)]

        assert len(set(messages)) == 1
        assert Message.objects.count() == 2

    def test_they_are_listed_searched_renamed_read_and_deleted(
        self, api: APIClient, put: Callable[..., Document]
    ) -> None:
        put(LETTER)
        thread = asked(api, "What does the work cost?")["conversation"]
        asked(api, "How long does the cake bake?")

        found = api.get("/api/conversations/", {"q": "the work"}).json()["results"]
        assert [(one["id"], one["messages"]) for one in found] == [(thread, 1)]

        assert api.patch(f"/api/conversations/{thread}/", {"title": "The pipe"}).json()["title"] == "The pipe"
        assert [one["question"] for one in api.get(f"/api/conversations/{thread}/messages/").json()] == [
            "What does the work cost?"
        ]
        assert api.delete(f"/api/conversations/{thread}/").status_code == 204
        assert Conversation.objects.count() == 1

    @pytest.mark.parametrize(
        ("question", "code"),
        [("  ", "empty_question"), ("\u200b ?", "empty_question"), ("x" * 20_000, "question_too_long")],
    )
    def test_what_is_no_question_is_refused_with_a_sentence(self, api: APIClient, question: str, code: str) -> None:
        refused = api.post("/api/ask/", {"question": question})

        assert (refused.status_code, refused.json()["code"]) == (400, code)
