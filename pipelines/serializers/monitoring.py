"""The shapes of monitoring in the API: outcomes, reports."""

from typing import Any, ClassVar

from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers

from common.api import KnownFields
from pipelines.models import MonitoringReport, OutcomeReading, OutcomeRecord


@extend_schema_field({"oneOf": [{"type": "string"}, {"type": "number"}, {"type": "boolean"}]})
class OutcomeField(serializers.Field[Any, Any, Any, Any]):
    """A class as text, or an amount as a number; true and false are the classes "true" and "false"."""

    def to_internal_value(self, data: Any) -> str | float:
        if isinstance(data, bool):
            return str(data).lower()
        if isinstance(data, int | float):
            return float(data)
        if isinstance(data, str):
            return data
        raise serializers.ValidationError("An outcome is a text or a number.")

    def to_representation(self, value: Any) -> Any:
        return value


class OutcomeSerializer(KnownFields):
    key = serializers.CharField(max_length=100, help_text="The name under which the case was predicted, or will be.")
    value = OutcomeField()
    at = serializers.DateTimeField(required=False, help_text="When it was observed; now, where left out.")


class OutcomesSerializer(KnownFields):
    outcomes = OutcomeSerializer(many=True)


class RecordedSerializer(serializers.Serializer[Any]):
    """How many outcomes were kept, and how many of them have a prediction by now."""

    kept = serializers.IntegerField()
    joined = serializers.IntegerField()


class OutcomeRecordSerializer(serializers.ModelSerializer[OutcomeRecord]):
    class Meta:
        model = OutcomeRecord
        fields: ClassVar[tuple[str, ...]] = ("key", "value", "at", "origin")
        read_only_fields: ClassVar[tuple[str, ...]] = fields


class OutcomeReadingSerializer(serializers.ModelSerializer[OutcomeReading]):
    """Of `waiting` predictions without an outcome `kept` got theirs; `left`: why the others did not, with cases."""

    left = serializers.DictField(child=serializers.IntegerField())

    class Meta:
        model = OutcomeReading
        fields: ClassVar[tuple[str, ...]] = ("id", "log", "log_name", "job", "waiting", "kept", "left", "created_at")
        read_only_fields: ClassVar[tuple[str, ...]] = fields


class MonitoringReportSerializer(serializers.ModelSerializer[MonitoringReport]):
    """What a look at a span of predictions found. `breaches` lists what is past the limits of the canvas."""

    class Meta:
        model = MonitoringReport
        fields: ClassVar[tuple[str, ...]] = (
            *("id", "pipeline", "version", "job", "begins", "ends", "predictions", "outcomes", "drift"),
            *("performance", "service", "breaches", "created_at"),
        )
        read_only_fields: ClassVar[tuple[str, ...]] = fields


class MonitoringStartedSerializer(serializers.Serializer[Any]):
    job = serializers.IntegerField(help_text="Poll it under jobs/{id}/.")
