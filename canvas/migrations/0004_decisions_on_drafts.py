from typing import Any

from django.apps.registry import Apps
from django.db import migrations, models
from django.db.backends.base.schema import BaseDatabaseSchemaEditor


def decisions_found(apps: Apps, schema_editor: BaseDatabaseSchemaEditor) -> None:
    """Drafted values that people wrote over before decisions were kept: read from the history."""
    canvases, revisions = apps.get_model("canvas", "Canvas"), apps.get_model("canvas", "CanvasRevision")
    for canvas in canvases.objects.only("pk", "decided").iterator(chunk_size=100):
        decided: dict[str, Any] = {}
        history = revisions.objects.filter(canvas=canvas).order_by("version").values_list("changes", flat=True)
        for changes in history.iterator(chunk_size=100):
            for change in changes:
                before, after = change["before"], change["after"]
                if not isinstance(before, dict) or not isinstance(after, dict):
                    continue
                if before.get("by") == "draft" and after.get("by") == "person":
                    decided[change["path"]] = before["value"]
        if decided:
            canvas.decided = decided
            canvas.save(update_fields=["decided"])


class Migration(migrations.Migration):

    dependencies = [("canvas", "0003_comments")]

    operations = [
        migrations.AddField(
            model_name="canvas",
            name="decided",
            field=models.JSONField(blank=True, default=dict),
        ),
        migrations.RunPython(decisions_found, migrations.RunPython.noop),
    ]
