"""The shapes of targets in the API."""

from rest_framework import serializers

from common.api import KnownFields
from planner.domain.foresight.targets import LONGEST_TEXT
from planner.models import DecisionTarget


class TargetSerializer(serializers.ModelSerializer[DecisionTarget]):
    """One target of a task and what the check found."""

    target = serializers.CharField(source="text", read_only=True, help_text="As written on the command line.")
    question = serializers.CharField(source="target.question", read_only=True)
    label_kind = serializers.CharField(source="target.label_kind.value", read_only=True, help_text="outcome, imitation")

    class Meta:
        model = DecisionTarget
        fields = ("id", "task", "target", "question", "label_kind", "role", "verdict", "reason", "evidence", "chosen")
        read_only_fields = fields


class TargetChoiceSerializer(KnownFields):
    """`next:ACTIVITY`, `later:ACTIVITY`, `attribute:NAME=VALUE`, `remaining`, `volume:day` or `volume:week`; awkward
    names as JSON strings.
    """

    target = serializers.CharField(max_length=LONGEST_TEXT, trim_whitespace=False)
