"""What a model has written so far is in its row, unless the answer was stopped or has ended."""

import pytest

from accounts.models import User
from documents import actions, drafts, jobs
from documents.models import Job, JobState, Message, MessageStatus
from tests.config.running import wait_for

pytestmark = pytest.mark.django_db(transaction=True, serialized_rollback=True)


@pytest.fixture
def draft(alice: User) -> drafts.Draft:
    """Of an answer of Alice's that a worker has just begun."""
    message = actions.ask(person=alice, question="What does the work cost?")
    Job.objects.filter(subject=message.pk).update(state=JobState.QUEUED)
    Message.objects.filter(pk=message.pk).update(status=MessageStatus.RUNNING)
    held = jobs.claim(Job.objects.get(subject=message.pk).pk)
    assert held is not None
    return drafts.Draft(held)


def text_of(draft: drafts.Draft) -> str:
    return Message.objects.get(pk=draft.held.subject).text


def test_what_is_written_so_far_is_in_the_row(draft: drafts.Draft) -> None:
    with drafts.kept.including(draft):
        draft.add("The work ")
        draft.add("costs")

        assert wait_for(lambda: text_of(draft) == "The work costs", 20)


def test_who_was_stopped_finds_out(draft: drafts.Draft) -> None:
    with drafts.kept.including(draft):
        jobs.cancel(draft.held.subject)
        draft.add("The work ")
        found_out = wait_for(lambda: draft.lost, 20)

    assert found_out
    assert text_of(draft) == ""
    with pytest.raises(jobs.Lost):
        draft.add("costs")


def test_an_answer_that_has_ended_is_not_written_over(draft: drafts.Draft) -> None:
    Message.objects.filter(pk=draft.held.subject).update(
        status=MessageStatus.DONE, text="The work costs €4,800.", result={}
    )

    with drafts.kept.including(draft):
        draft.add("The work ")
        wait_for(lambda: draft.written != "", 20)

    assert text_of(draft) == "The work costs €4,800."
