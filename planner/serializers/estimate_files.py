"""Files of estimates in the API."""

from typing import Any

from rest_framework import serializers

from common.api import KnownFields

Shape = serializers.Serializer[Any]


class EstimateImportRequestSerializer(KnownFields):
    """A file, or the token of a preview made before. One of them is needed."""

    file = serializers.FileField(required=False, help_text="CSV or XLSX with the columns of the export.")
    token = serializers.CharField(required=False, help_text="From a preview: applies what it showed, unless changed.")
    dry_run = serializers.BooleanField(
        required=False, default=False, help_text="Say what would change, change nothing."
    )


class ImportedChangeSerializer(Shape):
    task = serializers.IntegerField()
    process = serializers.CharField()
    name = serializers.CharField()
    key = serializers.CharField()
    label = serializers.CharField()  # type: ignore[assignment]
    before = serializers.CharField(allow_blank=True)
    after = serializers.CharField(allow_blank=True)
    source = serializers.CharField(allow_blank=True)  # type: ignore[assignment]


class EstimateImportSerializer(Shape):
    """What a file changes (or would, on a dry run). `unchanged` counts the rows that say what holds."""

    applied = serializers.BooleanField()
    tasks = serializers.IntegerField(help_text="Tasks changed.")
    changes = ImportedChangeSerializer(many=True)
    unchanged = serializers.IntegerField()
    job = serializers.IntegerField(allow_null=True, help_text="The job that sets them, where they are many (202).")
    token = serializers.CharField(allow_blank=True, help_text="Of a dry run: send it to apply what it showed.")


class FileBeingWrittenSerializer(Shape):
    """A file that is being written: poll the job, then take the file."""

    job = serializers.IntegerField(help_text="The job that writes it, which Location leads to.")
    file = serializers.URLField(help_text="Where the file is once the job has succeeded.")
