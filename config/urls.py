"""Every address."""

from django.conf import settings
from django.contrib import admin
from django.urls import include, path
from django.utils.csp import CSP
from django.views.decorators.csp import csp_override
from drf_spectacular.views import SpectacularAPIView, SpectacularRedocView, SpectacularSwaggerSplitView

from config import redoc
from config.health import health
from config.processes import HEALTH_PATH

# ReDoc writes its styles into the page and searches in a worker it makes itself.
REDOC_CSP: dict[str, list[str]] = {
    **settings.SECURE_CSP,
    "style-src": [CSP.SELF, CSP.UNSAFE_INLINE],
    "worker-src": ["blob:"],
}

handler404 = "documents.api.errors.not_found"
handler500 = "documents.api.errors.server_error"
handler400 = "documents.api.errors.bad_request"

urlpatterns = [
    path(HEALTH_PATH.lstrip("/"), health, name="health"),
    path("admin/", admin.site.urls),
    path("accounts/", include("allauth.urls")),
    path("api/schema/", SpectacularAPIView.as_view(), name="schema"),
    path("api/docs/", SpectacularSwaggerSplitView.as_view(), name="api-docs"),
    path("api/redoc/", csp_override(REDOC_CSP)(SpectacularRedocView.as_view()), name="api-redoc"),
    path("api/redoc/redoc.js", redoc.script, name="redoc-script"),
    path("", include("accounts.urls")),
    path("", include("documents.urls")),
]
