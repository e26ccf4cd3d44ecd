"""The covering set, for real: every pair of options that fit is tested by its own tests, trained and served once."""

import json
import time
from pathlib import Path

import pytest

from pipelines.domain.architecture import Architecture, Problem
from tests.generated.combinations import covered, table_for
from tests.generated.unpacking import borrow_environment, make, unpacked
from tests.pipelines.projects import project_of, specification_of

COVERED = covered()


def named(part: object) -> str:
    return "-".join(part.as_json().values()) if isinstance(part, Architecture) else str(part)


@pytest.mark.generated
@pytest.mark.parametrize(("problem", "architecture"), COVERED, ids=named)
def test_it_is_tested_trained_and_served(
    problem: Problem, architecture: Architecture, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    made = table_for(problem)
    assert made is not None
    root = unpacked(project_of(specification_of(made, architecture=architecture)), tmp_path)
    borrow_environment(root, architecture)
    begun = time.monotonic()
    assert "passed" in make(root, "test")
    make(root, "lint")
    make(root, "pipeline")
    smoke = json.loads((root / "work/serve_smoke/smoke.json").read_text(encoding="utf-8"))
    assert smoke["rows"] > 0
    assert smoke["refused_bad_row"]
    took, options = time.monotonic() - begun, " | ".join(architecture.as_json().values())
    with capsys.disabled():
        print(f"\n| {problem} | {options} | {smoke['rows']} | {smoke['p50_ms']} | {took:.0f} |")  # noqa: T201 - the table of the docs
