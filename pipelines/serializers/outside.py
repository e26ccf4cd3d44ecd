"""The shapes of runs elsewhere in the API: how they begin, their events, what they predicted."""

from typing import Any, ClassVar

from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers

from common.api import KnownFields
from pipelines.domain.outside import LARGEST_FILE, EventKind
from pipelines.models import ModelVersion, OutsideEvent, OutsideRun
from pipelines.services.outside import LARGEST_SEQUENCE


class OutsideBeginSerializer(KnownFields):
    """How a run elsewhere begins. The same key again is the same run."""

    key = serializers.CharField(max_length=100, help_text="Your own name of the run.")
    place = serializers.CharField(required=False, allow_blank=True, max_length=200, help_text="Where it runs.")
    code_digest = serializers.CharField(required=False, allow_blank=True, max_length=64, help_text="SHA-256.")
    data_digest = serializers.CharField(required=False, allow_blank=True, max_length=64, help_text="SHA-256.")
    started_at = serializers.DateTimeField(required=False, help_text="Now, where left out.")


@extend_schema_field({"type": "number"})
class FigureField(serializers.Field[Any, Any, Any, Any]):
    """A number as it is sent: a text or true is none, and is told so beside the event."""

    def to_internal_value(self, data: Any) -> Any:
        return data

    def to_representation(self, value: Any) -> Any:
        return value


@extend_schema_field({"type": "object", "additionalProperties": True})
class ObjectField(FigureField):
    """An object as it is sent."""


@extend_schema_field({"type": "array", "items": {"type": "string"}})
class LinesField(FigureField):
    """Lines as they are sent."""


@extend_schema_field({"type": "array", "items": {"type": "object", "additionalProperties": True}})
class InputsField(FigureField):
    """Inputs as they are sent."""


def text(words: str) -> serializers.CharField:
    return serializers.CharField(required=False, allow_blank=True, trim_whitespace=False, help_text=words)


class OutsideEventSerializer(KnownFields):
    """One event: what `kind` needs and no more; see docs/lifecycle.md."""

    sequence = serializers.IntegerField(
        min_value=1, max_value=LARGEST_SEQUENCE, help_text="Counted up in the run; each is taken once."
    )
    kind = serializers.ChoiceField(choices=[kind.value for kind in EventKind])
    at = serializers.DateTimeField(required=False, help_text="By your clock; now, where left out.")
    stage = text("The stage it is about.")
    fingerprint = text("SHA-256 of what the stage rests on.")
    seconds = FigureField(required=False, help_text="How long the stage took.")
    reason = text("Why it failed.")
    name = text("Of a metric, or of an artifact: a relative path.")
    value = FigureField(required=False, help_text="Of a metric: a finite number.")
    lines = LinesField(required=False, help_text="Lines of the log, at most 500 an event.")
    digest = text("SHA-256 of an artifact, or of what a model is packaged in.")
    size = FigureField(required=False, help_text=f"Of an artifact, in bytes, at most {LARGEST_FILE:,}.")
    manifest = ObjectField(required=False, help_text="Of a model: manifest.json of the package.")
    metrics = ObjectField(required=False, help_text="Of a model: its figures, as evaluate/metrics.json has them.")
    acceptance = ObjectField(required=False, help_text="Of a model: accepted (true or false), and a sentence.")
    inputs = InputsField(required=False, help_text="Of a model: its features with name, kind and title.")
    card = text("Of a model: its model card, Markdown.")
    state = text("How the run ended: succeeded or failed.")


class OutsideEventsSerializer(KnownFields):
    events = OutsideEventSerializer(many=True)


class EventsTakenSerializer(serializers.Serializer[Any]):
    """How many events were taken now, and how many had been before."""

    taken = serializers.IntegerField()
    known = serializers.IntegerField()


class OutsideRunRowSerializer(serializers.ModelSerializer[OutsideRun]):
    """One run elsewhere in a list; times by the clock of where it ran, `created_at` by ours."""

    class Meta:
        model = OutsideRun
        fields: ClassVar[tuple[str, ...]] = (
            *("id", "pipeline", "generation", "key", "state", "place", "started_at", "finished_at", "created_at"),
        )
        read_only_fields: ClassVar[tuple[str, ...]] = fields


class OutsideRunSerializer(OutsideRunRowSerializer):
    """One run elsewhere: `stages` by name with state, times and figures, as they are told; `versions` it packaged."""

    versions = serializers.SerializerMethodField()

    class Meta(OutsideRunRowSerializer.Meta):
        fields: ClassVar[tuple[str, ...]] = (
            *OutsideRunRowSerializer.Meta.fields,
            *("code_digest", "data_digest", "stages", "metrics", "acceptance", "versions"),
        )
        read_only_fields: ClassVar[tuple[str, ...]] = fields

    def get_versions(self, run: OutsideRun) -> list[int]:
        return list(ModelVersion.objects.filter(outside=run).values_list("pk", flat=True))


class OutsideEventRowSerializer(serializers.ModelSerializer[OutsideEvent]):
    """One event as it was kept: `body` has the fields of its kind, lines without orders to a terminal."""

    class Meta:
        model = OutsideEvent
        fields: ClassVar[tuple[str, ...]] = ("sequence", "kind", "at", "body")
        read_only_fields: ClassVar[tuple[str, ...]] = fields


class GivenPredictionSerializer(KnownFields):
    key = serializers.CharField(max_length=100, help_text="Your name of the case; outcomes are joined by it.")
    model = serializers.CharField(max_length=64, help_text="SHA-256 of the model's file or package, 12 digits or more.")
    inputs = serializers.DictField(help_text="What it was asked: feature to value.")
    output = serializers.DictField(help_text="What it answered.")
    at = serializers.DateTimeField(required=False, help_text="When; now, where left out.")
    latency_ms = serializers.FloatField(required=False, min_value=0, max_value=1e9, allow_null=True)


class GivenPredictionsSerializer(KnownFields):
    predictions = GivenPredictionSerializer(many=True)


class ToldSerializer(serializers.Serializer[Any]):
    """How many predictions were kept now, and how many had been before."""

    kept = serializers.IntegerField()
    known = serializers.IntegerField()
