"""Numbers of generations, runs and versions: counted up for ever, also past those that were deleted."""

from typing import Any

from django.db.models import Manager, Max


def next_number(rows: Manager[Any]) -> int:
    """One more than the largest `number` among the rows. How many there are says nothing: some may be deleted."""
    return int(rows.aggregate(last=Max("number"))["last"] or 0) + 1
