"""What an answer costs: one row in process and over HTTP, requests a second, beside peers that serve the same model.

`python -m benchmarks.serving [--seconds N] [--rounds N]` generates a project with skops and one with ONNX, trains both,
and asks their services. Where PEER_PYTHON names an environment with scikit-learn (of the version in the lock), FastAPI,
MLflow and BentoML, the model trained by the first project is served by each of those too, in turns with ours.
Nothing of the peers is imported here: each is a process of its own, as is the client.
"""

import argparse
import json
import os
import re
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import time
import urllib.error
import urllib.request
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from http.client import HTTPConnection
from pathlib import Path
from statistics import median
from threading import Thread
from typing import Any

from benchmarks.generator import specification, unpacked
from pipelines.domain.architecture import Architecture, Serialization
from pipelines.services.designing import render

PATIENCE = 300.0
CONCURRENCIES = (1, 4, 16)
WARM, ASKED = 30, 300

PACKAGE = """
from {package}.__main__ import STAGES, run_stage
from {package}.settings import Settings
for name in STAGES[:-1]:
    run_stage(name, Settings())
"""
IN_PROCESS = """
import json, sys, time
from pathlib import Path
from statistics import median
from {package}.answering import packaged_load, request_model
packaged = packaged_load(Path("work/package"))
asked = request_model(packaged.data)
body = Path(sys.argv[1]).read_bytes()
taken = []
for _ in range({asked} + 20):
    begun = time.perf_counter()
    packaged.answers([row.model_dump() for row in asked.model_validate_json(body).instances])
    taken.append(time.perf_counter() - begun)
print(median(taken[20:]) * 1000)
"""
HAND_OVER = """
import sys, joblib
from pathlib import Path
from {package}.model_file import FILE_NAME, model_load
from {package}.project import project_load
model, data = model_load(Path("work/package") / FILE_NAME), project_load(Path(".")).data
joblib.dump((model.members, data.names, data.of_kind("category")), sys.argv[1])
"""
PLAIN = """
import sys, joblib, numpy as np, pandas as pd
MEMBERS, NAMES, CATEGORIES = joblib.load("members.joblib")

def chances(rows):
    frame = pd.DataFrame(rows, columns=NAMES)
    for name in NAMES:
        frame[name] = frame[name].astype("str" if name in CATEGORIES else "float64")
    return np.mean([member.predict_proba(frame) for member in MEMBERS], axis=0)[:, 1].tolist()
"""
FASTAPI = """
from fastapi import FastAPI
from pydantic import BaseModel
from plain import chances
app = FastAPI()

class Asked(BaseModel):
    instances: list[dict]

@app.post("/predict")
def predict(asked: Asked):
    return {"predictions": chances(asked.instances)}

@app.get("/health")
def health():
    return {}
"""
BENTO = """
import bentoml
from plain import chances

@bentoml.service
class Peer:
    @bentoml.api
    def predict(self, instances: list[dict]) -> list[float]:
        return chances(instances)
"""
MLFLOW = """
import mlflow
from plain import chances

class Peer(mlflow.pyfunc.PythonModel):
    def predict(self, context, model_input, params=None):
        return chances(model_input.to_dict(orient="records"))

mlflow.pyfunc.save_model("mlflow-model", python_model=Peer(), pip_requirements=[])
"""
MEASURE_PEER = """
import json, sys, time
from statistics import median
from plain import chances
rows, taken = json.load(open(sys.argv[1]))["instances"], []
for _ in range({asked} + 20):
    begun = time.perf_counter()
    chances(rows)
    taken.append(time.perf_counter() - begun)
print(median(taken[20:]) * 1000)
"""


@dataclass(frozen=True)
class Served:
    """One way to serve: how it is started on a port, where it is asked, with what, where it says that it is well."""

    name: str
    folder: Path
    command: Callable[[int], list[str]]
    path: str
    body: bytes
    well: str
    environment: Mapping[str, str]


def project_made(serialization: Serialization, folder: Path) -> tuple[Path, str]:
    """A project whose model is packaged, and the name of its package."""
    spec = specification(Architecture(serialization=serialization), features=12)
    root = unpacked(render(spec), folder / str(serialization))
    subprocess.run(["make", "setup"], cwd=root, check=True, capture_output=True)
    _told([str(root / ".venv/bin/python"), "-c", PACKAGE.format(package=spec.package)], root)
    return root, spec.package


def ours(name: str, root: Path, package: str, body: bytes) -> Served:
    environment = {"PYTHONPATH": str(root / "src"), "MODEL_PREDICTION_LOG": os.devnull}

    def command(port: int) -> list[str]:
        return [str(root / ".venv/bin/python"), "-m", package, "serve", "--port", str(port)]

    return Served(name, root, command, "/predict", body, "/health", environment)


def peers(python: str, folder: Path, root: Path, package: str, rows: list[dict[str, Any]]) -> list[Served]:
    """The model of the project at `root` behind plain FastAPI, MLflow and BentoML."""
    members = folder / "members.joblib"
    _told([str(root / ".venv/bin/python"), "-c", HAND_OVER.format(package=package), str(members)], root)
    for name, source in (("plain", PLAIN), ("peer_fastapi", FASTAPI), ("peer_bento", BENTO), ("save", MLFLOW)):
        (folder / f"{name}.py").write_text(source)
    _told([python, "save.py"], folder)
    programs, own = Path(python).parent, {"PYTHONPATH": str(folder)}
    body = json.dumps({"instances": rows}).encode()
    records = json.dumps({"dataframe_records": rows}).encode()

    def uvicorn(port: int) -> list[str]:
        return [python, "-m", "uvicorn", "peer_fastapi:app", "--port", str(port), "--log-level", "warning"]

    def mlflow(port: int) -> list[str]:
        model = ["-m", "mlflow-model", "--env-manager", "local", "--port", str(port)]
        return [str(programs / "mlflow"), "models", "serve", *model]

    def bento(port: int) -> list[str]:
        return [str(programs / "bentoml"), "serve", "peer_bento:Peer", "--port", str(port)]

    return [
        Served("FastAPI and joblib", folder, uvicorn, "/predict", body, "/health", own),
        Served("MLflow", folder, mlflow, "/invocations", records, "/ping", own),
        Served("BentoML", folder, bento, "/predict", body, "/readyz", own),
    ]


@contextmanager
def running(served: Served) -> Iterator[tuple[int, float]]:
    """Its port and the seconds from start to its first sign of life; it is gone when the block ends."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    programs = str(Path(served.command(port)[0]).parent)
    environment = {**os.environ, **served.environment, "PATH": f"{programs}{os.pathsep}{os.environ['PATH']}"}
    begun = time.perf_counter()
    process = subprocess.Popen(
        served.command(port), cwd=served.folder, env=environment, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL,
        start_new_session=True,
    )  # fmt: skip
    try:
        _wait(f"http://127.0.0.1:{port}{served.well}", process)
        yield port, time.perf_counter() - begun
    finally:
        os.killpg(process.pid, signal.SIGTERM)
        try:
            process.wait(timeout=20)
        except subprocess.TimeoutExpired:
            os.killpg(process.pid, signal.SIGKILL)


def asked_by_one(port: int, served: Served) -> float:
    """Milliseconds of one question on a kept connection: the median."""
    connection = HTTPConnection("127.0.0.1", port, timeout=PATIENCE)
    taken = []
    for _ in range(WARM + ASKED):
        begun = time.perf_counter()
        _ask(connection, served)
        taken.append(time.perf_counter() - begun)
    return median(taken[WARM:]) * 1000


def a_second(port: int, served: Served, askers: int, seconds: float) -> float:
    """Answers a second to so many askers, each with a connection of its own and one question after the other."""
    counts = [0] * askers
    end = time.perf_counter() + seconds

    def work(place: int) -> None:
        connection = HTTPConnection("127.0.0.1", port, timeout=PATIENCE)
        while time.perf_counter() < end:
            _ask(connection, served)
            counts[place] += 1

    threads = [Thread(target=work, args=(place,)) for place in range(askers)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return sum(counts) / seconds


def _ask(connection: HTTPConnection, served: Served) -> None:
    connection.request("POST", served.path, served.body, {"content-type": "application/json"})
    answer = connection.getresponse()
    text = answer.read()
    if answer.status != 200:
        raise RuntimeError(f"{served.name}: {answer.status} {text[:300]!r}")


def _wait(address: str, process: subprocess.Popen[bytes]) -> None:
    deadline = time.monotonic() + PATIENCE
    while time.monotonic() < deadline:
        if process.poll() is not None:
            raise RuntimeError(f"ended with {process.returncode} before it answered: {process.args}")
        try:
            urllib.request.urlopen(address, timeout=5).read()
            return
        except (urllib.error.URLError, ConnectionError, TimeoutError):
            time.sleep(0.05)
    raise RuntimeError(f"nothing at {address}")


def _told(command: list[str], folder: Path, **environment: str) -> str:
    done = subprocess.run(
        command, cwd=folder, capture_output=True, text=True, check=False,
        env={**os.environ, "PYTHONPATH": f"src{os.pathsep}.", **environment},
    )  # fmt: skip
    if done.returncode:
        raise RuntimeError(done.stderr[-2000:])
    return done.stdout


def measured(served: Served, seconds: float) -> dict[str, float]:
    with running(served) as (port, started):
        one = asked_by_one(port, served)
        return {"start s": started, "one ms": one} | {
            f"{askers} askers/s": a_second(port, served, askers, seconds) for askers in CONCURRENCIES
        }


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--seconds", type=float, default=4.0)
    parser.add_argument("--rounds", type=int, default=2)
    given = parser.parse_args()
    if shutil.which("uv") is None:
        os.environ["PATH"] = f"{Path(sys.executable).parent}{os.pathsep}{os.environ['PATH']}"
    with tempfile.TemporaryDirectory() as place:
        folder = Path(place)
        skops, package = project_made(Serialization.SKOPS, folder)
        onnx, _ = project_made(Serialization.ONNX, folder)
        example = json.loads((skops / "work/package/example_request.json").read_text())
        rows = example["instances"][:1]
        body = json.dumps({"instances": rows}).encode()
        (folder / "asked.json").write_bytes(body)
        all_served = [ours("ours, ONNX", onnx, package, body), ours("ours, skops", skops, package, body)]
        in_process = {
            served.name: _told(
                [str(served.folder / ".venv/bin/python"), "-c", IN_PROCESS.format(package=package, asked=ASKED),
                 str(folder / "asked.json")], served.folder
            )
            for served in all_served
        }  # fmt: skip
        peer = os.environ.get("PEER_PYTHON", "")
        if peer:
            all_served += peers(peer, folder, skops, package, rows)
            command = [peer, "-c", MEASURE_PEER.format(asked=ASKED), "asked.json"]
            in_process["scikit-learn alone"] = _told(command, folder)
        for name, told in in_process.items():
            print(f"one row in process, {name}: {float(told):.2f} ms", flush=True)
        _report(all_served, given.rounds, given.seconds)


def _report(all_served: list[Served], rounds: int, seconds: float) -> None:
    """In turns; the median of the rounds, and each beside the first."""
    found: dict[str, list[dict[str, float]]] = {served.name: [] for served in all_served}
    for _ in range(rounds):
        for served in all_served:
            found[served.name].append(measured(served, seconds))
            print(f"{served.name}: {found[served.name][-1]}", flush=True)
    first = next(iter(found))
    for name, runs in found.items():
        middle = {key: median(run[key] for run in runs) for key in runs[0]}
        print(f"{name}: " + ", ".join(f"{key} {value:.1f}" for key, value in middle.items()))
        if name != first:
            own = {key: median(run[key] for run in found[first]) for key in middle}
            print(f"  {first} against it: one row {middle['one ms'] / own['one ms']:.1f} times as fast, " + ", ".join(
                f"{re.sub('[^0-9]', '', key)} askers {own[key] / middle[key]:.1f} times as many"
                for key in middle if key.endswith("/s")
            ))  # fmt: skip


if __name__ == "__main__":
    main()
