"""Results of estimates as they are kept: with what they came from, and none of them twice in a row."""

from collections.abc import Iterable, Sequence

from django.db.models import Max

from planner.domain.valuation.outcome import Outcome
from planner.domain.valuation.results import figures_plain
from planner.models import EstimateResult
from planner.selectors.value_outcome import fingerprint
from planner.selectors.value_tasks import ValuedTask

Basis = EstimateResult.Basis


def result_of(found: ValuedTask, outcome: Outcome, basis: Basis) -> EstimateResult:
    """A result to keep, with the texts it came from and what tells it from every other."""
    summary = outcome.summary
    case = found.planned_case if basis is Basis.PLANNED and found.measured is not None else found.case
    return EstimateResult(
        workspace=found.workspace,
        task=found.task,
        basis=basis,
        npv_mean=summary.mean,
        npv_p5=summary.p5,
        npv_p50=summary.p50,
        npv_p95=summary.p95,
        roi=summary.roi,
        irr=outcome.irr.only,
        payback_months=outcome.payback_months,
        loss_probability=summary.loss_probability,
        pv_costs=summary.mean_pv_costs,
        inputs={key: assumption.text for key, assumption in found.assumptions.items()},
        figures=figures_plain(outcome),
        formula_version=outcome.formula_version,
        revision=found.version,
        fingerprint=fingerprint(case, found.identity) if case is not None else "",
    )


def results_now(found: ValuedTask) -> list[EstimateResult]:
    """What there is to keep of a task now: its planned value, and the measured one where there is one."""
    kept = []
    if found.measured is not None and found.planned is not None:
        kept.append(result_of(found, found.planned, Basis.PLANNED))
    if found.outcome is not None:
        basis = Basis.PLANNED if found.measured is None else Basis.MEASURED
        kept.append(result_of(found, found.outcome, basis))
    return kept


def results_keep(results: Sequence[EstimateResult]) -> list[EstimateResult]:
    """Keep those that are new; gives them."""
    return EstimateResult.objects.bulk_create(results_new(results), batch_size=200)


def results_new(results: Sequence[EstimateResult]) -> list[EstimateResult]:
    """Those of them that are not the latest of their task and basis already.

    A result whose estimate has moved on since it was computed is none: the later edit kept its own.
    """
    latest = _latest(result.task_id for result in results)
    return [result for result in results if _is_new(result, latest.get((result.task_id, str(result.basis))))]


def _is_new(result: EstimateResult, latest: EstimateResult | None) -> bool:
    return latest is None or (latest.fingerprint != result.fingerprint and latest.revision <= result.revision)


def _latest(tasks: Iterable[int]) -> dict[tuple[int, str], EstimateResult]:
    """The latest result of each task and basis."""
    last = (
        EstimateResult.objects.filter(task__in=set(tasks)).order_by().values("task", "basis").annotate(last=Max("pk"))
    )
    rows = EstimateResult.objects.filter(pk__in=[each["last"] for each in last])
    return {(row.task_id, row.basis): row for row in rows.only("task_id", "basis", "fingerprint", "revision")}
