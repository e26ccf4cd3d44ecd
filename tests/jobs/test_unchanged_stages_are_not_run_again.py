"""Same code, parameters and inputs: the stage is linked to its earlier output, within the workspace, across runs."""

import pytest

from accounts.access import Access
from accounts.models import Workspace
from jobs.models import StageState
from jobs.services import blob_delete, blob_store, run_submit
from tests.jobs.conftest import Submit, drained, spec

pytestmark = pytest.mark.second_leg


def states(stages: dict[str, object]) -> dict[str, object]:
    return {name: getattr(stage, "state_of", None) for name, stage in stages.items()}


def test_the_second_run_is_linked(submit: Submit) -> None:
    first = drained(submit(fingerprint_source="v1", output={"rows": 3}, metrics={"auc": 0.8}))["only"]
    second = drained(submit(fingerprint_source="v1", output={"rows": 3}, metrics={"auc": 0.8}))["only"]
    assert second.state_of is StageState.CACHED
    assert second.cached_from == first
    assert (second.output, second.metrics, second.attempt) == (first.output, {"auc": 0.8}, 0)


@pytest.mark.parametrize(
    "change", [{"fingerprint_source": "v2"}, {"output": {"rows": 4}}, {"fingerprint_source": None}]
)
def test_a_change_runs_it(submit: Submit, change: dict[str, object]) -> None:
    drained(submit(fingerprint_source="v1", output={"rows": 3}))
    again = drained(submit(**{"fingerprint_source": "v1", "output": {"rows": 3}, **change}))["only"]
    assert again.state_of is StageState.SUCCEEDED


def test_an_unchanged_output_upstream_stops_the_rerun_there(submit: Submit) -> None:
    def pipeline(version: str) -> dict[str, object]:
        prepare = spec("prepare", fingerprint_source=version, output={"digest": "same"})
        return states(dict(drained(submit([prepare, spec("train", "prepare", fingerprint_source="t")]))))

    pipeline("v1")
    assert pipeline("v2") == {"prepare": StageState.SUCCEEDED, "train": StageState.CACHED}


def test_an_output_whose_file_is_gone_is_made_again(submit: Submit, workspace: Workspace) -> None:
    blob = blob_store(workspace=workspace, source=b"a model", media_type="text/plain")
    asked = {"fingerprint_source": "v1", "output": {"blobs": {"model": blob.digest}}}
    drained(submit(**asked))
    assert drained(submit(**asked))["only"].state_of is StageState.CACHED
    blob_delete(blob)
    assert drained(submit(**asked))["only"].state_of is StageState.SUCCEEDED


def test_another_workspace_learns_nothing(submit: Submit) -> None:
    drained(submit(fingerprint_source="v1"))
    elsewhere = Access.system(Workspace.objects.create(name="Other", slug="other"))
    run = run_submit(access=elsewhere, kind="test", title="A test", stages=[spec("only", fingerprint_source="v1")])
    assert drained(run)["only"].state_of is StageState.SUCCEEDED
