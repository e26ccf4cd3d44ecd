"""The shape of a timeline in the API."""

from typing import Any

from rest_framework import serializers

from pipelines.selectors import Happening

KINDS = [(one.value, one.label) for one in Happening]


class TimelineEntrySerializer(serializers.Serializer[Any]):
    """One thing that happened to a pipeline. `page` says what shows it, `subject` is that thing's id."""

    at = serializers.DateTimeField()
    kind = serializers.ChoiceField(choices=KINDS)
    words = serializers.CharField()
    why = serializers.CharField(allow_blank=True)
    who = serializers.CharField()
    page = serializers.CharField()
    subject = serializers.IntegerField()
