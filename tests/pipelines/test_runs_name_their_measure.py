"""The table of runs says of each what was measured: AUC of classes, an error of amounts, MASE of forecasts."""

import pytest

from pipelines.domain.figures import leading_figure
from pipelines.models import PipelineRun
from pipelines.services import pipeline_run_start
from tests.pipelines.made_generations import pipeline_made

pytestmark = pytest.mark.django_db(transaction=True)
MEASURED = {
    "binary": ({"auc": 0.8421, "log_loss": 0.4}, "0.842", "AUC"),
    "multiclass": ({"auc": 0.75, "accuracy": 0.6}, "0.75", "AUC"),
    "regression": ({"mean_absolute_error": 12.5, "r2": 0.4}, "12.5", "Off by, on average"),
    "forecasting": ({"mase": 0.81, "interval_coverage": 0.9}, "0.81", "MASE"),
}


@pytest.mark.parametrize("task", MEASURED)
@pytest.mark.parametrize("address", ["/w/acme/pipelines/{pk}/", "/w/acme/pipelines/{pk}/life/"])
def test_each_kind_of_task_is_known_by_its_own_measure(cast, task, address):
    model, number, name = MEASURED[task]
    pipeline = pipeline_made(cast.workspace)
    started = pipeline_run_start(access=cast.access(cast.editor), generation=pipeline.generations.get())
    metrics = {"task": task, "made_up": False, "model": model}
    PipelineRun.objects.filter(pk=started.pk).update(metrics=metrics, accepted=True, sentence="Done.")
    page = cast.browser(cast.viewer).get(address.format(pk=pipeline.pk)).content.decode()
    assert f"{number}<small>{name}</small>" in page
    assert ("AUC" in page) is (name == "AUC")


def test_a_run_that_measured_nothing_yet_has_no_figure():
    assert leading_figure({}) is None
    assert leading_figure({"task": "regression", "model": {}}) is None
