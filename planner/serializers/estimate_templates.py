"""Templates of estimates in the API."""

from typing import Any

from rest_framework import serializers

from common.api import KnownFields
from planner.domain.valuation.reference_classes import BY_KEY, ReferenceClass

Shape = serializers.Serializer[Any]


class TemplateTextSerializer(Shape):
    key = serializers.CharField()
    text = serializers.CharField()
    source = serializers.CharField()  # type: ignore[assignment]


class EstimateTemplateSerializer(Shape):
    """What is usual for a kind of task, as wide ranges to be checked."""

    template = serializers.CharField()
    label = serializers.CharField()  # type: ignore[assignment]
    words = serializers.CharField()
    assumptions = TemplateTextSerializer(many=True)


class EstimateTemplateApplySerializer(KnownFields):
    """Which template to start from."""

    template = serializers.ChoiceField(choices=[(key, each.label) for key, each in BY_KEY.items()])


def template_plain(found: ReferenceClass) -> dict[str, Any]:
    """A template as plain values."""
    texts = [{"key": key, "text": text, "source": found.source(key)} for key, text in found.texts.items()]
    return {"template": found.key, "label": found.label, "words": found.words, "assumptions": texts}
