"""A downloaded project tells of its runs and predictions: kept while nobody listens, each once, the refused aside."""

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
from tests.pipelines.made_outside import MODEL
from tests.pipelines.projects import project_of, small_table, specification_of

AWAY = "http://127.0.0.1:9/api/v1/pipelines/1/"


@dataclass
class Downloaded:
    """A project unpacked elsewhere, with an address and a token."""

    root: Path
    package: str
    address: str
    token: str

    def run(self, *command: str, **wrong: str) -> subprocess.CompletedProcess[str]:
        settings = {"MODEL_REPORT_ADDRESS": self.address, "MODEL_REPORT_TOKEN": self.token, "PYTHONPATH": "src"} | wrong
        python = environment_python(lock_read(Architecture()))
        return subprocess.run(
            [str(python), *command], cwd=self.root, env=clean_environment(self.root) | settings,
            capture_output=True, text=True, check=False, timeout=60,
        )  # fmt: skip

    def stage(self, name: str, **wrong: str) -> subprocess.CompletedProcess[str]:
        return self.run("-m", self.package, name, **wrong)

    def tell(self, *events: object) -> None:
        """Into the spool, as its own code writes it."""
        code = f"from {self.package}.report_spool import Spool; from pathlib import Path; import json, sys; "
        code += "Spool(Path('work/report')).tell(*json.loads(sys.argv[1]))"
        done = self.run("-c", code, json.dumps(events))
        assert done.returncode == 0, done.stderr

    def lines(self, name: str) -> list[str]:
        path = self.root / "work" / "report" / name
        return path.read_text().splitlines() if path.exists() else []


@pytest.fixture
def pipeline(live_server: LiveServer, cast: Cast) -> Pipeline:
    return pipeline_made(cast.workspace)


@pytest.fixture
def downloaded(live_server: LiveServer, cast: Cast, pipeline: Pipeline, tmp_path: Path) -> Downloaded:
    project = project_of(specification_of(small_table()))
    root = unpacked(project, tmp_path)
    package = next(path.name for path in (root / "src").iterdir())
    _, secret = api_token_create(access=cast.access(cast.editor), name="nightly", can_write=True)
    return Downloaded(root, package, f"{live_server.url}/api/v1/pipelines/{pipeline.pk}/", secret)


def test_what_happens_while_nobody_listens_is_told_later_and_once(
    downloaded: Downloaded, cast: Cast, pipeline: Pipeline
) -> None:
    for name in ("ingest", "validate"):
        done = downloaded.stage(name, MODEL_REPORT_ADDRESS=AWAY)
        assert (done.returncode, "report: not sent: no answer" in done.stderr) == (0, True), done.stderr
    kept = downloaded.lines("events.jsonl")
    assert (len(kept), OutsideRun.objects.count()) == (4, 0)
    for _ in range(2):
        done = downloaded.stage("report")
        assert (done.returncode, "0 events and 0 bytes" in done.stdout) == (0, True), done.stdout + done.stderr
        (downloaded.root / "work" / "report" / "events.jsonl").write_text("\n".join(kept) + "\n")
    told = OutsideEvent.objects.order_by("sequence").values_list("sequence", "kind", "body__stage")
    assert list(told) == [
        (1, "stage_started", "ingest"),
        (2, "stage_succeeded", "ingest"),
        (3, "stage_started", "validate"),
        (4, "stage_succeeded", "validate"),
    ]
    run = OutsideRun.objects.get()
    assert f"/outside-runs/{run.pk}/" in cast.browser(cast.viewer).get(f"/w/acme/pipelines/{pipeline.pk}/").text


def test_a_wrong_token_is_said_and_nothing_lost(downloaded: Downloaded) -> None:
    downloaded.tell({"kind": "stage_started", "stage": "ingest"})
    done = downloaded.stage("report", MODEL_REPORT_TOKEN="wrong")
    assert (done.returncode, "401: is the token right?" in done.stderr, "1 events" in done.stdout) == (4, True, True)
    assert len(downloaded.lines("events.jsonl")) == 1


def test_what_is_refused_is_set_aside_and_the_rest_is_told(downloaded: Downloaded) -> None:
    wrong = {"kind": "metric", "name": "auc", "value": "high"}
    downloaded.tell({"kind": "metric", "name": "auc", "value": 0.5}, wrong, {"kind": "model", **MODEL})
    log = [
        {"id": "one", "row": row, "model": model, "inputs": {"a": "\0b"}, "answer": {"prediction": "yes"}, "took_ms": 1}
        for row, model in enumerate((MODEL["manifest"]["model_sha256"][:12], "0" * 12, MODEL["digest"][:12]))
    ]
    (downloaded.root / "work" / "predictions.jsonl").write_text("".join(json.dumps(one) + "\n" for one in log))
    done = downloaded.stage("report")
    assert done.returncode == 0, done.stdout + done.stderr
    assert sorted(OutsideEvent.objects.values_list("sequence", flat=True)) == [1, 3]
    assert sorted(PredictionRecord.objects.values_list("key", flat=True)) == ["one", "one/2"]
    refused = [json.loads(line) for line in downloaded.lines("refused.jsonl")]
    assert refused[0]["why"] == "events.1.value: A figure is a finite number."
    assert refused[1]["prediction"]["key"] == "one/1"


def test_without_an_address_nothing_is_told_or_written(downloaded: Downloaded) -> None:
    done = downloaded.stage("ingest", MODEL_REPORT_ADDRESS="", MODEL_REPORT_TOKEN="")
    assert (done.returncode, done.stderr, (downloaded.root / "work" / "report").exists()) == (0, "", False)


@pytest.mark.generated
def test_a_whole_pipeline_tells_its_stages_figures_and_model(downloaded: Downloaded) -> None:
    python = environment_python(lock_read(Architecture()))
    done = subprocess.run(
        [str(python), "-m", downloaded.package, "pipeline"], cwd=downloaded.root, check=False, timeout=600,
        env=clean_environment(downloaded.root)
        | {"MODEL_REPORT_ADDRESS": downloaded.address, "MODEL_REPORT_TOKEN": downloaded.token, "PYTHONPATH": "src"},
    )  # fmt: skip
    run = OutsideRun.objects.get()
    assert (done.returncode, run.state) == (0, "succeeded")
    assert set(OutsideEvent.objects.values_list("kind", flat=True)) >= {"metric", "artifact", "model", "ended"}
    assert [stage["state"] for stage in run.stages.values()] == ["succeeded"] * 10
    assert PredictionRecord.objects.count() == 0
