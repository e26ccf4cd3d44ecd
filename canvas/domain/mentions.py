"""Who is mentioned in a text: an @ and the name of a member, or the address by which one signs in."""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

LONGEST_COMMENT = 4000
"""Letters of one comment."""

Handles = Mapping[str, frozenset[int]]
"""Ids of people by a name of theirs in small letters; two of one name are both meant."""


@dataclass(frozen=True)
class Piece:
    """A stretch of a text; `of` are the ids of the people it names, empty for everything else."""

    text: str
    of: frozenset[int] = frozenset()


def handles_of(people: Mapping[int, tuple[str, ...]]) -> dict[str, frozenset[int]]:
    """Who each name stands for, from the names of each; blanks inside count once, case not at all.

    >>> handles_of({1: ("Edith  Özil", "e@x.org"), 2: ("edith özil", "")})
    {'edith özil': frozenset({1, 2}), 'e@x.org': frozenset({1})}
    """
    found: dict[str, frozenset[int]] = {}
    for pk, names in people.items():
        for name in names:
            handle = " ".join(name.split()).lower()
            if handle:
                found[handle] = found.get(handle, frozenset()) | {pk}
    return found


def pieces(text: str, handles: Handles) -> Iterator[Piece]:
    """The text in its stretches. Of names that begin alike the longest counts; an @ inside a word is none.

    >>> known = handles_of({1: ("Ann",), 2: ("Ann Lee", "lee@x.org")})
    >>> [(piece.text, sorted(piece.of)) for piece in pieces("See @ann lee, @Ann: me@ann", known)]
    [('See ', []), ('@ann lee', [2]), (', ', []), ('@Ann', [1]), (': me@ann', [])]
    """
    if not handles:
        yield Piece(text)
        return
    names = "|".join(re.escape(name).replace(r"\ ", r"[ \t]+") for name in sorted(handles, key=len, reverse=True))
    at = 0
    for match in re.finditer(rf"(?<![\w@.])@({names})(?!\w)", text, re.IGNORECASE):
        of = handles.get(" ".join(match[1].split()).lower())
        if of:
            if match.start() > at:
                yield Piece(text[at : match.start()])
            yield Piece(match[0], of)
            at = match.end()
    if at < len(text):
        yield Piece(text[at:])


def mentioned(text: str, handles: Handles) -> frozenset[int]:
    """The ids of everybody the text names.

    >>> sorted(mentioned("@ANN and @nobody", handles_of({7: ("Ann",)})))
    [7]
    """
    return frozenset().union(*(piece.of for piece in pieces(text, handles)))
