"""The decision of a task in the API."""

from typing import Any

from rest_framework import serializers

from common.api.strictness import KnownFields
from planner.domain.suitability.decision import LONGEST_PART, PARTS

_KEYS = [(part.key, part.asks) for part in PARTS]


class DecisionPartSerializer(serializers.Serializer[Any]):
    part = serializers.ChoiceField(choices=_KEYS)
    asks = serializers.CharField()
    text = serializers.CharField(allow_blank=True, help_text="A person's words, else what is proposed.")
    source = serializers.ChoiceField(  # type: ignore[assignment]
        choices=["person", "proposed", "open"], help_text="Whose words; open: nothing is known to propose."
    )
    proposed = serializers.CharField(allow_blank=True, help_text="What stands where a person writes nothing.")


class DecisionSerializer(serializers.Serializer[Any]):
    """The decision at the core of a task: a prediction, a judgment and an action."""

    task = serializers.IntegerField()
    version = serializers.IntegerField()
    parts = DecisionPartSerializer(many=True)


def _part(words: str) -> serializers.CharField:
    return serializers.CharField(required=False, allow_blank=True, max_length=LONGEST_PART, help_text=words)


class DecisionChangeSerializer(KnownFields):
    """The parts to write; others stay. An empty text goes back to what is proposed."""

    prediction = _part(PARTS[0].asks)
    judgment = _part(PARTS[1].asks)
    action = _part(PARTS[2].asks)
