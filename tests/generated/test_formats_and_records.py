"""Serialization, orchestration and tracking for real: ONNX, joblib, DVC, MLflow, each by the project's own Makefile."""

import json
import os
import shutil
import signal
import socket
import subprocess
import time
import urllib.error
import urllib.request
from pathlib import Path

import pytest

from pipelines.domain.architecture import Architecture, Orchestration, Serialization, Tracking
from pipelines.services.environments import environment_python
from pipelines.services.skeletons import serving_lock_read
from planner.domain.foresight.targets import Problem
from tests.generated.unpacking import borrow_environment, clean_environment, make, unpacked
from tests.pipelines.projects import project_of, specification_of, with_rows
from tests.pipelines.tables import made_table

ONNX = Architecture(serialization=Serialization.ONNX)
BY_DVC = Architecture(serialization=Serialization.ONNX, orchestration=Orchestration.DVC, tracking=Tracking.MLFLOW)
LARGEST_DIFFERENCE = 1e-9
MOST_MEGABYTES = 150
ABSENT = ("pandas", "sklearn", "scipy")


def project(folder: Path, architecture: Architecture, problem: Problem = Problem.BINARY, rows: int = 400) -> Path:
    made = made_table(rows=rows, seed=4, problem=problem)
    root = unpacked(project_of(specification_of(made, architecture=architecture)), folder)
    borrow_environment(root, architecture)
    return root


def read(path: Path) -> dict[str, object]:
    loaded: dict[str, object] = json.loads(path.read_text(encoding="utf-8"))
    return loaded


def test_an_onnx_project_passes_its_tests_and_its_file_answers_as_the_model(tmp_path: Path) -> None:
    root = project(tmp_path, ONNX)
    assert "passed" in make(root, "test", "lint")
    make(root, "pipeline")
    parity = read(root / "work/package/manifest.json")["parity"]
    assert parity["largest_difference"] <= LARGEST_DIFFERENCE
    assert read(root / "work/serve_smoke/smoke.json")["refused_bad_row"]
    told = make(root, "runs").splitlines()
    assert len(told) == 2
    assert str(read(root / "work/package/manifest.json")["model_sha256"])[:8] in told[1]


@pytest.mark.generated
@pytest.mark.parametrize("problem", [Problem.MULTICLASS, Problem.REGRESSION])
def test_onnx_answers_as_the_model_for_every_kind_of_answer(problem: Problem, tmp_path: Path) -> None:
    root = project(tmp_path, ONNX, problem)
    assert "passed" in make(root, "test")
    make(root, "pipeline")
    assert read(root / "work/package/manifest.json")["parity"]["largest_difference"] <= LARGEST_DIFFERENCE


@pytest.mark.generated
def test_an_onnx_model_is_judged_as_the_same_model_by_skops(tmp_path: Path) -> None:
    made = made_table(rows=3000, seed=6, noise_columns=10)
    found = []
    for architecture in (ONNX, Architecture()):
        root = unpacked(
            with_rows(made, specification_of(made, architecture=architecture)), tmp_path / architecture.serialization
        )
        borrow_environment(root, architecture)
        make(root, "pipeline")
        found.append(read(root / "work/evaluate/metrics.json")["model"])
    assert found[0] == pytest.approx(found[1], abs=1e-9)


@pytest.mark.generated
def test_onnx_is_served_without_pandas_and_scikit_learn_in_a_small_environment(tmp_path: Path) -> None:
    root = project(tmp_path, ONNX)
    make(root, "pipeline")
    python = environment_python(serving_lock_read(ONNX))
    answer, log = _served(root, python)
    assert len(answer["predictions"]) == 2, log
    packages = next((python.parent.parent / "lib").glob("python3*")) / "site-packages"
    assert not [name for name in ABSENT if (packages / name).exists()]
    files = [path for path in python.parent.parent.rglob("*") if path.is_file() and path.suffix != ".pyc"]
    assert sum(path.stat().st_size for path in files) / 1e6 <= MOST_MEGABYTES


def _served(root: Path, python: Path) -> tuple[dict[str, list[object]], str]:
    """What the service of that environment answers to the example of the package."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    command = [str(python), "-m", "triage_claim_model", "serve", "--port", str(port)]
    log = root / "service.log"
    with log.open("w") as stream:
        process = subprocess.Popen(
            command, cwd=root, env=clean_environment(root) | {"PYTHONPATH": "src"}, stdout=stream, stderr=stream
        )
    try:
        body = (root / "work/package/example_request.json").read_bytes()
        request = urllib.request.Request(f"http://127.0.0.1:{port}/predict", body, {"content-type": "application/json"})
        return json.loads(_answered(request, process)), log.read_text()
    finally:
        process.send_signal(signal.SIGTERM)
        process.wait(timeout=20)


def _answered(request: urllib.request.Request, process: subprocess.Popen[bytes]) -> bytes:
    opener = urllib.request.build_opener(urllib.request.ProxyHandler({}))
    deadline = time.monotonic() + 60
    while process.poll() is None and time.monotonic() < deadline:
        try:
            with opener.open(request, timeout=10) as answer:
                content: bytes = answer.read()
                return content
        except urllib.error.URLError:
            time.sleep(0.2)
    raise AssertionError("the service did not answer")


@pytest.mark.generated
def test_a_joblib_project_passes_its_tests_and_warns(tmp_path: Path) -> None:
    root = project(tmp_path, Architecture(serialization=Serialization.JOBLIB))
    assert "passed" in make(root, "test", "lint")
    make(root, "pipeline")
    warning = "whoever can change this file can run code"
    assert warning in (root / "work/package/model_card.md").read_text(encoding="utf-8")
    assert "can run code" in (root / "README.md").read_text(encoding="utf-8")


@pytest.mark.generated
@pytest.mark.parametrize("by_git", [False, True])
def test_dvc_runs_only_what_changed_and_mlflow_keeps_each_run(by_git: bool, tmp_path: Path) -> None:
    root = project(tmp_path, BY_DVC)
    if by_git:
        for arguments in (["init", "-q"], ["add", "-A"]):
            subprocess.run(["git", *arguments], cwd=root, env=_alone(root), check=True, capture_output=True)
    assert "Running stage 'serve_smoke'" in make(root, "repro")
    again = make(root, "repro")
    assert "Running stage" not in again
    assert "up to date" in again
    params = read(root / "params.json")
    (root / "params.json").write_text(json.dumps(params | {"seed": 7}), encoding="utf-8")
    changed = make(root, "repro")
    assert "Running stage 'train'" in changed
    assert "Running stage 'split'" not in changed
    assert len(make(root, "runs").splitlines()) == 3


def _alone(root: Path) -> dict[str, str]:
    return clean_environment(root) | {"GIT_CEILING_DIRECTORIES": str(root.parent), "PWD": os.fspath(root)}


@pytest.mark.generated
def test_a_project_by_dvc_and_mlflow_passes_its_own_tests(tmp_path: Path) -> None:
    root = project(tmp_path, BY_DVC)
    assert "passed" in make(root, "test", "lint")
    shutil.rmtree(root)
