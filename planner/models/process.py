"""Processes, their graphs of tasks, and the event logs they were measured from."""

from typing import ClassVar, Self

from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.utils import timezone

from accounts.models import User, Workspace, WorkspaceScoped
from common.formatting import minutes
from jobs.models import Blob, Run, RunState
from planner.domain.event_log.terms import TimeMeaning
from planner.domain.process_graph.node import LONGEST_CONDITION, LONGEST_LANE, LONGEST_NAME, NodeKind

TABLES = ("csv", "xlsx")
NOT_NEGATIVE = [MinValueValidator(0.0)]
SHARE = [MinValueValidator(0.0), MaxValueValidator(1.0)]


class Source(models.TextChoices):
    """Where a figure comes from; a person's figure wins over the log's, the log's over a derived one."""

    LOG = "log", "measured in the log"
    USER = "user", "set by a person"
    FLOW = "flow", "follows from the branches"
    DEFAULT = "default", "a default"
    NONE = "none", "not known"


class ProcessQuerySet(WorkspaceScoped["Process"]):
    def newest_first(self) -> Self:
        return self.order_by("-created_at", "-id")


class Process(models.Model):
    """A business process of a workspace. `version` counts the edits of its graph.

    `owner` is a member of the workspace, or `owner_name` somebody else. `shown` holds the filters through which its log
    became its graph: the shares of activities and flows that are kept, empty for all.
    `places` holds where the drawing put each task at the last edit ({id: [x, y]}, pixels): the next moves little.
    They are those of `places_version`; between an edit and its layout that is an older one.
    """

    workspace = models.ForeignKey(Workspace, on_delete=models.CASCADE, related_name="processes")
    name = models.CharField(max_length=120)
    description = models.TextField(blank=True)
    owner = models.ForeignKey(User, on_delete=models.SET_NULL, null=True, blank=True, related_name="+")
    owner_name = models.CharField(max_length=120, blank=True)
    goal = models.CharField(max_length=400, blank=True)
    pain = models.CharField(max_length=400, blank=True)
    ml_change = models.CharField(max_length=400, blank=True, help_text="what a prediction might change")
    cases_note = models.CharField(max_length=200, blank=True, help_text="where a person has the cases a year from")
    shown = models.JSONField(default=dict, blank=True)
    cases_a_year = models.FloatField(null=True, blank=True, validators=NOT_NEGATIVE)
    cases_source = models.CharField(max_length=10, choices=Source.choices, default=Source.NONE)
    example = models.CharField(max_length=40, blank=True, help_text="key of the worked example it came from")
    version = models.PositiveIntegerField(default=1)
    places = models.JSONField(default=dict, blank=True, editable=False)
    places_version = models.PositiveIntegerField(default=0, editable=False)
    created_at = models.DateTimeField(default=timezone.now, editable=False)

    objects = ProcessQuerySet.as_manager()

    class Meta:
        ordering: ClassVar[list[str]] = ["-created_at", "-id"]
        indexes: ClassVar[list[models.Index]] = [
            models.Index(fields=["workspace", "created_at"], name="process_by_age")
        ]

    def __str__(self) -> str:
        return self.name


class LogUpload(models.Model):
    """A file somebody brought, and how far it has come. It is kept when it fails, to be mended and tried again.

    `mapping` holds the chosen columns, `preview` what was read of it (columns with guesses, sample rows), `problems`
    sentences with what, where and advice.
    """

    class State(models.TextChoices):
        UPLOADED = "uploaded", "to be checked"
        REFUSED = "refused", "cannot be read"
        IMPORTING = "importing", "being imported"
        FAILED = "failed", "import failed"
        IMPORTED = "imported", "imported"

    workspace = models.ForeignKey(Workspace, on_delete=models.CASCADE, related_name="uploads")
    blob = models.ForeignKey(Blob, on_delete=models.PROTECT, related_name="+")
    filename = models.CharField(max_length=200)
    name = models.CharField(max_length=120, blank=True, help_text="name of the process it will become")
    size = models.PositiveBigIntegerField(help_text="bytes, packed as it came")
    state = models.CharField(max_length=10, choices=State.choices, default=State.UPLOADED)
    format = models.CharField(max_length=10, blank=True)
    mapping = models.JSONField(default=dict, blank=True)
    preview = models.JSONField(default=dict, blank=True)
    problems = models.JSONField(default=list, blank=True)
    example = models.CharField(max_length=40, blank=True)
    calendar = models.JSONField(null=True, blank=True, help_text="working hours of its own; null: the workspace's")
    run = models.ForeignKey(Run, on_delete=models.SET_NULL, null=True, blank=True, related_name="+")
    process = models.ForeignKey(Process, on_delete=models.CASCADE, null=True, blank=True, related_name="uploads")
    updates = models.ForeignKey(
        Process, on_delete=models.CASCADE, null=True, blank=True, related_name="+", help_text="it measures this anew"
    )
    created_by = models.ForeignKey(User, on_delete=models.SET_NULL, null=True, blank=True, related_name="+")
    created_at = models.DateTimeField(default=timezone.now, editable=False)

    objects = WorkspaceScoped["LogUpload"].as_manager()

    class Meta:
        ordering: ClassVar[list[str]] = ["-id"]

    def __str__(self) -> str:
        return self.filename

    @property
    def is_table(self) -> bool:
        """Its columns are to be chosen: XES names them itself."""
        return self.format in TABLES

    @property
    def is_moving(self) -> bool:
        """Its import is under way."""
        return self.run is not None and not self.run.is_over

    @property
    def standing(self) -> "LogUpload.State":
        """How far it is, by the job that imports it: once that is over without a process, the import has failed."""
        stopped = self.state == self.State.IMPORTING and not self.is_moving and self.process_id is None
        return self.State.FAILED if stopped else self.State(self.state)

    @property
    def standing_words(self) -> str:
        """The one word for it on every page; a job somebody cancelled is told from one that failed."""
        cancelled = self.run is not None and self.run.state == RunState.CANCELLED.value
        return "import cancelled" if cancelled and self.standing == self.State.FAILED else str(self.standing.label)

    @property
    def missing(self) -> list[str]:
        """The columns every log needs that none was found or chosen for: of "cases", "activities", "times"."""
        if not self.is_table:
            return []
        needed = {"case": "cases", "activity": "activities", "end": "times"}
        return [words for role, words in needed.items() if not self.mapping.get(role)]


class EventLogQuerySet(WorkspaceScoped["EventLog"]):
    def in_use(self) -> Self:
        """Logs measures were taken from, the one they rest on now first."""
        return self.exclude(applied_at=None).order_by("-applied_at", "-id")


class EventLog(models.Model):
    """A log as columns in one file, and its counts. One row of the file is one activity instance.

    `measured` is what was discovered in it (activities, cases_a_year), `matching` the task a person said each of its
    activities is ({activity: id, or null for none}). A process rests on the log with the latest `applied_at`.
    """

    workspace = models.ForeignKey(Workspace, on_delete=models.CASCADE, related_name="+")
    process = models.ForeignKey(Process, on_delete=models.CASCADE, related_name="logs")
    upload = models.ForeignKey(LogUpload, on_delete=models.SET_NULL, null=True, blank=True, related_name="+")
    events = models.ForeignKey(Blob, on_delete=models.PROTECT, related_name="+")
    observed = models.ForeignKey(
        Blob, on_delete=models.PROTECT, null=True, blank=True, related_name="+", help_text="how it really ran, as JSON"
    )
    rejected = models.ForeignKey(
        Blob, on_delete=models.PROTECT, null=True, blank=True, related_name="+", help_text="rows left out, as CSV"
    )
    name = models.CharField(max_length=200)
    statistics = models.JSONField(default=dict)
    first_start = models.DateTimeField()
    last_start = models.DateTimeField()
    measured = models.JSONField(default=dict, blank=True)
    matching = models.JSONField(default=dict, blank=True)
    applied_at = models.DateTimeField(null=True, blank=True, default=timezone.now)
    created_at = models.DateTimeField(default=timezone.now, editable=False)

    objects = EventLogQuerySet.as_manager()

    class Meta:
        ordering: ClassVar[list[str]] = ["-id"]

    def __str__(self) -> str:
        return self.name

    @property
    def tells_durations(self) -> bool:
        """Whether its times say when things were done; plans say in which order, not how long."""
        return bool(self.statistics.get("meaning") != TimeMeaning.SCHEDULED)


class TaskQuerySet(WorkspaceScoped["Task"]):
    def work(self) -> Self:
        """The tasks proper: neither start, end, gateways nor sub-processes, whose work is that of the tasks inside."""
        return self.filter(kind=NodeKind.TASK.value)

    def with_process(self) -> Self:
        """Each with its process and workspace. Where the drawing put the tasks is left out: read anew for each row of a
        list, it took most of the time of pages of many tasks."""
        return self.select_related("process__workspace", "workspace").defer("process__places")

    def without_volume(self) -> Self:
        return self.work().filter(volume_a_year=None)

    def without_handling_time(self) -> Self:
        return self.work().filter(handling_minutes=None)

    def removed(self) -> Self:
        """Those a person removed, which can be brought back, the latest first. To be asked of `everything`."""
        return self.filter(filtered=False).exclude(removed_at=None).order_by("-removed_at", "-id")


_TaskManager = models.Manager.from_queryset(TaskQuerySet)


class TaskManager(_TaskManager):  # type: ignore[type-arg]  # made by from_queryset, it takes no argument
    """Tasks that are there: removed ones are left out, also from `process.tasks`."""

    def get_queryset(self) -> TaskQuerySet:
        return TaskQuerySet(self.model, using=self._db).filter(removed_at=None)


class Task(models.Model):
    """A node of the graph: a task, a sub-process, a gateway, or where cases begin and end.

    `parent` is the sub-process it is part of, null at the level of the process; `lane` names who does it.
    Volume in visits a year, handling in minutes a visit, waiting in hours, `rework_share` the share of visits that
    repeat the task within a case. `figures` holds further measures of the log (means, counts, what waiting contains).
    A removed task keeps its row and all that hangs on it, so that it can be brought back as it was.
    """

    KINDS: ClassVar[list[tuple[str, str]]] = [(kind.value, kind.value) for kind in NodeKind]

    workspace = models.ForeignKey(Workspace, on_delete=models.CASCADE, related_name="+")
    process = models.ForeignKey(Process, on_delete=models.CASCADE, related_name="tasks")
    name = models.CharField(max_length=LONGEST_NAME)
    kind = models.CharField(max_length=10, choices=KINDS, default=NodeKind.TASK.value)
    lane = models.CharField(max_length=LONGEST_LANE, blank=True, help_text="who does it: a team, a role, a system")
    parent = models.ForeignKey("self", on_delete=models.CASCADE, null=True, blank=True, related_name="parts")
    activity = models.CharField(max_length=400, blank=True, help_text="its name in the log")
    visits_a_case = models.FloatField(null=True, blank=True, validators=NOT_NEGATIVE)
    volume_a_year = models.FloatField(null=True, blank=True, validators=NOT_NEGATIVE)
    volume_source = models.CharField(max_length=10, choices=Source.choices, default=Source.NONE)
    handling_minutes = models.FloatField(null=True, blank=True, validators=NOT_NEGATIVE)
    handling_source = models.CharField(max_length=10, choices=Source.choices, default=Source.NONE)
    waiting_hours = models.FloatField(null=True, blank=True, validators=NOT_NEGATIVE)
    rework_share = models.FloatField(null=True, blank=True, validators=SHARE)
    automatic_proposed = models.BooleanField(default=False, help_text="the log looks as if a machine did it")
    automatic = models.BooleanField(null=True, blank=True, help_text="what a person said; null leaves the proposal")
    resources = models.JSONField(default=list, blank=True)
    figures = models.JSONField(default=dict, blank=True)
    x = models.FloatField(null=True, blank=True)
    y = models.FloatField(null=True, blank=True)
    position = models.PositiveIntegerField(default=0)
    filtered = models.BooleanField(default=False, help_text="removed by the filter of the graph, not by a person")
    removed_at = models.DateTimeField(null=True, blank=True, editable=False)

    objects = TaskManager()
    everything = TaskQuerySet.as_manager()

    class Meta:
        ordering: ClassVar[list[str]] = ["position", "id"]
        indexes: ClassVar[list[models.Index]] = [models.Index(fields=["process", "position"], name="task_by_position")]

    def __str__(self) -> str:
        return self.name

    @property
    def title(self) -> str:
        """Its name, or what it is where it has none."""
        return self.name or NodeKind(self.kind).words.partition(":")[0]

    @property
    def set_aside(self) -> str:
        """The time a sub-process or gateway had as a task, in a sentence; empty where there is none."""
        if self.kind == NodeKind.TASK.value or self.handling_minutes is None:
            return ""
        inside = self.kind == NodeKind.SUBPROCESS.value
        now = "its cost is that of the tasks inside" if inside else "it takes no time now"
        had = f"The {minutes(self.handling_minutes)} of handling “{self.title}” had as a task no longer count"
        return f"{had}: {now}. Made a task again, it has them back."

    @property
    def is_automatic(self) -> bool:
        """See `automatic_of`."""
        return automatic_of(self.automatic, self.automatic_proposed, self.handling_source, self.handling_minutes)


def automatic_of(said: bool | None, proposed: bool, handling_source: str, handling_minutes: float | None) -> bool:
    """What a person said, else what the log looks like; handling time that a person gave speaks against it."""
    if said is not None:
        return said
    takes_time = handling_source == Source.USER and (handling_minutes or 0.0) > 1.0
    return proposed and not takes_time


class FlowQuerySet(WorkspaceScoped["Flow"]):
    def between_tasks(self) -> Self:
        """Flows both ends of which are there."""
        return self.filter(source__removed_at=None, target__removed_at=None)

    def removed(self) -> Self:
        """Those a person removed, which can be brought back, the latest first. To be asked of `everything`."""
        found = self.between_tasks().filter(filtered=False)
        return found.exclude(removed_at=None).order_by("-removed_at", "-id")


_FlowManager = models.Manager.from_queryset(FlowQuerySet)


class FlowManager(_FlowManager):  # type: ignore[type-arg]  # made by from_queryset, it takes no argument
    """Flows that are there: neither removed nor leading from or to a removed task."""

    def get_queryset(self) -> FlowQuerySet:
        return FlowQuerySet(self.model, using=self._db).between_tasks().filter(removed_at=None)


class Flow(models.Model):
    """A flow between two nodes. `count` is cases in the log, `probability` the share of this branch (0 to 1).

    The flows of a removed task are not removed themselves: they are out of sight while it is.
    """

    workspace = models.ForeignKey(Workspace, on_delete=models.CASCADE, related_name="+")
    process = models.ForeignKey(Process, on_delete=models.CASCADE, related_name="flows")
    source = models.ForeignKey(Task, on_delete=models.CASCADE, related_name="outgoing")
    target = models.ForeignKey(Task, on_delete=models.CASCADE, related_name="incoming")
    count = models.PositiveIntegerField(null=True, blank=True)
    probability = models.FloatField(null=True, blank=True, validators=SHARE)
    label = models.CharField(max_length=120, blank=True)
    probability_source = models.CharField(max_length=10, choices=Source.choices, default=Source.NONE)
    filtered = models.BooleanField(default=False, help_text="removed by the filter of the graph, not by a person")
    condition = models.CharField(max_length=LONGEST_CONDITION, blank=True, help_text="when this branch is taken")
    removed_at = models.DateTimeField(null=True, blank=True, editable=False)

    objects = FlowManager()
    everything = FlowQuerySet.as_manager()

    class Meta:
        ordering: ClassVar[list[str]] = ["id"]
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(
                fields=["source", "target"],
                condition=models.Q(removed_at=None),
                name="one_flow_between_two_nodes",
            )
        ]

    def __str__(self) -> str:
        return f"{self.source_id} to {self.target_id}"
