from datetime import timedelta
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.utils import timezone

from accounts import actions
from accounts.models import Scope, User

LONGEST_DAYS = 36_500


class Command(BaseCommand):
    help = "Makes an API token for a person and prints it: the one time it can be seen."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("email", metavar="EMAIL", help="the e-mail address the person logs in with")
        parser.add_argument("--name", default="Made by create_token", help="what will use it")
        parser.add_argument("--days", type=int, help="how long it lives; without this until it is revoked")
        parser.add_argument("--read-only", action="store_true", help="it may look and change nothing")

    def handle(self, *, email: str, name: str, days: int | None, read_only: bool, **options: Any) -> None:
        if days is not None and not 1 <= days <= LONGEST_DAYS:
            raise CommandError(f"--days is a number from 1 to {LONGEST_DAYS}.")
        user = User.objects.filter(email=User.objects.normalize_email(email)).first()
        if user is None:
            raise CommandError(f"Nobody logs in with {email}. Check the address, or sign up with it first.")
        expires_at = timezone.now() + timedelta(days=days) if days else None
        scope = Scope.READ if read_only else Scope.WRITE
        _, token = actions.issue_token(user=user, name=name[:100], scope=scope, expires_at=expires_at)
        self.stdout.write(f"API token: {token}")
