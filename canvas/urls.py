"""Addresses of canvas: its pages below /w/<workspace>/ and its part of the API."""

from django.urls import URLPattern, URLResolver, path

from canvas import api, views

app_name = "canvas"
urlpatterns: list[URLPattern | URLResolver] = [
    path("processes/<int:process_id>/canvases/", views.index, name="index"),
    path("processes/<int:process_id>/canvases/draft/", views.draft_top, name="draft_top"),
    path("portfolios/<int:pk>/canvases/", views.portfolio_canvases, name="portfolio"),
    path("portfolios/<int:pk>/canvases/draft/", views.draft_portfolio, name="draft_portfolio"),
    path("tasks/<int:task_id>/canvas/", views.sheet, name="sheet"),
    path("tasks/<int:task_id>/canvas/draft/", views.draft, name="draft"),
    path("tasks/<int:task_id>/canvas/history/", views.history, name="history"),
    path("tasks/<int:task_id>/canvas/conclusion/", views.conclude, name="conclude"),
    path("tasks/<int:task_id>/canvas/header/", views.header, name="header"),
    path("tasks/<int:task_id>/canvas/canvas.<str:form>", views.export, name="export"),
    path("tasks/<int:task_id>/canvas/<slug:block>/", views.save, name="save"),
]
api_urlpatterns: list[URLPattern | URLResolver] = [
    path("canvases/", api.CanvasesView.as_view(), name="canvases"),
    path("canvases/<int:pk>/", api.CanvasView.as_view(), name="canvas"),
    path("canvases/<int:pk>/export/", api.CanvasExportView.as_view(), name="canvas-export"),
]
