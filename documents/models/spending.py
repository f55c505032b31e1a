"""What may be spent, and whether a provider is to be asked at all just now."""

from django.db import models
from django.db.models import Q

from accounts.models import User


class Budget(models.Model):
    """What a person may spend in a calendar month (UTC). The row without an owner is for all who have none."""

    owner = models.OneToOneField(User, on_delete=models.CASCADE, null=True, blank=True, related_name="budget")
    monthly_usd = models.DecimalField(max_digits=10, decimal_places=2, help_text="US dollars; 0 allows nothing paid.")

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["owner"], name="budget_is_set_once_per_owner", nulls_distinct=False),
            models.CheckConstraint(condition=Q(monthly_usd__gte=0), name="budget_is_not_negative"),
        ]

    def __str__(self) -> str:
        return f"{self.owner or 'everybody else'}: {self.monthly_usd} USD a month"


class Breaker(models.Model):
    """A provider's outage: while the breaker is open nothing is asked of it, then one call tries it."""

    provider = models.CharField(max_length=40, primary_key=True)
    failures = models.PositiveIntegerField(default=0, help_text="On end.")
    open_until = models.DateTimeField(null=True, blank=True)
    reason = models.CharField(max_length=300, blank=True)

    def __str__(self) -> str:
        return self.provider
