"""Sizes and names that keep the house readable: the tail is what makes code hard, not the median."""

import re
import tomllib
from collections.abc import Iterator
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
APPS = ["config", "common", "accounts", "jobs", "planner", "canvas", "pipelines"]
DRAWERS = {"utils", "util", "helpers", "helper", "manager", "managers", "misc", "lib", "core"}


def modules(*folders: str) -> Iterator[Path]:
    for folder in folders:
        for path in (ROOT / folder).rglob("*.py"):
            if "migrations" not in path.parts and "skeletons" not in path.parts:
                yield path


def lines(path: Path) -> int:
    return len(path.read_text(encoding="utf-8").splitlines())


def test_no_file_of_code_is_over_400_lines() -> None:
    long = {str(path.relative_to(ROOT)): lines(path) for path in modules(*APPS, "scripts", "tests", "benchmarks")}
    assert {name: count for name, count in long.items() if count > 400} == {}


def test_no_template_is_over_100_lines() -> None:
    long = {str(path.relative_to(ROOT)): lines(path) for path in (ROOT / "templates").rglob("*.html")}
    assert {name: count for name, count in long.items() if count > 100} == {}


def test_no_module_is_a_drawer_for_everything() -> None:
    names = {path for path in modules(*APPS, "scripts") if {path.stem, path.parent.name} & DRAWERS}
    assert names == set()


def test_the_readme_is_under_80_lines() -> None:
    assert lines(ROOT / "README.md") < 80


def test_every_document_a_document_links_to_exists() -> None:
    broken = [
        f"{page.relative_to(ROOT)} -> {target}"
        for page in [*ROOT.glob("*.md"), *(ROOT / "docs").rglob("*.md")]
        for target in re.findall(r"\]\((?!https?:|#|mailto:)([^)#\s]+)", page.read_text(encoding="utf-8"))
        if not (page.parent / target).exists()
    ]
    assert broken == []


def dependencies(group: str) -> set[str]:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
    every = {"run": project["project"]["dependencies"], "dev": project["dependency-groups"]["dev"]}
    return {re.split(r"[^a-z0-9-]", each)[0] for each in every[group]}


def test_every_dependency_has_its_reason() -> None:
    """Each name of pyproject.toml stands with a reason and a licence in docs/dependencies.md, and no other does."""
    text = (ROOT / "docs/dependencies.md").read_text(encoding="utf-8")
    assert set(re.findall(r"^\| `([a-z0-9-]+)", text, re.MULTILINE)) == dependencies("run") | dependencies("dev")


def pins(lock: str) -> dict[str, str]:
    """Package to version, as a lock file pins them."""
    text = (ROOT / lock).read_text(encoding="utf-8")
    return dict(re.findall(r"^([a-z0-9-]+)(?:\[\w+\])?==(\S+)", text, re.MULTILINE))


def test_every_dependency_is_pinned_and_both_locks_agree() -> None:
    """`make lock` was run after the last change of pyproject.toml."""
    run, dev = pins("requirements.txt"), pins("requirements-dev.txt")
    assert dependencies("run") <= set(run)
    assert dependencies("dev") <= set(dev)
    assert {name: version for name, version in run.items() if dev.get(name) != version} == {}
