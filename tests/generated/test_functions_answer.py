"""The serverless function: what is handed over answers with nothing but its own requirements, through both runtimes."""

import json
import subprocess
from pathlib import Path

import pytest

from pipelines.domain.architecture import Architecture, Deployment
from pipelines.services.environments import environment_python
from tests.generated.answering import ask, running
from tests.generated.unpacking import borrow_environment, make, unpacked
from tests.pipelines.projects import project_of, small_table, specification_of

FUNCTION = Architecture(deployment=Deployment.SERVERLESS)
AWS = (
    "import json, sys, main; body = open('package/example_request.json').read(); "
    "print(json.dumps(main.lambda_handler({'httpMethod': 'POST', 'path': '/predict', 'body': body}, None)))"
)


@pytest.fixture(scope="module")
def root(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A project whose pipeline has run: its last stage asks the function through functions-framework."""
    project = project_of(specification_of(small_table(), architecture=FUNCTION))
    found = unpacked(project, tmp_path_factory.mktemp("function"))
    borrow_environment(found, FUNCTION)
    make(found, "pipeline", "function")
    return found


@pytest.fixture(scope="module")
def python(root: Path) -> str:
    """The Python of an environment with what the function's own requirements name, and nothing else."""
    return str(environment_python((root / "dist/function/requirements.txt").read_bytes()))


def test_the_pipeline_asked_it_through_the_framework(root: Path) -> None:
    smoke = json.loads((root / "work/serve_smoke/smoke.json").read_text("utf-8"))
    assert smoke["refused_bad_row"]
    assert smoke["logged"] >= smoke["rows"]


def test_what_is_handed_over_answers_through_the_framework(root: Path, python: str, tmp_path: Path) -> None:
    folder, said = root / "dist/function", tmp_path / "said"
    asked = json.loads((folder / "package/example_request.json").read_text("utf-8"))
    command = [python, "-m", "functions_framework", "--target", "predict", "--host", "127.0.0.1", "--port"]
    with running(lambda port: [*command, str(port)], folder, lambda _: {}, said) as address:
        assert ask(f"{address}/health")["status"] == "ok"
        assert len(ask(f"{address}/predict", asked)["predictions"]) == len(asked["instances"])
    assert said.read_text("utf-8").count('"inputs"') == len(asked["instances"])


def test_what_is_handed_over_answers_an_event_of_aws(root: Path, python: str) -> None:
    done = subprocess.run(
        [python, "-c", AWS], cwd=root / "dist/function", env={"PATH": "/usr/bin:/bin"}, capture_output=True, text=True,
        check=False,
    )  # fmt: skip
    assert done.returncode == 0, done.stderr[-2000:]
    *logged, answer = [json.loads(line) for line in done.stdout.splitlines()]
    assert answer["statusCode"] == 200
    assert len(json.loads(answer["body"])["predictions"]) == len(logged) == 2


def test_it_needs_no_web_service_of_a_container(root: Path) -> None:
    lock = (root / "dist/function/requirements.txt").read_text("utf-8")
    assert "functions-framework==" in lock
    assert "\nfastapi==" not in lock
    assert not list((root / "src").rglob("service.py"))


@pytest.mark.generated
def test_the_size_says_in_words_where_it_fits_and_where_not(root: Path) -> None:
    told = make(root, "function-size")
    assert "AWS Lambda, archive" in told
    assert "does not fit: hand it over as a container image" in told
    found = json.loads((root / "dist/function_size.json").read_text("utf-8"))
    assert found["fits"]["Google Cloud Functions, 1st gen"]
    assert found["sizes"]["packed"] < 5_000_000 < found["sizes"]["unpacked with packages"]


@pytest.mark.generated
def test_its_own_tests_and_lint_pass(root: Path) -> None:
    assert "passed" in make(root, "test")
    make(root, "lint")
