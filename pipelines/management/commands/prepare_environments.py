"""`manage.py prepare_environments`: build what generated projects run in, so that the first run does not wait."""

import time

from django.core.management.base import BaseCommand, CommandError

from pipelines.domain.architecture import Architecture
from pipelines.services.environments import EnvironmentFailed, environment_python
from pipelines.services.skeletons import lock_read


class Command(BaseCommand):
    help = "Build the environment in which generated projects of the usual options run; others are built when needed."
    requires_system_checks = ()

    def handle(self, *args: object, **options: object) -> None:
        started = time.monotonic()
        try:
            python = environment_python(lock_read(Architecture()))
        except EnvironmentFailed as error:
            raise CommandError(str(error)) from error
        self.stdout.write(f"{python} ({time.monotonic() - started:.1f} s)")
