"""A small log of claims with repeats, ping-pong, hand-overs and one place where cases wait, imported."""

import io

from jobs.services import run_drain
from planner.models import Process
from planner.services import log_import_start, log_upload_create
from tests.conftest import Cast
from tests.planner.logs import at, csv_log

HEADER = "case,activity,start,time,who"


def event(case: int, name: str, begin: int, who: str) -> tuple[str, str, str, str, str]:
    return f"c{case}", name, at(begin), at(begin + 10), who


def events_of(case: int) -> list[tuple[str, str, str, str, str]]:
    """Register, Check, Pay; every fourth is checked by Kim, sent to Bo and checked by Kim again.

    Minutes waited: 340 before Pay (300 after the second check), 10 before every other step.
    """
    opened = 90 * case
    again = [("Ask", 40, "Bo"), ("Check", 60, "Kim")] if case % 4 == 0 else []
    steps = [("Register", 0, "Ann"), ("Check", 20, "Kim"), *again, ("=Pay", 370, "Bo")]
    return [event(case, name, opened + minute, who) for name, minute, who in steps]


ROWS = [each for case in range(40) for each in events_of(case)]


def imported(cast: Cast, data: bytes) -> Process:
    """The process a CSV log becomes in the shared workspace."""
    access = cast.access(cast.editor)
    upload = log_upload_create(access=access, file=io.BytesIO(data), filename="Claims.csv")
    run_drain(run_ids=[log_import_start(access=access, upload=upload).pk])
    return Process.objects.select_related("workspace").latest("pk")


def claims_measured(cast: Cast) -> Process:
    """The process of ROWS."""
    return imported(cast, csv_log(ROWS, HEADER))
