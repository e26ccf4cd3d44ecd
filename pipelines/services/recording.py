"""The end of a run: what was measured goes back into the valuation, and the pipeline moves on in its life."""

from collections.abc import Mapping
from typing import Any

from accounts.access import Access
from accounts.models import Role
from jobs.models import Blob, Stage
from jobs.services import blob_open
from pipelines.domain.archive import archive_read
from pipelines.domain.lifecycle import Cause, states_after
from pipelines.models import Pipeline, PipelineRun
from pipelines.services.contexts import Context
from pipelines.services.living import pipeline_state_change
from pipelines.services.registering import MADE_UP, version_register
from planner.domain.valuation.measured import ConfusionMatrix
from planner.models import MeasuredValue
from planner.services import measured_value_record

CARD = "model_card.md"


def record_compute(context: Context) -> dict[str, Any]:
    """What the stages found, put together; the same whether they ran now or were unchanged."""
    results = {name: output["results"] for name, output in context.inputs.items()}
    found = {
        "metrics": results["evaluate"]["metrics"],
        "acceptance": results["test"]["acceptance"],
        "smoke": results["serve_smoke"]["smoke"],
        "package": _package(context, results["package"]),
    }
    context.log(MADE_UP if found["metrics"]["made_up"] else str(found["acceptance"]["sentence"]))
    return found


def _package(context: Context, results: Mapping[str, Any]) -> dict[str, Any]:
    """What the registry keeps of a package, besides its file."""
    output = context.inputs["package"]
    with blob_open(Blob.objects.get(pk=output["blob"], workspace=context.workspace_id)) as stream:
        card = archive_read(stream).get(CARD, b"").decode("utf-8", "replace")
    return {
        "blob": output["blob"],
        "digest": output["digest"],
        "manifest": results["manifest"],
        "features": results["features"],
        "example": results.get("example_request", {}),
        "reference": results.get("reference", {}),
        "card": card,
    }


def record_publish(stage: Stage, output: dict[str, Any]) -> None:
    """Exactly once, inside the transaction that completes the run's last stage."""
    found = PipelineRun.objects.select_related("pipeline__task", "run", "generation", "workspace").get(
        run_id=stage.run_id
    )
    metrics = output["metrics"]
    made_up = metrics["made_up"] or found.generation.is_made_up
    acceptance = output["acceptance"] | ({"accepted": False, "sentence": MADE_UP} if made_up else {})
    access = Access(user=found.run.created_by, workspace=found.workspace, role=Role.EDITOR)
    found.measured = None if made_up else _measured(access, found, metrics, acceptance)
    found.metrics, found.acceptance, found.smoke = metrics, acceptance, output["smoke"]
    found.accepted = bool(acceptance["accepted"])
    found.verdict = found.measured.verdict if found.measured else ""
    found.sentence = str(acceptance["sentence"])[:500]
    found.save()
    if "package" in output:  # a run begun before there was a registry says nothing of it
        version_register(access=access, found=found, package=output["package"])
    _live(access, found)


def _measured(
    access: Access, found: PipelineRun, metrics: dict[str, Any], acceptance: dict[str, Any]
) -> MeasuredValue | None:
    """Only a yes-or-no model measured on real cases can be valued with its errors.

    The valuation counts errors of the cases the model decides alone; those it hands over are a person's.
    """
    alone = metrics.get("alone", {})
    counts = alone.get("confusion", metrics.get("confusion"))
    if counts is None:
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
