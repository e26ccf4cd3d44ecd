"""Addresses of jobs: pages below /w/<workspace>/, and its part of the API."""

from django.urls import URLPattern, URLResolver, path
from rest_framework.routers import SimpleRouter

from jobs import views
from jobs.api import RunViewSet

app_name = "jobs"
urlpatterns: list[URLPattern | URLResolver] = [
    path("jobs/", views.run_list, name="list"),
    path("jobs/<int:pk>/", views.run_page, name="run"),
    path("jobs/<int:pk>/live/", views.run_live, name="live"),
    path("jobs/<int:pk>/log/", views.run_log, name="log"),
    path("jobs/<int:pk>/progress/", views.run_progress, name="progress"),
    path("jobs/<int:pk>/cancel/", views.run_cancel_now, name="cancel"),
    path("jobs/<int:pk>/retry/", views.run_retry_now, name="retry"),
]

router = SimpleRouter()
router.register("jobs", RunViewSet, basename="job")
api_urlpatterns: list[URLPattern | URLResolver] = [*router.urls]
