"""A log imported after predictions tells what became of their cases: by the target learnt, by case id, each once."""

from datetime import UTC, datetime, timedelta
from io import BytesIO

import pandas as pd
import pytest
from django.urls import reverse
from django.utils import timezone

from jobs.models import Run
from jobs.services import blob_store, run_drain
from pipelines.models import (
    Generation,
    ModelVersion,
    OutcomeOrigin,
    OutcomeReading,
    OutcomeRecord,
    Pipeline,
    PredictionRecord,
)
from pipelines.services import GivenOutcome, log_outcomes_tick, outcomes_record
from planner.domain.event_log.columnar import MEDIA_TYPE, write_events
from planner.domain.foresight.arranged_log import log_arrange
from planner.domain.foresight.later_outcomes import NOT_AT_TASK, NOT_IN_LOG, outcomes_of_cases
from planner.domain.foresight.targets import TargetError, TargetSpec
from planner.models import EventLog
from tests.conftest import Cast
from tests.pipelines.made_versions import packaged, version_made

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.second_leg]
BEGIN = pd.Timestamp("2026-01-01", tz="UTC")
TARGET = TargetSpec.later(task="Triage", activity="Pay", alternatives=("Reject", "Withdraw"))


def events(paid: int, rejected: int, still_open: int = 1) -> pd.DataFrame:
    """Cases c0, c1, ... that were paid, then rejected, then open ones; and one that never came to the triage."""
    ends = ["Pay"] * paid + ["Reject"] * rejected + [""] * still_open
    rows = [("away", "Register", 0)]
    for place, end in enumerate(ends):
        rows += [(f"c{place}", "Triage", 10 * place)] + ([(f"c{place}", end, 10 * place + 5)] if end else [])
    frame = pd.DataFrame(rows, columns=["case", "activity", "hour"])
    frame["end"] = BEGIN + pd.to_timedelta(frame["hour"], unit="h")
    return frame.assign(start=frame["end"], resource="kim").drop(columns="hour")


def imported(pipeline: Pipeline, frame: pd.DataFrame, name: str = "spring.csv") -> EventLog:
    """A log that the process rests on from now on."""
    stream = BytesIO()
    write_events(frame, stream)
    blob = blob_store(workspace=pipeline.workspace, source=stream.getvalue(), media_type=MEDIA_TYPE)
    return EventLog.objects.create(
        workspace=pipeline.workspace,
        process=pipeline.task.process,
        events=blob,
        name=name,
        first_start=BEGIN.to_pydatetime(),
        last_start=BEGIN.to_pydatetime(),
    )


@pytest.fixture
def pipeline(cast: Cast) -> Pipeline:
    found = packaged(cast.workspace)
    version_made(found)
    Generation.objects.filter(pipeline=found).update(target=TARGET.as_json())
    return Pipeline.objects.with_task().select_related("workspace").get(pk=found.pk)


def predicted(pipeline: Pipeline, *keys: str, version: ModelVersion | None = None) -> None:
    PredictionRecord.objects.bulk_create(
        PredictionRecord(
            workspace=pipeline.workspace,
            pipeline=pipeline,
            version=version or pipeline.versions.first(),
            key=key,
            at=timezone.now() - timedelta(days=1),
            input_digest="0" * 64,
        )
        for key in keys
    )


def read(pipeline: Pipeline) -> OutcomeReading | None:
    """What the dispatcher's next look leads to."""
    log_outcomes_tick()
    jobs = list(Run.objects.filter(kind="pipelines.read_outcomes"))
    run_drain(run_ids=[job.pk for job in jobs])
    assert {stage.reason for job in jobs for stage in job.stages.all()} <= {""}
    return OutcomeReading.objects.filter(pipeline=pipeline).first()


def told() -> dict[str, object]:
    return dict(OutcomeRecord.objects.values_list("key", "value"))


def test_each_known_case_gets_its_outcome_once_and_the_rest_is_counted(cast: Cast, pipeline: Pipeline) -> None:
    predicted(pipeline, "c0", "c1", "c2", "c3", "away", "5f0c")
    person = GivenOutcome("c1", "no")
    outcomes_record(access=cast.access(cast.editor), pipeline=pipeline, outcomes=[person], origin=OutcomeOrigin.PAGE)
    log = imported(pipeline, events(paid=2, rejected=1))
    found = read(pipeline)
    assert found is not None
    assert (found.waiting, found.kept, found.log) == (5, 2, log)
    assert found.left == {"the case reached none of the endings": 1, NOT_AT_TASK: 1, NOT_IN_LOG: 1}
    assert told() == {"c0": "yes", "c1": "no", "c2": "no"}, "what a person told stays"
    known = OutcomeRecord.objects.get(key="c0")
    assert (known.origin, known.at) == ("log", datetime(2026, 1, 1, 5, tzinfo=UTC))
    page = cast.browser(cast.viewer).get(reverse("pipelines:monitoring", args=["acme", pipeline.pk])).content.decode()
    assert "2 outcomes came from log spring.csv" in page
    assert f"1: {NOT_IN_LOG}" in page

    read(pipeline)
    assert Run.objects.filter(kind="pipelines.read_outcomes").count() == 1, "the same log is read once"
    Run.objects.filter(kind="pipelines.read_outcomes").update(created_at=timezone.now() - timedelta(hours=2))
    imported(pipeline, events(paid=4, rejected=0), name="summer.csv")
    newer = read(pipeline)
    assert newer is not None
    assert (newer.log_name, newer.waiting, newer.kept) == ("summer.csv", 3, 1)
    assert told()["c2"] == "no", "an outcome on record is not read again"


def test_a_log_from_before_the_predictions_is_not_read(pipeline: Pipeline) -> None:
    log = imported(pipeline, events(paid=2, rejected=1))
    EventLog.objects.filter(pk=log.pk).update(created_at=timezone.now() - timedelta(days=2))
    predicted(pipeline, "c0")
    assert read(pipeline) is None


def test_a_model_of_a_table_and_a_log_without_the_target_are_said(pipeline: Pipeline) -> None:
    other = version_made(pipeline)
    Generation.objects.filter(runs=other.run_id).update(target={"file": "rows.csv"}, rows_from="upload")
    predicted(pipeline, "c0", version=pipeline.versions.get(number=1))
    predicted(pipeline, "c1", version=other)
    imported(pipeline, events(paid=0, rejected=2))
    found = read(pipeline)
    assert found is not None
    assert found.left == {
        "The log has no activity “Pay”.": 1,
        "the model did not learn from a log of cases": 1,
    }
    assert told() == {}


def test_a_class_learnt_among_the_rare_counts_among_them_again() -> None:
    frame = events(paid=300, rejected=1)
    log = log_arrange(frame)
    target = TargetSpec.next_activity(task="Triage")
    known = outcomes_of_cases(log, target, ["c0", "c300"], classes=["Pay", "other"]).known
    assert [(one.case, one.value) for one in known] == [("c0", "Pay"), ("c300", "other")]
    known = outcomes_of_cases(log, target, ["c300"], classes=["Pay", "Reject"]).known
    assert [one.value for one in known] == ["Reject"], "rare in this log, and a class of its own to the model"
    strange = outcomes_of_cases(log, target, ["c300"], classes=["Pay", "Withdraw"])
    assert (strange.known, sum(strange.unknown.values())) == ((), 1)


def test_hours_are_amounts_and_a_volume_has_no_cases() -> None:
    log = log_arrange(events(paid=30, rejected=0, still_open=0))
    known = outcomes_of_cases(log, TargetSpec.remaining_time(task="Triage"), ["c3"]).known
    assert [one.value for one in known] == [5.0]
    with pytest.raises(TargetError, match="no case has an outcome"):
        outcomes_of_cases(log, TargetSpec.from_json(TARGET.as_json() | {"kind": "volume", "name": "day"}), ["c3"])


def test_readings_over_the_api(cast: Cast, pipeline: Pipeline) -> None:
    predicted(pipeline, "c0")
    imported(pipeline, events(paid=2, rejected=1))
    read(pipeline)
    url = reverse("v1:pipeline-outcome-readings", args=[pipeline.pk])
    answer = cast.browser(cast.viewer).get(url).json()
    assert [(one["log_name"], one["kept"], one["left"]) for one in answer["results"]] == [("spring.csv", 1, {})]
