"""Logs and branches from before a process could have several logs: the newest log is in use, counted branches are its."""

from django.apps.registry import Apps
from django.db import migrations
from django.db.backends.base.schema import BaseDatabaseSchemaEditor
from django.db.models import F


def put_in_use(apps: Apps, schema_editor: BaseDatabaseSchemaEditor) -> None:
    apps.get_model("planner", "EventLog").objects.filter(applied_at=None).update(applied_at=F("created_at"))
    apps.get_model("planner", "Flow").objects.exclude(count=None).update(probability_source="log")


class Migration(migrations.Migration):
    dependencies = [("planner", "0002_processes_as_they_run")]

    operations = [migrations.RunPython(put_in_use, migrations.RunPython.noop)]
