"""What the page of a file that was brought shows: its first rows under the choices made."""

from collections.abc import Mapping, Sequence
from typing import Any

from planner.domain.event_log.parsed_samples import parsed_rows
from planner.models import LogUpload


def import_rows(upload: LogUpload, mapping: Mapping[str, Any]) -> Sequence[Mapping[str, str]]:
    """The first rows by role, times read; those of XES, which names its columns itself, as they were looked at."""
    found = upload.preview or {}
    if not found.get("heads"):
        return list(found.get("rows") or ())
    return parsed_rows(found["heads"], mapping, serials=found.get("serials"))
