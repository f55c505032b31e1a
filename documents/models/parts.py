"""Files inside files: attachments of e-mails, members of archives."""

from django.db import models
from django.db.models import Q

from documents.models.document import Document


class Part(models.Model):
    """A file inside a document; a document of its own when it can be read, else listed with the reason."""

    container = models.ForeignKey(Document, on_delete=models.CASCADE, related_name="parts")
    ordinal = models.PositiveIntegerField()
    name = models.CharField(max_length=300)
    size = models.BigIntegerField(help_text="Bytes.")
    document = models.ForeignKey(Document, on_delete=models.SET_NULL, null=True, blank=True, related_name="containers")
    reason = models.CharField(max_length=600, blank=True, help_text="Why it is no document of its own.")

    class Meta:
        ordering = ["ordinal"]
        constraints = [
            models.UniqueConstraint(fields=["container", "ordinal"], name="part_ordinal_is_unique"),
            models.CheckConstraint(condition=Q(size__gte=0), name="part_size_is_not_negative"),
            models.CheckConstraint(
                condition=Q(document__isnull=True) | Q(reason=""), name="part_is_read_or_has_a_reason"
            ),
        ]

    def __str__(self) -> str:
        return self.name

    @property
    def here(self) -> Document | None:
        """Its document, unless that is in the bin."""
        return self.document if self.document and self.document.deleted_at is None else None

    @property
    def is_in_bin(self) -> bool:
        return self.document is not None and self.here is None
