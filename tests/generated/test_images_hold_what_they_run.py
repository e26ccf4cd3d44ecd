"""What a Dockerfile copies and runs, tried without a container engine: an empty folder, its lock, its command."""

import json
import re
from pathlib import Path

import pytest

from pipelines.domain.architecture import Architecture, Deployment, Form, Problem, Serialization, Serving
from pipelines.services.environments import environment_python
from pipelines.services.skeletons import serving_lock_read
from tests.generated.answering import ask, running
from tests.generated.combinations import table_for
from tests.generated.dockerfiles import Stage, laid_out, path_of, stages_read, translated
from tests.generated.images import commands_named
from tests.generated.unpacking import borrow_environment, make, unpacked
from tests.pipelines.projects import project_of, small_table, specification_of

SERVED = [Architecture(serving=serving) for serving in (Serving.SERVICE,)]
LARGEST = 450_000_000
"""Bytes of an environment with scikit-learn, byte code included: a package too many shows here."""
LARGEST_OF_ONNX = 150_000_000
"""The same with ONNX, whose image holds no byte code of its packages."""


@pytest.mark.parametrize("architecture", SERVED, ids=lambda architecture: architecture.serving)
def test_what_the_image_holds_answers_without_the_rest_of_the_project(
    architecture: Architecture, tmp_path: Path, record_property
) -> None:
    root = unpacked(project_of(specification_of(small_table(), architecture=architecture)), tmp_path)
    borrow_environment(root, architecture)
    make(root, "pipeline")
    stage = stages_read((root / "Dockerfile").read_text("utf-8"))["serve"]
    environment = _environment(root, stage, architecture)
    image = tmp_path / "image"
    laid_out(stage, root, image)
    asked = json.loads((root / "work/package/example_request.json").read_text("utf-8"))
    (root / "src").rename(tmp_path / "gone")
    places = {"/venv": environment}
    command = [path_of(word, image, places) for word in stage.command]
    variables = translated(stage.variables, image, places) | {"MODEL_HOST": "127.0.0.1"}
    served = running(
        lambda _: command, image / "app", lambda port: variables | {"MODEL_PORT": str(port)}, tmp_path / "said"
    )
    with served as address:
        assert ask(f"{address}/health")["status"] == "ok"
        answer = ask(f"{address}/predict", asked)
        assert len(answer["predictions"]) == len(asked["instances"])
    assert (tmp_path / "said").read_text("utf-8").count('"inputs"') == len(asked["instances"])
    size = sum(path.stat().st_size for path in environment.rglob("*") if path.is_file())
    record_property("bytes of the environment", size)
    assert size < LARGEST


def test_an_image_runs_without_root_and_holds_no_rows_and_no_work() -> None:
    files = project_of(specification_of(small_table())).files
    stages = stages_read(files["Dockerfile"].decode())
    assert {stages[name].user for name in ("serve", "learn")} == {"10001:10001"}
    copied = {source for sources, _ in stages["serve"].copied for source in sources}
    assert copied == {"src", "config", "work/package"}
    assert {"data/training.csv", "data/open_cases.csv"} <= set(files[".dockerignore"].decode().split())


@pytest.mark.generated
def test_the_packages_of_a_service_with_onnx_are_few(record_property) -> None:
    architecture = Architecture(serialization=Serialization.ONNX)
    environment = environment_python(serving_lock_read(architecture)).parent.parent
    size = sum(
        path.stat().st_size
        for path in environment.rglob("*")
        if path.is_file() and not path.is_symlink() and path.suffix != ".pyc"
    )
    record_property("bytes of the environment", size)
    assert size < LARGEST_OF_ONNX


@pytest.mark.parametrize("serialization", list(Serialization))
def test_only_an_image_with_onnx_does_without_byte_code_of_its_packages(serialization: Serialization) -> None:
    files = project_of(specification_of(small_table(), architecture=Architecture(serialization=serialization))).files
    (installed,) = [
        line for line in files["Dockerfile"].decode().splitlines() if line.endswith("-r /requirements-serving.lock")
    ]
    assert ("--no-compile" in installed) is (serialization is Serialization.ONNX)
    assert "--require-hashes" in installed


@pytest.mark.parametrize("problem", [Problem.BINARY, Problem.FORECASTING], ids=str)
@pytest.mark.parametrize("serving", list(Serving))
def test_every_command_of_an_image_is_one_the_project_has(serving: Serving, problem: Problem, tmp_path: Path) -> None:
    form = Form.FORECAST if serving is Serving.PRECOMPUTE else Form.WEB_SERVICE
    architecture = Architecture(form=form, serving=serving, deployment=Deployment.CONTAINER)
    made = table_for(problem)
    assert made is not None
    specification = specification_of(made, architecture=architecture)
    root = unpacked(project_of(specification), tmp_path)
    package = root / "src" / specification.package
    known = [(package / name).read_text("utf-8") for name in ("commands.py", "__main__.py")]
    said = [command.words[-1] for command in commands_named(root) if specification.package in command.words]
    said += re.findall(rf'{specification.package}"?,? "?([a-z]+)', (root / "Dockerfile").read_text("utf-8"))
    assert "pipeline" in said
    assert all(f'"{name}"' in "".join(known) for name in said), (said, known)


def _environment(root: Path, stage: Stage, architecture: Architecture) -> Path:
    """The folder of the environment of the lock that the image installs from."""
    lock = (root / "requirements-serving.lock").read_bytes()
    packages = stages_read((root / "Dockerfile").read_text("utf-8"))[stage.from_stages["/venv"]]
    assert [source for sources, _ in packages.copied for source in sources] == ["requirements-serving.lock"]
    assert lock == serving_lock_read(architecture)
    return environment_python(lock).parent.parent
