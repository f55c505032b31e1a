from django.urls import include, path

urlpatterns = [
    path("api/", include("documents.api.urls")),
    path("", include("documents.web.urls")),
]
