"""Commands that compose file and manifests name, each run as its image would: copied files, lock, variables.

No container engine: an image is a folder with what its stage copies, its volumes are folders linked where they would be
mounted, its environment is that of the lock it installs from. A process sees its own variables and nothing of ours.
"""

import os
import re
import shutil
import subprocess
from collections.abc import Iterator, Mapping
from contextlib import AbstractContextManager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import yaml

from pipelines.services.environments import environment_python
from tests.generated.answering import running
from tests.generated.dockerfiles import Stage, laid_out, path_of, stages_read

VOLUMES = {"log": "/app/log", "work": "/app/work", "data": "/app/data", "package": "/package"}
DEFAULT = re.compile(r"\$\{\w+:-([^}]*)\}")
"""Of a variable in a compose file: what holds where it is not set."""


@dataclass(frozen=True)
class Command:
    """What one container runs: the words (none: those of the image), the variables it is given, where volumes are."""

    where: str
    stage: str
    words: tuple[str, ...]
    variables: Mapping[str, str] = field(default_factory=dict, compare=False)
    mounts: tuple[str, ...] = ()


def commands_named(root: Path) -> list[Command]:
    """Of every container whose image is one of the project's, and the health checks."""
    compose = yaml.safe_load((root / "compose.yaml").read_text("utf-8"))
    found = [command for name, part in compose["services"].items() for command in _of_service(name, part)]
    for path in sorted((root / "kubernetes").rglob("*.yaml")):
        found += _of_manifest(path.relative_to(root).as_posix(), yaml.safe_load(path.read_text("utf-8")))
    return found


def _of_service(name: str, part: dict[str, Any]) -> Iterator[Command]:
    stage = part["image"].rpartition(":")[2]
    if stage not in ("serve", "learn"):
        return
    mounts = tuple(volume.split(":")[1] for volume in part.get("volumes", []))
    variables = {key: DEFAULT.sub(r"\1", str(value)) for key, value in part.get("environment", {}).items()}
    yield Command(f"compose {name}", stage, tuple(part.get("command", ())), variables, mounts)
    check = part.get("healthcheck", {}).get("test")
    if check:
        yield Command(f"compose {name}, health", stage, tuple(check[1:]), {}, mounts)


def _of_manifest(path: str, item: dict[str, Any]) -> Iterator[Command]:
    spec = item.get("spec", {})
    spec = spec.get("jobTemplate", {}).get("spec", spec)
    pod = spec.get("template", {}).get("spec", {})
    for container in [*pod.get("initContainers", []), *pod.get("containers", [])]:
        stage = container["image"].rpartition(":")[2]
        stage = "serve" if stage == "canary" else stage
        if stage in ("serve", "learn"):
            variables = {each["name"]: each.get("value", "") for each in container.get("env", [])}
            mounts = tuple(each["mountPath"] for each in container["volumeMounts"] if each["mountPath"] != "/tmp")
            yield Command(f"{path} {container['name']}", stage, tuple(container.get("command", ())), variables, mounts)


class Images:
    """The images of the project at `root`, whose model is packaged; volumes live as long as this does."""

    def __init__(self, root: Path, folder: Path) -> None:
        self.folder = folder
        self.volumes = {mount: folder / "volumes" / name for name, mount in VOLUMES.items()}
        for path in self.volumes.values():
            path.mkdir(parents=True)
        shutil.copytree(root / "data", self.volumes["/app/data"], dirs_exist_ok=True)
        self._stages = stages_read((root / "Dockerfile").read_text("utf-8"))
        self._environments: dict[str, Path] = {}
        self._containers: list[tuple[str, Path]] = []
        for name in ("serve", "learn"):
            if name in self._stages:
                laid_out(self._stages[name], root, folder / name)
                self._environments[name] = _environment(root, self._stages, self._stages[name])

    def run(self, command: Command, **more: str) -> subprocess.CompletedProcess[str]:
        """To its end."""
        image = self._container(command)
        words, environment = self._words(command, image), self._variables(command, image) | more | _kept()
        return subprocess.run(words, cwd=image / "app", env=environment, capture_output=True, text=True, check=False)

    def start(self, command: Command, said: Path, **more: str) -> subprocess.Popen[bytes]:
        """A process that listens on no port; what it prints goes to `said`."""
        image = self._container(command)
        words, environment = self._words(command, image), self._variables(command, image) | more | _kept()
        with said.open("wb") as output:
            return subprocess.Popen(words, cwd=image / "app", env=environment, stdout=output, stderr=output)

    def served(self, command: Command, said: Path, **more: str) -> AbstractContextManager[str]:
        """The address it answers at, on a spare port of this machine."""
        image = self._container(command)
        words, variables = self._words(command, image), self._variables(command, image) | more
        own = variables | {"MODEL_HOST": "127.0.0.1"}
        return running(lambda _: words, image / "app", lambda port: own | {"MODEL_PORT": str(port)}, said)

    def written(self) -> list[str]:
        """Files made or changed beside the volumes: the file system of a container cannot be written."""
        return sorted(path for stage, image in self._containers for path in _files(image) ^ _files(self.folder / stage))

    def _container(self, command: Command) -> Path:
        """A copy of its image with the volumes it mounts, and none else, linked in."""
        image = self.folder / f"container-{len(self._containers)}"
        shutil.copytree(self.folder / command.stage, image)
        self._containers.append((command.stage, image))
        for mount in command.mounts:
            if mount.startswith("/app"):
                place = image / mount.lstrip("/")
                if place.is_dir():
                    place.rename(self.folder / f"under-{len(self._containers)}-{place.name}")
                place.symlink_to(self.volumes[mount], target_is_directory=True)
        return image

    def _words(self, command: Command, image: Path) -> list[str]:
        environment = self._environments[command.stage]
        words = command.words or tuple(self._stages[command.stage].command)
        real = (self._real(word, command, image) for word in words)
        return [word.replace("/venv/bin", f"{environment}/bin") for word in real]

    def _variables(self, command: Command, image: Path) -> dict[str, str]:
        given = self._stages[command.stage].variables | {name: str(value) for name, value in command.variables.items()}
        return {name: self._real(value, command, image) for name, value in given.items()}

    def _real(self, value: str, command: Command, image: Path) -> str:
        places = {"/venv": self._environments[command.stage], "/package": self.volumes["/package"]}
        return path_of(value, image, places)


def _kept() -> dict[str, str]:
    kept = {name: value for name, value in os.environ.items() if name.startswith("OPENBLAS")}
    return kept | {"PATH": "/usr/bin:/bin"}


def _files(image: Path) -> set[tuple[str, int]]:
    """Path and size of each; folders that are volumes are links and not looked into."""
    found = set()
    for folder, _, names in os.walk(image):
        for path in (Path(folder) / name for name in names):
            if "/app/data" not in str(path):
                found.add((path.relative_to(image).as_posix(), path.stat().st_size))
    return found


def _environment(root: Path, stages: Mapping[str, Stage], stage: Stage) -> Path:
    """The folder of the environment of the lock that the stage installs from."""
    ((lock,), _) = stages[stage.from_stages["/venv"]].copied[0]
    return environment_python((root / lock).read_bytes()).parent.parent
