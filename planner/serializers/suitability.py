"""The shapes of the questions of suitability in the API."""

from typing import Any

from rest_framework import serializers

from common.api import LARGEST_ID, KnownFields
from planner.domain.suitability.suitability import QUESTIONS
from planner.serializers.value import VerdictSerializer

Shape = serializers.Serializer[Any]


class ProposedSerializer(Shape):
    score = serializers.IntegerField(allow_null=True, help_text="0 to 5; null where the log cannot say.")
    evidence = serializers.CharField(allow_blank=True, help_text="What it rests on, or what is missing.")


class AnswerSerializer(Shape):
    question = serializers.CharField()
    text = serializers.CharField()
    lowest = serializers.CharField(help_text="What 0 means.")
    highest = serializers.CharField(help_text="What 5 means.")
    score = serializers.IntegerField(allow_null=True, help_text="0 to 5; null while open.")
    evidence = serializers.CharField(allow_blank=True)
    source = serializers.CharField(help_text="person, log or open")  # type: ignore[assignment]
    proposed = ProposedSerializer(help_text="What the log says, whoever answers.")


class SuitabilitySerializer(Shape):
    """The eight answers of a task."""

    task = serializers.IntegerField()
    name = serializers.CharField()
    answers = AnswerSerializer(many=True)
    points = serializers.IntegerField()
    answered = serializers.IntegerField(help_text="Of eight.")
    verdict = VerdictSerializer(allow_null=True)


class GivenAnswerSerializer(KnownFields):
    question = serializers.ChoiceField(choices=[(question.key, question.text) for question in QUESTIONS])
    score = serializers.IntegerField(min_value=0, max_value=5, allow_null=True, help_text="null takes it back")
    evidence = serializers.CharField(required=False, allow_blank=True, max_length=400, default="")


class GivenForTaskSerializer(GivenAnswerSerializer):
    task = serializers.IntegerField(min_value=1, max_value=LARGEST_ID)


class ProcessSuitabilityChangeSerializer(KnownFields):
    """Answers to set for any tasks of the process, all or none; others stay."""

    answers = GivenForTaskSerializer(many=True)


class ProcessSuitabilitySerializer(Shape):
    """The tasks whose answers were sent, as they stand now."""

    process = serializers.IntegerField()
    tasks = SuitabilitySerializer(many=True)


class SuitabilityChangeSerializer(KnownFields):
    """The answers to set; others stay."""

    answers = GivenAnswerSerializer(many=True)
