"""The estimates of a process, or of every process of a workspace, as rows of a table."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from accounts.models import Workspace
from jobs.models import Run
from planner.domain.valuation.assumptions import ERROR_FORM, ErrorForm
from planner.domain.valuation.estimate import Assumption
from planner.domain.valuation.estimate_table import Line
from planner.models import Process, Task
from planner.selectors.value_form import keys_in_use, words_of
from planner.selectors.value_inputs import assumption_layers, set_by_people, shared_in, version_of

APPLY_ESTIMATES = "planner.apply_estimates"
"""The kind of job that sets the estimates of a file."""


@dataclass(frozen=True, eq=False)
class SaidTask:
    """A task with all that is said of its assumptions; `kept` is what people set on it."""

    task: Task
    layers: Mapping[str, tuple[Assumption, ...]]
    kept: Mapping[str, Any]

    @property
    def version(self) -> int:
        """The version of its estimate an edit is made on."""
        return version_of(self.task)

    def text(self, key: str) -> str:
        """The text in use, empty where there is none."""
        said = self.layers.get(key)
        return said[0].text if said else ""

    def source(self, key: str) -> str:
        """Where the text in use is from, as the table shows it: people's own words, else ours."""
        if key in self.kept:
            return str(self.kept[key].get("source") or "")
        said = self.layers.get(key)
        return said[0].source if said else ""

    def note(self, key: str) -> str:
        """What is noted beside it."""
        said = self.layers.get(key)
        return said[0].note if said else ""

    @property
    def keys(self) -> list[str]:
        """The assumptions that count, in the order of the page."""
        return keys_in_use(ErrorForm(self.text(ERROR_FORM)))


def said_tasks(
    workspace: Workspace, process: Process | None = None, ids: Iterable[int] | None = None
) -> list[SaidTask]:
    """Tasks of a process, or of the whole workspace, in their order: a few queries, however many there are."""
    tasks = Task.objects.of(workspace).work().select_related("estimate")
    if process is not None:
        tasks = tasks.filter(process=process)
    if ids is not None:
        tasks = tasks.filter(pk__in=list(ids))
    # Not joined to each task: a process carries the places of all its nodes, which would be read once a task.
    processes, shared = Process.objects.of(workspace).defer("places").in_bulk(), shared_in(workspace)
    found = []
    for task in tasks.filter(process__in=processes.keys() & shared.keys()).order_by("process_id", "position", "id"):
        task.workspace, task.process = workspace, processes[task.process_id]
        kept = set_by_people(task)
        found.append(SaidTask(task, assumption_layers(task, workspace, kept, shared[task.process_id]), kept))
    return found


def estimate_lines(workspace: Workspace, process: Process | None = None) -> list[Line]:
    """One line a task and assumption."""
    return [line for said in said_tasks(workspace, process) for line in lines_of(said)]


def lines_of(said: SaidTask) -> list[Line]:
    """One line an assumption of a task."""
    currency = said.task.workspace.currency
    return [_line(said, key, currency) for key in said.keys]


def _line(said: SaidTask, key: str, currency: str) -> Line:
    layers = said.layers.get(key, ())
    label, unit = words_of(key, currency)
    instead = "; ".join(f"{each.text} ({each.source})" for each in layers[1:])
    origin = layers[0].origin.value if layers else ""
    names = (said.task.process.name, said.task.name, str(said.task.pk), key, label)
    return Line((*names, said.text(key), unit, said.source(key), said.note(key), origin, instead))


def import_subject(workspace: Workspace, process: Process | None) -> str:
    """What a job that sets estimates is about."""
    return f"process:{process.pk}" if process else f"workspace:{workspace.pk}"


def import_run(workspace: Workspace, process: Process | None, asked: str) -> Run | None:
    """The job that sets estimates here and is under way, else the one asked for by its number."""
    subject = import_subject(workspace, process)
    runs = Run.objects.of(workspace).filter(kind=APPLY_ESTIMATES, subject=subject).order_by("-id")
    under_way = runs.under_way().first()
    if under_way is not None or not (asked.isascii() and asked.isdigit() and len(asked) < 19):
        return under_way
    return runs.filter(pk=int(asked)).first()
