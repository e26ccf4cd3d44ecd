"""Hostile strings and reserved words in every text field, in every combination of options: data, and code nowhere."""

import json
import tomllib
from dataclasses import asdict
from pathlib import Path
from typing import Any

import pytest

from pipelines.domain.architecture import Architecture, Form, Problem, Serving
from pipelines.domain.escaping import md
from pipelines.domain.generation import GeneratedProject
from pipelines.domain.specification import Specification
from pipelines.services.designing import render
from tests.generated.combinations import Combination, covered, every
from tests.generated.reading import file_parse
from tests.generated.unpacking import borrow_environment, make, unpacked
from tests.pipelines.hostile import CANARY, HOSTILE, hostile_specification, plainly, turned

HOLDERS = ("README.md", "docs/", "config/", "pyproject.toml", "data/sample.csv")
"""Where text of people may stand; every other file is the same to the byte whatever they typed."""
RUN = [
    (Problem.BINARY, Architecture()),
    (Problem.MULTICLASS, Architecture(form=Form.FORECAST, serving=Serving.PRECOMPUTE)),
    (Problem.REGRESSION, Architecture(serving=Serving.ON_DEMAND)),
    (Problem.BINARY, Architecture(serving=Serving.DEPENDENCY)),
]


def test_text_of_people_stays_text_in_the_covering_set() -> None:
    for place, combination in enumerate(covered()):
        _held(combination, place)


@pytest.mark.generated
def test_text_of_people_stays_text_in_every_combination() -> None:
    for place, combination in enumerate(every()):
        _held(combination, place)


@pytest.mark.generated
@pytest.mark.parametrize(("problem", "architecture"), RUN, ids=str)
def test_a_project_full_of_hostile_text_runs_and_executes_none(
    problem: Problem, architecture: Architecture, tmp_path: Path
) -> None:
    specification = hostile_specification(problem, architecture, HOSTILE)
    root = unpacked(render(specification), tmp_path)
    borrow_environment(root, architecture)
    make(root, "lint", "pipeline")
    assert json.loads((root / "work/serve_smoke/smoke.json").read_text("utf-8"))["rows"] > 0
    assert not list(tmp_path.rglob(CANARY))
    assert not Path(CANARY).exists()
    manifest = json.loads((root / "work/package/manifest.json").read_text("utf-8"))
    assert sorted(manifest["classes"]) == sorted(specification.label.classes)
    card = (root / "work/package/model_card.md").read_text("utf-8")
    assert "<script>" not in card


def _held(combination: Combination, place: int) -> None:
    specification = hostile_specification(*combination, turned(place))
    project, plain = render(specification), render(plainly(specification))
    assert set(project.files) == set(plain.files)
    for path, content in project.files.items():
        if not path.startswith(HOLDERS):
            assert content == plain.files[path], f"{path} depends on what people typed: {combination}"
    for path in (path for path in project.files if path.startswith(HOLDERS)):
        file_parse(path, project.files[path], typed=True)
    _reads_back(project, specification)


def _reads_back(project: GeneratedProject, specification: Specification) -> None:
    features, canvas = (_json(project, f"config/{name}.json") for name in ("features", "canvas"))
    label = asdict(specification.label)
    assert features["label"] == label | {"classes": list(label["classes"])}
    texts = ("name", "title", "unit", "source", "description")
    told = [tuple(feature[key] for key in texts) for feature in features["features"]]
    assert told == [tuple(getattr(feature, key) for key in texts) for feature in specification.features]
    assert canvas["title"] == specification.title
    assert canvas["fields"] == [asdict(part) for part in specification.story]
    assert _json(project, "config/decision.json")["unread"] == specification.unread
    written = tomllib.loads(project.files["pyproject.toml"].decode())["project"]
    assert written["name"] == specification.slug
    assert specification.title in written["description"] or specification.label.title in written["description"]
    assert project.files["README.md"].decode().splitlines()[0] == f"# {md(specification.title)}"


def _json(project: GeneratedProject, path: str) -> dict[str, Any]:
    found: dict[str, Any] = json.loads(project.files[path])
    return found
