"""Reads settings from the environment, and refuses a wrong one with a sentence that says what to do."""

import os
from collections.abc import Mapping
from pathlib import Path

from django.core.exceptions import ImproperlyConfigured

TRUE_WORDS = frozenset({"1", "true", "yes", "on"})
FALSE_WORDS = frozenset({"0", "false", "no", "off", ""})


class Environment:
    """Typed access to environment variables.

    ``NAME_FILE`` may name a file that holds the value (for secrets); it wins over ``NAME``.
    Every refusal is an ``ImproperlyConfigured`` that names the variable, what was found and what is expected.
    """

    def __init__(self, variables: Mapping[str, str] | None = None) -> None:
        self._variables = os.environ if variables is None else variables

    def text(self, name: str, default: str = "") -> str:
        path = self._variables.get(f"{name}_FILE")
        if path is None:
            return self._variables.get(name, default).strip()
        try:
            return Path(path).read_text(encoding="utf-8").strip()
        except OSError as error:
            raise ImproperlyConfigured(f"{name}_FILE names {path}, which cannot be read: {error.strerror}.") from error

    def flag(self, name: str, *, default: bool) -> bool:
        word = self.text(name, "1" if default else "0").lower()
        if word in TRUE_WORDS:
            return True
        if word in FALSE_WORDS:
            return False
        raise ImproperlyConfigured(f"{name} is “{word}”; write 1 or 0.")

    def number(self, name: str, default: float, *, minimum: float = 0) -> float:
        word = self.text(name, str(default))
        try:
            value = float(word)
        except ValueError:
            raise ImproperlyConfigured(f"{name} is “{word}”; write a number.") from None
        if value < minimum:
            raise ImproperlyConfigured(f"{name} is {word}; it must be at least {minimum:g}.")
        return value

    def whole(self, name: str, default: int, *, minimum: int = 0) -> int:
        value = self.number(name, default, minimum=minimum)
        if value != int(value):
            raise ImproperlyConfigured(f"{name} is {value}; write a whole number.")
        return int(value)

    def words(self, name: str, default: str = "") -> list[str]:
        return [word.strip() for word in self.text(name, default).split(",") if word.strip()]

    def folder(self, name: str, default: Path) -> Path:
        return Path(self.text(name, str(default))).expanduser().resolve()
