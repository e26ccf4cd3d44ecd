"""What the page of a file that was brought shows: its first rows under the choices made, and what is odd about them."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django.utils import timezone

from common.formatting import count, listed, things
from jobs.services import blob_open
from planner.domain.event_log.eventlog import LogError
from planner.domain.event_log.first_rows import OLDEST, FirstRows, OddTimes, first_rows
from planner.domain.event_log.parsed_samples import parsed_rows
from planner.models import LogUpload


@dataclass(frozen=True)
class RowsWarning:
    """What the first rows say of the rest. `left_out` says how many would be, and why; `odd` of times, "" where none
    is."""

    left_out: str
    any_left_out: bool
    odd: str


def import_rows(upload: LogUpload, mapping: Mapping[str, Any]) -> Sequence[Mapping[str, str]]:
    """The first rows by role, times read; those of XES, which names its columns itself, as they were looked at."""
    found = upload.preview or {}
    if not found.get("heads"):
        return list(found.get("rows") or ())
    return parsed_rows(found["heads"], mapping, serials=found.get("serials"))


def import_warning(upload: LogUpload, mapping: Mapping[str, Any]) -> RowsWarning | None:
    """What the first rows of the file (at most 2,000) say under these choices; None where it cannot be read."""
    if not upload.preview or not upload.format:
        return None
    latest = latest_year()
    try:
        with blob_open(upload.blob) as source:
            found = first_rows(source, mapping, latest=latest)
    except LogError:
        return None
    return RowsWarning(_left_out(found), bool(found.left_out), odd_words(found.odd, latest))


def latest_year() -> int:
    """The last year a time of a log is expected in: plans reach into the next."""
    return timezone.now().year + 1


def odd_words(odd: OddTimes, latest: int) -> str:
    """What is said of times that no log of a process has; "" where there are none."""
    if not odd.count:
        return ""
    verb = "lies" if odd.count == 1 else "lie"
    return f"{things(odd.count, 'time')} {verb} before {OLDEST} or after {latest}, such as {odd.example}."


def _left_out(found: FirstRows) -> str:
    among = f"the {things(found.rows, 'row')}" if found.whole else f"the first {things(found.rows, 'row')}"
    rest = "" if found.whole else " The import counts the rest."
    if not found.left_out:
        return f"None of {among} would be left out.{rest}"
    time = f"a time that can be read, such as “{found.unreadable}”" if found.unreadable else "a time"
    reasons = (
        (found.without_case, "without a case"),
        (found.without_activity, "without an activity"),
        (found.without_time, f"without {time}"),
        (found.ragged, "with more or fewer cells than the header"),
    )
    said = listed([f"{count(times)} {words}" for times, words in reasons if times])
    return f"Of {among} {count(found.left_out)} would be left out: {said}.{rest}"
