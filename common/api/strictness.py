"""Nothing that is sent is swallowed: a field nobody knows is refused, with the known one it looks like."""

from collections.abc import Mapping
from typing import Any

from rest_framework import serializers
from rest_framework.exceptions import ParseError
from rest_framework.fields import empty

from common.unknown import unknown_words

MOST_NAMED = 20


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
        return super().to_internal_value(data)
