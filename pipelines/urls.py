"""Addresses of pipelines: pages below /w/<workspace>/, and its part of the API."""

from django.urls import URLPattern, URLResolver, path

from pipelines import api
from pipelines.views import lives, projects, runs

app_name = "pipelines"
urlpatterns: list[URLPattern | URLResolver] = [
    path("pipelines/", projects.everything, name="list"),
    path("processes/<int:process_id>/pipelines/", projects.index, name="index"),
    path("processes/<int:process_id>/pipelines/generate/", projects.generate_top, name="generate_top"),
    path("processes/<int:process_id>/lives/", lives.lives, name="lives"),
    path("tasks/<int:task_id>/pipeline/generate/", projects.generate, name="generate"),
    path("pipelines/<int:pk>/", projects.page, name="pipeline"),
    path("pipelines/<int:pk>/file/", projects.file, name="file"),
    path("pipelines/<int:pk>/run/", runs.start, name="start"),
    path("pipelines/<int:pk>/life/", lives.life, name="life"),
    path("pipelines/<int:pk>/retire/", lives.retire, name="retire"),
    path("generations/<int:pk>/download/", projects.download, name="download"),
    path("runs/<int:pk>/", runs.page, name="run"),
    path("runs/<int:pk>/live/", runs.live, name="live"),
    path("runs/<int:pk>/cancel/", runs.cancel, name="cancel"),
    path("runs/<int:pk>/retry/", runs.retry, name="retry"),
    path("runs/<int:pk>/stages/<slug:name>/files/", runs.stage_files, name="stage_files"),
]
api_urlpatterns: list[URLPattern | URLResolver] = [
    path("pipelines/", api.PipelinesView.as_view(), name="pipelines"),
    path("pipelines/<int:pk>/", api.PipelineView.as_view(), name="pipeline"),
    path("pipelines/<int:pk>/generations/", api.GenerationsView.as_view(), name="pipeline-generations"),
    path("pipelines/<int:pk>/runs/", api.PipelineRunsView.as_view(), name="pipeline-runs"),
    path("pipelines/<int:pk>/events/", api.PipelineEventsView.as_view(), name="pipeline-events"),
    path("generations/<int:pk>/download/", api.GenerationDownloadView.as_view(), name="generation-download"),
    path("runs/<int:pk>/", api.RunView.as_view(), name="run"),
    path("runs/<int:pk>/cancel/", api.RunCancelView.as_view(), name="run-cancel"),
    path("runs/<int:pk>/retry/", api.RunRetryView.as_view(), name="run-retry"),
    path("runs/<int:pk>/stages/<slug:name>/files/", api.StageFilesView.as_view(), name="run-stage-files"),
]
