"""Nothing that is sent is swallowed: a field nobody knows is refused, with the known one it looks like."""

from collections.abc import Mapping
from typing import Any

from rest_framework import serializers
from rest_framework.exceptions import ParseError
from rest_framework.fields import empty

from common.unknown import unknown_words

MOST_NAMED = 20
NUMBERS = (serializers.FloatField, serializers.IntegerField, serializers.DecimalField)


class KnownFields(serializers.Serializer[Any]):
    """A body that may hold the fields of the serializer and no other, at any depth where it is the base.

    Fields that are only read are known: what was read can be sent back as it came.
    """

    def run_validation(self, data: Any = empty) -> Any:
        if self.parent is None and not isinstance(data, Mapping):
            raise ParseError("Send an object, {…}: the body is none.")
        return super().run_validation(data)

    def to_internal_value(self, data: Any) -> Any:
        if isinstance(data, Mapping):
            fields = self.fields
            unknown = [name for name in data if name not in fields]
            if unknown:
                known = [name for name, field in fields.items() if not field.read_only]
                said = {str(name): [unknown_words(str(name), known)] for name in unknown[:MOST_NAMED]}
                raise serializers.ValidationError(said)
            if said := _booleans(fields, data):
                raise serializers.ValidationError(said)
        return super().to_internal_value(data)


def _booleans(fields: Mapping[str, serializers.Field[Any, Any, Any, Any]], data: Mapping[str, Any]) -> dict[str, Any]:
    """The problems of numbers given as true or false, by field: Python would count them as 1 and 0."""
    return {name: said for name, value in data.items() if (said := _boolean(fields[name], value))}


def _boolean(field: serializers.Field[Any, Any, Any, Any], value: Any) -> Any:
    if field.read_only:
        return None
    if isinstance(field, serializers.ListField) and isinstance(value, list):
        return {place: said for place, one in enumerate(value) if (said := _boolean(field.child, one))}
    if isinstance(field, serializers.DictField) and isinstance(value, Mapping):
        return {str(name): said for name, one in value.items() if (said := _boolean(field.child, one))}
    if isinstance(field, NUMBERS) and isinstance(value, bool):
        return [f"A number is needed, not {str(value).lower()}."]
    return None
