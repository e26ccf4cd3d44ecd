"""Every file of a generated project is what its format demands: parsed in `make test`, held by linters in the long run.

A file that several combinations share is looked at once. Linters run offline, each with all files it is for.
"""

import hashlib
import subprocess
import sys
from collections.abc import Iterator
from functools import cache
from pathlib import Path

import pytest

from tests.generated.combinations import Combination, covered, every, table_for
from tests.generated.reading import file_parse
from tests.pipelines.projects import project_of, specification_of

PROGRAMS = Path(sys.executable).parent
YAML_STYLE = (
    "{extends: default, rules: {document-start: disable, line-length: {max: 160}, truthy: {check-keys: false}, "
    "comments: {min-spaces-from-content: 1}}}"
)
SHELL = (b"#!/bin/sh", b"#!/bin/bash", b"#!/usr/bin/env bash")


def test_every_file_of_the_covering_set_parses() -> None:
    for _, path, content in _distinct(covered()):
        file_parse(path, content)


def test_the_covering_set_has_each_serving_pattern_and_deployment_that_is_written() -> None:
    for axis in ("serving", "deployment", "serialization"):
        assert {architecture.value(axis) for _, architecture in covered()} == {
            architecture.value(axis) for _, architecture in every()
        }


@pytest.fixture(scope="module")
def tree(tmp_path_factory: pytest.TempPathFactory) -> list[Path]:
    """Every distinct file of every combination, in a folder of the combination that brings it first.

    The other files of that combination lie beside it, so that a linter knows which modules are the project's own.
    """
    root = tmp_path_factory.mktemp("projects")
    distinct = [(root / name / path, name) for name, path, _ in _distinct(every())]
    bringing = {name for _, name in distinct}
    for combination in every():
        if _name(combination) in bringing:
            for path, content in _files(combination).items():
                place = root / _name(combination) / path
                place.parent.mkdir(parents=True, exist_ok=True)
                place.write_bytes(content)
    return [path for path, _ in distinct]


@pytest.mark.generated
def test_every_file_of_every_combination_parses(tree: list[Path]) -> None:
    for path in _all(tree, "*"):
        file_parse(path.name, path.read_bytes())


@pytest.mark.generated
def test_python_passes_the_projects_own_rules(tree: list[Path]) -> None:
    _run("ruff", "check", "--no-cache", *_all(tree, "*.py"))


@pytest.mark.generated
def test_dockerfiles_pass_hadolint(tree: list[Path]) -> None:
    _run("hadolint", *_all(tree, "Dockerfile"))


@pytest.mark.generated
def test_compose_files_hold_to_their_schema(tree: list[Path]) -> None:
    _run("check-jsonschema", "--builtin-schema", "vendor.compose-spec", *_all(tree, "compose.yaml"))


@pytest.mark.generated
def test_workflows_hold_to_their_schema_and_open_no_door(tree: list[Path]) -> None:
    workflows = [path for path in _all(tree, "*.yml") if path.parent.name == "workflows"]
    _run("check-jsonschema", "--builtin-schema", "vendor.github-workflows", *workflows)
    _run("zizmor", "--offline", "--no-progress", *workflows)


@pytest.mark.generated
def test_templates_of_aws_hold_to_their_schemas(tree: list[Path]) -> None:
    _run("cfn-lint", "--non-zero-exit-code", "warning", *_all(tree, "template.yaml"))


@pytest.mark.generated
def test_manifests_hold_to_the_schema_of_kubernetes(tree: list[Path]) -> None:
    manifests = [path for path in _all(tree, "*.yaml") if "kubernetes" in path.parts]
    assert len(manifests) > 5
    _run("kubernetes-validate", "--strict", *manifests)


@pytest.mark.generated
def test_yaml_has_one_style(tree: list[Path]) -> None:
    _run("yamllint", "--strict", "-d", YAML_STYLE, *_all(tree, "*.yaml"), *_all(tree, "*.yml"))


@pytest.mark.generated
def test_shell_passes_shellcheck(tree: list[Path]) -> None:
    scripts = [path for path in _all(tree, "*") if path.suffix == ".sh" or path.read_bytes().startswith(SHELL)]
    if scripts:
        _run("shellcheck", *scripts)


def _distinct(combinations: list[Combination]) -> Iterator[tuple[str, str, bytes]]:
    """(combination, path, content) of each file that no earlier combination holds at that path."""
    seen: set[tuple[str, bytes]] = set()
    for combination in combinations:
        for path, content in _files(combination).items():
            key = (path, hashlib.sha256(content).digest())
            if key not in seen:
                seen.add(key)
                yield _name(combination), path, content


@cache
def _files(combination: Combination) -> dict[str, bytes]:
    problem, architecture = combination
    return dict(project_of(specification_of(table_for(problem), architecture=architecture)).files)


def _name(combination: Combination) -> str:
    problem, architecture = combination
    return "-".join([str(problem), *architecture.as_json().values()])


def _all(tree: list[Path], pattern: str) -> list[Path]:
    return sorted(path for path in tree if path.match(pattern))


def _run(program: str, *arguments: object) -> None:
    done = subprocess.run(
        [str(PROGRAMS / program), *map(str, arguments)], capture_output=True, text=True, check=False
    )  # fmt: skip
    assert done.returncode == 0, (done.stdout + done.stderr)[-6000:]
