"""What the bar of steps and the home page say of pipelines."""

from django.urls import reverse

from accounts.models import Workspace
from common.formatting import things
from common.home import HomeLine, HomeNews, HomeTodo
from common.onward import TaskLink
from common.steps import StepState
from pipelines.domain.lifecycle import IN_USE, PipelineState
from pipelines.models import Pipeline, PipelineRun, RealisedMonth, TrainingUpload
from planner.models import Process, Task

LIVE = tuple(state.value for state in (PipelineState.ACCEPTED, PipelineState.PACKAGED, *IN_USE))
SHOWN = 12
TAGS = {
    "packaged": ("ok", "check"),
    "accepted": ("ok", "check"),
    "trained": ("warn", "part"),
    "serving": ("ok", "live"),
    "monitored": ("ok", "live"),
    "stale": ("warn", "part"),
    "retraining": ("run", "run"),
    "retired": ("", "dash"),
}


def pipeline_steps(process: Process) -> list[StepState]:
    """Two steps: what is generated and running, and what lives."""
    slug = process.workspace.slug
    pipelines = list(Pipeline.objects.of(process.workspace).of_process(process))
    return [_pipeline_step(process, pipelines, slug), _life_step(process, pipelines, slug)]


def _pipeline_step(process: Process, pipelines: list[Pipeline], slug: str) -> StepState:
    url = reverse("pipelines:index", args=[slug, process.pk])
    running = _under_way(process)
    if running:
        return StepState("pipeline", "Pipeline", url, "run", f"{running} running")
    generated = sum(pipeline.state_of is not PipelineState.DESIGNED for pipeline in pipelines)
    if not generated:
        return StepState("pipeline", "Pipeline", url, "open", "none generated")
    return StepState("pipeline", "Pipeline", url, "done", f"{generated} generated")


def _under_way(process: Process) -> int:
    runs = PipelineRun.objects.of(process.workspace).filter(pipeline__task__process=process)
    return runs.filter(run__finished_at=None, run__state__in=("queued", "running")).count()


def _life_step(process: Process, pipelines: list[Pipeline], slug: str) -> StepState:
    url = reverse("pipelines:lives", args=[slug, process.pk])
    live = sum(pipeline.state in LIVE for pipeline in pipelines)
    in_use = sum(pipeline.state_of in IN_USE for pipeline in pipelines)
    if in_use:
        return StepState("life", "Life", url, "live", f"{in_use} in use")
    if live:
        return StepState("life", "Life", url, "live", f"{live} accepted")
    tried = sum(pipeline.state == PipelineState.TRAINED for pipeline in pipelines)
    if tried:
        return StepState("life", "Life", url, "part", f"{tried} not accepted")
    return StepState("life", "Life", url, "open", "not begun")


def pipelines_home(workspace: Workspace) -> HomeNews:
    """Pipelines by state, and those that wait to be run."""
    found = list(Pipeline.objects.of(workspace).with_task()[:SHOWN])
    return HomeNews([todo for todo in map(_todo, found) if todo], [_line(pipeline) for pipeline in found])


def _todo(pipeline: Pipeline) -> HomeTodo | None:
    if pipeline.state_of is PipelineState.PACKAGED:
        url = reverse("pipelines:models", args=[pipeline.workspace.slug, pipeline.pk])
        words = f"{pipeline.task.process.name}: a model passed its acceptance test and is not served."
        return HomeTodo("live", pipeline.task.name, words, url, "Put it into use")
    if pipeline.state_of is PipelineState.STALE:
        url = reverse("pipelines:monitoring", args=[pipeline.workspace.slug, pipeline.pk])
        words = f"{pipeline.task.process.name}: the model in use is past a limit of its canvas."
        return HomeTodo("part", pipeline.task.name, words, url, "Look at it")
    if pipeline.state_of is not PipelineState.GENERATED:
        return None
    url = reverse("pipelines:pipeline", args=[pipeline.workspace.slug, pipeline.pk])
    words = f"{pipeline.task.process.name}: the project is generated and was not run yet."
    return HomeTodo("play", pipeline.task.name, words, url, "Run it")


def _line(pipeline: Pipeline) -> HomeLine:
    url = reverse("pipelines:pipeline", args=[pipeline.workspace.slug, pipeline.pk])
    kind, sign = TAGS.get(pipeline.state, ("", "open"))
    since = pipeline.updated_at.strftime("%-d %b %Y")
    words = pipeline.task.process.name
    return HomeLine(pipeline.task.name, words, url, pipeline.get_state_display(), kind, sign, since)


def pipelines_furthest(workspace: Workspace) -> dict[int, str]:
    """Processes with something generated, and those with a model that lives. One query."""
    begun = Pipeline.objects.of(workspace).exclude(state=PipelineState.DESIGNED.value)
    states = begun.values_list("task__process_id", "state").order_by("pk")
    found = dict.fromkeys((process for process, _ in states), "pipeline")
    return found | {process: "life" for process, state in states if state in LIVE}


def task_pipeline(task: Task) -> list[TaskLink]:
    """The pipeline of a task, its life, and what it earns, each where there is one. Two queries."""
    found = Pipeline.objects.of(task.workspace).filter(task=task).first()
    if found is None:
        return []
    links = [_task_link("pipeline", found, "Its pipeline", found.get_state_display())]
    if found.state in (*LIVE, PipelineState.TRAINED, PipelineState.RETIRED):
        links.append(_task_link("life", found, "Life of its model"))
    months = RealisedMonth.objects.of(task.workspace).filter(pipeline=found).count()
    if months:
        links.append(_task_link("value", found, "What the model really earns", f"{things(months, 'month')} counted"))
    return links


def _task_link(page: str, pipeline: Pipeline, words: str, note: str = "") -> TaskLink:
    return TaskLink(reverse(f"pipelines:{page}", args=[pipeline.workspace.slug, pipeline.pk]), words, note)


def pipeline_subjects(process: Process) -> list[str]:
    """What the jobs of the pipelines of a process, and of the tables brought for them, are about."""
    found = Pipeline.objects.filter(workspace=process.workspace_id, task__process=process.pk)
    tables = TrainingUpload.objects.filter(workspace=process.workspace_id, canvas__task__process=process.pk)
    subjects = [f"pipeline:{pk}" for pk in found.values_list("pk", flat=True)]
    return [*subjects, *(table.subject for table in tables.only("pk"))]
