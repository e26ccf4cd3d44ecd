"""Every module a stage loads counts as its code, in the product's own graph and in the `dvc.yaml` of a project."""

import ast
from collections.abc import Mapping
from pathlib import PurePosixPath

import pytest
import yaml

from pipelines.domain.architecture import (
    Architecture,
    Orchestration,
    Serialization,
    Tracking,
    covering_set,
)
from pipelines.domain.stage_graph import STAGES, StageDefinition, sources_of
from pipelines.services.skeletons import templates_read
from planner.domain.foresight.targets import Problem
from tests.pipelines.projects import project_of, small_table, specification_of

SPECIFICATION = specification_of(small_table())
ARCHITECTURES = [
    Architecture(serialization=serialization, tracking=tracking)
    for serialization in Serialization
    for tracking in Tracking
]
LOADED_BY_NAME = {"package": ("run_record.py", "tracking.py")}


def imported(path: str, files: Mapping[str, bytes]) -> set[str]:
    """Paths of the package's own modules that a module loads, directly or through others."""
    found: set[str] = set()
    waiting = [path]
    while waiting:
        for node in ast.walk(ast.parse(files[waiting.pop()])):
            if isinstance(node, ast.ImportFrom) and node.level:
                known = [target for target in _targets(node) if target in files and target not in found]
                found.update(known)
                waiting.extend(known)
    return found


def _targets(node: ast.ImportFrom) -> list[str]:
    root = f"src/{SPECIFICATION.package}"
    names = [node.module] if node.module else [alias.name for alias in node.names]
    return [f"{root}/{place}{name}.py" for name in names for place in ("", "stages/")]


@pytest.mark.parametrize("architecture", ARCHITECTURES, ids=lambda chosen: f"{chosen.serialization}-{chosen.tracking}")
@pytest.mark.parametrize("stage", STAGES, ids=lambda stage: stage.name)
def test_what_a_stage_imports_is_its_code(stage: StageDefinition, architecture: Architecture) -> None:
    files = project_of(specification_of(small_table(), architecture=architecture)).files
    root = f"src/{SPECIFICATION.package}"
    named = sources_of(stage, SPECIFICATION.package, files)
    loaded = imported(f"{root}/stages/{stage.name}.py", files)
    for name in LOADED_BY_NAME.get(stage.name, ()):
        loaded |= {f"{root}/{name}"} | imported(f"{root}/{name}", files)
    assert loaded <= set(named)


@pytest.mark.parametrize("stage", STAGES, ids=lambda stage: stage.name)
def test_what_a_stage_of_a_forecast_imports_is_its_code(stage: StageDefinition) -> None:
    files = project_of(specification_of(small_table(Problem.FORECASTING))).files
    loaded = imported(f"src/{SPECIFICATION.package}/stages/{stage.name}.py", files)
    assert loaded <= set(sources_of(stage, SPECIFICATION.package, files))


def test_dvc_runs_each_stage_with_all_it_reads_and_nothing_twice() -> None:
    architecture = Architecture(orchestration=Orchestration.DVC, serialization=Serialization.ONNX)
    files = project_of(specification_of(small_table(), architecture=architecture)).files
    stages = yaml.safe_load(files["dvc.yaml"])["stages"]
    assert list(stages) == [stage.name for stage in STAGES]
    for stage in STAGES:
        told = stages[stage.name]
        assert told["outs"] == [f"work/{stage.name}"]
        assert {f"work/{name}" for name in stage.after} <= set(told["deps"])
        own = set(told["deps"]) - {f"work/{name}" for name in stage.after} - {"data"}
        assert own == set(sources_of(stage, SPECIFICATION.package, files)) - {"params.json"}
        assert own <= set(files)


def test_every_parameter_of_dvc_is_a_setting() -> None:
    files = project_of(
        specification_of(small_table(), architecture=Architecture(orchestration=Orchestration.DVC))
    ).files
    told = yaml.safe_load(files["dvc.yaml"])["stages"]
    asked = {name for stage in told.values() for part in stage.get("params", []) for name in part["params.json"]}
    assert asked == set(yaml.safe_load(files["params.json"]))
    settings = files[f"src/{SPECIFICATION.package}/settings.py"].decode()
    assert all(f"    {name}: int" in settings for name in asked)


@pytest.mark.parametrize(("problem", "architecture"), covering_set())
def test_every_project_has_one_way_to_write_a_model_and_to_keep_a_run(problem, architecture) -> None:
    names = [PurePosixPath(path).name for path in templates_read(architecture).sources]
    assert [names.count(f"{name}.py.j2") for name in ("model_file", "predictor", "tracking")] == [1, 1, 1]
    assert ("dvc.yaml.j2" in names) == (architecture.orchestration == Orchestration.DVC)
