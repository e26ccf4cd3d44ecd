"""What a model in use measured goes into the estimate of its task, where ranking and portfolios read it."""

from django.db import transaction

from accounts.access import Access
from accounts.models import Role
from common.errors import Conflict
from pipelines.models import AliasName, ModelAlias, Pipeline
from pipelines.selectors.realised import Measured, Standing, measured_of
from planner.domain.valuation.amounts import write_number, write_range
from planner.domain.valuation.assumptions import ErrorForm
from planner.domain.valuation.realised import share_between
from planner.models import MeasuredValue
from planner.services import estimate_update, measured_value_record

DIGITS = 3


def measured_take(*, access: Access, pipeline: Pipeline, standing: Standing, version: int | None) -> Measured:
    """Put what was measured into the estimate, as people would, with its source; all of it or none.

    `version` is that of the estimate that was read, None: whatever it is now. Refuses with Conflict where nothing is
    measured or the task has no value, with StaleEdit an estimate changed meanwhile.
    """
    access.require(Role.EDITOR)
    measured = measured_of(standing)
    if measured is None or standing.case is None:
        raise Conflict("Nothing is measured yet.", detail=standing.gap or "Months are counted once it predicts.")
    task = pipeline.task
    task.workspace = pipeline.workspace
    with transaction.atomic():
        estimate_update(access=access, task=task, changes=_changes(measured), version=version)
        if measured.confusion is not None and _is_valued(pipeline, standing.case.setting.error_form):
            measured_value_record(
                access=access,
                task=task,
                confusion=measured.confusion,
                threshold=_threshold(pipeline),
                source=f"outcomes of {measured.span}",
                beats_baseline=_beats_rule(pipeline),
            )
    return measured


def _changes(measured: Measured) -> dict[str, dict[str, str]]:
    texts = {key: write_number(_short(amount)) for key, amount in measured.costs.items()}
    coverage = share_between(*measured.alone)
    if coverage is not None:
        texts["coverage"] = _between(coverage.low, coverage.high, share=True)
    if measured.volume is not None:
        texts["volume"] = _between(*measured.volume)
    return {key: {"text": text, "source": measured.source} for key, text in texts.items()}


def _between(low: float, high: float, *, share: bool = False) -> str:
    low, high = _short(low), _short(high)
    return write_range(low, high, share=share) if low < high else write_number(high, share=share)


def _short(value: float) -> float:
    """Three significant digits: more would promise too much."""
    return float(f"{value:.{DIGITS}g}")


def _is_valued(pipeline: Pipeline, form: ErrorForm) -> bool:
    """Of several classes only right and wrong are known, which the short form of errors takes and no other."""
    return form is ErrorForm.RATES or _output(pipeline).get("task") == "binary"


def _output(pipeline: Pipeline) -> dict[str, object]:
    champion = ModelAlias.objects.named(pipeline.pk, AliasName.CHAMPION)
    version = champion.version if champion else pipeline.versions.first()
    return dict(version.signature.get("output") or {}) if version else {}


def _threshold(pipeline: Pipeline) -> float | None:
    found = _output(pipeline).get("threshold")
    return float(found) if isinstance(found, int | float) else None


def _beats_rule(pipeline: Pipeline) -> bool | None:
    """As the latest run found: outcomes in use say nothing of the rule."""
    latest = MeasuredValue.objects.of(pipeline.workspace).filter(task=pipeline.task).first()
    return latest.beats_baseline if latest else None
