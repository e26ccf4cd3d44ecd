"""Addresses of planner: pages below /w/<workspace>/, and its part of the API."""

from django.urls import URLPattern, URLResolver

app_name = "planner"
urlpatterns: list[URLPattern | URLResolver] = []
api_urlpatterns: list[URLPattern | URLResolver] = []
