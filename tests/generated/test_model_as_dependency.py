"""The model as a library: a generated project's wheel, the same each time, imported by another project."""

import json
import subprocess
import sys
import zipfile
from hashlib import sha256
from pathlib import Path

import pytest
from uv import find_uv_bin

from pipelines.domain.architecture import Architecture, Serving
from tests.generated.unpacking import borrow_environment, clean_environment, make, unpacked
from tests.pipelines.projects import project_of, small_table, specification_of

ARCHITECTURE = Architecture(serving=Serving.DEPENDENCY)
APPLICATION = """
import json
from pathlib import Path

from {package} import Answer, PredictionLog, RowProblem, card, model_version, predict


def decide(rows: list[dict[str, float | bool | str | None]]) -> list[Answer]:
    return predict(rows, record=PredictionLog(Path("predictions.jsonl")).append)


answers = decide(json.loads(Path("request.json").read_text())["instances"])
try:
    predict([{{"surprise": 1}}])
except RowProblem as problem:
    print(problem.problems[0][1])
print(len(answers), 0 <= answers[0]["probability"] <= 1, model_version(), card().splitlines()[0])
"""


def _project(folder: Path) -> Path:
    root = unpacked(project_of(specification_of(small_table(), architecture=ARCHITECTURE)), folder)
    borrow_environment(root, ARCHITECTURE)
    return root


def _wheel(root: Path) -> Path:
    make(root, "wheel")
    (wheel,) = (root / "work/wheel").glob("*.whl")
    return wheel


def test_a_project_of_a_library_passes_its_own_tests_and_builds_the_same_wheel_again(tmp_path: Path) -> None:
    root = _project(tmp_path)
    assert "passed" in make(root, "test", "lint", "pipeline")
    smoke = json.loads((root / "work/serve_smoke/smoke.json").read_text(encoding="utf-8"))
    assert smoke["refused_bad_row"]
    assert smoke["logged"] == smoke["rows"] == 20
    wheel = _wheel(root)
    assert sha256(wheel.read_bytes()).hexdigest() == smoke["wheel_sha256"]
    asked = _asked_for(wheel)
    assert asked
    pinned = (root / "requirements-serving.lock").read_text(encoding="utf-8")
    assert all(f"\n{requirement.replace('~=', '==')} " in pinned for requirement in asked), asked


def _asked_for(wheel: Path) -> list[str]:
    with zipfile.ZipFile(wheel) as archive:
        (name,) = [name for name in archive.namelist() if name.endswith("/METADATA")]
        lines = archive.read(name).decode().splitlines()
    return [line.removeprefix("Requires-Dist: ") for line in lines if line.startswith("Requires-Dist: ")]


@pytest.mark.generated
def test_another_project_installs_the_wheel_is_checked_for_types_and_answered(tmp_path: Path) -> None:
    root = _project(tmp_path)
    make(root, "pipeline")
    wheel, other = _wheel(root), tmp_path / "other"
    other.mkdir()
    package = wheel.name.split("-")[0]
    (other / "application.py").write_text(APPLICATION.format(package=package), encoding="utf-8")
    (other / "request.json").write_bytes((root / "work/package/example_request.json").read_bytes())
    python = str(other / ".venv/bin/python")
    _run(other, find_uv_bin(), "venv", "-q", "--python", sys.executable, ".venv")
    lock = str(root / "requirements-serving.lock")
    _run(other, find_uv_bin(), "pip", "install", "-q", "--python", python, str(wheel), "-c", lock)
    told = _run(other, python, "application.py").splitlines()
    assert told[0] == "surprise"
    assert told[1].startswith("2 True ")
    assert "# Model card" in told[1]
    assert len((other / "predictions.jsonl").read_text(encoding="utf-8").splitlines()) == 2
    _run(other, sys.executable, "-m", "mypy", "--strict", "--python-executable", python, "application.py")


def _run(folder: Path, *command: str) -> str:
    done = subprocess.run(
        command, cwd=folder, env=clean_environment(folder), capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stdout[-3000:] + done.stderr[-3000:]
    return done.stdout
