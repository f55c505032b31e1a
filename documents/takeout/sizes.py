"""How much it will be, before it is made."""

from dataclasses import dataclass
from typing import Any

from django.db.models import BigIntegerField, Count, Func, Sum, Value
from django.db.models.functions import Coalesce

from accounts.models import User
from documents.models import Analysis, Document, Message

# Of one row of the other tables, packed; and of a text, packed.
ROW_BYTES = 500
PACKED = 3


@dataclass(frozen=True, slots=True)
class Sizes:
    """What there is to take along; `bytes` is about what the ZIP will have."""

    documents: int
    analyses: int
    messages: int
    originals_bytes: int
    text_bytes: int

    @property
    def bytes(self) -> int:
        rows = self.documents + self.analyses + self.messages
        return self.originals_bytes + self.text_bytes // PACKED + rows * ROW_BYTES


def measure(person: User) -> Sizes:
    text = Func("content", function="octet_length", output_field=BigIntegerField())
    sums: dict[str, Any] = Document.objects.filter(owner=person).aggregate(
        documents=Count("pk"), originals=Coalesce(Sum("size"), Value(0)), text=Coalesce(Sum(text), Value(0))
    )
    return Sizes(
        documents=sums["documents"],
        analyses=Analysis.objects.filter(owner=person).count(),
        messages=Message.objects.filter(conversation__owner=person).count(),
        originals_bytes=sums["originals"],
        text_bytes=sums["text"],
    )
