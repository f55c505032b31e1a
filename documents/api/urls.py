from django.urls import include, path
from rest_framework.routers import SimpleRouter

from documents.api import (
    account,
    asking,
    classifying,
    events,
    mapping,
    notes,
    recipes,
    runs,
    searching,
    streaming,
    tags,
    usage,
    views,
)

router = SimpleRouter(use_regex_path=False)
router.register("documents", views.DocumentViewSet, basename="document")
router.register("analyses", views.AnalysisViewSet, basename="analysis")
router.register("recipes", recipes.RecipeViewSet, basename="recipe")
router.register("ask", asking.AskViewSet, basename="ask")
router.register("stream", streaming.StreamViewSet, basename="stream")
router.register("messages", asking.MessageViewSet, basename="message")
router.register("conversations", asking.ConversationViewSet, basename="conversation")
router.register("runs", runs.RunViewSet, basename="run")
router.register("search", searching.SearchViewSet, basename="search")
router.register("collections", searching.CollectionViewSet, basename="collection")
router.register("tags", tags.TagViewSet, basename="tag")
router.register("map", mapping.MapViewSet, basename="map")
router.register("notes", notes.NoteViewSet, basename="note")
router.register("usage", usage.UsageViewSet, basename="usage")
router.register("classify", classifying.ClassifyViewSet, basename="classify")
router.register("account", account.AccountViewSet, basename="account")

picture = views.DocumentViewSet.as_view({"get": "picture"})

urlpatterns = [
    path("documents/<uuid:pk>/events/", events.document_events, name="document-events"),
    # Where the gateway leads a question to /api/ask/ that accepts a stream of events.
    path("stream/events/", events.stream_text, name="stream-events"),
    path("ask/events/", events.ask_events, name="ask-events"),
    path("messages/<uuid:pk>/events/", events.message_events, name="message-events"),
    path("analyses/<uuid:pk>/events/", events.analysis_events, name="analysis-events"),
    path("documents/<uuid:pk>/pages/<int:number>.png", picture, name="picture"),
    path("", include(router.urls)),
    path("", include("accounts.api.urls")),
]
