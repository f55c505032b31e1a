"""What was spent, in the API."""

from typing import Any

from django.utils import timezone
from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.viewsets import GenericViewSet

from documents import budgets
from documents.api.views import PROBLEMS, checked, person


class MonthSerializer(serializers.Serializer[dict[str, Any]]):
    month = serializers.RegexField(
        r"^\d{4}-\d{2}$", required=False, help_text="Such as 2026-11; this month without it."
    )

    def validate_month(self, month: str) -> str:
        if budgets.month_named(month) is None:
            raise serializers.ValidationError("There is no such month. Write it like 2026-11.")
        return month


class ModelUsageSerializer(serializers.Serializer[dict[str, Any]]):
    model = serializers.CharField()
    calls = serializers.IntegerField()
    input_tokens = serializers.IntegerField()
    output_tokens = serializers.IntegerField()
    cost = serializers.DecimalField(14, 8, allow_null=True, help_text="US dollars; null when the price is not known.")


class DayUsageSerializer(serializers.Serializer[dict[str, Any]]):
    day = serializers.DateField()
    calls = serializers.IntegerField()
    cost = serializers.DecimalField(14, 8)


class MonthUsageSerializer(serializers.Serializer[dict[str, Any]]):
    """A calendar month (UTC), in US dollars."""

    month = serializers.CharField()
    spent = serializers.DecimalField(14, 8)
    held = serializers.DecimalField(14, 8, help_text="For calls under way, and those whose answer was lost.")
    limit = serializers.DecimalField(10, 2, allow_null=True, help_text="The budget; null without one.")
    left = serializers.DecimalField(14, 8, allow_null=True)
    models = ModelUsageSerializer(many=True)
    days = DayUsageSerializer(many=True)


class UsageViewSet(GenericViewSet[Any]):
    """What you spent."""

    serializer_class = MonthUsageSerializer
    pagination_class = None

    @extend_schema(
        operation_id="usage", parameters=[MonthSerializer], responses={200: MonthUsageSerializer, **PROBLEMS}
    )
    def list(self, request: Request) -> Response:
        """What the calls of a month cost, by model and day, and what is left of your budget."""
        asked = checked(MonthSerializer, request.query_params)
        month = budgets.month_named(asked.get("month", "")) or budgets.month_of(timezone.now())
        owner, standing = person(request).pk, budgets.standing(person(request).pk, month)
        models = [
            {
                "model": row["model"],
                "calls": row["calls"],
                "input_tokens": row["input"],
                "output_tokens": row["output"],
                "cost": row["cost"],
            }
            for row in budgets.by_model(owner, month)
        ]
        days = [
            {"day": day, "calls": calls, "cost": cost}
            for day, (cost, calls) in sorted(budgets.by_day(owner, month).items())
        ]
        body = {
            "month": f"{month:%Y-%m}",
            "spent": standing.spent,
            "held": standing.held,
            "limit": standing.limit,
            "left": standing.left,
            "models": models,
            "days": days,
        }
        return Response(MonthUsageSerializer(body).data)
