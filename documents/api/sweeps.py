"""What the API tells of questions that are asked of each document: counts, the ledger, what it would cost."""

from typing import Any
from uuid import UUID

from rest_framework import serializers
from rest_framework.request import Request

from documents import sweeps
from documents.api import paging
from documents.api.citations import CitationSerializer
from documents.api.serializers import ClaimSerializer
from documents.models import ExaminationState, Message


class CoverageSerializer(serializers.Serializer[Any]):
    """How many documents were to be asked, and what became of them."""

    documents = serializers.IntegerField()
    examined = serializers.IntegerField(help_text="`found`, `not_found` and `unverified`.")
    waiting = serializers.IntegerField()
    found = serializers.IntegerField(help_text="With a statement whose citation is verified.")
    not_found = serializers.IntegerField()
    unverified = serializers.IntegerField(help_text="With statements whose citations all are not verified.")
    unreadable = serializers.IntegerField(help_text="Without a text, or deleted since.")
    failed = serializers.IntegerField()
    stopped = serializers.IntegerField()


class ToldCoverageSerializer(CoverageSerializer):
    """The numbers when the answer was written."""

    lacks = serializers.BooleanField(help_text="Whether the documents without it were asked for.")
    sentence = serializers.CharField()


class AskEstimateSerializer(serializers.Serializer[Any]):
    """What a question would cost, in US dollars; null where the price of the model is not known here."""

    sweep = serializers.BooleanField(help_text="Whether it asks each document: as wanted, else by its wording.")
    documents = serializers.IntegerField(help_text="Those it is about.")
    unreadable = serializers.IntegerField(help_text="Those among them that have no text.")
    tokens = serializers.IntegerField(help_text="About; of all prompts.")
    cost = serializers.DecimalField(
        max_digits=None, decimal_places=6, rounding="ROUND_HALF_UP", allow_null=True, help_text="About."
    )
    most = serializers.DecimalField(max_digits=None, decimal_places=6, rounding="ROUND_UP", allow_null=True)


class LedgerRowSerializer(serializers.Serializer[Any]):
    """A document that was to be asked."""

    document = serializers.UUIDField(allow_null=True, help_text="Null when it was deleted.")
    title = serializers.CharField()
    state = serializers.ChoiceField(choices=ExaminationState.choices)
    reason = serializers.CharField(help_text="Why it was not asked, or what was looked at in vain; else empty.")
    claims = ClaimSerializer(many=True)
    citations = CitationSerializer(many=True)
    provider = serializers.CharField()
    model = serializers.CharField()
    analysis = serializers.UUIDField(allow_null=True)


class LedgerQuerySerializer(serializers.Serializer[Any]):
    state = serializers.ChoiceField(choices=ExaminationState.choices, required=False)


def counts(message: Message) -> dict[str, int] | None:
    """Of a question that is asked of each document."""
    return sweeps.coverage_of(message.pk).counts if message.of_each else None


def page(request: Request, message: UUID, state: str) -> dict[str, Any]:
    """`{next, previous, results}`; the entries are numbered, so the cursor is the number of the first."""
    size, first = paging.size(request), paging.offset(request, most=10**9)
    rows = sweeps.rows_of(message, since=first, limit=size + 1, state=state)
    before = sweeps.rows_of(message, since=first, limit=size, state=state, backwards=True) if first else []
    return {
        "next": paging.offset_link(request, rows[size].ordinal) if len(rows) > size else None,
        "previous": paging.offset_link(request, before[0].ordinal) if before else None,
        "results": LedgerRowSerializer(rows[:size], many=True).data,
    }
