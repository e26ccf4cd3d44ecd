"""Bring the database up to date and, at the first start, create the demo. One sentence when it cannot."""

from __future__ import annotations

import os
import sys

import django
from django.apps import apps
from django.conf import settings
from django.core.exceptions import ImproperlyConfigured
from django.core.management import call_command, get_commands
from django.db import DatabaseError

from common.disk import is_disk_full


def main() -> str | None:
    """What is wrong, in one sentence, or None."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")
    try:
        django.setup()
        call_command("migrate", interactive=False, verbosity=0)
        demo()
    except ImproperlyConfigured as error:
        return str(error)
    except DatabaseError as error:
        if is_disk_full(error):
            return "The disk that holds the data is full: free some space (DATA_DIR, DATABASE_URL) and start again."
        return f"The database cannot be used: {' '.join(str(error).split())} Check DATABASE_URL and DATA_DIR."
    return None


def demo() -> None:
    """The demo workspace, when it is wanted and there is no workspace at all."""
    first_start = not apps.get_model("accounts", "Workspace").objects.exists()
    if settings.DEMO and first_start and "load_demo" in get_commands():
        call_command("load_demo", verbosity=0)


if __name__ == "__main__":
    sys.exit(main())
