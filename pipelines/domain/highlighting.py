"""Source as coloured words: each line as pieces of text with a kind, for a page that colours by class."""

from pathlib import PurePosixPath

from pygments.lexer import Lexer
from pygments.lexers import get_lexer_for_filename
from pygments.lexers.special import TextLexer
from pygments.token import Token, _TokenType
from pygments.util import ClassNotFound

LONGEST = 100_000
"""Characters coloured at most: a longer file is shown plain, in the time a page has."""

Piece = tuple[str, str]
"""(kind, text); the kind is "" for plain text."""

KINDS: tuple[tuple[_TokenType, str], ...] = (
    (Token.Comment, "comment"),
    (Token.Literal.String, "string"),
    (Token.Literal.Number, "number"),
    (Token.Keyword, "keyword"),
    (Token.Operator.Word, "keyword"),
    (Token.Name.Function, "name"),
    (Token.Name.Class, "name"),
    (Token.Name.Tag, "name"),
    (Token.Name.Decorator, "name"),
    (Token.Name.Attribute, "name"),
    (Token.Generic.Heading, "name"),
    (Token.Generic.Subheading, "name"),
    (Token.Generic.Strong, "name"),
)
PLAIN_NAMES = {"requirements.lock", "requirements-serving.lock", "LICENSE"}
BY_ENDING = {".mk": "Makefile", ".lock": "requirements.txt"}


def pieces_of(path: str, lines: tuple[str, ...]) -> tuple[tuple[Piece, ...], ...]:
    """One tuple of pieces a line; the pieces of a line joined are the line.

    >>> pieces_of("a.py", ("x = 1  # one",))[0][-1]
    ('comment', '# one')
    >>> pieces_of("a.unknown", ("x = 1",))
    ((('', 'x = 1'),),)
    """
    text = "\n".join(lines)
    if not text or len(text) > LONGEST:
        return tuple((("", line),) for line in lines)
    rows: list[list[Piece]] = [[]]
    for token, value in _lexer(path).get_tokens(text):
        for place, part in enumerate(value.split("\n")):
            if place:
                rows.append([])
            if part:
                rows[-1].append((_kind(token), part))
    return tuple(tuple(row) for row in rows[: len(lines)])


def _lexer(path: str) -> Lexer:
    """Told by the file's name alone: its text decides nothing."""
    name = PurePosixPath(path).name
    name = BY_ENDING.get(PurePosixPath(name).suffix, name)
    try:
        lexer: Lexer = get_lexer_for_filename(name, stripnl=False, ensurenl=False)
    except ClassNotFound:
        lexer = TextLexer(stripnl=False, ensurenl=False)
    return lexer


def _kind(token: _TokenType) -> str:
    family = token.split()
    return next((kind for parent, kind in KINDS if parent in family), "")
