"""The WSGI door, for any server that speaks it."""

import os

from django.core.wsgi import get_wsgi_application
from django.urls import get_resolver

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")
application = get_wsgi_application()
# Loaded before the server forks: once for all its processes, and not while the first visitor waits.
get_resolver().url_patterns  # noqa: B018
