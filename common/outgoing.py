"""Requests to addresses people typed: never to this host or a private network, never followed elsewhere, bounded."""

import contextlib
import http.client
import ipaddress
import socket
import ssl
from collections.abc import Collection, Mapping
from urllib.parse import SplitResult, urlsplit

TIMEOUT_S = 5.0
MOST_BYTES = 64_000


class OutgoingRefused(ValueError):
    """An address that is not asked; the message says why, in a sentence for who typed it."""


def address_check(url: str, *, allowed: Collection[str] = ()) -> SplitResult:
    """Refuses with OutgoingRefused an address that is not https to a named host. It is not looked up yet.

    >>> address_check("https://ci.example.org/hook").hostname
    'ci.example.org'
    """
    try:
        parts = urlsplit(url.strip())
        host, _ = parts.hostname, parts.port
    except ValueError:
        raise OutgoingRefused("This is no address.") from None
    if not host or (parts.scheme != "https" and not (parts.scheme == "http" and host in allowed)):
        raise OutgoingRefused("Only https addresses are asked.")
    if parts.username is not None or parts.password is not None:
        raise OutgoingRefused("Leave name and password out of the address.")
    return parts


def post_outside(url: str, *, body: bytes, headers: Mapping[str, str], allowed: Collection[str] = ()) -> int:
    """POST `body`; the status of the answer, whose body is read no further than needed. Redirects are not followed.

    The address that is connected to is the one that was checked: a name that is looked up differently a second time
    changes nothing. Hosts in `allowed` may be private. Raises OutgoingRefused and OSError.
    """
    parts = address_check(url, allowed=allowed)
    host = str(parts.hostname)
    port = parts.port or (443 if parts.scheme == "https" else 80)
    peer = _peer(host, port, anywhere=host in allowed)
    path = (parts.path or "/") + (f"?{parts.query}" if parts.query else "")
    connection = http.client.HTTPConnection(host, port, timeout=TIMEOUT_S)
    try:
        connected = socket.create_connection((peer, port), timeout=TIMEOUT_S)
        if parts.scheme == "https":
            connected = ssl.create_default_context().wrap_socket(connected, server_hostname=host)
        connection.sock = connected
        connection.request("POST", path, body=body, headers={**headers, "Content-Type": "application/json"})
        answer = connection.getresponse()
        answer.read(MOST_BYTES)
        return answer.status
    except http.client.HTTPException as error:
        raise OSError(f"{host} did not answer in HTTP.") from error
    finally:
        with contextlib.suppress(OSError):
            connection.close()


def _peer(host: str, port: int, *, anywhere: bool) -> str:
    found = [str(entry[4][0]) for entry in socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)]
    for address in found:
        if not anywhere and not is_public(address):
            raise OutgoingRefused(f"{host} is on this host or a private network.")
    return found[0]


def is_public(address: str) -> bool:
    """Whether an address belongs to the internet at large; one of IPv4 inside IPv6 is judged by what is inside.

    >>> [is_public(one) for one in ("93.184.216.34", "127.0.0.1", "::ffff:10.0.0.1", "169.254.169.254")]
    [True, False, False, False]
    """
    found = ipaddress.ip_address(address.partition("%")[0])
    inside = getattr(found, "ipv4_mapped", None) or getattr(found, "sixtofour", None)
    judged = inside or found
    return judged.is_global and not (
        judged.is_multicast or judged.is_reserved or getattr(judged, "is_site_local", False)
    )
