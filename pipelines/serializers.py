"""The shapes of pipelines in the API."""

from typing import Any

from drf_spectacular.utils import extend_schema_serializer
from rest_framework import serializers

from accounts.api_base import ScopedRelated
from canvas.models import Canvas
from common.api import LARGEST_ID, KnownFields
from jobs.models import Stage
from pipelines.models import Generation, Pipeline, PipelineEvent, PipelineRun
from planner.domain.foresight.targets import LONGEST_TEXT


class PipelineSerializer(serializers.ModelSerializer[Pipeline]):
    """One pipeline. `specification` is that of its latest generation, empty before the first."""

    task_name = serializers.CharField(source="task.name", read_only=True)
    process = serializers.IntegerField(source="task.process_id", read_only=True)

    class Meta:
        model = Pipeline
        fields = ("id", "canvas", "task", "task_name", "process", "state", "specification", "created_at", "updated_at")
        read_only_fields = fields


class PipelineFilterSerializer(serializers.Serializer[Any]):
    process = serializers.IntegerField(
        required=False, min_value=1, max_value=LARGEST_ID, help_text="Only pipelines of this process."
    )
    task = serializers.IntegerField(
        required=False, min_value=1, max_value=LARGEST_ID, help_text="Only the pipeline of this task."
    )


class PipelineCreateSerializer(KnownFields):
    """`target` is written next:ACTIVITY, later:ACTIVITY, attribute:NAME=VALUE or remaining; else the chosen one."""

    canvas = ScopedRelated(queryset=Canvas.objects.all())
    target = serializers.CharField(required=False, max_length=LONGEST_TEXT, trim_whitespace=False)
    include_rows = serializers.BooleanField(default=False, help_text="Put the real rows into the download.")


class GenerationCreateSerializer(KnownFields):
    target = serializers.CharField(required=False, max_length=LONGEST_TEXT, trim_whitespace=False)
    include_rows = serializers.BooleanField(default=False, help_text="Put the real rows into the download.")


class GenerationStartedSerializer(serializers.Serializer[Any]):
    """The job to poll under jobs/{id}/; its result names the generation."""

    pipeline = serializers.IntegerField()
    job = serializers.IntegerField()


class GenerationSerializer(serializers.ModelSerializer[Generation]):
    """`digest` is over all files: the same specification gives the same digest. `tree` lists path, size, digest."""

    tree = serializers.JSONField(read_only=True)

    class Meta:
        model = Generation
        fields = (
            *("id", "pipeline", "number", "digest", "with_rows", "rows", "split_moment", "target"),
            *("canvas_version", "tree", "job", "created_at"),
        )
        read_only_fields = fields


@extend_schema_serializer(component_name="PipelineStage")
class StageSerializer(serializers.ModelSerializer[Stage]):
    class Meta:
        model = Stage
        fields = (
            "name",
            "state",
            "depends_on",
            "attempt",
            "progress",
            "reason",
            "metrics",
            "started_at",
            "finished_at",
        )
        read_only_fields = fields


@extend_schema_serializer(component_name="PipelineRunRow")
class RunRowSerializer(serializers.ModelSerializer[PipelineRun]):
    """One run in a list. `accepted` is null until it has ended with a verdict."""

    state = serializers.CharField(source="run.state", read_only=True)
    job = serializers.IntegerField(source="run_id", read_only=True)

    class Meta:
        model = PipelineRun
        fields = ("id", "pipeline", "generation", "number", "job", "state", "accepted", "sentence", "created_at")
        read_only_fields = fields


class ValueSerializer(serializers.Serializer[Any]):
    """A value of the task over the horizon, in the workspace's currency."""

    npv_mean = serializers.FloatField()
    npv_p5 = serializers.FloatField()
    npv_p95 = serializers.FloatField()
    roi = serializers.FloatField(allow_null=True)
    payback_months = serializers.FloatField(allow_null=True)
    loss_probability = serializers.FloatField()


@extend_schema_serializer(component_name="PipelineRun")
class RunSerializer(RunRowSerializer):
    """One run: stages, figures, verdict, planned and measured value side by side."""

    stages = StageSerializer(source="run.stages", many=True, read_only=True)
    planned = ValueSerializer(source="measured.planned", read_only=True, allow_null=True, default=None)
    measured = ValueSerializer(source="measured.measured", read_only=True, allow_null=True, default=None)

    class Meta:
        model = PipelineRun
        fields = (
            *RunRowSerializer.Meta.fields,
            *("verdict", "metrics", "acceptance", "smoke", "stages", "planned", "measured"),
        )
        read_only_fields = fields


class PipelineEventSerializer(serializers.ModelSerializer[PipelineEvent]):
    """A change of state: from what, to what, by a person or a run, why."""

    class Meta:
        model = PipelineEvent
        fields = ("id", "before", "after", "cause", "actor", "run", "note", "at")
        read_only_fields = fields
