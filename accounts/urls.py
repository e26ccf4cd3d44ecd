"""Addresses of accounts: signing in at the root, a workspace's settings below /w/<workspace>/, its part of the API."""

from django.urls import URLPattern, URLResolver, path

from accounts.api import TokenView, WorkspacesView

app_name = "accounts"
urlpatterns: list[URLPattern | URLResolver] = []
api_urlpatterns: list[URLPattern | URLResolver] = [
    path("auth/token/", TokenView.as_view(), name="token"),
    path("workspaces/", WorkspacesView.as_view(), name="workspaces"),
]
