"""Predictions made ahead: a generated project's batch in SQLite and PostgreSQL, killed and run again."""

import json
import signal
import sqlite3
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import psycopg
import pytest

from pipelines.domain.architecture import Architecture, Form, Serving
from tests.generated.unpacking import borrow_environment, clean_environment, make, unpacked
from tests.pipelines.projects import project_of, small_table, specification_of

sys.path.append(str(Path(__file__).resolve().parents[2] / "scripts"))
import servers

ARCHITECTURE = Architecture(Form.FORECAST, Serving.PRECOMPUTE)
COUNTS = "SELECT (SELECT count(*) FROM batches), (SELECT count(*) FROM predictions)"
PATIENCE_SECONDS = 120


def _project(folder: Path) -> Path:
    texts = {"making_predictions.schedule": "every night at 02:00"}
    specification = specification_of(small_table(), texts=texts, architecture=ARCHITECTURE)
    root = unpacked(project_of(specification), folder)
    borrow_environment(root, ARCHITECTURE)
    return root


def test_a_project_of_batches_passes_its_own_tests_and_fills_a_database(tmp_path: Path) -> None:
    root = _project(tmp_path)
    assert "passed" in make(root, "test", "lint", "pipeline")
    smoke = json.loads((root / "work/serve_smoke/smoke.json").read_text(encoding="utf-8"))
    assert smoke["refused_bad_row"]
    assert smoke["logged"] == smoke["rows"] == 20
    make(root, "precompute")
    with sqlite3.connect(root / "work/predictions.db") as database:
        assert database.execute("SELECT rows, rejected, made_up FROM batches").fetchall() == [(480, 0, 1)]
        asked = "SELECT count(*), count(DISTINCT row_id), max(probability) <= 1 FROM predictions"
        assert database.execute(asked).fetchone() == (480, 480, 1)
    assert json.loads((root / "config/decision.json").read_text(encoding="utf-8"))["batch_every_hours"] == 24


@pytest.fixture(scope="module")
def packaged(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A project with a packaged model and 4,800 open cases."""
    root = _project(tmp_path_factory.mktemp("precompute"))
    make(root, "pipeline")
    header, *rows = (root / "data/sample.csv").read_text(encoding="utf-8").splitlines()
    many = [f"{part}-{row}" for part in range(10) for row in rows]
    (root / "data/open_cases.csv").write_text("\n".join([header, *many]) + "\n", encoding="utf-8")
    return root


@pytest.fixture(scope="module")
def postgresql() -> Iterator[str]:
    with servers.scratch_folder() as folder, servers.postgresql(folder) as address:
        yield address


@pytest.mark.generated
def test_its_own_tests_pass_on_postgresql(packaged: Path, postgresql: str) -> None:
    environment = clean_environment(packaged) | {"TEST_DATABASE_URL": postgresql}
    command = [str(packaged / ".venv/bin/python"), "-m", "pytest", "tests/serving"]
    done = subprocess.run(command, cwd=packaged, env=environment, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout[-4000:]


@pytest.mark.generated
@pytest.mark.parametrize("kind", ["sqlite", "postgresql"])
def test_a_batch_killed_in_the_middle_is_never_seen_and_then_written_once_by_two(
    kind: str, packaged: Path, postgresql: str, tmp_path: Path
) -> None:
    file, log = tmp_path / "predictions.db", tmp_path / "log.jsonl"
    address = postgresql if kind == "postgresql" else f"sqlite:///{file}"

    def counted() -> tuple[int, int]:
        if kind == "postgresql":
            with psycopg.connect(address) as database:
                row = database.execute(COUNTS).fetchone()
        else:
            with sqlite3.connect(file) as database:
                row = database.execute(COUNTS).fetchone()
        assert row is not None
        return int(row[0]), int(row[1])

    killed = _started(packaged, address, log)
    _wait_for_lines(log, 300)
    assert counted() == (0, 0)
    killed.send_signal(signal.SIGKILL)
    killed.wait()
    assert counted() == (0, 0)
    both = [_started(packaged, address, tmp_path / name) for name in ("one.jsonl", "two.jsonl")]
    assert [process.wait(PATIENCE_SECONDS) for process in both] == [0, 0]
    assert counted() == (1, 4800)


def _started(root: Path, address: str, log: Path) -> subprocess.Popen[bytes]:
    own = {"MODEL_DATABASE_URL": address, "MODEL_PREDICTION_LOG": str(log), "MODEL_CHUNK_ROWS": "100"}
    environment = clean_environment(root) | own | {"PYTHONPATH": str(root / "src")}
    package = next(path.name for path in (root / "src").iterdir() if (path / "__main__.py").exists())
    return subprocess.Popen(
        [str(root / ".venv/bin/python"), "-m", package, "precompute"],
        cwd=root,
        env=environment,
        stdout=subprocess.DEVNULL,
    )


def _wait_for_lines(log: Path, count: int) -> None:
    deadline = time.monotonic() + PATIENCE_SECONDS
    while not log.exists() or log.read_bytes().count(b"\n") < count:
        assert time.monotonic() < deadline, "the batch did not begin"
        time.sleep(0.02)
