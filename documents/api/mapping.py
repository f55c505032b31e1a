"""The map of a library in the API."""

from typing import Any

from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.viewsets import GenericViewSet

from documents import actions, maps
from documents.api.views import PROBLEMS, person
from documents.models import Document, LibraryMap, Status


class DotSerializer(serializers.Serializer[dict[str, Any]]):
    document = serializers.UUIDField()
    title = serializers.CharField()
    x = serializers.FloatField(help_text="0 to 1, from the left.")
    y = serializers.FloatField(help_text="0 to 1, from the top.")


class RegionSerializer(serializers.Serializer[dict[str, Any]]):
    label = serializers.CharField(help_text="The words that tell it from the others.")  # type: ignore[assignment]
    x = serializers.FloatField()
    y = serializers.FloatField()
    documents = serializers.ListField(child=serializers.UUIDField())


class MapSerializer(serializers.Serializer[dict[str, Any]]):
    """Your documents in two dimensions: alike ones lie together."""

    made_at = serializers.DateTimeField(allow_null=True, help_text="Null before it was first drawn.")
    places = DotSerializer(many=True)
    regions = RegionSerializer(many=True)
    pending = serializers.IntegerField(help_text="Documents that a newer map, which is being drawn, will show as well.")
    is_drawing = serializers.BooleanField(help_text="A newer map is being drawn: ask again.")
    error = serializers.CharField(help_text="Why it could not be drawn; empty otherwise.")


class MapViewSet(GenericViewSet[Any]):
    """The map of your library."""

    serializer_class = MapSerializer
    pagination_class = None

    @extend_schema(operation_id="map", responses={200: MapSerializer, **PROBLEMS})
    def list(self, request: Request) -> Response:
        """Where your documents lie by what they are about. When they have changed, a newer map is drawn."""
        drawn = actions.draw_map(person=person(request))
        drawn.refresh_from_db()
        return Response(_told(drawn))


def _told(drawn: LibraryMap) -> dict[str, Any]:
    ready = Document.objects.visible_to(drawn.owner).filter(status=Status.READY)
    titles = {str(key): title for key, title in ready.order_by().values_list("pk", "title")}
    places = [{"document": key, "title": titles[key], "x": x, "y": y} for key, x, y in drawn.places if key in titles]
    regions = [row | {"documents": [key for key in row["documents"] if key in titles]} for row in drawn.regions]
    is_drawing = bool(titles) and not drawn.error and drawn.fingerprint != maps.fingerprint_of(ready)
    return {
        "made_at": drawn.made_at,
        "places": places,
        "regions": regions,
        "pending": len(titles) - len(places) if is_drawing else 0,
        "is_drawing": is_drawing,
        "error": drawn.error,
    }
