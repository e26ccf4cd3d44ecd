#!/usr/bin/env python
"""Django's command-line door."""

import os
import sys

from django.core.management import execute_from_command_line

# These write below DATA_DIR alone, and what is there is for who runs them. Others write files meant to be passed on.
PRIVATE = {"backup", "dispatch", "load_demo", "migrate", "restore"}

if __name__ == "__main__":
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")
    if PRIVATE.intersection(sys.argv[1:2]):
        os.umask(0o077)
    execute_from_command_line(sys.argv)
