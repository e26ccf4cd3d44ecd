"""What a Dockerfile puts into an image, laid out in a folder: no container engine is needed to try what it runs."""

import json
import shutil
from collections.abc import Mapping
from dataclasses import dataclass, field
from fnmatch import fnmatch
from pathlib import Path, PurePosixPath


@dataclass
class Stage:
    """One FROM: the stage it builds upon (or an image's name), and what its instructions say."""

    base: str
    workdir: str = ""
    copied: list[tuple[list[str], str]] = field(default_factory=list)
    from_stages: dict[str, str] = field(default_factory=dict)
    variables: dict[str, str] = field(default_factory=dict)
    user: str = ""
    command: list[str] = field(default_factory=list)


def stages_read(dockerfile: str) -> dict[str, Stage]:
    """Name to stage. A stage starts with what the stage it builds upon holds."""
    stages: dict[str, Stage] = {}
    current = Stage("")
    for line in dockerfile.splitlines():
        word, _, rest = line.strip().partition(" ")
        if word == "FROM":
            base, _, name = rest.partition(" AS ")
            parent = stages.get(base, Stage(base))
            current = Stage(
                base, parent.workdir, [*parent.copied], {**parent.from_stages}, {**parent.variables}, parent.user
            )
            stages[name] = current
        elif word and word[0] != "#":
            _instruction(current, word, rest)
    return stages


def _instruction(stage: Stage, word: str, rest: str) -> None:
    if word == "WORKDIR":
        stage.workdir = rest
    elif word == "USER":
        stage.user = rest
    elif word == "ENV":
        stage.variables |= dict(pair.split("=", 1) for pair in rest.split())
    elif word == "CMD":
        stage.command = json.loads(rest)
    elif word == "COPY" and rest.startswith("--from="):
        name, _, place = rest.removeprefix("--from=").split()
        stage.from_stages[place] = name
    elif word == "COPY":
        *sources, place = rest.split()
        stage.copied.append((sources, place))


def ignored(path: str, patterns: list[str]) -> bool:
    """Whether .dockerignore keeps `path` out: the last pattern that fits it, or a folder it lies in, decides."""
    out = False
    names = [path, *(str(parent) for parent in PurePosixPath(path).parents if str(parent) != ".")]
    for pattern in patterns:
        plain = pattern.removeprefix("!").removeprefix("**/")
        deep = "**/" in pattern
        if any(fnmatch(name, plain) or (deep and fnmatch(PurePosixPath(name).name, plain)) for name in names):
            out = not pattern.startswith("!")
    return out


def laid_out(stage: Stage, root: Path, image: Path) -> None:
    """Copy what the stage copies from the project at `root` into `image` as its `/`; fails where there is nothing."""
    patterns = (root / ".dockerignore").read_text("utf-8").split()
    for sources, place in stage.copied:
        for source in sources:
            found = [
                path for path in ([root / source] if (root / source).is_file() else sorted((root / source).rglob("*")))
                if path.is_file() and not ignored(path.relative_to(root).as_posix(), patterns)
            ]  # fmt: skip
            assert found, f"COPY {source}: nothing there"
            target = PurePosixPath(stage.workdir) / place
            for path in found:
                inside = path.relative_to(root / source).as_posix()
                within = target / (path.name if inside == "." else inside)
                to = image / str(within).lstrip("/") if inside != "." or place.endswith("/") else image / str(target)
                to.parent.mkdir(parents=True, exist_ok=True)
                shutil.copyfile(path, to)


def translated(values: Mapping[str, str], image: Path, places: Mapping[str, Path]) -> dict[str, str]:
    """The same variables with paths inside the image turned into paths of this machine."""
    return {name: path_of(value, image, places) for name, value in values.items()}


def path_of(value: str, image: Path, places: Mapping[str, Path]) -> str:
    for place, real in places.items():
        if value == place or value.startswith(f"{place}/"):
            return str(real) + value.removeprefix(place)
    return f"{image}{value}" if value.startswith("/app") else value
