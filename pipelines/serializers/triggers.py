"""The shapes of triggers in the API."""

from typing import ClassVar

from rest_framework import serializers

from common.api import KnownFields
from pipelines.models import Firing, Trigger, TriggerKind


class TriggerSerializer(serializers.ModelSerializer[Trigger]):
    """A reason to run again; `next_at` is a schedule's next planned moment, `schedule_words` when it fires in words."""

    schedule_words = serializers.CharField(read_only=True, help_text="Empty where few words do not say it.")

    class Meta:
        model = Trigger
        fields: ClassVar[tuple[str, ...]] = (
            *("id", "pipeline", "kind", "enabled", "cron", "zone", "quiet_seconds", "next_at", "created_at"),
            "schedule_words",
        )
        read_only_fields: ClassVar[tuple[str, ...]] = fields


class TriggerSettingsSerializer(KnownFields):
    cron = serializers.CharField(
        required=False,
        allow_blank=True,
        max_length=100,
        help_text="Of a schedule: minute, hour, day of month, month, weekday.",
    )
    zone = serializers.CharField(required=False, max_length=60, help_text="Its time zone, by default UTC.")
    quiet_seconds = serializers.IntegerField(
        required=False,
        min_value=0,
        max_value=7 * 24 * 3600,
        help_text="Later changes within this time join the first: one run for all.",
    )


class TriggerCreateSerializer(TriggerSettingsSerializer):
    kind = serializers.ChoiceField(choices=TriggerKind.choices)


class TriggerChangeSerializer(TriggerSettingsSerializer):
    enabled = serializers.BooleanField()


class FiringSerializer(serializers.ModelSerializer[Firing]):
    """A change that was noticed, and what came of it. `plan` is stage → why it was to run, or not."""

    class Meta:
        model = Firing
        fields: ClassVar[tuple[str, ...]] = (
            *("id", "pipeline", "trigger", "change", "words", "state", "due_at", "plan", "run", "at"),
        )
        read_only_fields: ClassVar[tuple[str, ...]] = fields
