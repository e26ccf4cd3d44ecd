"""The shapes of predictions made ahead and of queues in the API."""

from typing import Any

from rest_framework import serializers

from pipelines.selectors.served import MOST, PAGE


class PredictionTableAskedSerializer(serializers.Serializer[Any]):
    case = serializers.CharField(required=False, max_length=1000)
    after = serializers.CharField(required=False, max_length=1000)
    limit = serializers.IntegerField(required=False, default=PAGE, min_value=1, max_value=MOST)


class BatchFactsSerializer(serializers.Serializer[Any]):
    """A batch. `made_up`: of sample cases nobody recorded; `confirmed_at`: when its answers were last found to hold."""

    batch_id = serializers.CharField()
    model = serializers.CharField(help_text="The first digits of the digest of the model's file.")
    file = serializers.CharField(source="source", help_text="The name of the file its cases came from.")
    made_up = serializers.BooleanField()
    rows = serializers.IntegerField()
    rejected = serializers.IntegerField()
    finished_at = serializers.DateTimeField()
    confirmed_at = serializers.DateTimeField()


class PredictedAheadSerializer(serializers.Serializer[Any]):
    """One prediction. `current`: the newest batch holds it."""

    row_id = serializers.CharField()
    predicted_at = serializers.DateTimeField()
    answer = serializers.DictField()
    current = serializers.BooleanField()


class PredictionTableSerializer(serializers.Serializer[Any]):
    """A page of the newest batch. It is stale when it is older than the canvas's schedule allows and a quarter more."""

    version = serializers.IntegerField(source="version.number", help_text="The number of the version that predicted.")
    batch = BatchFactsSerializer(allow_null=True)
    stale = serializers.BooleanField()
    age_hours = serializers.FloatField(allow_null=True)
    stale_after_hours = serializers.FloatField(allow_null=True)
    predictions = PredictedAheadSerializer(many=True)
    next_after = serializers.CharField(allow_null=True)


class QueueLengthsSerializer(serializers.Serializer[Any]):
    """Requests that wait, are worked on, or cannot be answered, and the processors that answer."""

    version = serializers.IntegerField(source="version.number", help_text="The number of the version that answers.")
    waiting = serializers.IntegerField()
    worked_on = serializers.IntegerField()
    dead = serializers.IntegerField()
    oldest_s = serializers.IntegerField(allow_null=True, help_text="Seconds the oldest unanswered request is there.")
    consumers = serializers.IntegerField(help_text="Processors seen within the last 15 seconds.")
    models = serializers.DictField(
        child=serializers.IntegerField(), help_text="First digits of the model's file to its processors."
    )
