"""The shapes of predictions in the API."""

from typing import Any, ClassVar

from rest_framework import serializers

from common.api import KnownFields
from pipelines.models import PredictionRecord
from pipelines.services.predicting import MOST_INSTANCES


class PredictSerializer(KnownFields):
    """Rows to predict, each feature → value; null or left out: not known."""

    instances = serializers.ListField(child=serializers.DictField(), min_length=1, max_length=MOST_INSTANCES)
    keys = serializers.ListField(
        child=serializers.CharField(max_length=100),
        required=False,
        max_length=MOST_INSTANCES,
        help_text="Your names of the cases, one for each row; outcomes are joined by them.",
    )


class PredictedSerializer(serializers.Serializer[Any]):
    """One answer. `again`: asked before under this key with the same values, and answered from the record."""

    key = serializers.CharField()
    answer = serializers.DictField()
    version = serializers.IntegerField(allow_null=True)
    again = serializers.BooleanField()


class PredictionsSerializer(serializers.Serializer[Any]):
    predictions = PredictedSerializer(many=True)


class PredictionRecordSerializer(serializers.ModelSerializer[PredictionRecord]):
    """One recorded prediction. `inputs` is null where the workspace keeps digests only; `latency_ms`: a row's."""

    class Meta:
        model = PredictionRecord
        fields: ClassVar[tuple[str, ...]] = (
            *("id", "pipeline", "version", "key", "at", "input_digest", "inputs", "output", "score", "decision"),
            *("latency_ms", "origin"),
        )
        read_only_fields: ClassVar[tuple[str, ...]] = fields
