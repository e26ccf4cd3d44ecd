"""`manage.py backup FILE`: save all rows and files while Taskworth runs."""

from argparse import ArgumentParser
from pathlib import Path

from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone

from accounts.services import backup_write
from common.errors import ProblemError


class Command(BaseCommand):
    help = "Save every row and stored file into one archive, which SQLite and PostgreSQL both restore from."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("file", type=Path, help="the archive to write, for example taskworth.zip")
        parser.add_argument("--force", action="store_true", help="replace the file when it exists")

    def handle(self, *, file: Path, force: bool, **_: object) -> None:
        try:
            report = backup_write(path=file, now=timezone.now(), overwrite=force)
        except ProblemError as problem:
            raise CommandError(str(problem)) from problem
        megabytes = report.bytes / 1_000_000
        self.stdout.write(f"Saved {report.rows} rows and {report.files} files into {file} ({megabytes:.1f} MB).")
