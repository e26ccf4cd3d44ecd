"""The effect of automating tasks on a case, in the API. Money in the workspace's currency, shares from 0 to 1."""

from typing import Any

from rest_framework import serializers

Shape = serializers.Serializer[Any]


class CaseTotalSerializer(Shape):
    minutes = serializers.FloatField(help_text="Human minutes a case.")
    cost = serializers.FloatField(help_text="Their cost.")
    elapsed = serializers.FloatField(help_text="Expected hours from start to end, along the longest path.")
    hours_a_year = serializers.FloatField()
    cost_a_year = serializers.FloatField()


class TaskEffectSerializer(Shape):
    """A task before and after; null where it is not known."""

    task = serializers.IntegerField()
    name = serializers.CharField()
    automated = serializers.BooleanField()
    visits_before = serializers.FloatField(help_text="A case.")
    visits_after = serializers.FloatField()
    volume_before = serializers.FloatField(allow_null=True, help_text="A year.")
    volume_after = serializers.FloatField(allow_null=True)
    minutes_before = serializers.FloatField(allow_null=True, help_text="Human minutes a visit.")
    minutes_after = serializers.FloatField(allow_null=True)
    waiting_before = serializers.FloatField(allow_null=True, help_text="Hours a visit.")
    waiting_after = serializers.FloatField(allow_null=True)
    repeats_removed = serializers.FloatField(allow_null=True, help_text="Share of its repeats; null if not automated.")


class FlowChangeSerializer(Shape):
    source = serializers.IntegerField()  # type: ignore[assignment]
    target = serializers.IntegerField()
    before = serializers.FloatField(help_text="Probability at a visit of its source.")
    after = serializers.FloatField()
    lessened = serializers.BooleanField(help_text="It leads back; the others take what it loses.")


class EffectFormulaSerializer(Shape):
    label = serializers.CharField()  # type: ignore[assignment]
    value = serializers.FloatField(allow_null=True)
    unit = serializers.CharField()
    expression = serializers.CharField()
    source = serializers.CharField(allow_blank=True)  # type: ignore[assignment]


class EffectSerializer(Shape):
    """A case before and after. `before` and `after` are null where the flow equations have no solution: `gap` says
    why."""

    currency = serializers.CharField()
    gap = serializers.CharField(allow_blank=True)
    before = CaseTotalSerializer(allow_null=True)
    after = CaseTotalSerializer(allow_null=True)
    tasks = TaskEffectSerializer(many=True)
    flows = FlowChangeSerializer(many=True)
    unknown = serializers.ListField(child=serializers.CharField(), help_text="Tasks whose minutes count nothing.")
    formulas = EffectFormulaSerializer(many=True)
