"""The shapes of realised value in the API: months, costs, what is to come."""

from typing import Any, ClassVar

from rest_framework import serializers

from common.api import KnownFields
from pipelines.models import RealisedMonth


class RealisedMonthSerializer(serializers.ModelSerializer[RealisedMonth]):
    """One month (UTC) of a pipeline in use. Money is in the workspace's currency, nothing is discounted.

    `counts` is {tp, fp, fn, tn} of what was decided alone and is known; of several classes `tp` are right, `fp` wrong.
    `planned` is {benefit, cost, net}. `realised` is {labour, other, cost} and {errors, benefit, net}, each {value, low,
    high} (90 %) or null while it is not known; `planned_costs` names the kinds of cost nobody entered. `costs` are
    those entered, by kind; `cases` how many cases the task had.
    """

    class Meta:
        model = RealisedMonth
        fields: ClassVar[tuple[str, ...]] = (
            *("id", "pipeline", "version", "month", "share", "volume", "alone", "known", "counts", "cases", "costs"),
            *("planned", "realised", "computed_at"),
        )
        read_only_fields: ClassVar[tuple[str, ...]] = fields


class MonthCostsSerializer(KnownFields):
    costs = serializers.DictField(
        child=serializers.FloatField(),
        required=False,
        help_text="Amounts by kind: inference, hosting, monitoring, retraining, new_labels, support, other. "
        "Those left out stand as planned.",
    )
    cases = serializers.IntegerField(
        required=False, allow_null=True, help_text="Cases of the task that month, however they were decided."
    )


class CountingStartedSerializer(serializers.Serializer[Any]):
    job = serializers.IntegerField(help_text="Poll it under jobs/{id}/.")


class SpanSerializer(serializers.Serializer[Any]):
    """An amount in the workspace's currency with its 90 % interval."""

    value = serializers.FloatField()
    low = serializers.FloatField()
    high = serializers.FloatField()


class StandingSerializer(serializers.Serializer[Any]):
    """Planned against realised, of complete months whose value is known, and what is to come."""

    known_months = serializers.IntegerField(help_text="Complete months whose value is known.")
    realised = serializers.FloatField(help_text="What these brought, currency.")
    planned = serializers.FloatField(help_text="What was planned of these, currency.")
    once = serializers.FloatField(help_text="What the plan spends before the first month, currency.")
    expected = SpanSerializer(allow_null=True, help_text="Of the months to come, null before the first is known.")
    planned_to_come = serializers.FloatField(help_text="What the plan of now says of the months to come, currency.")
    until = serializers.DateField(allow_null=True, help_text="The first day of the last month of the plan.")
    value_gone = serializers.CharField(help_text="Why it is proposed to retire it; empty where it is not.")
    gap = serializers.CharField(help_text="Why the task has no value; empty where it has one.")
    measured = serializers.CharField(help_text="What could go into the estimate, in words; empty where nothing.")


class TakeSerializer(KnownFields):
    estimate_version = serializers.IntegerField(
        required=False, allow_null=True, min_value=0, help_text="Refused with 412 where the estimate is another by now."
    )


class TakenSerializer(serializers.Serializer[Any]):
    taken = serializers.CharField(help_text="What went into the estimate, in words.")
    estimate_version = serializers.IntegerField(help_text="The version of the estimate now.")
