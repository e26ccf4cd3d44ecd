"""Working hours as the API shows and takes them."""

from typing import Any

from rest_framework import serializers

from common.api import KnownFields


class HoursValueSerializer(KnownFields):
    """Hours of seven weekdays from Monday, in a time zone, without the holidays of a country and the closed days."""

    days = serializers.ListField(
        child=serializers.CharField(allow_blank=True, max_length=20),
        min_length=7,
        max_length=7,
        help_text='Seven texts from Monday: "9-17", "8:30-12", "22-6" into the next day; empty where no work is done.',
    )
    zone = serializers.CharField(required=False, default="UTC", max_length=64, help_text="IANA time zone")
    country = serializers.CharField(
        required=False, allow_blank=True, default="", max_length=2, help_text="ISO 3166 code; its holidays do not count"
    )
    subdivision = serializers.CharField(
        required=False, allow_blank=True, default="", max_length=40, help_text="part of it"
    )
    closed = serializers.ListField(
        child=serializers.DateField(), required=False, default=list, max_length=1_000, help_text="further days"
    )


class HoursRequestSerializer(KnownFields):
    """Working hours to set; null is around the clock."""

    hours = HoursValueSerializer(allow_null=True)


class HoursSerializer(serializers.Serializer[Any]):
    """Working hours in force, plain and in words."""

    hours = HoursValueSerializer(allow_null=True, read_only=True)
    words = serializers.CharField(read_only=True)
    own = serializers.BooleanField(read_only=True)
    outside_share = serializers.FloatField(
        read_only=True,
        allow_null=True,
        help_text="Share of the recorded times of the log in use that lie outside these hours, 0 to 1; above 0.2 the "
        "hours probably do not fit. Null around the clock, without a log, and while it is measured by them.",
    )
