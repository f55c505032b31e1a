"""What a token may do."""

from rest_framework.permissions import SAFE_METHODS, BasePermission
from rest_framework.request import Request

from accounts.models import ApiToken, Scope


class TokenMayWrite(BasePermission):
    """Tokens that only read change nothing; people in a browser may what they may."""

    message = "This token may only read. Use one that may read and write."

    def has_permission(self, request: Request, view: object) -> bool:
        token = request.auth
        return request.method in SAFE_METHODS or not isinstance(token, ApiToken) or token.scope == Scope.WRITE
