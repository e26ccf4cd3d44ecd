"""The one table of addresses: pages below /w/<workspace>/, the API below /api/v1/."""

from django.db import DatabaseError
from django.http import HttpRequest, HttpResponse
from django.urls import URLPattern, URLResolver, include, path, re_path
from drf_spectacular.views import SpectacularAPIView, SpectacularSwaggerSplitView

from accounts import urls as accounts_urls
from accounts.models import Workspace
from canvas import urls as canvas_urls
from common.api import unknown_address
from config.glossary import glossary
from config.palette import find
from jobs import urls as jobs_urls
from pipelines import urls as pipelines_urls
from planner import urls as planner_urls

WORKSPACE = "w/<slug:slug>/"


def health(request: HttpRequest) -> HttpResponse:
    """Answers when pages can be served: 503 while the database is away, or its tables are not made yet. The runner and
    load balancers ask it.
    """
    try:
        Workspace.objects.exists()
    except DatabaseError:
        return HttpResponse("the database is not ready", status=503, content_type="text/plain")
    return HttpResponse("ok", content_type="text/plain")


api_urlpatterns: list[URLPattern | URLResolver] = [
    *accounts_urls.api_urlpatterns,
    *jobs_urls.api_urlpatterns,
    *planner_urls.api_urlpatterns,
    *canvas_urls.api_urlpatterns,
    *pipelines_urls.api_urlpatterns,
]

handler404 = "planner.views.out_of_sight.not_found"
handler500 = "common.middleware.broken"

urlpatterns: list[URLPattern | URLResolver] = [
    path("health/", health, name="health"),
    path("glossary/", glossary, name="glossary"),
    path("", include(accounts_urls)),
    path(f"{WORKSPACE}find/", find, name="find"),
    path(WORKSPACE, include(jobs_urls)),
    path(WORKSPACE, include(planner_urls)),
    path(WORKSPACE, include(canvas_urls)),
    path(WORKSPACE, include(pipelines_urls)),
    path("api/v1/", include((api_urlpatterns, "v1"))),
    path("api/schema/", SpectacularAPIView.as_view(), name="api-schema"),
    path(
        "api/docs/",
        SpectacularSwaggerSplitView.as_view(url_name="api-schema", template_name="api/docs.html"),
        name="api-docs",
    ),
    re_path(r"^api/", unknown_address, name="api-unknown"),
]
