"""One label for a text, in one request."""

from typing import Any

from drf_spectacular.utils import extend_schema
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.viewsets import GenericViewSet

from documents import actions
from documents.api import serializers, waiting
from documents.api.idempotency import idempotent
from documents.api.views import ONCE, PROBLEM, PROBLEMS, checked, named_recipe, person
from documents.models import Analysis


class ClassifyViewSet(GenericViewSet[Any]):
    """One label for a text."""

    serializer_class = serializers.ClassifySerializer

    @extend_schema(
        parameters=[ONCE], responses={200: serializers.ClassifiedSerializer, 502: PROBLEM, 503: PROBLEM, **PROBLEMS}
    )
    @idempotent
    def create(self, request: Request) -> Response:
        """The label that fits a text best. Without `labels`: positive, neutral or negative."""
        sent = checked(serializers.ClassifySerializer, request.data)
        asked = actions.Options(
            recipe=named_recipe(person(request), "classification"),
            labels=tuple(sent.get("labels", ())),
            model=sent.get("model", ""),
            max_tokens=sent.get("max_tokens"),
        )
        analysis = actions.analyse_text(person=person(request), text=sent["text"], options=asked)
        if not waiting.settle(analysis, waiting.MAX_SECONDS):
            actions.cancel(analysis=analysis)
            raise actions.Refusal("The server is too busy. Try again in a minute.", code="busy", status=503)
        return Response(_classified(analysis))


def _classified(analysis: Analysis) -> dict[str, Any]:
    if not analysis.result or not analysis.result["claims"]:
        raise actions.Refusal(
            analysis.error or "No label could be found.", code=analysis.error_code or "failed", status=502
        )
    best = analysis.result["claims"][0]
    usage = analysis.usage or {}
    tokens = usage.get("input_tokens", 0) + usage.get("output_tokens", 0)
    return {
        "result": best["label"] or best["text"],
        "score": best["score"],
        "tokens_used": tokens,
        "model": analysis.model,
    }
