"""Recipes in the API: the built-in ones, and one's own."""

from typing import Any

from django.db.models import QuerySet
from django.http import Http404
from drf_spectacular.utils import extend_schema, extend_schema_view
from rest_framework import mixins, status
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.viewsets import GenericViewSet

from documents import actions
from documents.api import serializers
from documents.api.idempotency import idempotent
from documents.api.views import ONCE, PROBLEM, PROBLEMS, person
from documents.models import Recipe


@extend_schema_view(
    list=extend_schema(summary="The recipes you may use: the built-in ones and your own."),
    retrieve=extend_schema(summary="One recipe."),
)
class RecipeViewSet(mixins.ListModelMixin, mixins.RetrieveModelMixin, GenericViewSet[Recipe]):
    """What can be asked of a document by name."""

    serializer_class = serializers.RecipeSerializer
    lookup_field = "slug"
    lookup_value_converter = "slug"

    def get_queryset(self) -> QuerySet[Recipe]:
        return Recipe.objects.visible_to(self.request.user)

    def get_object(self) -> Recipe:
        recipe = Recipe.objects.visible_to(self.request.user).named(self.kwargs["slug"])
        if recipe is None:
            raise Http404
        return recipe

    @extend_schema(parameters=[ONCE], responses={201: serializers.RecipeSerializer, **PROBLEMS})
    @idempotent
    def create(self, request: Request) -> Response:
        """Write one of your own."""
        form = serializers.RecipeSerializer(data=request.data)
        form.is_valid(raise_exception=True)
        made = actions.write_recipe(owner=person(request), **form.validated_data)
        return Response(serializers.RecipeSerializer(made).data, status=status.HTTP_201_CREATED)

    @extend_schema(responses={200: serializers.RecipeSerializer, 409: PROBLEM, **PROBLEMS})
    def partial_update(self, request: Request, slug: Any = None) -> Response:
        """Change one of your own."""
        recipe = self._own()
        form = serializers.RecipeSerializer(recipe, data=request.data, partial=True)
        form.is_valid(raise_exception=True)
        actions.rewrite_recipe(recipe=recipe, **form.validated_data)
        return Response(serializers.RecipeSerializer(recipe).data)

    @extend_schema(responses={204: None, 409: PROBLEM, **PROBLEMS})
    def destroy(self, request: Request, slug: Any = None) -> Response:
        """Remove one of your own; what was found out with it stays."""
        actions.remove_recipe(recipe=self._own())
        return Response(status=status.HTTP_204_NO_CONTENT)

    def _own(self) -> Recipe:
        recipe = self.get_object()
        if recipe.owner_id is None:
            raise actions.Refusal(
                "The built-in recipes are for everybody. Write one of your own.", code="not_yours", status=403
            )
        return recipe
