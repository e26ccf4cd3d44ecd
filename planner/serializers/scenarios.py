"""Scenarios of a process in the API. Money in the workspace's currency, shares from 0 to 1."""

from typing import Any

from rest_framework import serializers

from common.api import KnownFields
from planner.models import ProcessScenario
from planner.services import ScenarioEntry

Shape = serializers.Serializer[Any]


class ScenarioFiguresSerializer(Shape):
    """A task, or all tasks together, in one scenario, by hand: no draws."""

    npv = serializers.FloatField()
    pv_costs = serializers.FloatField()
    roi = serializers.FloatField(allow_null=True, help_text="null where there are no costs.")
    irr = serializers.ListField(
        child=serializers.FloatField(), help_text="Every internal rate: none, one, or several that mean nothing."
    )
    payback_years = serializers.FloatField(allow_null=True, help_text="null where it never comes.")
    payback_discounted = serializers.FloatField(allow_null=True)


class ScenarioDifferenceSerializer(Shape):
    key = serializers.CharField()
    label = serializers.CharField()  # type: ignore[assignment]
    base = serializers.FloatField()
    here = serializers.FloatField()
    alone = serializers.FloatField(help_text="What this change alone does to the net present value of the base.")


class ScenarioTaskSerializer(ScenarioFiguresSerializer):
    """A task in one scenario."""

    task = serializers.IntegerField()
    name = serializers.CharField()
    differs = ScenarioDifferenceSerializer(many=True)
    unused = serializers.ListField(
        child=serializers.CharField(), help_text="What the scenario sets and the estimate of this task does not count."
    )


class ScenarioColumnSerializer(Shape):
    """One scenario with its values. In `low` all turns out badly together: it is no forecast."""

    scenario = serializers.CharField(help_text="base, low, high, or own")
    id = serializers.IntegerField(allow_null=True, help_text="null for base, low and high.")
    name = serializers.CharField()
    tasks = ScenarioTaskSerializer(many=True)
    together = ScenarioFiguresSerializer(help_text="All tasks; a cost they share is paid once.")


class ScenarioSerializer(KnownFields, serializers.ModelSerializer[ProcessScenario]):
    """A scenario of one's own. Texts are written as on a task: `38`, `20 to 40`, `80 %`; a range counts at its
    median."""

    amounts = serializers.DictField(
        child=serializers.CharField(allow_blank=True, max_length=200),
        required=False,
        help_text="Text by key of an assumption, for every task of the process.",
    )
    task_amounts = serializers.DictField(
        child=serializers.DictField(child=serializers.CharField(allow_blank=True, max_length=200)),
        required=False,
        help_text="On top, by the id of a task: text by key.",
    )

    class Meta:
        model = ProcessScenario
        fields = ("id", "process", "name", "note", "amounts", "task_amounts", "version")
        read_only_fields = ("id", "process", "version")
        validators = ()

    @property
    def entry(self) -> ScenarioEntry:
        """What was given, to be saved."""
        return ScenarioEntry(**self.validated_data)
