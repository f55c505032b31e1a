"""Who a program acts for, by the token it sends."""

from rest_framework.authentication import BaseAuthentication
from rest_framework.exceptions import AuthenticationFailed
from rest_framework.request import Request

from accounts.models import ApiToken, User, digest

KEYWORDS = ("token", "bearer")
INCOMPLETE = "The Authorization header carries no token. Send `Authorization: Token glossa_…`."
NOT_ONE_WORD = "A token is one word without spaces. Send `Authorization: Token glossa_…`."
UNUSABLE = "This token is wrong, has expired or was revoked. Make a new one on the page “API tokens”."


class TokenAuthentication(BaseAuthentication):
    """`Authorization: Token glossa_…`; afterwards `request.auth` is the ApiToken."""

    keyword = "Token"

    def authenticate(self, request: Request) -> tuple[User, ApiToken] | None:
        keyword, *rest = request.headers.get("Authorization", "").split() or [""]
        if keyword.lower() not in KEYWORDS:
            return None
        if len(rest) != 1:
            raise AuthenticationFailed(NOT_ONE_WORD if rest else INCOMPLETE)
        token = usable_token(rest[0])
        if token is None:
            raise AuthenticationFailed(UNUSABLE)
        token.note_use()
        return token.user, token

    def authenticate_header(self, request: Request) -> str:
        """Its presence makes a missing or wrong token a 401, not a 403."""
        return self.keyword


def usable_token(secret: str) -> ApiToken | None:
    """The row of a token that opens something now, its person loaded with it."""
    return ApiToken.objects.usable().select_related("user").filter(digest=digest(secret)).first()
