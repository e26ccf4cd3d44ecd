"""Addresses of canvas: pages below /w/<workspace>/, and its part of the API."""

from django.urls import URLPattern, URLResolver

app_name = "canvas"
urlpatterns: list[URLPattern | URLResolver] = []
api_urlpatterns: list[URLPattern | URLResolver] = []
