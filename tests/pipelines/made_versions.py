"""Versions of a model made without a run, whose code is a service of a few lines, to test what is done with them."""

import json

from accounts.models import Workspace
from jobs.models import Run
from jobs.services import blob_store
from pipelines.domain.archive import archive_write
from pipelines.models import Generation, ModelVersion, Pipeline, PipelineRun
from tests.pipelines.made_generations import pipeline_made

PACKAGE = "tiny"
MAIN = b"""
import http.server, json, os, pathlib, sys

MANIFEST = json.loads((pathlib.Path(os.environ["MODEL_PACKAGE"]) / "manifest.json").read_text())
if MANIFEST.get("fails"):
    sys.exit("it cannot be loaded: " + MANIFEST["fails"])


class Service(http.server.BaseHTTPRequestHandler):
    def do_GET(self):
        self.answer(200, {"status": "ok"})

    def do_POST(self):
        rows = json.loads(self.rfile.read(int(self.headers["content-length"])))["instances"]
        wrong = [place for place, row in enumerate(rows) if not isinstance(row.get("amount"), (int, float))]
        if wrong:
            return self.answer(422, {"detail": [
                {"loc": ["body", "instances", place, "amount"], "msg": "a number is needed"} for place in wrong]})
        self.answer(200, {"predictions": [
            {"prediction": "yes", "probability": MANIFEST["chance"], "pid": os.getpid()} for _ in rows]})

    def answer(self, status, body):
        told = json.dumps(body).encode()
        self.send_response(status)
        self.send_header("content-length", str(len(told)))
        self.end_headers()
        self.wfile.write(told)

    def log_message(self, *_):
        pass


http.server.ThreadingHTTPServer((os.environ["MODEL_HOST"], int(os.environ["MODEL_PORT"])), Service).serve_forever()
"""
SIGNATURE = {
    "inputs": [{"name": "amount", "kind": "number"}, {"name": "branch", "kind": "category"}],
    "output": {"task": "binary", "classes": ["no", "yes"], "threshold": 0.4},
    "example": {"amount": 12.5, "branch": "north"},
}


def version_made(
    pipeline: Pipeline,
    *,
    chance: float = 0.7,
    accepted: bool = True,
    fails: str = "",
    serving: str = "model_as_service",
) -> ModelVersion:
    """The next version of a pipeline: its service answers everything with the probability `chance`."""
    workspace, number = pipeline.workspace, pipeline.versions.count() + 1
    run = Run.objects.create(workspace=workspace, kind="pipelines.run", title=f"Run {number}", state="succeeded")
    made = PipelineRun.objects.create(
        workspace=workspace,
        pipeline=pipeline,
        generation=_generation(pipeline, serving),
        run=run,
        number=pipeline.runs.count() + 1,
        accepted=accepted,
    )
    manifest = {"chance": chance, "fails": fails, "number": number}
    package = archive_write({"manifest.json": json.dumps(manifest).encode()})
    blob = blob_store(workspace=workspace, source=package, media_type="application/zip")
    return ModelVersion.objects.create(
        workspace=workspace,
        pipeline=pipeline,
        number=number,
        run=made,
        package=blob,
        digest=blob.digest,
        signature=SIGNATURE,
        metrics={"task": "binary", "model": {"auc": chance}},
        acceptance={"sentence": "AUC 0.7, needed 0.6." if accepted else "AUC 0.5, needed 0.6."},
        accepted=accepted,
        card="# Model card",
    )


def _generation(pipeline: Pipeline, serving: str) -> Generation:
    project = {"requirements.lock": b"", "src/tiny/__init__.py": b"", "src/tiny/__main__.py": MAIN}
    archive = archive_write(project, folder="tiny")
    workspace = pipeline.workspace
    return Generation.objects.create(
        workspace=workspace,
        pipeline=pipeline,
        number=pipeline.generations.count() + 1,
        digest="0" * 64,
        archive=blob_store(workspace=workspace, source=archive, media_type="application/zip"),
        data=blob_store(workspace=workspace, source=b"a\n1\n", media_type="text/csv"),
        with_rows=False,
        rows=1,
        specification={"package": PACKAGE, "slug": PACKAGE, "architecture": {"serving": serving}},
        target={"name": "outcome"},
        canvas_version=1,
    )


def packaged(workspace: Workspace) -> Pipeline:
    """A pipeline whose run has packaged a model."""
    pipeline = pipeline_made(workspace)
    Pipeline.objects.filter(pk=pipeline.pk).update(state="packaged")
    pipeline.refresh_from_db()
    return pipeline
