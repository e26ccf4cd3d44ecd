"""`manage.py plan` reads a log by the mapping and the working hours given with it, or says which of it cannot be."""

import json
from io import StringIO
from pathlib import Path

import pytest
from django.core.management import call_command
from django.core.management.base import CommandError

from planner.models import EventLog, LogUpload, Process
from tests.planner.logs import csv_log

HOURS = {"days": ["9-17"] * 5 + ["", ""], "zone": "Europe/Berlin"}
ROWS = [
    (f"{case}", name, f"2026-01-0{5 + case % 3}T{hour:02}:00:00", "x")
    for case in range(60)
    for name, hour in (("Register", 8), ("Check", 10), ("Pay", 20))
]
LOG = csv_log(ROWS, "x,y,z,more")
MAPPING = {"case": "x", "activity": "y", "end": "z", "ignored": ["more"], "zone": "Europe/Berlin"}


@pytest.fixture
def file(transactional_db: None, tmp_path: Path) -> Path:
    path = tmp_path / "odd.csv"
    path.write_bytes(LOG)
    return path


def plan(file: Path, **options: object) -> str:
    said = {name: value if isinstance(value, str) else json.dumps(value) for name, value in options.items()}
    printed = StringIO()
    call_command("plan", file, out=file.parent / "out", stdout=printed, **said)
    return printed.getvalue()


def test_columns_hours_and_zone_are_those_given(file: Path) -> None:
    plan(file, mapping=MAPPING, hours=HOURS)
    upload, log = LogUpload.objects.get(), EventLog.objects.get()
    assert {key: upload.mapping[key] for key in MAPPING} == MAPPING
    assert log.statistics["cases"] == 60
    assert upload.calendar is not None
    assert upload.calendar["days"] == HOURS["days"]
    assert log.statistics["calendar"]["words"] == "working hours Mon–Fri 9–17"


@pytest.mark.parametrize(
    ("options", "words"),
    [
        ({"mapping": "[1]"}, "--mapping takes a JSON object"),
        ({"mapping": "{"}, "--mapping takes a JSON object"),
        ({"mapping": {**MAPPING, "day_first": "x"}}, "day_first: This is true, false or null"),
        ({"mapping": {**MAPPING, "ignored": ["nowhere"]}}, "There is no column “nowhere”"),
        ({"mapping": {**MAPPING, "case": "nobody"}}, "There is no column “nobody”"),
        ({"mapping": {**MAPPING, "colour": "red"}}, "There is no key of a mapping “colour”"),
        ({"mapping": MAPPING, "hours": "7"}, "--hours takes a JSON object"),
        ({"mapping": MAPPING, "hours": {"days": ["25-26"] * 7}}, "25"),
        ({"mapping": MAPPING, "hours": {**HOURS, "zoen": "UTC"}}, "“zoen”; did you mean “zone”"),
        ({"mapping": MAPPING, "hours": {**HOURS, "closed": 7}}, "Closed days are a list"),
    ],
    ids=str,
)
def test_what_cannot_be_is_said_in_one_sentence_and_nothing_is_imported(
    file: Path, options: dict[str, object], words: str
) -> None:
    with pytest.raises(CommandError, match=words):
        plan(file, **options)
    assert not Process.objects.exists()
