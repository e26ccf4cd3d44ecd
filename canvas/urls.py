"""Addresses of canvas: its pages below /w/<workspace>/ and its part of the API."""

from django.urls import URLPattern, URLResolver, path

from canvas.api import canvases as api
from canvas.api.comments import CanvasCommentsView, CommentResolveView, CommentView, MentionsView
from canvas.views import comments, files, offers, reviews, sheets

app_name = "canvas"
urlpatterns: list[URLPattern | URLResolver] = [
    path("processes/<int:process_id>/canvases/", sheets.index, name="index"),
    path("processes/<int:process_id>/canvases/draft/", sheets.draft_top, name="draft_top"),
    path("portfolios/<int:pk>/canvases/", sheets.portfolio_canvases, name="portfolio"),
    path("portfolios/<int:pk>/canvases/draft/", sheets.draft_portfolio, name="draft_portfolio"),
    path("tasks/<int:task_id>/canvas/", sheets.sheet, name="sheet"),
    path("tasks/<int:task_id>/canvas/draft/", sheets.draft, name="draft"),
    path("tasks/<int:task_id>/canvas/history/", reviews.history, name="history"),
    path("tasks/<int:task_id>/canvas/history/restore/", reviews.restore, name="restore"),
    path("tasks/<int:task_id>/canvas/review/", reviews.review, name="review"),
    path("tasks/<int:task_id>/canvas/offers/", offers.decide, name="decide"),
    path("tasks/<int:task_id>/canvas/conclusion/", sheets.conclude, name="conclude"),
    path("tasks/<int:task_id>/canvas/header/", sheets.header, name="header"),
    path("tasks/<int:task_id>/canvas/import/", files.bring, name="bring"),
    path("tasks/<int:task_id>/canvas/canvas.<str:form>", files.export, name="export"),
    path("tasks/<int:task_id>/canvas/comments/", comments.every, name="comments"),
    path("tasks/<int:task_id>/canvas/comments/live/", comments.live, name="comments_live"),
    path("comments/<int:pk>/", comments.one, name="comment"),
    path("comments/<int:pk>/delete/", comments.delete, name="comment_delete"),
    path("comments/<int:pk>/resolve/", comments.resolve, name="comment_resolve"),
    path("mentions/", comments.mentions, name="mentions"),
    path("tasks/<int:task_id>/canvas/<slug:block>/", sheets.save, name="save"),
]
api_urlpatterns: list[URLPattern | URLResolver] = [
    path("canvases/", api.CanvasesView.as_view(), name="canvases"),
    path("canvases/schema/", api.CanvasSchemaView.as_view(), name="canvas-schema"),
    path("canvases/<int:pk>/review/", api.CanvasReviewView.as_view(), name="canvas-review"),
    path("canvases/<int:pk>/offers/", api.CanvasOffersView.as_view(), name="canvas-offers"),
    path("canvases/<int:pk>/restore/", api.CanvasRestoreView.as_view(), name="canvas-restore"),
    path("canvases/<int:pk>/differences/", api.CanvasDifferencesView.as_view(), name="canvas-differences"),
    path("canvases/<int:pk>/import/", api.CanvasImportView.as_view(), name="canvas-import"),
    path("canvases/<int:pk>/", api.CanvasView.as_view(), name="canvas"),
    path("canvases/<int:pk>/export/", api.CanvasExportView.as_view(), name="canvas-export"),
    path("canvases/<int:pk>/comments/", CanvasCommentsView.as_view(), name="canvas-comments"),
    path("comments/<int:pk>/", CommentView.as_view(), name="comment"),
    path("comments/<int:pk>/resolve/", CommentResolveView.as_view(), name="comment-resolve"),
    path("mentions/", MentionsView.as_view(), name="mentions"),
]
