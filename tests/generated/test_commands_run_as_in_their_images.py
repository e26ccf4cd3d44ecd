"""Every command line that compose file and manifests name runs once, in its image's files, lock and variables alone."""

import json
import shutil
import signal
import subprocess
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from pipelines.domain.architecture import Architecture, Form, Problem, Serving, Tracking
from tests.generated.answering import ask
from tests.generated.combinations import table_for
from tests.generated.images import Command, Images, commands_named
from tests.generated.queue_house import brokers, spare_port, wait_for
from tests.generated.unpacking import borrow_environment, make, unpacked
from tests.pipelines.projects import project_of, specification_of

PATTERNS = [
    (Problem.BINARY, Architecture()),
    (Problem.BINARY, Architecture(serving=Serving.ON_DEMAND)),
    (Problem.BINARY, Architecture(form=Form.FORECAST, serving=Serving.PRECOMPUTE)),
    (Problem.FORECASTING, Architecture(form=Form.FORECAST, serving=Serving.PRECOMPUTE)),
    (Problem.BINARY, Architecture(serving=Serving.DEPENDENCY, tracking=Tracking.MLFLOW)),
]


def named(part: object) -> str:
    return str(part.serving) if isinstance(part, Architecture) else str(part)


@dataclass
class House:
    """A project whose pipeline has run, what it describes and has not been run yet, and what takes servers' places."""

    images: Images
    left: list[Command]
    example: Any
    folder: Path
    servers: dict[str, str]

    def taken(self, wanted: Callable[[Command], bool]) -> list[Command]:
        found = [command for command in self.left if wanted(command)]
        self.left = [command for command in self.left if command not in found]
        return found

    def run(self, command: Command, **more: str) -> str:
        """What it printed; it must end well."""
        done = self.images.run(command, **self.servers, **more)
        assert done.returncode == 0, f"{command.where}: {done.stderr[-2000:]}"
        return done.stdout

    def answers(self, command: Command, checks: list[Command]) -> None:
        """It is served, found well by its health checks, and asked."""
        with self.images.served(command, self.folder / "said", **self.servers) as address:
            if "MODEL_BROKER_URL" in self.servers:
                wait_for(lambda: bool(ask(f"{address}/health")["status"] == "ok"))
            for check in checks:
                words = tuple(word.replace("http://127.0.0.1:8000", address) for word in check.words)
                self.run(Command(check.where, check.stage, words, check.variables, check.mounts))
            if "MODEL_DATABASE_URL" in self.servers:
                assert ask(f"{address}/predictions")["predictions"]
            else:
                assert len(ask(f"{address}/predict", self.example)["predictions"]) == len(self.example["instances"])

    def logged(self) -> int:
        files = self.images.volumes["/app/log"].glob("*.jsonl")
        return sum(len(path.read_text("utf-8").splitlines()) for path in files)


def house_of(problem: Problem, architecture: Architecture, folder: Path) -> House:
    made = table_for(problem)
    assert made is not None
    root = unpacked(project_of(specification_of(made, architecture=architecture)), folder)
    borrow_environment(root, architecture)
    make(root, "pipeline")
    example = json.loads((root / "work/package/example_request.json").read_text("utf-8"))
    images, left = Images(root, folder / "images"), commands_named(root)
    shutil.move(root / "src", folder / "gone")
    store = {"MODEL_DATABASE_URL": f"sqlite:///{folder / 'predictions.db'}"}
    return House(images, left, example, folder, store if architecture.serving is Serving.PRECOMPUTE else {})


@pytest.fixture
def broker(tmp_path: Path) -> Iterator[str]:
    """The address of a real server on a spare port."""
    port = spare_port()
    command = [brokers()[0], "--port", str(port), "--bind", "127.0.0.1", "--save", "", "--dir", str(tmp_path)]
    process = subprocess.Popen(command, stdout=subprocess.DEVNULL)
    yield f"redis://127.0.0.1:{port}/0"
    process.kill()
    process.wait()


@pytest.mark.generated
@pytest.mark.parametrize(("problem", "architecture"), PATTERNS, ids=named)
def test_every_command_line_runs(problem: Problem, architecture: Architecture, tmp_path: Path, broker: str) -> None:
    house = house_of(problem, architecture, tmp_path)
    if architecture.serving is Serving.ON_DEMAND:
        house.servers["MODEL_BROKER_URL"] = broker
    for command in house.taken(lambda command: "cp" in command.words or command.words[-1:] in _ENDING):
        house.run(command)
    _answering(house)
    for command in house.taken(lambda command: "watch" in command.words):
        assert "0 of" in house.run(command, MODEL_DRIFT_ROWS="1", MODEL_DRIFT_PSI="1000")
    _learning(house, architecture)
    assert house.left == []
    assert house.images.written() == []


_ENDING = (("precompute",), ("forecast",))


def _answering(house: House) -> None:
    """Processors first, then every service, asked; the processors end when they are told to."""
    processors = house.taken(lambda command: command.words[-1:] == ("process",))
    started = [
        house.images.start(command, house.folder / f"processor-{place}", **house.servers)
        for place, command in enumerate(processors)
    ]
    try:
        checks = house.taken(lambda command: command.where.endswith("health"))
        services = house.taken(lambda command: command.stage == "serve" and not command.words)
        for command in services:
            house.answers(command, checks)
    finally:
        for process in started:
            process.send_signal(signal.SIGTERM)
    assert [process.wait(timeout=60) for process in started] == [0] * len(started)
    assert house.logged() >= len(services)


def _learning(house: House, architecture: Architecture) -> None:
    """Each leaves a candidate on its volume, and the wheel where the model is a library."""
    work = house.images.volumes["/app/work"]
    for command in house.taken(lambda command: command.stage == "learn"):
        house.run(command)
        assert (work / "package/manifest.json").exists()
        assert bool(list(work.glob("wheel/*.whl"))) == (architecture.serving is Serving.DEPENDENCY)
        shutil.rmtree(work)
        work.mkdir()


@pytest.mark.generated
def test_a_shift_of_what_is_asked_retrains_from_the_drift_job(tmp_path: Path) -> None:
    house = house_of(Problem.BINARY, Architecture(), tmp_path)
    by_place = {command.where: command for command in house.left}
    house.run(by_place["kubernetes/drift.yaml package"])
    house.answers(by_place["kubernetes/serve.yaml serve"], [])
    assert house.logged() == len(house.example["instances"])
    said = house.run(by_place["kubernetes/drift.yaml drift"], MODEL_DRIFT_ROWS="2")
    assert "learning again" in said
    assert (house.images.volumes["/app/work"] / "package/model_card.md").exists()
    assert house.images.written() == []
