"""The shapes of the ML Test Score in the API."""

from typing import Any, ClassVar

from rest_framework import serializers

from common.api import KnownFields
from pipelines.domain.ml_test_score import DONE_POINTS, TESTS
from pipelines.models import TestMark

DONE = "not, by_hand (its result is written down) or automated."


class ScoredTestSerializer(serializers.Serializer[Any]):
    test = serializers.CharField(source="test.key", help_text="Its key, to mark it by.")
    name = serializers.CharField(source="test.name", help_text="What it is called.")
    asks = serializers.CharField(source="test.asks", help_text="What it asks.")
    points = serializers.FloatField(help_text="What counts: 0, 0.5 (by hand) or 1 (automated).")
    shown = serializers.FloatField(help_text="Points of what the app itself shows.")
    evidence = serializers.CharField(
        source="evidence.words", default="", help_text="What the app shows, or misses; empty where it cannot tell."
    )
    marked = serializers.FloatField(help_text="Points a person gave; they count where they are higher.")


class ScoredGroupSerializer(serializers.Serializer[Any]):
    group = serializers.CharField(source="group.key", help_text="data, model, infrastructure or monitoring.")
    name = serializers.CharField(source="group.name", help_text="What it is called.")
    points = serializers.FloatField(help_text="The sum of its tests, 0 to 7.")
    tests = ScoredTestSerializer(source="rows", many=True, help_text="Its seven tests.")


class TestScoreSerializer(serializers.Serializer[Any]):
    """The ML Test Score of a pipeline (Breck and others, 2017)."""

    score = serializers.FloatField(help_text="The smallest of the four sums, 0 to 7.")
    words = serializers.CharField(help_text="What the paper says of such a score.")
    lacks = serializers.CharField(help_text="What the weakest group lacks; empty where it lacks nothing.")
    groups = ScoredGroupSerializer(many=True, help_text="The four groups.")


class TestMarkSerializer(serializers.ModelSerializer[TestMark]):
    """What a person said of one test. `done` is not, by_hand or automated."""

    class Meta:
        model = TestMark
        fields: ClassVar[tuple[str, ...]] = ("test", "done", "note", "marked_by", "marked_at")
        read_only_fields: ClassVar[tuple[str, ...]] = fields


class TestMarksSerializer(serializers.Serializer[Any]):
    marks = TestMarkSerializer(many=True, help_text="Tests people marked, also those set back to not done.")


class GivenMarkSerializer(KnownFields):
    test = serializers.CharField(max_length=40, help_text="Key of the test, as in the score.")
    done = serializers.ChoiceField(choices=list(DONE_POINTS), help_text=DONE)
    note = serializers.CharField(
        required=False,
        allow_blank=True,
        max_length=500,
        help_text="Where its result is, or what runs it; needed where it is done.",
    )


class GivenMarksSerializer(KnownFields):
    marks = serializers.ListField(
        child=GivenMarkSerializer(), max_length=len(TESTS), help_text="All marks; tests left out are not done."
    )

    def validate_marks(self, marks: list[dict[str, Any]]) -> list[dict[str, Any]]:
        names = [mark["test"] for mark in marks]
        if len(set(names)) < len(names):
            raise serializers.ValidationError("Each test may be marked once.")
        return marks
