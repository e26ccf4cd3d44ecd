"""A run's stages are executed in the order of their dependencies, each once, its outputs handed on."""

import pytest

from jobs.models import LogEvent, RunState, StageState
from tests.jobs.conftest import Submit, drained, spec

pytestmark = pytest.mark.second_leg


def test_one_stage_runs_and_keeps_its_output(submit: Submit) -> None:
    run = submit(output={"rows": 3})
    only = drained(run)["only"]
    assert run.state_of is RunState.SUCCEEDED
    assert run.finished_at is not None
    assert only.output["rows"] == 3
    assert only.attempt == 1
    assert only.token == ""


def test_outputs_reach_the_stages_that_wait_for_them(submit: Submit) -> None:
    run = submit([spec("left", output={"n": 1}), spec("right", output={"n": 2}), spec("join", "left", "right")])
    join = drained(run)["join"]
    assert {name: given["n"] for name, given in join.output["inputs"].items()} == {"left": 1, "right": 2}


def test_no_stage_begins_before_its_parents_are_done(submit: Submit) -> None:
    run = submit([spec("c", "b"), spec("b", "a"), spec("a")])
    drained(run)
    claimed = run.log.filter(event=LogEvent.CLAIMED).values_list("stage__name", flat=True)
    assert list(claimed) == ["a", "b", "c"]


def test_what_waits_for_a_failed_stage_is_not_run_and_the_rest_goes_on(submit: Submit) -> None:
    run = submit([spec("bad", user_fault="The file is empty."), spec("after", "bad"), spec("aside")])
    stages = drained(run)
    assert run.state_of is RunState.FAILED
    assert stages["bad"].reason == "The file is empty."
    assert stages["after"].state_of is StageState.UPSTREAM_FAILED
    assert stages["after"].attempt == 0
    assert stages["aside"].state_of is StageState.SUCCEEDED


def test_progress_metrics_and_lines_are_kept(submit: Submit) -> None:
    run = submit(say=["reading"], progress=[[0.4, "half way"]], metrics={"auc": 0.8}, print="printed")
    only = drained(run)["only"]
    texts = set(run.log.values_list("text", flat=True))
    assert {"reading", "printed", "auc = 0.8"} <= texts
    assert only.metrics == {"auc": 0.8}


def test_lines_of_a_command_reach_the_log_and_secrets_do_not_reach_the_command(
    submit: Submit, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("SECRET_KEY", "a-secret")
    run = submit(command=["/bin/sh", "-c", "echo hello; env"])
    drained(run)
    texts = "\n".join(run.log.values_list("text", flat=True))
    assert "hello" in texts
    assert "a-secret" not in texts


def test_a_large_output_survives_the_pipe(submit: Submit) -> None:
    run = submit(output={"text": "x" * 300_000})
    assert len(drained(run)["only"].output["text"]) == 300_000
