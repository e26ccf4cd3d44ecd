"""A downloaded project tells of its runs and predictions: kept while nobody listens, each once, the refused aside."""

import importlib.util
import json
import subprocess
from dataclasses import dataclass
from pathlib import Path

import pytest
from pytest_django.live_server_helper import LiveServer

from accounts.services import api_token_create
from pipelines.domain.architecture import Architecture
from pipelines.models import OutsideEvent, OutsideRun, Pipeline, PredictionRecord
from pipelines.services.environments import environment_python
from pipelines.services.skeletons import lock_read
from tests.conftest import Cast
from tests.generated.unpacking import clean_environment, unpacked
from tests.pipelines.made_generations import pipeline_made
from tests.pipelines.made_outside import MODEL, A
from tests.pipelines.projects import project_of, small_table, specification_of

AWAY = "http://127.0.0.1:9/api/v1/pipelines/1/"


@dataclass
class Downloaded:
    """A project unpacked elsewhere, with an address, a token and a work folder."""

    root: Path
    work: Path
    package: str
    address: str
    token: str

    def run(self, *command: str, **wrong: str) -> subprocess.CompletedProcess[str]:
        settings = {"MODEL_REPORT_ADDRESS": self.address, "MODEL_REPORT_TOKEN": self.token, "PYTHONPATH": "src"}
        settings |= {"MODEL_WORK": str(self.work), **wrong}
        python = environment_python(lock_read(Architecture()))
        return subprocess.run(
            [str(python), *command], cwd=self.root, env=clean_environment(self.root) | settings,
            capture_output=True, text=True, check=False, timeout=600,
        )  # fmt: skip

    def stage(self, name: str, **wrong: str) -> subprocess.CompletedProcess[str]:
        return self.run("-m", self.package, name, **wrong)

    def tell(self, *events: object) -> None:
        """Into the spool, as its own code writes it: that module needs none of the others."""
        path = self.root / "src" / self.package / "report_spool.py"
        spec = importlib.util.spec_from_file_location("report_spool", path)
        assert spec is not None
        assert spec.loader is not None
        module = importlib.util.module_from_spec(spec)
        spec.loader.exec_module(module)
        module.Spool(self.work / "report").tell(*events)

    def lines(self, name: str) -> list[str]:
        path = self.work / "report" / name
        return path.read_text().splitlines() if path.exists() else []


@pytest.fixture(scope="module")
def project(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The project of the pipeline's generation, unpacked once: the tests have work folders of their own."""
    found = project_of(specification_of(small_table(), title="Triage <b>"))
    return unpacked(found, tmp_path_factory.mktemp("downloaded"))


@pytest.fixture
def pipeline(live_server: LiveServer, cast: Cast) -> Pipeline:
    return pipeline_made(cast.workspace)


@pytest.fixture
def downloaded(live_server: LiveServer, cast: Cast, pipeline: Pipeline, project: Path, tmp_path: Path) -> Downloaded:
    package = next(path.name for path in (project / "src").iterdir())
    _, secret = api_token_create(access=cast.access(cast.editor), name="nightly", can_write=True)
    return Downloaded(project, tmp_path, package, f"{live_server.url}/api/v1/pipelines/{pipeline.pk}/", secret)


def test_what_happens_while_nobody_listens_is_told_later_and_once(downloaded: Downloaded, pipeline: Pipeline) -> None:
    done = downloaded.stage("ingest", MODEL_REPORT_ADDRESS=AWAY)
    assert (done.returncode, "report: not sent: no answer" in done.stderr) == (0, True), done.stderr
    downloaded.tell({"kind": "stage_started", "stage": "validate"}, {"kind": "log", "lines": ["no rows"]})
    kept = downloaded.lines("events.jsonl")
    assert (len(kept), OutsideRun.objects.count()) == (4, 0)
    for _ in range(2):
        done = downloaded.stage("report")
        assert (done.returncode, "0 events and 0 bytes" in done.stdout) == (0, True), done.stdout + done.stderr
        (downloaded.work / "report" / "events.jsonl").write_text("\n".join(kept) + "\n")
    told = OutsideEvent.objects.order_by("sequence").values_list("sequence", "kind", "body__stage")
    assert list(told) == [
        (1, "stage_started", "ingest"),
        (2, "stage_succeeded", "ingest"),
        (3, "stage_started", "validate"),
        (4, "log", None),
    ]
    run = OutsideRun.objects.get()
    assert (run.generation, len(run.data_digest)) == (pipeline.generations.get(), 64)


def test_a_wrong_token_is_said_and_nothing_lost(downloaded: Downloaded) -> None:
    downloaded.tell({"kind": "stage_started", "stage": "ingest"})
    done = downloaded.stage("report", MODEL_REPORT_TOKEN="wrong")
    assert (done.returncode, "401: is the token right?" in done.stderr, "1 events" in done.stdout) == (4, True, True)
    assert len(downloaded.lines("events.jsonl")) == 1


def test_what_is_refused_is_set_aside_and_the_rest_is_told(downloaded: Downloaded) -> None:
    wrong = {"kind": "metric", "name": "auc", "value": "high"}
    downloaded.tell({"kind": "metric", "name": "auc", "value": 0.5}, wrong, {"kind": "model", **MODEL})
    names = ("one", MODEL["manifest"]["model_sha256"]), ("x" * 101, A), ("one", MODEL["digest"])
    log = [
        {"id": name, "row": row, "model": model[:12], "inputs": {"a": "\0b"}, "answer": {"prediction": "yes"}}
        for row, (name, model) in enumerate(names)
    ]
    (downloaded.work / "predictions.jsonl").write_text("".join(json.dumps(one) + "\n" for one in log))
    done = downloaded.stage("report")
    assert done.returncode == 0, done.stdout + done.stderr
    assert sorted(OutsideEvent.objects.values_list("sequence", flat=True)) == [1, 3]
    assert sorted(PredictionRecord.objects.values_list("key", flat=True)) == ["one", "one/2"]
    refused = [json.loads(line) for line in downloaded.lines("refused.jsonl")]
    assert refused[0]["why"] == "events.1.value: A figure is a finite number."
    assert refused[1]["prediction"]["key"] == "x" * 101 + "/1"


def test_predictions_wait_for_the_model_that_made_them(downloaded: Downloaded) -> None:
    record = {"id": "one", "model": A[:12], "inputs": {"a": 1}, "answer": {"prediction": "yes"}}
    (downloaded.work / "predictions.jsonl").write_text(json.dumps(record) + "\n")
    done = downloaded.stage("report")
    assert (done.returncode, PredictionRecord.objects.count()) == (4, 0)
    assert "1 predictions wait until the model that made them is told" in done.stdout
    downloaded.tell({"kind": "model", **MODEL})
    done = downloaded.stage("report")
    assert (done.returncode, PredictionRecord.objects.get().key) == (0, "one"), done.stdout + done.stderr
    assert downloaded.lines("refused.jsonl") == []


def test_without_an_address_nothing_is_told_or_written(downloaded: Downloaded) -> None:
    done = downloaded.stage("ingest", MODEL_REPORT_ADDRESS="", MODEL_REPORT_TOKEN="")
    assert (done.returncode, done.stderr, (downloaded.work / "report").exists()) == (0, "", False)


@pytest.mark.generated
def test_a_whole_pipeline_tells_its_stages_figures_and_model(downloaded: Downloaded) -> None:
    done = downloaded.run("-m", downloaded.package, "pipeline")
    run = OutsideRun.objects.get()
    assert (done.returncode, run.state) == (0, "succeeded")
    assert set(OutsideEvent.objects.values_list("kind", flat=True)) >= {"metric", "artifact", "model", "ended"}
    assert [stage["state"] for stage in run.stages.values()] == ["succeeded"] * 10
    assert PredictionRecord.objects.count() == 0
