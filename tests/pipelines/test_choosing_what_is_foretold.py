"""Of several targets of a log one is chosen for the pipeline, on the page of rows or in the API, and learnt."""

import pandas as pd
import pytest

from canvas.services import canvas_draft
from common.errors import InvalidInput, NotAllowed
from jobs.services import blob_open, run_drain
from pipelines.models import Generation
from pipelines.services import pipeline_generate, training_source_choose
from planner.domain.claims_log.claims import INVESTIGATE, TRIAGE
from planner.domain.foresight.targets import Period, TargetSpec
from planner.models import DecisionTarget, EventLog, Task
from planner.services import training_table_build
from tests.api.conftest import calling  # noqa: F401
from tests.pipelines.claims_setup import claims_process

pytestmark = pytest.mark.django_db(transaction=True)
MEASURED = {
    "labelled": 700,
    "positive_share": 0.25,
    "auc": {"value": 0.81, "low": 0.77, "high": 0.85},
    "rule": {"words": "always no", "share": 0.75, "usual_share": 0.75, "fields": [], "auc": 0.61},
    "error": None,
}
HOURS = {"problem": "regression", "labelled": 650, "positive_share": None, "error": 12.5, "baseline_error": 20.25}


@pytest.fixture
def access(cast):
    return cast.access(cast.editor)


@pytest.fixture
def canvas(access):
    task = Task.objects.of(access.workspace).get(process=claims_process(access), activity=TRIAGE)
    found = [
        (TargetSpec.next_activity(task=TRIAGE, positive=INVESTIGATE), MEASURED, True),
        (TargetSpec.remaining_time(task=TRIAGE), HOURS, False),
    ]
    log = EventLog.objects.of(access.workspace).get()
    for place, (target, evidence, chosen) in enumerate(found):
        DecisionTarget.objects.create(
            workspace=access.workspace, task=task, log=log, text=target.text, spec=target.as_json(), role="next",
            verdict="predict", reason="It can be foreseen.", evidence=evidence, position=place, chosen=chosen,
        )  # fmt: skip
    return canvas_draft(access=access, task=task)


def rows_page(canvas):
    return f"/w/acme/tasks/{canvas.task_id}/pipeline/rows/"


def generated(access, canvas):
    job = pipeline_generate(access=access, canvas=canvas)
    run_drain(run_ids=[job.pk])
    job.refresh_from_db()
    return Generation.objects.of(access.workspace).get(pk=job.result["generation"])


def test_the_page_tells_what_each_target_answers_and_how_well(cast, canvas):
    page = cast.browser(cast.editor).get(rows_page(canvas)).content.decode()
    for words in (
        f"Is “{INVESTIGATE}” next?",
        "How many hours until the case ends?",
        "25 %",
        "AUC 0.81 (0.77 to 0.85)",
        "AUC 0.61",
        "off by 12.5",
        "off by 20.2",
    ):
        assert words in page


def test_what_is_chosen_on_the_page_is_what_the_project_learns(cast, access, canvas):
    answer = cast.browser(cast.editor).post(rows_page(canvas), {"target": "remaining"}, follow=True)
    assert "the next generation learns to foretell it" in answer.content.decode()
    generation = generated(access, canvas)
    assert generation.target["kind"] == "remaining_time"
    assert generation.specification["label"]["task"] == "regression"
    with blob_open(generation.data) as stream:
        rows = pd.read_csv(stream)
    assert pd.api.types.is_float_dtype(rows["outcome"])
    assert not [name for name in rows.columns if name.startswith("target")]


def test_the_api_tells_and_takes_the_target(cast, canvas, calling):  # noqa: F811
    where, client = f"/api/v1/canvases/{canvas.pk}/training/", calling(cast.editor)
    assert client.get(where).json()["target"] == f"next:{INVESTIGATE}"
    answer = client.put(where, {"rows_from": "log", "target": "remaining"})
    assert (answer.status_code, answer.json()["target"]) == (200, "remaining")
    assert client.put(where, {"rows_from": "log"}).json()["target"] == "remaining"


def test_a_target_the_log_lacks_or_of_other_rows_is_refused_and_nothing_changes(cast, access, canvas, calling):  # noqa: F811
    where, client = f"/api/v1/canvases/{canvas.pk}/training/", calling(cast.editor)
    for sent in ({"rows_from": "log", "target": "next:Fly"}, {"rows_from": "made_up", "target": "remaining"}):
        answer = client.put(where, sent)
        assert answer.status_code == 400
        assert answer.json()["errors"][0]["path"] == "target"
    assert client.get(where).json() == {
        "rows_from": "log", "target": f"next:{INVESTIGATE}", "upload": None, "by_person": False,
    }  # fmt: skip
    page = cast.browser(cast.editor).post(rows_page(canvas), {"target": "next:Fly"}, follow=True).content.decode()
    assert "no activity “Fly”" in page
    with pytest.raises(InvalidInput):
        training_source_choose(access=access, canvas=canvas, rows_from="made_up", target="remaining")


def test_a_viewer_reads_the_targets_and_may_not_choose(cast, canvas):
    browser = cast.browser(cast.viewer)
    page = browser.get(rows_page(canvas)).content.decode()
    assert "AUC 0.81" in page
    assert "Learn it" not in page
    assert browser.post(rows_page(canvas), {"target": "remaining"}).status_code == 403
    with pytest.raises(NotAllowed):
        training_source_choose(access=cast.access(cast.viewer), canvas=canvas, rows_from="log", target="remaining")


def test_the_stored_table_carries_the_other_targets_as_columns(access, canvas):
    others = [TargetSpec.remaining_time(task=TRIAGE), TargetSpec.next_activity(task=TRIAGE)]
    built = training_table_build(task=canvas.task, beside=others)
    with blob_open(built.blob) as stream:
        columns = pd.read_parquet(stream).columns
    told = built.description["beside"]
    assert [one["question"] for one in told] == [other.question for other in others]
    assert {one["column"] for one in told} <= set(columns)
    assert not {one["column"] for one in told} & {one["name"] for one in built.description["features"]}
    with pytest.raises(InvalidInput):
        training_table_build(task=canvas.task, beside=[TargetSpec.volume(task=TRIAGE, period=Period.DAY)])
