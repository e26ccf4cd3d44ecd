"""Logs of one process as it was and as it is now, imported the way people import them."""

import io
from collections.abc import Sequence

from accounts.access import Access
from jobs.services import run_drain
from planner.models import EventLog, LogUpload, Process
from planner.services import log_import_start, log_upload_create
from tests.planner.logs import at, csv_log

HEADER = "case,activity,start,time,who"
Path = Sequence[str]


def rows_of(paths: Sequence[Path], *, minutes: int = 6) -> list[tuple[str, str, str, str, str]]:
    """One case a path, a task every twenty minutes, each worked on for `minutes`."""
    return [
        (f"c{n}", name, at(90 * n + 20 * step), at(90 * n + 20 * step + minutes), f"u{n % 3}")
        for n, path in enumerate(paths)
        for step, name in enumerate(path)
    ]


PATHS: list[Path] = [
    ("Register", "Check", *(("Phone",) if n % 10 == 0 else ()), "Pay" if n % 4 else "Reject") for n in range(40)
]


def brought(access: Access, paths: Sequence[Path], *, minutes: int = 6, process: Process | None = None) -> LogUpload:
    """The log imported to its end: as a process, or beside the one it measures anew."""
    file = io.BytesIO(csv_log(rows_of(paths, minutes=minutes), HEADER))
    upload = log_upload_create(access=access, file=file, filename="claims.csv", updates=process)
    run = log_import_start(access=access, upload=upload)
    run_drain(run_ids=[run.pk])
    upload.refresh_from_db()
    assert upload.process is not None, upload.problems
    return upload


def measured_process(access: Access, paths: Sequence[Path] = PATHS) -> Process:
    """A process measured from a log."""
    found = brought(access, paths).process
    assert found is not None
    return Process.objects.select_related("workspace").get(pk=found.pk)


def newer_log(access: Access, process: Process, paths: Sequence[Path], *, minutes: int = 6) -> EventLog:
    """A log brought for a known process, not applied yet."""
    upload = brought(access, paths, minutes=minutes, process=process)
    return EventLog.objects.select_related("process__workspace").get(upload=upload)
