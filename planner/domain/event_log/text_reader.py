"""Bytes of a file read piece by piece as text, in one encoding."""

from planner.domain.event_log.terms import LogError
from planner.domain.event_log.text_encodings import decoder_of, encoding_words

HEAD_BYTES = 1 << 18
"""How much of a file is looked at to see how it is written."""
UTF8_MARK = b"\xef\xbb\xbf"


class UnreadableText(LogError):
    """Bytes that are no text in the encoding taken: another may be chosen."""


class TextReader:
    """Bytes in one encoding read piece by piece as text; LogError with the line where they are no such text."""

    def __init__(self, encoding: str) -> None:
        self._name, self._line, self._begun = encoding, 1, False
        self._decoder = decoder_of(encoding)

    def read(self, data: bytes, *, last: bool) -> str:
        """The text of the next bytes; a character cut off at their end comes with the piece that follows."""
        if not self._begun:
            # The mark of UTF-8 is no text either where the rest of the file is written in something else.
            data, self._begun = data.removeprefix(UTF8_MARK), True
        try:
            text = self._decoder.decode(data, last)
        except UnicodeDecodeError as problem:
            self._line += problem.object[: problem.start].decode(self._name, "replace").count("\n")
            raise self._not_text() from problem
        text = text.removeprefix("\ufeff") if self._line == 1 else text
        if "\x00" in text:
            self._line += text[: text.index("\x00")].count("\n")
            raise self._empty_character()
        self._line += text.count("\n")
        return text

    def _not_text(self) -> LogError:
        return UnreadableText(
            f"Line {self._line} cannot be read as text: the file begins as {encoding_words(self._name)} "
            "and does not stay so.",
            where=f"line {self._line}",
            advice="Choose another encoding for it, or save the whole file as UTF-8 and upload it again.",
        )

    def _empty_character(self) -> LogError:
        return UnreadableText(
            f"Line {self._line} holds a zero character (NUL), which no text has: the file is damaged there.",
            where=f"line {self._line}",
            advice="Export it again, or take that character out, and upload it again.",
        )
