"""Lines of a log as people read them: what controls a terminal or turns text around is shown, not obeyed."""

import re
import unicodedata

LONGEST_QUERY = 200
PICTURES = 0x2400
DELETE, PICTURE_OF_DELETE = 0x7F, 0x2421


def visible(text: str) -> str:
    """`text` with every control character but tabs and line ends as a picture of itself; other marks that cannot be
    seen (direction, width zero) by their number.

    >>> visible("\x1b[31mred")
    '␛[31mred'
    >>> visible("a\u202eb")
    'a⟨U+202E⟩b'
    """
    if text.isprintable():  # nearly every line; a flooded log has millions of characters
        return text
    return "".join(_shown(char) for char in text)


def _shown(char: str) -> str:
    if char in "\t\n" or char.isprintable():
        return char
    code = ord(char)
    if code < 0x20:
        return chr(PICTURES + code)
    if code == DELETE:
        return chr(PICTURE_OF_DELETE)
    return char if unicodedata.category(char).startswith("Z") else f"⟨U+{code:04X}⟩"


def marked(text: str, query: str) -> list[tuple[str, bool]]:
    """`text` in pieces, in order; True for those that are what was looked for, in any case.

    >>> marked("Loss 1, loss 2", "loss")
    [('Loss', True), (' 1, ', False), ('loss', True), (' 2', False)]
    """
    if not query:
        return [(text, False)]
    pieces = re.split(f"({re.escape(query)})", text, flags=re.IGNORECASE)
    return [(piece, place % 2 == 1) for place, piece in enumerate(pieces) if piece]
