"""How the schema describes our authentication."""

from typing import Any

from drf_spectacular.extensions import OpenApiAuthenticationExtension
from drf_spectacular.openapi import AutoSchema


class TokenScheme(OpenApiAuthenticationExtension):  # type: ignore[no-untyped-call]
    target_class = "accounts.authentication.TokenAuthentication"
    name = "token"

    def get_security_definition(self, auto_schema: AutoSchema) -> dict[str, Any]:
        """As a bearer token, the one kind for which Swagger UI asks for the bare token."""
        return {
            "type": "http",
            "scheme": "bearer",
            "description": "A token from the page “API tokens”. `Authorization: Token glossa_…` works as well.",
        }
