"""What is said of a name nobody knows: the known one it looks like, else all there are."""

from collections.abc import Iterable
from difflib import get_close_matches

from common.formatting import listed

LONGEST_SHOWN = 60


def unknown_words(name: str, known: Iterable[str], what: str = "field") -> str:
    """The sentence for a name nobody knows.

    >>> unknown_words("lable", ["name", "label"])
    'There is no field “lable”; did you mean “label”?'
    >>> unknown_words("colour", ["name", "label"])
    'There is no field “colour”. There are label and name.'
    """
    names = sorted(known)
    shown = name if len(name) <= LONGEST_SHOWN else f"{name[:LONGEST_SHOWN]}…"
    near = get_close_matches(name[:LONGEST_SHOWN], names, n=1)
    if near:
        return f"There is no {what} “{shown}”; did you mean “{near[0]}”?"
    if not names:
        return f"There is no {what} “{shown}”: none is taken here."
    return f"There is no {what} “{shown}”. There {'are' if len(names) > 1 else 'is'} {listed(names)}."
