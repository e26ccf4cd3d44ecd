"""Text of people at the border: cleaned once, before anything is derived from it or rendered."""

import unicodedata

LONGEST = 2000
DROPPED = frozenset({"Cc", "Cf", "Cs", "Co", "Cn"})
BREAKS = frozenset("\n\r\t\v\f\x85\u2028\u2029")


def text_clean(value: object, *, longest: int = LONGEST) -> str:
    """One line of visible text: NFC, breaks to spaces, control, format and surrogate characters dropped.

    >>> text_clean('a\\u202eb\\n  {{ c }}\\x00')
    'ab {{ c }}'
    >>> text_clean('x' * 10, longest=4)
    'xxx…'
    """
    if value is None:
        return ""
    spaced = "".join(" " if char in BREAKS else char for char in str(value))
    visible = "".join(char for char in spaced if unicodedata.category(char) not in DROPPED)
    line = " ".join(unicodedata.normalize("NFC", visible).split())
    return line if len(line) <= longest else line[: longest - 1].rstrip() + "…"
