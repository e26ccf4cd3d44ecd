"""A model's measured errors go back into the valuation they were planned in."""

from django.db import transaction

from accounts.access import Access
from accounts.models import Role
from accounts.services import audit_record
from planner.domain.suitability.verdicts import Verdict
from planner.domain.valuation.measured import ConfusionMatrix
from planner.models import EstimateResult, MeasuredValue, Task
from planner.selectors.value_tasks import ValuedTask, valued_task
from planner.services.results import result_of


def measured_value_record(
    *,
    access: Access,
    task: Task,
    confusion: ConfusionMatrix,
    threshold: float | None,
    source: str,
    beats_baseline: bool | None = None,
) -> MeasuredValue:
    """Keep a confusion matrix of cases held back for testing, value the task with it, and say the verdict.

    Only the model's errors are replaced; the planned value of the same moment is kept beside the measured one.
    `beats_baseline` is whether the model was better than the simple rule to beat, None where that was not tried.
    `source` says which run or file it comes from. A task that cannot be valued is recorded without values.
    """
    access.require(Role.EDITOR)
    with transaction.atomic():
        measured = MeasuredValue.objects.create(
            workspace=task.workspace,
            task=task,
            tp=confusion.tp,
            fp=confusion.fp,
            fn=confusion.fn,
            tn=confusion.tn,
            threshold=threshold,
            beats_baseline=beats_baseline,
            source=source[:200],
            verdict=Verdict.PREDICT.value,
            reason="",
        )
        found = valued_task(task)
        _keep_results(measured, found)
        measured.verdict, measured.reason = _verdict(found)
        measured.save()
        detail = {"task": task.name, "source": measured.source, "verdict": measured.verdict}
        audit_record(access=access, verb="value.measured", subject=f"task:{task.pk}", detail=detail)
    return measured


def _keep_results(measured: MeasuredValue, found: ValuedTask) -> None:
    if found.planned is not None:
        measured.planned = result_of(found, found.planned, EstimateResult.Basis.PLANNED)
        measured.planned.save()
    if found.outcome is not None:
        measured.measured = result_of(found, found.outcome, EstimateResult.Basis.MEASURED)
        measured.measured.save()


def _verdict(found: ValuedTask) -> tuple[str, str]:
    """The verdict of the table; where nothing speaks for or against, a model that was measured can predict."""
    if found.finding is not None:
        return found.finding.verdict.value, found.finding.reason
    if found.outcome is None:
        return Verdict.GATHER_DATA_FIRST.value, f"The model is measured, but the task is not valued: {found.gap}."
    lost = round(100 * found.outcome.summary.loss_probability)
    return Verdict.PREDICT.value, f"Measured, and {lost} in 100 futures lose money."
