"""What a token looks like and what is kept of it. Its random part is drawn outside and handed in."""

import hashlib

MARK = "tw_"
PREFIX_LENGTH = 8


def token_of(drawn: str) -> str:
    """The secret a person copies: a mark that scanners of leaked secrets can look for, then the drawn part.

    >>> token_of("kQ3x9")
    'tw_kQ3x9'
    """
    return f"{MARK}{drawn}"


def prefix_of(secret: str) -> str:
    """The part that may be shown, so that its owner can tell tokens apart.

    >>> prefix_of("tw_kQ3x9aaaaaaaaaaaaaaaa")
    'tw_kQ3x9'
    """
    return secret[:PREFIX_LENGTH]


def digest_of(secret: str) -> str:
    """SHA-256 in hex. A drawn token has 256 bits, so it needs neither salt nor a slow hash.

    >>> digest_of("tw_kQ3x9")[:12]
    'b2b645626d4b'
    """
    return hashlib.sha256(secret.encode()).hexdigest()
