"""The broker that REDIS_URL names: whether it answers, in words for who starts Taskworth."""

from __future__ import annotations

import contextlib
from collections.abc import Mapping
from pathlib import Path
from urllib.parse import urlsplit

import redis

PATIENCE_SECONDS = 3.0
WHAT_IT_MEANS = (
    "jobs (imports, checks, pipelines) wait until it does; pages work. "
    "Start it, or stop Taskworth and start it without REDIS_URL to use its own."
)


def address(environment: Mapping[str, str]) -> str:
    """REDIS_URL, or what REDIS_URL_FILE holds; empty when neither names anything."""
    path = environment.get("REDIS_URL_FILE")
    if path:
        with contextlib.suppress(OSError):  # the settings refuse it in words
            return Path(path).read_text(encoding="utf-8").strip()
    return environment.get("REDIS_URL", "").strip()


def problem(url: str) -> str | None:
    """Why nothing answers at `url`, what that means and what to do, in one line; None when it answers."""
    try:
        client = redis.Redis.from_url(
            _for_client(url), socket_connect_timeout=PATIENCE_SECONDS, socket_timeout=PATIENCE_SECONDS
        )
        client.ping()
    except (redis.RedisError, OSError, ValueError) as error:
        return f"The broker of REDIS_URL ({_shown(url)}) does not answer ({_reason(error)}): {WHAT_IT_MEANS}"
    return None


def _for_client(url: str) -> str:
    """Celery's way to write a socket, as the client writes it."""
    path, _, query = url.removeprefix("redis+socket://").partition("?")
    return f"unix://{path}?db={query.removeprefix('virtual_host=') or '0'}" if path != url else url


def _shown(url: str) -> str:
    """The address without its user and password."""
    return url.rsplit("@", 1)[-1] if "@" in url else urlsplit(url)._replace(query="").geturl()


def _reason(error: Exception) -> str:
    return " ".join(str(error).split()).rstrip(".") or type(error).__name__
