"""Logs of a process and what differs, in the API."""

from typing import Any

from rest_framework import serializers

from common.api import KnownFields
from planner.models import EventLog
from planner.serializers.mapping import MappingSerializer
from planner.services import LogComparison


class BranchSerializer(serializers.Serializer[Any]):
    """A branch out of a task: where to, and its share before and after; null where it is not there."""

    target = serializers.CharField()
    before = serializers.FloatField(allow_null=True)
    after = serializers.FloatField(allow_null=True)


class DifferenceSerializer(serializers.Serializer[Any]):
    """One difference. `taken` is what is done unless told otherwise; what is `held` was set by a person and stays."""

    key = serializers.CharField()
    kind = serializers.CharField(help_text="cases, new, gone, figure, branches")
    subject = serializers.CharField()
    measure = serializers.CharField(help_text="visits (a case), handling (min), waiting (h), rework (share), cases")
    before = serializers.FloatField(allow_null=True)
    after = serializers.FloatField(allow_null=True)
    change = serializers.FloatField(allow_null=True, help_text="as a share of what it was")
    held = serializers.BooleanField()
    taken = serializers.BooleanField()
    branches = BranchSerializer(many=True)


class EventLogSerializer(serializers.ModelSerializer[EventLog]):
    """A log of a process. The process rests on the one applied last; null was never applied."""

    class Meta:
        model = EventLog
        fields = ("id", "process", "name", "statistics", "first_start", "last_start", "applied_at", "created_at")
        read_only_fields = fields


class ComparisonSerializer(serializers.Serializer[Any]):
    """What differs between a process and a log, and which task each activity is; `guessed` ones by their name alone."""

    log = EventLogSerializer()
    older = serializers.IntegerField(allow_null=True, help_text="The log in use.")
    matching = serializers.DictField(child=serializers.IntegerField())
    guessed = serializers.ListField(child=serializers.CharField())
    differences = DifferenceSerializer(many=True)


class LogChangeSerializer(KnownFields):
    """Which task each of these activities is, by its id; null is none of them."""

    matching = serializers.DictField(child=serializers.IntegerField(allow_null=True))


class LogTakeSerializer(KnownFields):
    """The keys of the differences to take; left out, those marked `taken`."""

    taken = serializers.ListField(child=serializers.CharField(max_length=500), required=False, max_length=20_000)


class LogImportSerializer(MappingSerializer):
    """A newer log of the process. What `mapping` leaves open is as it was for the log in use, where that still fits.

    Its working hours are those of the process.
    """


def comparison_body(found: LogComparison) -> dict[str, Any]:
    """The answer of a comparison."""
    plain = {
        "log": found.log,
        "older": found.older.pk if found.older is not None else None,
        "matching": found.matching.tasks,
        "guessed": sorted(found.matching.guessed),
        "differences": found.differences,
    }
    return dict(ComparisonSerializer(plain).data)
