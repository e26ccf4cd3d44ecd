"""Defaults of assumptions and shared costs in the API. Money in the workspace's currency, as people write it."""

from typing import Any

from rest_framework import serializers

from common.api import LARGEST_ID, KnownFields
from planner.models import AssumptionDefault, SharedCost
from planner.selectors.value_inputs import KEYS
from planner.services import SharedCostEntry
from planner.services.shared_costs import MOST_TASKS

Shape = serializers.Serializer[Any]


class NotedAssumptionSerializer(KnownFields):
    """An assumption to set, its source and a note beside it; an empty text takes it away."""

    key = serializers.ChoiceField(choices=sorted(KEYS))
    text = serializers.CharField(allow_blank=True, max_length=200, help_text="A number or a range: `20 to 40`, `80 %`.")
    source = serializers.CharField(required=False, allow_blank=True, max_length=200)  # type: ignore[assignment]
    note = serializers.CharField(required=False, allow_blank=True, max_length=400)


class DefaultSerializer(serializers.ModelSerializer[AssumptionDefault]):
    """An assumption set for many tasks at once."""

    class Meta:
        model = AssumptionDefault
        fields = ("key", "text", "source", "note", "lane", "set_at")
        read_only_fields = fields


class DefaultsSerializer(Shape):
    """What is set in a scope itself; `lanes` are those of the process that can have their own."""

    defaults = DefaultSerializer(many=True)
    lanes = serializers.ListField(child=serializers.CharField())


class DefaultsChangeSerializer(KnownFields):
    """The defaults to set; others stay. All are saved, or none."""

    assumptions = NotedAssumptionSerializer(many=True)


class SharedCostSerializer(KnownFields, serializers.ModelSerializer[SharedCost]):
    """A cost several tasks need, paid once at the start."""

    text = serializers.CharField(max_length=200, help_text="The amount: a number or a range, such as `20 k to 30 k`.")
    tasks = serializers.ListField(
        child=serializers.IntegerField(min_value=1, max_value=LARGEST_ID), max_length=MOST_TASKS, write_only=True
    )

    class Meta:
        model = SharedCost
        fields = ("id", "label", "text", "source", "note", "tasks", "version")
        read_only_fields = ("id", "version")

    def to_representation(self, instance: SharedCost) -> dict[str, Any]:
        return {**super().to_representation(instance), "tasks": sorted(task.pk for task in instance.tasks.all())}

    @property
    def entry(self) -> SharedCostEntry:
        """What was given, to be entered."""
        return SharedCostEntry(**self.validated_data)
