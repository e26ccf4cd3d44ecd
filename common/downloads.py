"""Files out of the store as downloads."""

from typing import BinaryIO

from django.http import FileResponse


def attachment(stream: BinaryIO, *, filename: str, media_type: str, size: int) -> FileResponse:
    """The bytes of `stream` (closed when sent) as an attachment; browsers never guess its kind."""
    answer = FileResponse(stream, as_attachment=True, filename=filename, content_type=media_type)
    answer["X-Content-Type-Options"] = "nosniff"
    answer["Content-Length"] = str(size)
    return answer
