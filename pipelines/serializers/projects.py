"""The shapes of pipelines, what is generated for them, and their runs."""

from typing import Any

from drf_spectacular.utils import extend_schema_field, extend_schema_serializer
from rest_framework import serializers

from accounts.api_base import ScopedRelated
from canvas.models import Canvas
from common.api import LARGEST_ID, KnownFields
from jobs.models import Stage
from pipelines.domain.architecture import Architecture, ArchitectureError
from pipelines.domain.licences import FIRST_YEAR, LAST_YEAR, LONGEST_HOLDER, TITLES, LicenceError, licence_make
from pipelines.domain.uploaded.profile import Kind
from pipelines.domain.uploaded.roles import CHOSEN_KINDS
from pipelines.models import Generation, Pipeline, PipelineEvent, PipelineRun, RowsFrom, TrainingUpload
from pipelines.selectors import upload_view
from planner.domain.foresight.targets import LONGEST_TEXT


class PipelineSerializer(serializers.ModelSerializer[Pipeline]):
    """One pipeline. `specification` is that of its latest generation, empty before the first."""

    task_name = serializers.CharField(source="task.name", read_only=True)
    process = serializers.IntegerField(source="task.process_id", read_only=True)

    class Meta:
        model = Pipeline
        fields = (
            "id",
            "canvas",
            "task",
            "task_name",
            "process",
            "state",
            "specification",
            "architecture",
            "created_at",
            "updated_at",
        )
        read_only_fields = fields


class PipelineFilterSerializer(serializers.Serializer[Any]):
    process = serializers.IntegerField(
        required=False, min_value=1, max_value=LARGEST_ID, help_text="Only pipelines of this process."
    )
    task = serializers.IntegerField(
        required=False, min_value=1, max_value=LARGEST_ID, help_text="Only the pipeline of this task."
    )


class ArchitectureField(serializers.JSONField):
    """Axis to option; axes left out keep their default. Options that do not go together are refused with the reason."""

    def to_internal_value(self, data: Any) -> Any:
        if not isinstance(data, dict):
            raise serializers.ValidationError("An object of axis to option is needed.")
        try:
            return Architecture.from_json(data)
        except ArchitectureError as error:
            raise serializers.ValidationError({error.where[:60]: [str(error)]}) from error


class LicenceSerializer(KnownFields):
    """Under which licence the project may be used, who grants it, and since which year."""

    kind = serializers.ChoiceField(choices=[(str(kind), title) for kind, title in TITLES.items()])
    holder = serializers.CharField(max_length=LONGEST_HOLDER)
    year = serializers.IntegerField(min_value=FIRST_YEAR, max_value=LAST_YEAR)

    def validate(self, attrs: dict[str, Any]) -> Any:
        """The licence itself."""
        try:
            return licence_make(**attrs)
        except LicenceError as error:
            raise serializers.ValidationError({error.where: [str(error)]}) from error


class OptionSerializer(serializers.Serializer[Any]):
    """`clash` says why it does not go with what is chosen on the other axes, empty where it does."""

    value = serializers.CharField()
    title = serializers.CharField(source="label")
    reason = serializers.CharField()
    chosen = serializers.BooleanField()
    proposed = serializers.BooleanField(help_text="The canvas asks for it.")
    clash = serializers.CharField()


class AxisSerializer(serializers.Serializer[Any]):
    name = serializers.CharField()
    title = serializers.CharField()
    place = serializers.CharField(help_text="The field of the canvas it follows from.")
    options = OptionSerializer(many=True)


class LicenceOptionSerializer(serializers.Serializer[Any]):
    value = serializers.CharField()
    title = serializers.CharField(source="label")
    reason = serializers.CharField()
    chosen = serializers.BooleanField()


class OptionsSerializer(serializers.Serializer[Any]):
    """How a pipeline may be built; `by_person` where something else than what the canvas asks for was chosen."""

    by_person = serializers.BooleanField()
    sentence = serializers.CharField(source="picture.sentence")
    axes = AxisSerializer(many=True)
    licence = LicenceSerializer()
    licences = LicenceOptionSerializer(many=True)


class DifferenceLineSerializer(serializers.Serializer[Any]):
    sign = serializers.CharField(help_text="+, −, empty for an unchanged line, … where lines are left out.")
    number = serializers.IntegerField(allow_null=True)
    text = serializers.CharField()


class FileDifferenceSerializer(serializers.Serializer[Any]):
    """`cut` where there are more lines, or the file is too large or no text to compare line by line."""

    path = serializers.CharField()
    kind = serializers.ChoiceField(choices=["added", "removed", "changed"])
    added = serializers.IntegerField()
    removed = serializers.IntegerField()
    cut = serializers.BooleanField()
    lines = DifferenceLineSerializer(many=True)


class ProjectDifferenceSerializer(serializers.Serializer[Any]):
    """`before` and `after` are generations, `before` null for the first; `more` is how many further files differ."""

    before = serializers.IntegerField(source="before.pk", default=None, allow_null=True)
    after = serializers.IntegerField(source="after.pk")
    count = serializers.IntegerField()
    more = serializers.IntegerField()
    files = FileDifferenceSerializer(many=True)


class PipelineCreateSerializer(KnownFields):
    """`target` is written next:ACTIVITY, later:ACTIVITY, attribute:NAME=VALUE, remaining, volume:day or volume:week;
    without it the chosen one.
    """

    canvas = ScopedRelated(queryset=Canvas.objects.all())
    target = serializers.CharField(required=False, max_length=LONGEST_TEXT, trim_whitespace=False)
    include_rows = serializers.BooleanField(default=False, help_text="Put the real rows into the download.")
    options = ArchitectureField(required=False, help_text="Axis to option, see canvases/{id}/options/; kept for later.")
    licence = LicenceSerializer(required=False, help_text="Kept for later; before the first: all rights reserved.")


class RowsSerializer(KnownFields):
    include_rows = serializers.BooleanField(default=False, help_text="Put the real rows into the downloads.")


class GenerationCreateSerializer(KnownFields):
    target = serializers.CharField(required=False, max_length=LONGEST_TEXT, trim_whitespace=False)
    include_rows = serializers.BooleanField(default=False, help_text="Put the real rows into the download.")
    options = ArchitectureField(required=False, help_text="Axis to option, see canvases/{id}/options/; kept for later.")
    licence = LicenceSerializer(required=False, help_text="Kept for later; before the first: all rights reserved.")


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
            *(
                "id",
                "pipeline",
                "number",
                "digest",
                "with_rows",
                "rows",
                "rows_from",
                "upload",
                "split_moment",
                "target",
            ),
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
            "why",
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
        fields = (
            *("id", "pipeline", "generation", "number", "job", "state", "accepted", "sentence"),
            *("started_by", "changes", "until", "created_at"),
        )
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


class TrainingSourceSerializer(KnownFields):
    """What a pipeline learns from: log, upload (with `upload`, a training table of its canvas) or made_up.

    Of a log, `target` is the question it answers, written as for a target of the task; sent, it becomes the chosen one.
    """

    rows_from = serializers.ChoiceField(choices=RowsFrom.choices)
    target = serializers.CharField(
        source="target.text",
        required=False,
        allow_null=True,
        default=None,
        max_length=LONGEST_TEXT,
        trim_whitespace=False,
        help_text="One of `tasks/{id}/targets/`, or another the log has; null where no log knows the task.",
    )
    upload = ScopedRelated(queryset=TrainingUpload.objects.all(), required=False, allow_null=True)
    by_person = serializers.BooleanField(read_only=True, help_text="Chosen; else the log where there is one.")


class TrainingTableRequestSerializer(KnownFields):
    file = serializers.FileField(help_text="CSV, also packed with gzip, or Parquet; at most 1 GB.")


class TrainingRolesSerializer(KnownFields):
    """What columns are for; what is left out stays as it is. Sent `kinds` replace all of them."""

    target = serializers.CharField(required=False, max_length=200, trim_whitespace=False)
    positive = serializers.CharField(
        required=False,
        allow_blank=True,
        max_length=200,
        help_text="Its yes; empty: every value an outcome, or amounts.",
    )
    kinds = serializers.DictField(
        child=serializers.ChoiceField(choices=CHOSEN_KINDS),
        required=False,
        help_text="Columns learnt from, as number, category, flag, date, or replaced (codes instead of values).",
    )
    decided_at = serializers.CharField(required=False, allow_blank=True, max_length=200, trim_whitespace=False)
    known_at = serializers.CharField(required=False, allow_blank=True, max_length=200, trim_whitespace=False)
    group = serializers.CharField(required=False, allow_blank=True, max_length=200, trim_whitespace=False)
    day_first = serializers.BooleanField(required=False, allow_null=True)
    imitation = serializers.BooleanField(required=False, help_text="The target is what people decided.")


class RemarkSerializer(serializers.Serializer[Any]):
    level = serializers.ChoiceField(choices=["stop", "ask", "out", "note"])
    sentence = serializers.CharField()
    advice = serializers.CharField()


class TrainingColumnSerializer(serializers.Serializer[Any]):
    """One column. `score` is the AUC of the column alone on rows not looked at before; `leaks` from 0.95 on."""

    name = serializers.CharField(source="profile.name")
    kind = serializers.ChoiceField(source="profile.kind", choices=[kind.value for kind in Kind])
    used_as = serializers.CharField()
    missing_share = serializers.FloatField(source="profile.missing_share")
    distinct = serializers.IntegerField(source="profile.distinct")
    distinct_is_exact = serializers.BooleanField(source="profile.exact")
    examples = serializers.ListField(source="profile.examples", child=serializers.CharField())
    low = serializers.CharField(source="profile.low", allow_null=True)
    high = serializers.CharField(source="profile.high", allow_null=True)
    score = serializers.FloatField(source="score.auc", allow_null=True, default=None)
    leaks = serializers.BooleanField()
    names_people = serializers.BooleanField(help_text="It seems to: the evidence is among the remarks.")
    remarks = RemarkSerializer(many=True)


class TrainingViewSerializer(serializers.Serializer[Any]):
    rows = serializers.IntegerField(source="profile.rows")
    remarks = RemarkSerializer(many=True)
    columns = TrainingColumnSerializer(many=True)


class TrainingTableRowSerializer(serializers.ModelSerializer[TrainingUpload]):
    """A table brought to learn from; poll `job` until it is profiled. `confirmed` once its columns are said."""

    job = serializers.IntegerField(source="run_id", read_only=True, allow_null=True)
    profiled = serializers.BooleanField(source="is_profiled", read_only=True)

    class Meta:
        model = TrainingUpload
        fields: tuple[str, ...] = ("id", "canvas", "filename", "size", "job", "profiled", "confirmed", "created_at")
        read_only_fields: tuple[str, ...] = fields


class TrainingTableSerializer(TrainingTableRowSerializer):
    """One table with the roles of its columns; `profile` is null until it is profiled."""

    roles = TrainingRolesSerializer(read_only=True)
    profile = serializers.SerializerMethodField()

    class Meta(TrainingTableRowSerializer.Meta):
        fields = (*TrainingTableRowSerializer.Meta.fields, "roles", "profile")
        read_only_fields = fields

    @extend_schema_field(TrainingViewSerializer(allow_null=True))
    def get_profile(self, upload: TrainingUpload) -> Any:
        view = upload_view(upload)
        return None if view is None else TrainingViewSerializer(view).data
