"""What the house knows of its own work."""

from django.db import models
from django.db.models import Q
from django.db.models.functions import Now


class LastSweep(models.Model):
    """The sweep before now: one row, written over by each. It outlives the queue, and tells how long nobody looked."""

    id = models.PositiveSmallIntegerField(primary_key=True, default=1, editable=False)
    ended_at = models.DateTimeField(db_default=Now())
    seconds = models.FloatField(default=0)
    hinted = models.JSONField(default=dict, help_text="Kinds of jobs, and how many of each it brought back.")

    class Meta:
        constraints = [models.CheckConstraint(condition=Q(id=1), name="last_sweep_is_one_row")]

    def __str__(self) -> str:
        return f"sweep of {self.ended_at}"
