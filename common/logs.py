"""Lines of the log: what happened, without the secrets that addresses carry."""

import logging
import re
from typing import Final

# An invitation is /join/<secret>/, a password reset /password/<person>/<token>/: who reads the log must not use them.
SECRETS: Final = re.compile(r"((?:/|%2F)(?:join|password(?:/|%2F)[^/\s%]+)(?:/|%2F))[^/\s%?#\"']+", re.IGNORECASE)


def without_secrets(line: str) -> str:
    """The text with the secret part of such addresses taken out.

    >>> without_secrets("Forbidden: /join/ti_9fJk2/")
    'Forbidden: /join/…/'
    >>> without_secrets("Not Found: /password/MQ/d0abc-123/ and /sign-in/?next=%2Fjoin%2Fti_9fJk2%2F")
    'Not Found: /password/MQ/…/ and /sign-in/?next=%2Fjoin%2F…%2F'
    """
    return SECRETS.sub(r"\1…", line)


class SecretFreeFormatter(logging.Formatter):
    """Formats as told, tracebacks included, and takes the secrets out of the whole."""

    def format(self, record: logging.LogRecord) -> str:
        return without_secrets(super().format(record))
