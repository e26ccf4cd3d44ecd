"""The WSGI door, for any server that speaks it."""

import gc
import os

from django.core.wsgi import get_wsgi_application
from django.urls import get_resolver

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")
application = get_wsgi_application()
# Loaded before the server forks: once for all its processes, and not while the first visitor waits.
get_resolver().url_patterns  # noqa: B018
# What is loaded stays: looking through it for garbage again and again took up to half the time of a page of many tasks.
gc.collect()
gc.freeze()
gc.set_threshold(20_000, 20, 50)
