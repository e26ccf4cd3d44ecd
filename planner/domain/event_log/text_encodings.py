"""How texts are written in files: the encodings and separators that are read, and which of them a file has."""

import codecs

ENCODINGS = {
    "utf-8": "UTF-8",
    "utf-16": "UTF-16",
    "utf-16-le": "UTF-16, little end first",
    "utf-16-be": "UTF-16, big end first",
    "cp1252": "Windows-1252, Western Europe",
    "latin-1": "Latin-1",
    "iso8859-15": "Latin-9, with the euro sign",
    "cp1250": "Windows-1250, Central Europe",
    "cp1251": "Windows-1251, Cyrillic",
    "cp1253": "Windows-1253, Greek",
    "cp1254": "Windows-1254, Turkish",
    "mac_roman": "Macintosh",
    "cp437": "DOS",
    "cp850": "DOS, Western Europe",
    "shift_jis": "Shift JIS, Japanese",
    "euc_kr": "EUC-KR, Korean",
    "gb18030": "GB 18030, Chinese",
    "big5": "Big5, Chinese",
}
"""The encodings that are read, by their name in Python, with a name for people."""

SEPARATORS = {",": "Comma", ";": "Semicolon", "\t": "Tab", "|": "Bar"}
"""The separators of columns that are read, with a name for people."""

_MARKS = ((b"\xef\xbb\xbf", "utf-8"), (b"\xff\xfe", "utf-16"), (b"\xfe\xff", "utf-16"))
_PAIRS = 64


def encoding_of(head: bytes, *, whole: bool) -> str:
    """The encoding of the first bytes of a file: by its mark, by its zero bytes, else UTF-8, Windows or Latin-1.

    >>> encoding_of("Prüfen".encode("cp1252"), whole=True), encoding_of("a,b".encode("utf-16-le"), whole=True)
    ('cp1252', 'utf-16-le')
    """
    for mark, encoding in _MARKS:
        if head.startswith(mark):
            return encoding
    wide = _unmarked_wide(head)
    if wide:
        return wide
    return next((name for name in ("utf-8", "cp1252") if _fits(head, name, whole)), "latin-1")


def encoding_words(encoding: str) -> str:
    """Its name for people."""
    return ENCODINGS.get(encoding, encoding.upper())


def decoder_of(encoding: str) -> codecs.IncrementalDecoder:
    """What turns bytes into text piece by piece; a byte order mark is no text."""
    return codecs.getincrementaldecoder("utf-8-sig" if encoding == "utf-8" else encoding)()


def _fits(head: bytes, encoding: str, whole: bool) -> bool:
    try:
        codecs.getincrementaldecoder(encoding)().decode(head, whole)
    except UnicodeDecodeError:
        return False
    return True


def _unmarked_wide(head: bytes) -> str:
    """UTF-16 without a mark: every other byte of the beginning, which is mostly plain letters, is zero."""
    start = head[: 2 * _PAIRS]
    for encoding, letters, zeros in (("utf-16-le", start[::2], start[1::2]), ("utf-16-be", start[1::2], start[::2])):
        if len(zeros) > 1 and zeros.count(0) > 0.7 * len(zeros) and not letters.count(0):
            return encoding
    return ""
