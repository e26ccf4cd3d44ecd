"""Jobs as the API shows them."""

from typing import Any

from rest_framework import serializers

from jobs.models import LogEntry, Run, Stage


class StageSerializer(serializers.ModelSerializer[Stage]):
    """One stage. `progress` is a share, 0 to 1; `metrics` the figures measured so far."""

    class Meta:
        model = Stage
        fields = (
            "name", "state", "depends_on", "attempt", "errors", "lost", "progress", "progress_note", "metrics",
            "reason", "output", "started_at", "finished_at",
        )  # fmt: skip
        read_only_fields = fields


class RunSerializer(serializers.ModelSerializer[Run]):
    """One job without its stages."""

    class Meta:
        model = Run
        fields: tuple[str, ...] = (
            "id", "kind", "title", "subject", "state", "cancel_requested", "created_at", "finished_at",
        )  # fmt: skip
        read_only_fields = fields


class RunDetailSerializer(RunSerializer):
    """One job with its stages, to be polled until `state` is succeeded, failed or cancelled."""

    stages = StageSerializer(many=True, read_only=True)

    class Meta(RunSerializer.Meta):
        fields: tuple[str, ...] = (*RunSerializer.Meta.fields, "result", "stages")
        read_only_fields = fields


class LogEntrySerializer(serializers.ModelSerializer[LogEntry]):
    """One line of the log; ask again with `?after=` its id."""

    stage: "serializers.Field[Any, Any, Any, Any]" = serializers.CharField(source="stage.name", default=None)

    class Meta:
        model = LogEntry
        fields = ("id", "stage", "attempt", "event", "level", "text", "at")
        read_only_fields = fields
