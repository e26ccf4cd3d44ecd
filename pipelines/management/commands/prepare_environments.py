"""`manage.py prepare_environments`: build what generated projects run in, so that the first run does not wait."""

import time

from django.core.management.base import BaseCommand, CommandError

from pipelines.services.environments import EnvironmentFailed, environment_key, environment_python
from pipelines.services.skeletons import lock_names


class Command(BaseCommand):
    help = "Build the environments in which generated projects run."
    requires_system_checks = ()

    def handle(self, *args: object, **options: object) -> None:
        for name in lock_names():
            started = time.monotonic()
            try:
                python = environment_python(name)
            except EnvironmentFailed as error:
                raise CommandError(str(error)) from error
            took = time.monotonic() - started
            self.stdout.write(f"{name} {environment_key(name)}: {python} ({took:.1f} s)")
