"""Where the drawing has each node, remembered from edit to edit: the next drawing keeps their order."""

from planner.models import Process
from planner.selectors.process_drawing import places_of


def places_keep(*, process: Process) -> None:
    """Bring the remembered places up to the version the process has; removed nodes keep theirs.

    Computed from what is read and written only if the process is still at that version: it holds nobody up, and a
    process edited meanwhile is left to that edit. Costs one query where the places are those of this version already.
    """
    now = Process.objects.of(process.workspace).select_related("workspace").filter(pk=process.pk).first()
    if now is None or now.places_version == now.version:
        return
    now.places |= places_of(now)
    same = Process.objects.of(process.workspace).filter(pk=now.pk, version=now.version)
    if same.update(places=now.places, places_version=now.version):
        process.places, process.places_version = now.places, now.version
