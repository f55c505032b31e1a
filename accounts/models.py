"""People and the tokens of their programs."""

import hashlib
import secrets
from datetime import datetime, timedelta
from typing import Any, ClassVar, Self

from django.contrib.auth.models import AbstractBaseUser, BaseUserManager, PermissionsMixin
from django.db import models
from django.db.models.functions import Lower
from django.utils import timezone

TOKEN_PREFIX = "glossa_"  # noqa: S105 - the visible start of every token, not a secret
LAST_USED_PRECISION = timedelta(minutes=1)
SOON = timedelta(days=14)


class UserManager(BaseUserManager["User"]):
    @classmethod
    def normalize_email(cls, email: str | None) -> str:
        """One spelling for each address: people write theirs with any capitals."""
        return super().normalize_email(email).lower()

    def create_user(self, email: str, password: str | None = None, **fields: Any) -> "User":
        user = self.model(email=self.normalize_email(email), **fields)
        user.set_password(password)
        user.save(using=self._db)
        return user

    def create_superuser(self, email: str, password: str | None = None, **fields: Any) -> "User":
        return self.create_user(email, password, is_staff=True, is_superuser=True, **fields)

    def get_by_natural_key(self, username: str | None) -> "User":
        return self.get(email=self.normalize_email(username))


class User(AbstractBaseUser, PermissionsMixin):
    """A person. The e-mail address is the login, whatever its capitals."""

    email = models.EmailField(
        "e-mail address",
        unique=True,
        error_messages={"unique": "This e-mail address is taken. Log in, or use another."},
    )
    name = models.CharField(max_length=150, blank=True)
    is_staff = models.BooleanField("staff", default=False, help_text="May use the admin.")
    is_active = models.BooleanField("active", default=True, help_text="Unset this instead of deleting people.")
    date_joined = models.DateTimeField(default=timezone.now)
    leaving_at = models.DateTimeField(
        null=True,
        blank=True,
        editable=False,
        help_text="The last step of removing this account and all its data; empty while it stays.",
    )

    objects: ClassVar[UserManager] = UserManager()

    USERNAME_FIELD = "email"
    EMAIL_FIELD = "email"

    class Meta:
        constraints = [
            models.CheckConstraint(condition=models.Q(email=Lower("email")), name="user_email_is_in_lower_case"),
        ]

    def __str__(self) -> str:
        return self.email

    def clean(self) -> None:
        super().clean()
        self.email = type(self).objects.normalize_email(self.email)

    def get_short_name(self) -> str:
        return self.name or self.email.partition("@")[0]


class Scope(models.TextChoices):
    """What a token may do."""

    READ = "read", "Read"
    WRITE = "write", "Read and write"


class ApiTokenQuerySet(models.QuerySet["ApiToken"]):
    def usable(self) -> Self:
        """Tokens that open something now: not expired, and their person is active."""
        unexpired = models.Q(expires_at=None) | models.Q(expires_at__gt=timezone.now())
        return self.filter(unexpired, user__is_active=True)


class ApiToken(models.Model):
    """The right of a program to act for a person. The token itself is shown once and never kept."""

    user = models.ForeignKey(User, on_delete=models.CASCADE, related_name="tokens")
    name = models.CharField(max_length=100)
    prefix = models.CharField(max_length=16, editable=False)
    digest = models.CharField(max_length=64, editable=False)
    scope = models.CharField(max_length=10, choices=Scope, default=Scope.WRITE)
    created_at = models.DateTimeField(auto_now_add=True)
    expires_at = models.DateTimeField(null=True, blank=True)
    last_used_at = models.DateTimeField(null=True, blank=True, editable=False)

    objects = ApiTokenQuerySet.as_manager()

    class Meta:
        ordering = ["-created_at"]
        constraints = [
            models.UniqueConstraint(fields=["digest"], name="token_digest_is_unique"),
            models.CheckConstraint(condition=models.Q(scope__in=Scope.values), name="token_scope_is_known"),
        ]

    def __str__(self) -> str:
        return f"{self.name} ({self.prefix}…)"

    @classmethod
    def issue(
        cls, *, user: User, name: str, scope: str = Scope.WRITE, expires_at: datetime | None = None
    ) -> tuple["ApiToken", str]:
        """A new token's row, and the token itself: the one time it can be seen."""
        secret = TOKEN_PREFIX + secrets.token_urlsafe(32)
        row = cls.objects.create(
            user=user,
            name=name,
            prefix=secret[: len(TOKEN_PREFIX) + 6],
            digest=digest(secret),
            scope=scope,
            expires_at=expires_at,
        )
        return row, secret

    @property
    def expired(self) -> bool:
        return self.expires_at is not None and self.expires_at <= timezone.now()

    @property
    def ends_soon(self) -> bool:
        """Within two weeks: time to make another."""
        return self.expires_at is not None and not self.expired and self.expires_at <= timezone.now() + SOON

    def note_use(self) -> None:
        """Remembers when it was last used, at most once a minute."""
        now = timezone.now()
        if self.last_used_at is None or now - self.last_used_at > LAST_USED_PRECISION:
            type(self).objects.filter(pk=self.pk).update(last_used_at=now)


def digest(secret: str) -> str:
    """SHA-256 is enough: the token is 256 random bits, not a password."""
    return hashlib.sha256(secret.encode()).hexdigest()
