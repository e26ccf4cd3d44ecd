"""One escaping filter for each kind of target. Text of people is data in every format, never code.

`quoted` writes a double-quoted string that Python, TOML and YAML all read back as the same text: only the
escapes `\\uXXXX` and `\\UXXXXXXXX`, which the three share.
"""

import math
import re

IDENTIFIER = re.compile(r"[a-z][a-z0-9_]{0,60}")
SLUG = re.compile(r"[a-z][a-z0-9-]{0,60}")
PLAIN = frozenset("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789 .,:;!?()+-*/=<>@&%^~|'_$#[]{}")
MARKDOWN = re.compile(r"([\\`*_\[\]<>#|~!&$@])")
STARTS_BLOCK = re.compile(r"^(\d+)([.)])|^([-+=])")


def ident(value: object) -> str:
    """A derived identifier, unchanged; anything else is refused with ValueError.

    >>> ident('review_claim_model')
    'review_claim_model'
    """
    if not IDENTIFIER.fullmatch(str(value)):
        raise ValueError(f"not a derived identifier: {value!r}")
    return str(value)


def slug(value: object) -> str:
    """Lower-case words joined by hyphens, unchanged; anything else is refused with ValueError."""
    if not SLUG.fullmatch(str(value)):
        raise ValueError(f"not a derived name: {value!r}")
    return str(value)


def quoted(value: object) -> str:
    r"""A double-quoted string for Python, TOML and YAML.

    >>> quoted('say "hi" \\ 🙂')
    '"say \\u0022hi\\u0022 \\u005c \\U0001f642"'
    """
    text = str(value)
    if PLAIN.issuperset(text):
        return f'"{text}"'
    return '"' + "".join(char if char in PLAIN else _escape(char) for char in text) + '"'


def _escape(char: str) -> str:
    code = ord(char)
    return f"\\u{code:04x}" if code <= 0xFFFF else f"\\U{code:08x}"


def md(value: object) -> str:
    r"""Text as text in Markdown: no markup, link, HTML or template in it takes effect.

    >>> md('a *b* <c> {{ d }}')
    'a \\*b\\* \\<c\\> {{ d }}'
    >>> md('1. first')
    '1\\. first'
    """
    line = MARKDOWN.sub(r"\\\1", " ".join(str(value).split()))
    return STARTS_BLOCK.sub(lambda found: f"{found[1]}\\{found[2]}" if found[1] else f"\\{found[3]}", line)


def number(value: object) -> str:
    """A finite number in plain notation; anything else is refused with ValueError.

    >>> number(1200.0), number(0.25)
    ('1200', '0.25')
    """
    if not isinstance(value, int | float) or not math.isfinite(value):
        raise ValueError(f"not a number: {value!r}")
    return f"{value:.10g}"


def line(value: object) -> str:
    """One line of a file that is nothing but text for people, unchanged; several are refused with ValueError.

    >>> line("2026 A & B <Ltd>")
    '2026 A & B <Ltd>'
    """
    if len(str(value).splitlines()) > 1:
        raise ValueError(f"not one line: {value!r}")
    return str(value)


FILTERS = {"ident": ident, "slug": slug, "quoted": quoted, "md": md, "number": number, "line": line}
ALLOWED = {  # by ending; a file of plain text by its whole name
    ".py": frozenset({"ident", "quoted", "number"}),
    ".toml": frozenset({"ident", "slug", "quoted", "number"}),
    ".yml": frozenset({"ident", "slug", "quoted", "number"}),
    ".yaml": frozenset({"ident", "slug", "quoted", "number"}),
    ".md": frozenset({"md", "ident", "slug", "number"}),
    "LICENSE": frozenset({"line"}),
    "NOTICE": frozenset({"line"}),
    "": frozenset({"ident", "slug", "number"}),
}
