"""Addresses of accounts: signing in at the root, a workspace's settings below /w/<workspace>/, and its part of the API."""

from django.urls import URLPattern, URLResolver

app_name = "accounts"
urlpatterns: list[URLPattern | URLResolver] = []
api_urlpatterns: list[URLPattern | URLResolver] = []
