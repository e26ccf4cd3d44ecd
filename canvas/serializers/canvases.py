"""The shapes of canvases in the API."""

from typing import Any

from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers

from canvas.domain.blocks import BLOCKS
from canvas.domain.completeness import completeness
from canvas.domain.imported import LONGEST_FILE
from canvas.models import Canvas, Conclusion, Review
from common.api import LARGEST_ID, KnownFields, unknown_words

PROCESS_AND_TASK = ("id", "task", "task_name", "process", "version", "iteration", "conclusion", "full_blocks", "gaps")


class CanvasRowSerializer(serializers.ModelSerializer[Canvas]):
    """One canvas in a list."""

    task_name = serializers.CharField(source="task.name", read_only=True)
    process = serializers.IntegerField(source="task.process_id", read_only=True)
    full_blocks = serializers.SerializerMethodField(help_text="Of ten.")
    gaps = serializers.SerializerMethodField(help_text="Fields that are empty.")
    to_sharpen = serializers.SerializerMethodField(help_text="Fields with an adjective where a value is needed.")

    class Meta:
        model = Canvas
        fields = (*PROCESS_AND_TASK, "to_sharpen", "updated_at")
        read_only_fields = fields

    def get_full_blocks(self, canvas: Canvas) -> int:
        return completeness(canvas.fields).full_blocks

    def get_gaps(self, canvas: Canvas) -> int:
        return len(completeness(canvas.fields).gaps)

    def get_to_sharpen(self, canvas: Canvas) -> int:
        return len(completeness(canvas.fields).adjectives)


class CanvasFilterSerializer(serializers.Serializer[Any]):
    process = serializers.IntegerField(
        required=False, min_value=1, max_value=LARGEST_ID, help_text="Only canvases of this process."
    )
    task = serializers.IntegerField(
        required=False, min_value=1, max_value=LARGEST_ID, help_text="Only the canvas of this task."
    )


class CanvasCreateSerializer(KnownFields):
    """`task`: draft that one's canvas. `process` and `first`: those of the first tasks of its ranking. `portfolio`:
    those of the tasks it chooses.
    """

    task = serializers.IntegerField(required=False, min_value=1, max_value=LARGEST_ID)
    process = serializers.IntegerField(required=False, min_value=1, max_value=LARGEST_ID)
    first = serializers.IntegerField(required=False, min_value=1, max_value=50)
    portfolio = serializers.IntegerField(required=False, min_value=1, max_value=LARGEST_ID)

    def validate(self, attrs: dict[str, Any]) -> dict[str, Any]:
        asked = ("task" in attrs, "process" in attrs and "first" in attrs, "portfolio" in attrs)
        if sum(asked) != 1:
            raise serializers.ValidationError("Send either task, or process and first, or portfolio.")
        return attrs


class DraftedSerializer(serializers.Serializer[Any]):
    canvases = CanvasRowSerializer(many=True)


class DraftingSerializer(serializers.Serializer[Any]):
    """Canvases that are being drafted."""

    job = serializers.IntegerField(help_text="The job that drafts them.")


@extend_schema_field({"oneOf": [{"type": name} for name in ("string", "number", "object", "array")], "nullable": True})
class TypedValueField(serializers.JSONField):
    """A value of a field: its kind says which shape it has."""


class CanvasFieldSerializer(serializers.Serializer[Any]):
    label = serializers.CharField()  # type: ignore[assignment]
    kind = serializers.CharField()
    value = TypedValueField(allow_null=True)
    text = serializers.CharField(allow_blank=True)
    source = serializers.CharField(allow_blank=True)  # type: ignore[assignment]
    state = serializers.ChoiceField(choices=["full", "sharpen", "gap", "unused"])


class CanvasBlockSerializer(serializers.Serializer[Any]):
    title = serializers.CharField()
    state = serializers.CharField(help_text="full, 1 to sharpen, 2 gaps")
    fields = serializers.DictField(child=CanvasFieldSerializer())  # type: ignore[assignment]


class AttributionSerializer(serializers.Serializer[Any]):
    text = serializers.CharField()
    author = serializers.URLField()
    licence = serializers.URLField()


class ReviewSerializer(serializers.Serializer[Any]):
    """Where a canvas stands with those who have to agree, and the approval given last."""

    state = serializers.ChoiceField(choices=Review.choices, help_text="A change after an approval makes it a draft.")
    approved_version = serializers.IntegerField(allow_null=True, help_text="Pipelines are generated from this version.")
    approved_by = serializers.CharField(allow_blank=True, help_text="Who approved it.")
    approved_at = serializers.DateTimeField(allow_null=True, help_text="When.")


class CanvasSerializer(serializers.Serializer[Any]):
    """A whole canvas, as it is also exported."""

    id = serializers.IntegerField()
    task_id = serializers.IntegerField()
    process_id = serializers.IntegerField()
    format = serializers.CharField()
    task = serializers.CharField()
    process = serializers.CharField()
    workspace = serializers.CharField()
    currency = serializers.CharField()
    designed_for = serializers.CharField(allow_blank=True)
    designed_by = serializers.CharField(allow_blank=True)
    date = serializers.DateField()
    iteration = serializers.IntegerField()
    version = serializers.IntegerField()
    conclusion = serializers.ChoiceField(choices=Conclusion.choices)
    reason = serializers.CharField(allow_blank=True)
    blocks = serializers.DictField(child=CanvasBlockSerializer())
    attribution = AttributionSerializer()
    review = ReviewSerializer()


class CanvasChangeSerializer(KnownFields):
    """What to change: fields by block and name, and header values. Nothing else is taken."""

    blocks = serializers.DictField(
        child=serializers.DictField(child=TypedValueField(allow_null=True)),
        required=False,
        help_text='{"decisions": {"threshold": 0.24}}; texts are read as typed on the sheet, null empties a field.',
    )
    designed_for = serializers.CharField(required=False, allow_blank=True, max_length=200)
    designed_by = serializers.CharField(required=False, allow_blank=True, max_length=200)
    iteration = serializers.IntegerField(required=False, min_value=1, max_value=9999)
    conclusion = serializers.ChoiceField(required=False, choices=Conclusion.choices)
    reason = serializers.CharField(required=False, allow_blank=True, max_length=500)

    def validate_blocks(self, blocks: dict[str, dict[str, Any]]) -> dict[str, dict[str, Any]]:
        """An unknown block without fields is refused here; one with fields is, by their paths, when they are filled."""
        empty = [key for key, fields in blocks.items() if not fields and key not in BLOCKS]
        unknown = {key: [unknown_words(key, BLOCKS, "block")] for key in empty}
        if unknown:
            raise serializers.ValidationError(unknown)
        return blocks


class CanvasImportSerializer(KnownFields):
    """A file that is brought, as text."""

    format = serializers.ChoiceField(choices=["json", "md"], help_text="The form of the file.")
    text = serializers.CharField(
        trim_whitespace=False,
        max_length=LONGEST_FILE,
        help_text="The whole file; faults are named by its lines and columns.",
    )


class CanvasReviewSerializer(KnownFields):
    """What the review becomes."""

    state = serializers.ChoiceField(choices=Review.choices, help_text="What the review becomes.")


class CanvasOfferSerializer(serializers.Serializer[Any]):
    """A value offered for a field."""

    path = serializers.CharField(help_text="Block and name of the field: decisions.threshold.")
    label = serializers.CharField(help_text="Block and field in words.")  # type: ignore[assignment]
    before = serializers.CharField(allow_blank=True, help_text="What stands there now.")
    after = serializers.CharField(help_text="What is offered.")
    value = TypedValueField(help_text="What is offered, typed.")
    source = serializers.CharField(help_text="Where it comes from.")  # type: ignore[assignment]
    token = serializers.CharField(help_text="Names exactly this value.")
    is_standing = serializers.BooleanField(help_text="Whether it already stands in the field, drafted.")


class CanvasDecisionSerializer(KnownFields):
    """What is decided on one offer."""

    decision = serializers.ChoiceField(choices=["accept", "refuse"], help_text="What is decided.")
    path = serializers.CharField(max_length=100, help_text="The field: decisions.threshold.")
    token = serializers.CharField(max_length=16, help_text="The token of the offer.")


class CanvasRestoreSerializer(KnownFields):
    """Which version comes back."""

    to = serializers.IntegerField(min_value=1, max_value=LARGEST_ID, help_text="The version whose fields come back.")


class CanvasVersionsSerializer(serializers.Serializer[Any]):
    """Two versions of a canvas there have been; `newest` of the context is the last."""

    before = serializers.IntegerField(min_value=1, max_value=LARGEST_ID, help_text="The one version.")
    after = serializers.IntegerField(min_value=1, max_value=LARGEST_ID, help_text="The other version.")

    def validate(self, attrs: dict[str, Any]) -> dict[str, Any]:
        late = {name: [f"There is no version {number}."] for name, number in attrs.items() if number > self.newest}
        if late:
            raise serializers.ValidationError(late)
        return attrs

    @property
    def newest(self) -> int:
        return int(self.context["newest"])


class CanvasDifferenceSerializer(serializers.Serializer[Any]):
    """One field that says something else."""

    label = serializers.CharField(help_text="Block and field.")  # type: ignore[assignment]
    before = serializers.CharField(allow_blank=True, help_text="What it says at the one version.")
    after = serializers.CharField(allow_blank=True, help_text="What it says at the other.")
