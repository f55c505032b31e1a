"""Tokens as JSON."""

from datetime import datetime
from typing import Any

from django.utils import timezone
from rest_framework import serializers

from accounts.models import ApiToken

IN_THE_PAST = "This moment has passed. Give one in the future, or null for a token that ends when it is revoked."
OUTLIVES = "A token makes only tokens that end no later than itself. Give a moment up to {end}."


class TokenSerializer(serializers.ModelSerializer[ApiToken]):
    """An API token, without the token itself."""

    class Meta:
        model = ApiToken
        fields = ["id", "name", "prefix", "scope", "created_at", "expires_at", "last_used_at"]
        read_only_fields = ["prefix", "last_used_at"]
        extra_kwargs = {
            "name": {"help_text": "What uses the token, so that its person knows it again."},
            "prefix": {"help_text": "How the token starts."},
            "scope": {"help_text": "`read`: GET requests only. `write`: everything its person may do."},
            "expires_at": {"help_text": "When it stops working; null: when it is revoked."},
            "last_used_at": {"help_text": "To the minute; null: never."},
        }

    def validate_expires_at(self, expires_at: datetime | None) -> datetime | None:
        if expires_at is not None and expires_at <= timezone.now():
            raise serializers.ValidationError(IN_THE_PAST)
        return expires_at

    def validate(self, attrs: dict[str, Any]) -> dict[str, Any]:
        """A token that leaked must not outlive its end by making another."""
        used = self.context["request"].auth
        end = used.expires_at if isinstance(used, ApiToken) else None
        if end is not None and (attrs.get("expires_at") is None or attrs["expires_at"] > end):
            raise serializers.ValidationError({"expires_at": OUTLIVES.format(end=end.isoformat(timespec="seconds"))})
        return attrs


class NewTokenSerializer(TokenSerializer):
    """A token just made, with the token itself: it is shown this once."""

    token = serializers.CharField(read_only=True, help_text="Send it as `Authorization: Token …`. Shown this once.")

    class Meta(TokenSerializer.Meta):
        fields = [*TokenSerializer.Meta.fields, "token"]
