"""A log as it is sent: the file, and the mapping that says how it is read."""

from typing import Any

from rest_framework import serializers
from rest_framework.exceptions import ParseError

from common.api import KnownFields, json_within_limits
from planner.services.sent_mapping import mapping_type_problems

MAPPING_HELP = (
    'JSON. Columns: {"case", "activity", "end", "start", "scheduled", "resource", "lifecycle"}, "ignored" a list. '
    'How they are read: "day_first" true or false; "meaning" of the only time: completion, start or scheduled; "zone" '
    'of times without an offset, as Europe/Amsterdam; "encoding" as cp1252; "separator"; "sheet" of a spreadsheet.'
)


class MappingSerializer(KnownFields):
    """A file of a log with its mapping, which is taken whole or refused with the path of what cannot be."""

    file = serializers.FileField()
    mapping = serializers.CharField(required=False, help_text=MAPPING_HELP)

    def validate_mapping(self, text: str) -> dict[str, Any]:
        """The mapping; whether the file has its columns is known once that was looked into."""
        found = json_object(text)
        odd = {problem.path: [problem.message] for problem in mapping_type_problems(found)}
        if odd:
            raise serializers.ValidationError(odd)
        return found


def json_object(text: str) -> dict[str, Any]:
    """The object a text of JSON holds; ValidationError for anything else."""
    try:
        found = json_within_limits(text.encode("utf-8", "surrogatepass"))
    except ParseError as error:
        raise serializers.ValidationError(str(error.detail)) from error
    if not isinstance(found, dict) or not all(isinstance(key, str) for key in found):
        raise serializers.ValidationError("This is no JSON object.")
    return found
