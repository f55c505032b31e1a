from django.urls import include, path
from rest_framework.routers import SimpleRouter

from documents.api import events, recipes, runs, searching, usage, views

router = SimpleRouter(use_regex_path=False)
router.register("documents", views.DocumentViewSet, basename="document")
router.register("analyses", views.AnalysisViewSet, basename="analysis")
router.register("recipes", recipes.RecipeViewSet, basename="recipe")
router.register("runs", runs.RunViewSet, basename="run")
router.register("search", searching.SearchViewSet, basename="search")
router.register("collections", searching.CollectionViewSet, basename="collection")
router.register("usage", usage.UsageViewSet, basename="usage")
router.register("classify", views.ClassifyViewSet, basename="classify")

urlpatterns = [
    path("documents/<uuid:pk>/events/", events.document_events, name="document-events"),
    path("analyses/<uuid:pk>/events/", events.analysis_events, name="analysis-events"),
    path("", include(router.urls)),
    path("", include("accounts.api.urls")),
]
