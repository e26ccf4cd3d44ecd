"""Directories in which stages work, on this machine only. What must outlive an attempt goes to the file store."""

import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from django.conf import settings

from jobs.models import Stage


def scratch_folder() -> Path:
    """The folder that holds them all."""
    return Path(settings.DATA_DIR) / "scratch"


def scratch_make(stage: Stage) -> Path:
    """A fresh, empty directory for the attempt that holds the stage's lease; earlier attempts' are removed."""
    folder = scratch_folder() / str(stage.pk)
    shutil.rmtree(folder, ignore_errors=True)
    own = folder / f"{stage.attempt}-{stage.token[:12]}"
    own.mkdir(parents=True)
    own.chmod(0o700)
    return own


def scratch_remove(directory: Path) -> None:
    """Remove an attempt's directory, and the stage's own when that leaves it empty."""
    shutil.rmtree(directory, ignore_errors=True)
    if directory.parent.is_dir() and not any(directory.parent.iterdir()):
        shutil.rmtree(directory.parent, ignore_errors=True)


@contextmanager
def scratch(stage: Stage) -> Iterator[Path]:
    """The attempt's directory for as long as the block lasts."""
    directory = scratch_make(stage)
    try:
        yield directory
    finally:
        scratch_remove(directory)


def scratch_sweep() -> None:
    """Remove the directories of stages that no longer run: their worker died before it could."""
    folder = scratch_folder()
    found = [path for path in folder.iterdir() if path.name.isdecimal()] if folder.is_dir() else []
    running = set(Stage.objects.running().values_list("pk", flat=True)) if found else set()
    for path in found:
        if int(path.name) not in running:
            shutil.rmtree(path, ignore_errors=True)
