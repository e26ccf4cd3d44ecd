"""Running: a generation's stages as a DAG of jobs, and one last stage that holds the result against the plan."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from django.db import transaction

from accounts.access import Access
from accounts.models import Role
from accounts.services import audit_record
from common.errors import FieldProblem, InvalidInput
from jobs.models import Run
from jobs.services import Foretold, StageSpec, run_foretell, run_submit
from pipelines.domain.lifecycle import Cause
from pipelines.domain.parameters import BadParameter, changes_checked, files_changed, parameters_of
from pipelines.domain.stage_graph import STAGES, ancestors
from pipelines.models import Generation, Pipeline, PipelineRun, StartedBy
from pipelines.selectors.generation_files import generation_files
from pipelines.services.living import retraining_begin
from pipelines.services.numbering import next_number
from pipelines.services.stage_planning import Basis, stage_specs

KIND = "pipelines.run"


@dataclass(frozen=True)
class RunWish:
    """How a run differs from the usual one: other parameters (name → number), only until a stage, and from a stage on
    again although nothing changed.
    """

    changes: Mapping[str, object] = field(default_factory=dict)
    until: str = ""
    again_from: str = ""


@dataclass(frozen=True)
class _Planned:
    """What a wish comes to: the stages, and what they rest on."""

    stages: list[StageSpec]
    basis: Basis
    wish: RunWish


def pipeline_run_start(
    *,
    access: Access,
    generation: Generation,
    wish: RunWish | None = None,
    started_by: StartedBy = StartedBy.PERSON,
    key: str = "",
) -> PipelineRun:
    """Start a run. While the same run of the same generation is under way, that one is given back: two clicks, one run.

    `key` names what it is started for: the same key starts one run, ever. Refuses with InvalidInput parameters and
    stages there are none of.
    """
    access.require(Role.EDITOR)
    planned = _planned(generation, wish or RunWish())
    with transaction.atomic():
        pipeline = generation.pipeline
        # Two who start different runs at once would count the same number, and get the same run.
        Pipeline.objects.select_for_update(of=("self",)).get(pk=pipeline.pk)
        latest = _same(generation, planned)
        if latest is not None and not key:
            return latest
        number = next_number(pipeline.runs)
        run = run_submit(
            access=access,
            kind=KIND,
            title=f"Run {number} of {pipeline.task.name}",
            stages=planned.stages,
            params={"generation": generation.pk, "changes": planned.basis.changes},
            subject=pipeline.subject,
            idempotency_key=key or f"pipeline:{pipeline.pk}:run:{number}",
        )
        found = _started(access, run, planned, number, started_by)
        if not planned.wish.until:
            cause = Cause.PERSON if started_by is StartedBy.PERSON else Cause.TRIGGER
            retraining_begin(access=access, pipeline=pipeline, run=found, cause=cause)
        return found


def pipeline_run_foretell(*, generation: Generation, wish: RunWish | None = None) -> list[Foretold]:
    """Which stages a run would run, and why, before it is started. Refuses as `pipeline_run_start` does."""
    planned = _planned(generation, wish or RunWish())
    return run_foretell(
        workspace=generation.workspace, kind=KIND, subject=generation.pipeline.subject, stages=planned.stages
    )


def run_parameters(generation: Generation) -> dict[str, float]:
    """What can be changed in a run of a generation, with the value it has."""
    return parameters_of(generation_files(generation))


def _same(generation: Generation, planned: _Planned) -> PipelineRun | None:
    """The latest run of the generation, where it is under way and wants the same."""
    latest = generation.pipeline.runs.filter(generation=generation).select_related("run").first()
    if latest is None or latest.run.is_over or planned.wish.again_from:
        return None
    return latest if (latest.changes, latest.until) == (planned.basis.changes, planned.wish.until) else None


def _started(access: Access, run: Run, planned: _Planned, number: int, started_by: StartedBy) -> PipelineRun:
    generation = planned.basis.generation
    found, made = PipelineRun.objects.get_or_create(
        run=run,
        defaults={
            "workspace": generation.workspace,
            "pipeline": generation.pipeline,
            "generation": generation,
            "number": number,
            "started_by": started_by,
            "changes": planned.basis.changes,
            "until": planned.wish.until,
        },
    )
    if made:
        told = {"generation": generation.number, "run": number, "changes": dict(planned.basis.changes)}
        detail = {"task": generation.pipeline.task.name, **told}
        audit_record(access=access, verb="pipeline.run", subject=generation.pipeline.subject, detail=detail)
    return found


def _planned(generation: Generation, wish: RunWish) -> _Planned:
    _check_stages(wish)
    files = generation_files(generation)
    try:
        changes = changes_checked(parameters_of(files), wish.changes)
    except BadParameter as error:
        place = FieldProblem(f"changes.{error.where}", str(error))
        raise InvalidInput("A parameter cannot be changed this way.", errors=[place]) from error
    basis = Basis(generation, parameters_of(files), changes, files_changed(files, changes))
    return _Planned(stage_specs(basis, until=wish.until, again_from=wish.again_from), basis, wish)


def _check_stages(wish: RunWish) -> None:
    names = [stage.name for stage in STAGES]
    for place, name in (("until", wish.until), ("again_from", wish.again_from)):
        if name and name not in names:
            problem = FieldProblem(place, f"There is no stage “{name[:60]}”: {', '.join(names)}.")
            raise InvalidInput("There is no such stage.", errors=[problem])
    if wish.until and wish.again_from and wish.again_from not in {wish.until, *ancestors(wish.until)}:
        problem = FieldProblem("again_from", f"A run until {wish.until} does not reach {wish.again_from}.")
        raise InvalidInput("These stages do not go together.", errors=[problem])
