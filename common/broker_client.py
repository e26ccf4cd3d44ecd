"""A client of the broker, for an address as Celery writes it."""

import redis


def broker_client(url: str, *, connect_within: float = 2.0, answer_within: float = 5.0) -> "redis.Redis":
    """A client for `redis://…`, `rediss://…`, `unix://…` or `redis+socket:///path?virtual_host=0`; limits in seconds.

    The last is Celery's way of naming a socket, which the client library does not know.
    """
    if url.startswith("redis+socket://"):
        path, _, query = url.removeprefix("redis+socket://").partition("?")
        database = query.removeprefix("virtual_host=") or "0"
        url = f"unix://{path}?db={database}"
    return redis.Redis.from_url(url, socket_connect_timeout=connect_within, socket_timeout=answer_within)
