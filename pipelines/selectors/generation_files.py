"""The files of a generation, out of the store."""

from jobs.services import blob_open
from pipelines.domain.archive import archive_read
from pipelines.models import Generation


def generation_files(generation: Generation) -> dict[str, bytes]:
    """Path to content, without the folder they are packed in: a project may have been called otherwise."""
    with blob_open(generation.archive) as stream:
        return {path.split("/", 1)[1]: content for path, content in archive_read(stream).items()}
