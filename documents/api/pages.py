"""The pages of a document as the API shows them."""

from typing import Any

from rest_framework import serializers

from documents import pictures
from documents.models import Document, Page
from documents.reading import boxes
from documents.values import BlockKind, PageKind


class PagePlaceSerializer(serializers.Serializer[dict[str, Any]]):
    number = serializers.IntegerField()
    start = serializers.IntegerField()
    end = serializers.IntegerField()
    kind = serializers.ChoiceField(choices=[(kind.value, kind.value) for kind in PageKind])
    width = serializers.FloatField(help_text="Points; 0 where a format has no pages.")
    height = serializers.FloatField()
    label = serializers.CharField(help_text="A sheet's name, “Slide 3”, a part of an e-mail; else empty.")  # type: ignore[assignment]  # a field has a label of its own
    reason = serializers.CharField(help_text="Why it was not read; else empty.")
    confidence = serializers.FloatField(allow_null=True, help_text="Of text recognition, 0 to 1.")
    hidden = serializers.ListField(
        child=serializers.ListField(child=serializers.IntegerField()),
        help_text="[start, end] of words a reader cannot see. They are never sent to a model.",
    )


class ContentSerializer(serializers.Serializer[dict[str, Any]]):
    """The canonical text: every offset counts code points of `text`."""

    text = serializers.CharField()
    sha256 = serializers.CharField()
    pages = PagePlaceSerializer(many=True)


class SpanSerializer(serializers.Serializer[dict[str, Any]]):
    start = serializers.IntegerField(min_value=0)
    end = serializers.IntegerField(min_value=1)

    def validate(self, attrs: dict[str, Any]) -> dict[str, Any]:
        if attrs["start"] >= attrs["end"]:
            raise serializers.ValidationError({"end": "It must be greater than `start`."})
        return attrs


class PlaceSerializer(serializers.Serializer[dict[str, Any]]):
    """Where a stretch of the text stands."""

    page = serializers.IntegerField(allow_null=True)
    boxes = serializers.ListField(child=serializers.ListField(), help_text="[page, x0, y0, x1, y1] in fractions.")
    anchor = serializers.CharField(help_text="The place by its own name: Budget!A5:F5, Slide 3; else empty.")
    text = serializers.CharField()


class PictureQuerySerializer(serializers.Serializer[dict[str, Any]]):
    width = serializers.IntegerField(
        default=pictures.USUAL, min_value=1, help_text="In pixels: the next of 240, 800, 1200 and 2400 is given."
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
