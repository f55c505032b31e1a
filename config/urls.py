"""Every address."""

from django.conf import settings
from django.contrib import admin
from django.templatetags.static import static
from django.urls import include, path
from django.utils.csp import CSP
from django.utils.functional import lazy
from django.views.decorators.csp import csp_override
from django.views.generic import RedirectView
from drf_spectacular.views import SpectacularAPIView, SpectacularRedocView, SpectacularSwaggerSplitView

from config import redoc
from config.health import health
from config.processes import HEALTH_PATH
from documents.admin.start import page as staff_start

# ReDoc writes its styles into the page and searches in a worker it makes itself.
REDOC_CSP: dict[str, list[str]] = {
    **settings.SECURE_CSP,
    "style-src": [CSP.SELF, CSP.UNSAFE_INLINE],
    "worker-src": ["blob:"],
}

# Named by its content, which is only known once the static files are collected.
MARK = lazy(static, str)("documents/img/mark.svg")

handler404 = "documents.api.errors.not_found"
handler500 = "documents.api.errors.server_error"
handler400 = "documents.api.errors.bad_request"

urlpatterns = [
    path(HEALTH_PATH.lstrip("/"), health, name="health"),
    path("favicon.ico", RedirectView.as_view(url=MARK)),
    path("admin/", staff_start),
    path("admin/", admin.site.urls),
    path("accounts/sessions/", RedirectView.as_view(pattern_name="accounts:sessions")),
    path("accounts/", include("allauth.urls")),
    path("api/schema/", SpectacularAPIView.as_view(), name="schema"),
    path("api/docs/", SpectacularSwaggerSplitView.as_view(), name="api-docs"),
    path("api/redoc/", csp_override(REDOC_CSP)(SpectacularRedocView.as_view()), name="api-redoc"),
    path("api/redoc/redoc.js", redoc.script, name="redoc-script"),
    path("", include("accounts.urls")),
    path("", include("documents.urls")),
]
