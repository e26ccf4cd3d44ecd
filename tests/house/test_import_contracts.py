"""The import contracts of pyproject.toml leave no module out."""

import tomllib
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
CONTRACTS = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["tool"]["importlinter"]["contracts"]
APPS = ["accounts", "jobs", "planner", "canvas", "pipelines"]
# What other apps may import: the thing itself, and what doors everywhere are built from.
OPEN = {"models", "services", "selectors", "domain", "access", "api_base", "authentication"}
# The API of every app answers long work with the same picture of a job.
OPEN_OF_ONE = {"jobs": {"serializers"}}
# `execution` has a contract of its own; nobody imports the rest.
ELSEWHERE = {"execution", "apps", "migrations", "skeletons", "environments"}


@pytest.mark.parametrize("app", APPS)
def test_every_module_of_an_app_is_open_or_protected(app: str) -> None:
    modules = {path.stem for path in (ROOT / app).glob("[!_]*.py")}
    modules |= {path.parent.name for path in (ROOT / app).glob("*/__init__.py")}
    [doors] = [contract for contract in CONTRACTS if contract["id"] == f"doors-{app}"]
    protected = {name.removeprefix(f"{app}.") for name in doors["protected_modules"]}
    closed = modules - OPEN - OPEN_OF_ONE.get(app, set()) - ELSEWHERE
    assert closed == protected, f"protected_modules of doors-{app} in pyproject.toml differ"


def test_every_pure_domain_is_in_a_contract() -> None:
    contracts = [contract for contract in CONTRACTS if contract["id"].endswith("domain")]
    pure = {name for contract in contracts for name in contract["source_modules"]}
    domains = {f"{path.parent.parent.name}.domain" for path in ROOT.glob("*/domain/__init__.py")}
    assert domains == pure
