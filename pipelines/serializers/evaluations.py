"""Evaluations of runs as the API shows them."""

from typing import Any

from rest_framework import serializers


class PlotSerializer(serializers.Serializer[Any]):
    """One plot as a table; cells are words as the page shows them."""

    name = serializers.CharField()
    title = serializers.CharField(help_text="What it says.")
    note = serializers.CharField(help_text="How to read it.")
    columns = serializers.ListField(child=serializers.CharField())
    rows = serializers.ListField(child=serializers.ListField(child=serializers.CharField()))


class EvaluationSerializer(serializers.Serializer[Any]):
    """What the evaluation of a run wrote. `points`: ROC curves, calibration, residuals, importance, groups, as the kind
    of task has them; empty, and `complete` false, for a project generated before these were written.
    """

    task = serializers.CharField(help_text="binary, multiclass, regression, forecasting; empty until evaluated.")
    complete = serializers.BooleanField(source="is_complete")
    points = serializers.DictField(child=serializers.JSONField(), help_text="Numbers to six digits.")
    plots = PlotSerializer(many=True)


class CellSerializer(serializers.Serializer[Any]):
    """What one run says: words, or a value with its interval where one is known."""

    text = serializers.CharField(allow_blank=True)
    value = serializers.FloatField(allow_null=True)
    low = serializers.FloatField(allow_null=True)
    high = serializers.FloatField(allow_null=True)


class ComparedRowSerializer(serializers.Serializer[Any]):
    name = serializers.CharField(source="label")
    differs = serializers.BooleanField()
    best = serializers.ListField(child=serializers.IntegerField(), help_text="Places of the best value, from 0.")
    cells = CellSerializer(many=True, help_text="In the order of `runs`.")


class ComparedSectionSerializer(serializers.Serializer[Any]):
    title = serializers.CharField()
    rows = ComparedRowSerializer(many=True)


class ComparedRunSerializer(serializers.Serializer[Any]):
    id = serializers.IntegerField()
    number = serializers.IntegerField()
    generation = serializers.IntegerField(source="generation_id")


class RunComparisonSerializer(serializers.Serializer[Any]):
    """Runs side by side."""

    headline = serializers.CharField()
    runs = ComparedRunSerializer(many=True)
    sections = ComparedSectionSerializer(many=True)
