"""`manage.py restore FILE`: put back what `backup` saved."""

from argparse import ArgumentParser
from pathlib import Path

from django.core.management.base import BaseCommand, CommandError

from accounts.services import backup_restore
from common.errors import ProblemError


class Command(BaseCommand):
    help = "Put back every row and file of a backup, all or nothing. Stop Taskworth first."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("file", type=Path, help="the archive that `backup` wrote")
        parser.add_argument("--force", action="store_true", help="delete what is there and replace it")

    def handle(self, *, file: Path, force: bool, **_: object) -> None:
        try:
            report = backup_restore(path=file, replace=force)
        except ProblemError as problem:
            raise CommandError(" ".join(str(problem).split())) from problem
        self.stdout.write(f"Restored {report.rows} rows and {report.files} files from {file}.")
