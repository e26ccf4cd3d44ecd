"""Generating projects, side by side with copier and cookiecutter where PEER_PYTHON names an environment that has them.

`python -m benchmarks.generator [--runs N] [--only render,project,size]` renders the largest combination of options to
a zip, cold (the first time in a process) and warm; has the peers copy a template of the same files as processes of
their own, in turns with ours; takes a generated project from its zip to green tests and a packaged model; and measures
what a service installs. Nothing of the peers is imported here.
"""

import argparse
import io
import json
import os
import resource
import shutil
import subprocess
import sys
import tempfile
import time
import zipfile
from collections.abc import Callable, Mapping
from pathlib import Path
from statistics import median

import django

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")
django.setup()

from pipelines.domain.architecture import Architecture, Problem, Serialization, covering_set  # noqa: E402
from pipelines.domain.designing import (  # noqa: E402
    CanvasFacts,
    CanvasField,
    TableFacts,
    TableFeature,
    specification_make,
)
from pipelines.domain.generation import GeneratedProject  # noqa: E402
from pipelines.domain.specification import Specification  # noqa: E402
from pipelines.services.designing import render  # noqa: E402
from pipelines.services.environments import environment_python  # noqa: E402
from pipelines.services.skeletons import serving_lock_read  # noqa: E402

UNUSUAL = ("PYTHONDONTWRITEBYTECODE", "OMP_NUM_THREADS")  # set on some machines and by our own settings
FEATURES = 40
WARM = 30


def specification(
    architecture: Architecture, *, features: int = FEATURES, title: str = "Triage claim"
) -> Specification:
    """Yes or no from `features` columns, with a cost matrix."""
    kinds = ("number", "category", "flag")
    columns = [TableFeature(f"column {place}", f"Column {place}", kinds[place % 3]) for place in range(features)]
    values = {"tp": 40.0, "fp": -25.0, "fn": -40.0, "tn": 10.0}
    fields = [
        CanvasField("impact_simulation", f"value_{key}", "Impact Simulation", key, f"{value} EUR", value)
        for key, value in values.items()
    ]
    canvas = CanvasFacts(title, "Claims", fields, 1, "EUR")
    table = TableFacts(columns, "Is it investigated?", "binary", ["no", "yes"], "yes", "outcome", 4000)
    return specification_make(canvas, table, planned=None, architecture=architecture, lock_digest="0" * 64)


def largest() -> Architecture:
    """The combination whose project has most bytes."""
    found = [architecture for problem, architecture in covering_set() if problem is Problem.BINARY]
    return max(found, key=lambda architecture: sum(map(len, render(specification(architecture)).files.values())))


def rendered(architecture: Architecture) -> dict[str, float]:
    """Seconds of the first rendering to a zip in this process, and the median of the next, each of another project."""
    taken = []
    for place in range(WARM + 1):
        spec = specification(architecture, title=f"Triage claim {place}")
        begun = time.perf_counter()
        render(spec).archive()
        taken.append(time.perf_counter() - begun)
    return {"cold": taken[0], "warm": median(taken[1:])}


def rendering(runs: int) -> None:
    """Ours cold and warm, each cold one in a fresh process; the peers as processes on the same files."""
    architecture = largest()
    files = render(specification(architecture)).files
    print(f"{len(files)} files, {sum(map(len, files.values())) / 1000:.0f} kB: {architecture.as_json()}")
    child = [sys.executable, "-m", "benchmarks.generator", "--child", json.dumps(architecture.as_json())]
    peer = os.environ.get("PEER_PYTHON", "")
    with tempfile.TemporaryDirectory() as folder:
        peers = _peers(peer, Path(folder), files) if peer else {}
        ours: list[dict[str, float]] = []
        theirs: dict[str, list[float]] = {name: [] for name in peers}
        for _ in range(runs):
            done = subprocess.run(child, check=True, capture_output=True, text=True)
            ours.append(json.loads(done.stdout.splitlines()[-1]))
            for name, command in peers.items():
                theirs[name].append(_took(command))
    cold, warm = (median(run[key] for run in ours) for key in ("cold", "warm"))
    print(f"rendered to a zip: {cold * 1000:.0f} ms cold, {warm * 1000:.1f} ms warm; load {os.getloadavg()[0]:.1f}")
    for name, taken in theirs.items():
        print(f"{name}: {median(taken) * 1000:.0f} ms a process, {median(taken) / cold:.0f} times ours cold")


def _peers(python: str, folder: Path, files: Mapping[str, bytes]) -> dict[str, Callable[[], None]]:
    """The same files as templates of both; what looks like a template in them is broken up, so that it is copied."""
    copier, cutter = folder / "copier", folder / "cutter" / "{{cookiecutter.slug}}"
    for path, content in files.items():
        text = content.replace(b"{{", b"{ {").replace(b"{%", b"{ %").replace(b"{#", b"{ #")
        for root, suffix in ((copier, ".jinja"), (cutter, "")):
            place = root / f"{path}{suffix}"
            place.parent.mkdir(parents=True, exist_ok=True)
            place.write_bytes(text)
    (copier / "copier.yml").write_text("title:\n  type: str\n  default: Triage\n")
    (cutter.parent / "cookiecutter.json").write_text('{"slug": "triage"}')

    def copier_runs() -> None:
        _run([python, "-m", "copier", "copy", "--defaults", "--quiet", str(copier), tempfile.mkdtemp(dir=folder)])

    def cutter_runs() -> None:
        out = tempfile.mkdtemp(dir=folder)
        _run([python, "-m", "cookiecutter", "--no-input", "-o", out, str(cutter.parent)])

    return {"copier": copier_runs, "cookiecutter": cutter_runs}


def _run(command: list[str], **options: str) -> None:
    """Run it; what fails is shown with the end of what it said."""
    surroundings = {name: value for name, value in os.environ.items() if name not in UNUSUAL}
    done = subprocess.run(
        command, check=False, capture_output=True, text=True, cwd=options.get("cwd"), env=surroundings
    )
    if done.returncode:
        raise SystemExit(f"{' '.join(command)} failed:\n{done.stdout[-2000:]}\n{done.stderr[-4000:]}")


def _took(work: Callable[[], None]) -> float:
    begun = time.perf_counter()
    work()
    return time.perf_counter() - begun


def whole(architecture: Architecture) -> None:
    """From nothing to green tests and a packaged, smoke-tested model: generation, environment, tests, pipeline."""
    begun, before = time.perf_counter(), resource.getrusage(resource.RUSAGE_CHILDREN)
    project = render(specification(architecture, features=12))
    with tempfile.TemporaryDirectory() as folder:
        root = unpacked(project, Path(folder))
        steps = {"generated": time.perf_counter() - begun}
        for target in ("setup", "test", "pipeline"):
            steps[target] = _took(lambda target=target: _run(["make", target], cwd=str(root)))  # type: ignore[misc]
        after = resource.getrusage(resource.RUSAGE_CHILDREN)
        cpu = after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime
        size = _size(root / ".venv")
    told = ", ".join(f"{name} {seconds:.1f} s" for name, seconds in steps.items())
    told += f", {cpu:.1f} s of CPU, environment {size / 1e6:.0f} MB, load {os.getloadavg()[0]:.1f}"
    print(f"from generation to model and green tests: {sum(steps.values()):.1f} s ({told})")


def _size(folder: Path) -> int:
    """Bytes of the files in a folder, byte code included."""
    return sum(path.stat().st_size for path in folder.rglob("*") if path.is_file() and not path.is_symlink())


def sizes() -> None:
    """What a service installs with each kind of model file, without and with byte code."""
    for serialization in Serialization:
        root = environment_python(serving_lock_read(Architecture(serialization=serialization))).parent.parent
        code = sum(path.stat().st_size for path in root.rglob("*.pyc"))
        plain, whole_size = (_size(root) - code) / 1e6, _size(root) / 1e6
        print(f"service with {serialization}: {plain:.0f} MB, {whole_size:.0f} MB with byte code")


def unpacked(project: GeneratedProject, folder: Path) -> Path:
    """The project's folder below `folder`."""
    with zipfile.ZipFile(io.BytesIO(project.archive())) as archive:
        archive.extractall(folder)
    return folder / project.slug


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--runs", type=int, default=5)
    parser.add_argument("--only", default="render,project,size")
    parser.add_argument("--child", default="")
    given = parser.parse_args()
    if given.child:
        print(json.dumps(rendered(Architecture.from_json(json.loads(given.child)))))
        return
    parts = given.only.split(",")
    if "render" in parts:
        rendering(given.runs)
    if "project" in parts:
        if shutil.which("uv") is None:
            os.environ["PATH"] = f"{Path(sys.executable).parent}{os.pathsep}{os.environ['PATH']}"
        whole(Architecture())
    if "size" in parts:
        sizes()


if __name__ == "__main__":
    main()
