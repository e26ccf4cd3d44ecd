"""Processes, graphs, tasks, flows and imports as the API shows and takes them."""

from typing import Any

from django.db.models import QuerySet
from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers

from accounts.api_base import ScopedRelated
from accounts.models import User
from common.api import KnownFields
from planner.domain.process_graph.graph import TaskFlow, TaskGraph, TaskNode
from planner.domain.process_graph.graph_problems import size_problems
from planner.domain.process_graph.node import LONGEST_CONDITION, LONGEST_LANE, LONGEST_NAME, NodeKind
from planner.models import Flow, LogUpload, Process, Task
from planner.serializers.mapping import MappingSerializer, json_object
from planner.serializers.working_hours import HoursValueSerializer

KINDS = [kind.value for kind in NodeKind]


class MemberRelated(serializers.PrimaryKeyRelatedField[User]):
    """A person: only members of the caller's workspace exist. Needs `access` in the context."""

    def get_queryset(self) -> QuerySet[User]:
        return User.objects.filter(memberships__workspace=self.context["access"].workspace)


class ProcessSerializer(KnownFields, serializers.ModelSerializer[Process]):
    """A process. `cases_source` says whether its cases a year were measured or set; `version` counts edits.

    Its owner is a member (`owner`, the id of a person) or somebody else (`owner_name`). `shown` holds the filter
    between its log and its graph, empty where all is shown.
    """

    owner = MemberRelated(queryset=User.objects.all(), required=False, allow_null=True)

    class Meta:
        model = Process
        fields = (
            "id", "name", "description", "owner", "owner_name", "goal", "pain", "ml_change", "cases_a_year",
            "cases_source", "cases_note", "shown", "example", "version", "created_at",
        )  # fmt: skip
        read_only_fields = ("id", "cases_source", "shown", "example", "version", "created_at")


class KnownSerializer(serializers.Serializer[Any]):
    """A process with what is known of it so far; null is not known. Money in the workspace's currency."""

    id = serializers.IntegerField(source="process.pk")
    name = serializers.CharField(source="process.name")
    owner = serializers.CharField(help_text="In words, empty where nobody said.")
    goal = serializers.CharField(source="process.goal")
    pain = serializers.CharField(source="process.pain")
    ml_change = serializers.CharField(source="process.ml_change")
    cases_a_year = serializers.FloatField(source="process.cases_a_year", allow_null=True)
    cases_words = serializers.CharField(help_text="Where the cases a year come from.")
    tasks = serializers.IntegerField(source="card.tasks")
    cost_a_year = serializers.FloatField(source="card.sheet.cost", allow_null=True)
    best_task = serializers.IntegerField(source="card.best.task_id", allow_null=True, default=None)
    best_npv = serializers.FloatField(source="card.best.npv_mean", allow_null=True, default=None)
    best_npv_p5 = serializers.FloatField(source="card.best.npv_p5", allow_null=True, default=None)
    best_npv_p95 = serializers.FloatField(source="card.best.npv_p95", allow_null=True, default=None)
    step = serializers.CharField(help_text="Key of the furthest step begun.")


class TaskSerializer(KnownFields, serializers.ModelSerializer[Task]):
    """A node: volume in visits a year, handling in minutes, waiting in hours, rework as a share, each with its source.

    A figure set to null goes back to what the log says. `parent` is the sub-process it is part of: a node that is moved
    into one is put before its end, and what led to it leads on to what followed it.
    """

    parent = ScopedRelated(  # type: ignore[assignment] # a field, not where it is declared
        queryset=Task.objects.all(), required=False, allow_null=True
    )

    set_aside = serializers.CharField(
        read_only=True,
        help_text="Of a sub-process or gateway: the handling it had as a task, which no longer counts; a sentence.",
    )

    class Meta:
        model = Task
        fields = (
            "id", "process", "name", "kind", "lane", "parent", "activity", "visits_a_case", "volume_a_year",
            "volume_source", "handling_minutes", "handling_source", "waiting_hours", "rework_share",
            "automatic_proposed", "automatic", "resources", "figures", "x", "y", "position", "set_aside",
        )  # fmt: skip
        read_only_fields = (
            "id", "process", "activity", "visits_a_case", "volume_source", "handling_source", "rework_share",
            "automatic_proposed", "resources", "figures", "position",
        )  # fmt: skip


class TaskCreateSerializer(KnownFields):
    """A new node of a process, put after another when `after` is given, inside a sub-process when `parent` is."""

    process = ScopedRelated(queryset=Process.objects.all())
    name = serializers.CharField(
        max_length=LONGEST_NAME, allow_blank=True, default="", help_text="A gateway needs none."
    )
    kind = serializers.ChoiceField(choices=KINDS, default=NodeKind.TASK.value)
    lane = serializers.CharField(max_length=LONGEST_LANE, required=False, allow_blank=True, default="")
    parent = ScopedRelated(  # type: ignore[assignment] # a field, not where it is declared
        queryset=Task.objects.all(), required=False, allow_null=True
    )
    after = ScopedRelated(queryset=Task.objects.all(), required=False, allow_null=True)
    x = serializers.FloatField(required=False, allow_null=True)
    y = serializers.FloatField(required=False, allow_null=True)


class FlowSerializer(KnownFields, serializers.ModelSerializer[Flow]):
    """A flow: cases counted in the log, probability of the branch (null: what the others leave)."""

    class Meta:
        model = Flow
        fields = ("id", "process", "source", "target", "count", "probability", "label", "condition")
        read_only_fields = ("id", "process", "source", "target", "count")


class FlowCreateSerializer(KnownFields):
    """A new flow between two tasks of one process."""

    source = ScopedRelated(queryset=Task.objects.all())  # type: ignore[assignment] # a field, not the option
    target = ScopedRelated(queryset=Task.objects.all())
    probability = serializers.FloatField(required=False, allow_null=True, min_value=0, max_value=1)
    label = serializers.CharField(required=False, allow_blank=True, max_length=120, default="")  # type: ignore[assignment]
    condition = serializers.CharField(required=False, allow_blank=True, max_length=LONGEST_CONDITION, default="")


class NodeSerializer(KnownFields):
    """A node of a graph. `key` is the id of its task; any other text makes a new one."""

    key = serializers.CharField(max_length=64)
    name = serializers.CharField(max_length=LONGEST_NAME, allow_blank=True)
    kind = serializers.ChoiceField(choices=KINDS, default=NodeKind.TASK.value)
    lane = serializers.CharField(max_length=LONGEST_LANE, required=False, allow_blank=True, default="")
    parent = serializers.CharField(  # type: ignore[assignment]
        max_length=64, required=False, allow_blank=True, default="", help_text="Key of the sub-process it is part of."
    )
    visits_a_case = serializers.FloatField(read_only=True, allow_null=True)
    volume_a_year = serializers.FloatField(required=False, allow_null=True, min_value=0)
    volume_source = serializers.CharField(
        required=False,
        max_length=10,
        help_text="As read: one of log or flow is not taken for a person's.",
    )
    handling_minutes = serializers.FloatField(required=False, allow_null=True, min_value=0, max_value=525_600)
    waiting_hours = serializers.FloatField(read_only=True, allow_null=True)
    rework_share = serializers.FloatField(read_only=True, allow_null=True)
    x = serializers.FloatField(required=False, allow_null=True)
    y = serializers.FloatField(required=False, allow_null=True)


class EdgeSerializer(KnownFields):
    """A flow of a graph, from key to key."""

    source = serializers.CharField(max_length=64)  # type: ignore[assignment]
    target = serializers.CharField(max_length=64)
    count = serializers.IntegerField(required=False, allow_null=True, min_value=0, max_value=2**31 - 1)
    probability = serializers.FloatField(required=False, allow_null=True, min_value=0, max_value=1)
    label = serializers.CharField(required=False, allow_blank=True, max_length=120, default="")  # type: ignore[assignment]
    condition = serializers.CharField(required=False, allow_blank=True, max_length=LONGEST_CONDITION, default="")


class GraphSerializer(KnownFields):
    """The whole graph of a process, to be read and to be put back."""

    version = serializers.IntegerField(read_only=True)
    cases_a_year = serializers.FloatField(required=False, allow_null=True, min_value=0, max_value=1e12)
    nodes = NodeSerializer(many=True)
    flows = EdgeSerializer(many=True)

    def to_internal_value(self, data: Any) -> Any:
        """Sizes first: a graph that is too large is refused before any node of it is looked at."""
        if isinstance(data, dict):
            counts = [len(data[name]) if isinstance(data.get(name), list) else 0 for name in ("nodes", "flows")]
            if problems := size_problems(*counts):
                raise serializers.ValidationError({path: [message] for path, message in problems})
        return super().to_internal_value(data)

    def graph(self) -> TaskGraph:
        """The validated body as a graph."""
        given = self.validated_data
        nodes = tuple(TaskNode(**{**node, "kind": NodeKind(node["kind"])}) for node in given["nodes"])
        return TaskGraph(nodes, tuple(TaskFlow(**flow) for flow in given["flows"]), given.get("cases_a_year"))


class ImportRequestSerializer(MappingSerializer):
    """A log to import. `mapping` names the columns of a table and says how it is read; left out, that is guessed.

    `hours` is working hours of its own; left out, those of the workspace count.
    """

    name = serializers.CharField(required=False, allow_blank=True, max_length=120, default="")
    format = serializers.ChoiceField(
        choices=["csv", "xes", "xlsx"], required=False, help_text="Found in the file itself."
    )
    hours = serializers.CharField(
        required=False,
        help_text='JSON as in PUT /processes/{id}/hours/: {"days": […], …}; {} is around the clock. Without "zone", '
        "that of the mapping.",
    )

    def validate_hours(self, text: str) -> dict[str, Any]:
        """The hours, none for around the clock; whether they can be worked is checked where they are kept."""
        found = json_object(text)
        if found:
            HoursValueSerializer(data=found).is_valid(raise_exception=True)
        return found


class ImportSerializer(serializers.ModelSerializer[LogUpload]):
    """A file and how far its import is: poll `job` (or this) until `process` is there, or `problems` say why not."""

    job: "serializers.Field[Any, Any, Any, Any]" = serializers.IntegerField(source="run_id", allow_null=True)
    state = serializers.SerializerMethodField()
    problems = serializers.SerializerMethodField()

    class Meta:
        model = LogUpload
        fields = (
            "id",
            "filename",
            "name",
            "size",
            "format",
            "mapping",
            "preview",
            "state",
            "problems",
            "job",
            "process",
        )
        read_only_fields = fields

    @extend_schema_field(serializers.ChoiceField(choices=LogUpload.State.choices))
    def get_state(self, upload: LogUpload) -> str:
        """Importing until the job is over; then imported, or failed."""
        return str(upload.standing)

    @extend_schema_field(serializers.ListField(child=serializers.CharField()))
    def get_problems(self, upload: LogUpload) -> list[str]:
        found = list(upload.problems)
        if self.get_state(upload) == LogUpload.State.FAILED and upload.run is not None:
            found += [stage.reason for stage in upload.run.stages.all() if stage.reason]
        return found
