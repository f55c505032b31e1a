"""The pages of a document as the API shows them."""

from typing import Any

from rest_framework import serializers

from documents import pictures
from documents.models import Document, Page
from documents.reading import boxes
from documents.values import BlockKind


class PictureQuerySerializer(serializers.Serializer[dict[str, Any]]):
    width = serializers.IntegerField(
        default=pictures.WIDTHS[-1], min_value=1, help_text="In pixels: the next of 240, 800 and 1200 is given."
    )


COLUMNS = ("number", "start", "end", "kind", "width", "height", "label", "reason", "confidence")


def of(document: Document) -> list[dict[str, Any]]:
    """Every page with its kind, and where words on it are hidden."""
    hidden = _hidden(document) if document.hidden_text else {}
    return [row | {"hidden": hidden.get(row["number"], [])} for row in document.pages.values(*COLUMNS)]


def place_of(document: Document, start: int, end: int) -> dict[str, Any]:
    """Where text[start:end) stands."""
    rows = list(Page.objects.filter(document=document, start__lt=end, end__gt=start))
    blocks = (block for row in rows for block in row.as_blocks)
    found = boxes.place([row.as_read for row in rows], blocks, start, end)
    edges = [[box.page, *(round(edge, 5) for edge in (box.x0, box.y0, box.x1, box.y1))] for box in found.boxes]
    return {"page": found.page, "boxes": edges, "anchor": found.anchor, "text": document.content[start:end]}


def _hidden(document: Document) -> dict[int, list[list[int]]]:
    return {
        page.number: [[block.start, block.end] for block in page.as_blocks if block.kind is BlockKind.HIDDEN]
        for page in document.pages.only("number", "blocks")
    }
