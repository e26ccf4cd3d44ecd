"""Addresses of pipelines: pages below /w/<workspace>/, and its part of the API."""

from django.urls import URLPattern, URLResolver

app_name = "pipelines"
urlpatterns: list[URLPattern | URLResolver] = []
api_urlpatterns: list[URLPattern | URLResolver] = []
