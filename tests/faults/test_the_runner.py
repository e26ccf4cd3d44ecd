"""`make run`: refuses in one sentence, keeps its children alive, and leaves no process behind however it ends."""

import os
import signal
import socket
import subprocess
import sys
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

import pytest

from pipelines.management.commands import load_demo
from tests.faults.house import ROOT, alive, wait_for

RUNNER = [sys.executable, str(ROOT / "scripts/run.py")]


def spare_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def environment(data_dir: Path, port: int) -> dict[str, str]:
    unset = {"REDIS_URL", "DATABASE_URL", "MAKELEVEL"}
    kept = {name: value for name, value in os.environ.items() if name not in unset}
    return {**kept, "DATA_DIR": str(data_dir), "PORT": str(port), "DEMO": "0", "PYTHONUNBUFFERED": "1"}


def refusal(data_dir: Path, port: str) -> str:
    given = environment(data_dir, 1) | {"PORT": port}
    done = subprocess.run(RUNNER, env=given, cwd=ROOT, capture_output=True, text=True, check=False)
    assert done.returncode != 0
    return done.stderr.strip()


def test_a_port_in_use_is_named(tmp_path: Path) -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = taken.getsockname()[1]
        said = refusal(tmp_path, str(port))
    assert said.startswith(f"Port {port} is in use")
    assert len(said.splitlines()) == 1


def test_a_port_that_is_no_number_is_named(tmp_path: Path) -> None:
    assert refusal(tmp_path, "eight") == "PORT is “eight”: write a number between 1 and 65535."


def test_a_port_in_digits_of_another_script_is_named(tmp_path: Path) -> None:
    assert refusal(tmp_path, "８０００") == "PORT is “８０００”: write a number between 1 and 65535."


def test_a_new_folder_is_for_its_owner_alone(tmp_path: Path) -> None:
    refusal(tmp_path / "new", "eight")
    assert open_to_others(tmp_path / "new") == []


def test_what_an_earlier_start_left_open_is_shut(tmp_path: Path) -> None:
    (tmp_path / "mail").mkdir(mode=0o755)
    (tmp_path / "secret_key").write_text("x")
    (tmp_path / "secret_key").chmod(0o644)
    refusal(tmp_path, "eight")
    assert open_to_others(tmp_path) == []


def open_to_others(folder: Path) -> list[str]:
    """What anybody but its owner could use, below the folder and itself."""
    return [str(path) for path in (folder, *folder.rglob("*")) if path.lstat().st_mode & 0o077]


def test_a_folder_that_cannot_be_written_is_named(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    said = refusal(tmp_path / "file/data", "8000")
    assert said.startswith(f"DATA_DIR {tmp_path}/file/data cannot be written")
    assert len(said.splitlines()) == 1


def test_the_sign_in_it_prints_is_that_of_the_demo() -> None:
    text = (ROOT / "scripts/run.py").read_text(encoding="utf-8")
    assert load_demo.DEMO_EMAIL in text
    assert load_demo.DEMO_PASSWORD in text


def family(pid: int) -> set[int]:
    """The process and all that descend from it."""
    found = {pid}
    for children in Path(f"/proc/{pid}/task").glob("*/children"):
        with suppress(OSError):
            for child in children.read_text().split():
                found |= family(int(child))
    return found


@contextmanager
def running(data_dir: Path, port: int, **given: str) -> Iterator[subprocess.Popen[bytes]]:
    """A runner that is ready."""
    output = data_dir / "output"
    output.touch(mode=0o600)
    with output.open("wb") as said:
        runner = subprocess.Popen(RUNNER, env=environment(data_dir, port) | given, cwd=ROOT, stdout=said, stderr=said)
    try:
        wait_for(lambda: b"is ready" in output.read_bytes() or runner.poll() is not None)
        assert runner.poll() is None, output.read_text()
        yield runner
    finally:
        runner.terminate()
        with suppress(subprocess.TimeoutExpired):
            runner.wait(30)
        runner.kill()


def answers(port: int) -> bool:
    with suppress(OSError), urllib.request.urlopen(f"http://127.0.0.1:{port}/health/", timeout=5) as answer:
        return bool(answer.read() == b"ok")
    return False


def test_ctrl_c_leaves_no_process_and_the_data(tmp_path: Path) -> None:
    port = spare_port()
    with running(tmp_path, port) as runner:
        assert answers(port)
        assert refusal(tmp_path, str(spare_port())).startswith("Taskworth already runs with DATA_DIR")
        assert open_to_others(tmp_path) == []
        everybody = family(runner.pid)
        runner.send_signal(signal.SIGINT)
        assert runner.wait(60) == 0
    assert len(everybody) >= 6
    wait_for(lambda: not any(alive(pid) for pid in everybody))
    assert (tmp_path / "taskworth.sqlite3").exists()


def test_a_named_broker_that_does_not_answer_is_told_in_a_line(tmp_path: Path) -> None:
    port, nowhere = spare_port(), spare_port()
    with running(tmp_path, port, REDIS_URL=f"redis://me:secret@127.0.0.1:{nowhere}/0"):
        assert answers(port)
    [told] = [line for line in (tmp_path / "output").read_text().splitlines() if line.startswith("  Queue")]
    assert f"The broker of REDIS_URL (127.0.0.1:{nowhere}/0) does not answer" in told
    assert "wait until it does" in told
    assert "secret" not in told


@pytest.mark.faults
def test_kill_9_of_the_runner_leaves_no_process(tmp_path: Path) -> None:
    with running(tmp_path, spare_port()) as runner:
        wait_for(lambda: len(family(runner.pid)) >= 9)
        everybody = family(runner.pid)
        runner.kill()
        runner.wait()
        wait_for(lambda: not any(alive(pid) for pid in everybody))


@pytest.mark.faults
@pytest.mark.parametrize("name", ["gunicorn", "celery", "dispatch", "broker.sock"])
def test_a_child_that_dies_is_started_again(tmp_path: Path, name: str) -> None:
    def children(runner: int) -> list[int]:
        kept = Path(f"/proc/{runner}/task/{runner}/children").read_text().split()
        return [int(pid) for pid in kept if name.encode() in Path(f"/proc/{pid}/cmdline").read_bytes()]

    port = spare_port()
    with running(tmp_path, port) as runner:
        wait_for(lambda: bool(children(runner.pid)))
        [before] = children(runner.pid)
        os.kill(before, signal.SIGKILL)
        wait_for(lambda: bool(children(runner.pid)) and children(runner.pid) != [before])
        wait_for(lambda: answers(port))
