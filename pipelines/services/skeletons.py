"""What ships with the product: the sources of generated projects and the packages they install."""

import hashlib
import json
import os
import tomllib
from collections.abc import Mapping
from functools import cache
from pathlib import Path

from pipelines.domain.architecture import Architecture, Problem, layers, parts, serving_parts
from pipelines.domain.archive import Constant
from pipelines.domain.dependencies import blocks_of, lock_of, names_of, requirements_of
from pipelines.domain.licences import LicenceKind
from pipelines.domain.rendering import ENDING, Compiled, Templates, compiled_of, sources_key
from pipelines.services.compiled_templates import CompiledTemplates
from pipelines.services.environments import EnvironmentFailed, writable_root

APP = Path(__file__).resolve().parent.parent
SKELETONS, ENVIRONMENTS = APP / "skeletons", APP / "environments"
CONTENT = "content"


@cache
def templates_read(architecture: Architecture, problem: Problem = Problem.BINARY) -> Templates:
    """The templates of all layers of a project. Raises ValueError where two folders hold one path."""
    found: dict[str, str] = {}
    compiled: dict[str, Compiled] = {}
    for layer in layers(architecture, problem):
        for path, source in layer_read(layer).items():
            if path in found:
                raise ValueError(f"{path} stands in {layer} and in another layer")
            found[path] = source
        compiled |= _layer_compiled(layer)
    return Templates(found, compiled)


@cache
def licence_read(kind: LicenceKind) -> Templates:
    """The templates of the files a licence asks for."""
    layer = f"licence/{kind}"
    return Templates(layer_read(layer), _layer_compiled(layer))


@cache
def layer_read(layer: str) -> dict[str, str]:
    """Path to template, of one folder; an option that needs no files of its own has none."""
    root = f"{SKELETONS}/{layer}"
    paths = sorted(f"{folder}/{name}" for folder, _, names in os.walk(root) for name in names if name.endswith(ENDING))
    return {path[len(root) + 1 :]: Path(path).read_text("utf-8") for path in paths}


@cache
def _layer_compiled(layer: str) -> Mapping[str, Compiled]:
    """The templates of a folder, compiled once on this machine."""
    sources, kept = layer_read(layer), _kept()
    key = sources_key(sources)
    found = kept.load(key) if kept else None
    if found is None:
        found = compiled_of(sources)
        if kept is not None:
            kept.store(key, found)
    return found


@cache
def lock_read(architecture: Architecture) -> bytes:
    """The hash-pinned requirements to learn, develop and answer with."""
    return _constant(lock_of(_blocks(), names_of(_closures(), parts(architecture))))


@cache
def serving_lock_read(architecture: Architecture) -> bytes:
    """The hash-pinned requirements of answering alone: what an image or a function holds."""
    return _constant(lock_of(_blocks(), names_of(_closures(), serving_parts(architecture))))


@cache
def requirements_read(architecture: Architecture) -> tuple[str, ...]:
    """What a project asks for by name, sorted."""
    table = tomllib.loads((ENVIRONMENTS / "parts.toml").read_text("utf-8"))
    return requirements_of(table, parts(architecture))


def _constant(content: bytes) -> Constant:
    """The content with how it is packed, found out once on this machine."""
    kept, key = _kept(), hashlib.sha256(content).hexdigest()
    found = (kept.load(key) if kept else None) or {}
    made = found.get(CONTENT)
    if isinstance(made, Constant):
        return made
    made = Constant(content)
    if kept is not None:
        kept.store(key, {CONTENT: made})
    return made


@cache
def _kept() -> CompiledTemplates | None:
    """Beside the environments that projects run in; None where nothing can be kept."""
    try:
        place = writable_root() / "templates"
        place.mkdir(exist_ok=True)
    except (OSError, EnvironmentFailed):
        return None
    return CompiledTemplates(place)


@cache
def _blocks() -> list[tuple[str, str]]:
    return blocks_of((ENVIRONMENTS / "packages.lock").read_text("utf-8"))


@cache
def _closures() -> dict[str, list[str]]:
    closures: dict[str, list[str]] = json.loads((ENVIRONMENTS / "closures.json").read_text("utf-8"))
    return closures
