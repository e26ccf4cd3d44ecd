"""What kind of file its first bytes say it is. What to do about it is for those to say who read it."""

from enum import StrEnum


class FileKind(StrEnum):
    """Kinds that are no text, by what people call them."""

    ZIP = "a zip archive or a spreadsheet"
    GZIP = "a gzip archive"
    BZIP2 = "a bzip2 archive"
    XZ = "an xz archive"
    PARQUET = "a Parquet file"
    PDF = "a PDF"
    DATABASE = "a database"
    PICTURE = "a picture"
    OLD_SHEET = "an old or a locked spreadsheet"


GZIP = b"\x1f\x8b"
ZIP = b"PK\x03\x04"
PARQUET = b"PAR1"
SIGNATURES = (
    (ZIP, FileKind.ZIP),
    (GZIP, FileKind.GZIP),
    (b"BZh", FileKind.BZIP2),
    (b"\xfd7zXZ", FileKind.XZ),
    (PARQUET, FileKind.PARQUET),
    (b"%PDF", FileKind.PDF),
    (b"SQLite format 3", FileKind.DATABASE),
    (b"\x89PNG", FileKind.PICTURE),
    (b"\xff\xd8\xff", FileKind.PICTURE),
    (b"\xd0\xcf\x11\xe0", FileKind.OLD_SHEET),
)


def file_kind(head: bytes) -> FileKind | None:
    """The kind of a file that begins so; None where no signature is known, as of texts.

    >>> file_kind(b"%PDF-1.7")
    <FileKind.PDF: 'a PDF'>
    >>> file_kind(b"case,activity,time")
    """
    return next((kind for magic, kind in SIGNATURES if head.startswith(magic)), None)
