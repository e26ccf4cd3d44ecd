"""The end of a run: what was measured goes back into the valuation, and the pipeline moves on in its life."""

from typing import Any

from accounts.access import Access
from accounts.models import Role
from jobs.models import Stage
from pipelines.domain.lifecycle import Cause, states_after
from pipelines.models import Pipeline, PipelineRun
from pipelines.services.contexts import Context
from pipelines.services.living import pipeline_state_change
from planner.domain.valuation.measured import ConfusionMatrix
from planner.models import MeasuredValue
from planner.services import measured_value_record


def record_compute(context: Context) -> dict[str, Any]:
    """What the stages found, put together; the same whether they ran now or were unchanged."""
    results = {name: output["results"] for name, output in context.inputs.items()}
    found = {
        "metrics": results["evaluate"]["metrics"],
        "acceptance": results["test"]["acceptance"],
        "smoke": results["serve_smoke"]["smoke"],
    }
    context.log(str(found["acceptance"]["sentence"]))
    return found


def record_publish(stage: Stage, output: dict[str, Any]) -> None:
    """Exactly once, inside the transaction that completes the run's last stage."""
    found = PipelineRun.objects.select_related("pipeline__task", "run", "workspace").get(run_id=stage.run_id)
    acceptance, metrics = output["acceptance"], output["metrics"]
    access = Access(user=found.run.created_by, workspace=found.workspace, role=Role.EDITOR)
    found.measured = _measured(access, found, metrics, acceptance)
    found.metrics, found.acceptance, found.smoke = metrics, acceptance, output["smoke"]
    found.accepted = bool(acceptance["accepted"])
    found.verdict = found.measured.verdict if found.measured else ""
    found.sentence = str(acceptance["sentence"])[:500]
    found.save()
    _live(access, found)


def _measured(
    access: Access, found: PipelineRun, metrics: dict[str, Any], acceptance: dict[str, Any]
) -> MeasuredValue | None:
    """Only a yes-or-no model measured on real cases can be valued with its errors.

    The valuation counts errors of the cases the model decides alone; those it hands over are a person's.
    """
    alone = metrics.get("alone", {})
    counts = alone.get("confusion", metrics.get("confusion"))
    if counts is None or metrics["made_up"]:
        return None
    return measured_value_record(
        access=access,
        task=found.pipeline.task,
        confusion=ConfusionMatrix(counts["tp"], counts["fp"], counts["fn"], counts["tn"]),
        threshold=metrics["model"]["threshold"],
        source=f"run {found.number}, generation {found.generation.number}",
        beats_baseline=bool(acceptance["beats_rule"]),
    )


def _live(access: Access, found: PipelineRun) -> None:
    """Each state the run newly reached, in order; back in one step where it reached less than an earlier one."""
    pipeline = Pipeline.objects.select_for_update().get(pk=found.pipeline_id)
    for state in states_after(pipeline.state_of, accepted=bool(found.accepted)):
        pipeline_state_change(
            access=access, pipeline=pipeline, after=state, cause=Cause.RUN, run=found, note=found.sentence
        )
