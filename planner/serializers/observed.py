"""How a process really ran, as the API tells it. Hours are of the log, shares lie in 0 to 1, people are stand-ins.

Where the times of the log are plans, hours are null and nothing is listed as waiting.
"""

from typing import Any

from rest_framework import serializers


class FollowsSerializer(serializers.Serializer[Any]):
    """One activity directly followed by another; the gap runs from completion to start."""

    source = serializers.CharField()  # type: ignore[assignment]  # declared fields are taken out of the class
    target = serializers.CharField()
    count = serializers.IntegerField(help_text="Times in the log.")
    cases = serializers.IntegerField()
    gap_total_hours = serializers.FloatField(allow_null=True)
    gap_mean_hours = serializers.FloatField(allow_null=True)
    gap_p10_hours = serializers.FloatField(allow_null=True)
    gap_median_hours = serializers.FloatField(allow_null=True)
    gap_p90_hours = serializers.FloatField(allow_null=True)
    handling_median_hours = serializers.FloatField(allow_null=True, help_text="Of the target; null without starts.")


class VariantSerializer(serializers.Serializer[Any]):
    """One way cases take, the most frequent first."""

    rank = serializers.IntegerField()
    cases = serializers.IntegerField()
    share = serializers.FloatField(help_text="Of all cases.")
    cumulative_share = serializers.FloatField(help_text="Of all cases, with all more frequent variants.")
    length = serializers.IntegerField(help_text="Steps; the sequence holds the first 200.")
    sequence = serializers.ListField(child=serializers.CharField())
    duration_median_hours = serializers.FloatField(allow_null=True)
    duration_p90_hours = serializers.FloatField(allow_null=True)
    example = serializers.CharField(help_text="A case of about the median duration.")


class RepeatSerializer(serializers.Serializer[Any]):
    """The repeats of one activity within cases."""

    activity = serializers.CharField()
    visits = serializers.IntegerField()
    self_loops = serializers.IntegerField(help_text="Repeats straight after itself.")
    returns = serializers.IntegerField(help_text="Repeats after other activities.")
    cases = serializers.IntegerField()
    cases_repeating = serializers.IntegerField()
    most_in_a_case = serializers.IntegerField()
    handling_hours = serializers.FloatField(allow_null=True, help_text="Work in the repeats; null without starts.")


class DoneSerializer(serializers.Serializer[Any]):
    """How often a resource did an activity, with their median handling and everybody's."""

    activity = serializers.CharField()
    visits = serializers.IntegerField()
    handling_median_hours = serializers.FloatField(allow_null=True)
    usual_median_hours = serializers.FloatField(allow_null=True)


class ResourceSerializer(serializers.Serializer[Any]):
    """Who does the work, the busiest first."""

    name = serializers.CharField(help_text="A stand-in, the same within the workspace.")
    instances = serializers.IntegerField()
    share = serializers.FloatField(help_text="Of all steps that name somebody.")
    cases = serializers.IntegerField()
    activities = serializers.IntegerField()
    first_seen = serializers.DateTimeField()
    last_seen = serializers.DateTimeField()
    handling_total_hours = serializers.FloatField(allow_null=True)
    pace = serializers.FloatField(allow_null=True, help_text="Handling relative to the usual of the same activity.")
    done = DoneSerializer(many=True)


class HandOverSerializer(serializers.Serializer[Any]):
    """Who passes work to whom, the most frequent first."""

    source = serializers.CharField(  # type: ignore[assignment]  # declared fields are taken out of the class
        help_text="A stand-in, the same within the workspace."
    )
    target = serializers.CharField(help_text="A stand-in, the same within the workspace.")
    count = serializers.IntegerField()
    cases = serializers.IntegerField()
    waiting_total_hours = serializers.FloatField(allow_null=True)
    waiting_median_hours = serializers.FloatField(allow_null=True)


class BottleneckSerializer(serializers.Serializer[Any]):
    """The waiting before one activity, the most in total first."""

    activity = serializers.CharField()
    waits = serializers.IntegerField()
    total_hours = serializers.FloatField()
    hours_a_year = serializers.FloatField(allow_null=True, help_text="Null while the cases a year are not known.")
    share = serializers.FloatField(help_text="Of all waiting.")
    share_of_duration = serializers.FloatField(help_text="Of the durations of all cases together.")
    median_hours = serializers.FloatField()
    mean_hours = serializers.FloatField()
    p90_hours = serializers.FloatField()
    has_handling = serializers.FloatField(help_text="Share of the waits that contain the handling.")
