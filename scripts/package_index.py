"""Fetch one pinned wheel from the package index with the standard library alone.

Where the index is follows what pip and uv would do: `UV_DEFAULT_INDEX`, `UV_INDEX_URL`, `PIP_INDEX_URL`, then
`index-url` of pip's configuration files, then pypi.org. A download is accepted only if its sha256 stands in the lock.
"""

from __future__ import annotations

import base64
import configparser
import hashlib
import os
import platform
import re
import ssl
import sys
import urllib.error
import urllib.parse
import urllib.request
from html.parser import HTMLParser
from pathlib import Path

PYPI = "https://pypi.org/simple"
LARGEST_WHEEL = 200_000_000
SYSTEM_CERTIFICATES = Path("/etc/ssl/certs/ca-certificates.crt")
CERTIFICATE_VARIABLES = ("SSL_CERT_FILE", "PIP_CERT", "REQUESTS_CA_BUNDLE", "CURL_CA_BUNDLE")


class IndexRefusedError(Exception):
    """The index could not be read, or what it gave is not what the lock names. The text is for the user."""


def index_url() -> str:
    """Address of the simple index to use, without a slash at the end."""
    for name in ("UV_DEFAULT_INDEX", "UV_INDEX_URL", "PIP_INDEX_URL"):
        if os.environ.get(name):
            return os.environ[name].rstrip("/")
    return (pip_option("index-url") or PYPI).rstrip("/")


def extra_index_urls() -> list[str]:
    """Further indexes pip was told of; uv does not read pip's configuration, so they are passed on."""
    text = os.environ.get("PIP_EXTRA_INDEX_URL") or pip_option("extra-index-url") or ""
    return text.split()


def pip_option(name: str) -> str | None:
    """One option of pip's configuration files, the most personal file winning; None where no file sets it."""
    home = Path.home()
    named = os.environ.get("PIP_CONFIG_FILE")
    personal = [home / ".config/pip/pip.conf", home / ".pip/pip.conf"]
    for path in [Path(named)] if named else [*personal, Path("/etc/pip.conf")]:
        parser = configparser.RawConfigParser()
        try:
            parser.read(path)
        except (configparser.Error, OSError, UnicodeDecodeError):
            continue
        if parser.has_option("global", name):
            return parser.get("global", name).strip() or None
    return None


def certificate_file() -> Path | None:
    """The file of certificate authorities somebody named, else the system's, else None (a bare Debian has none)."""
    named = [os.environ.get(name) for name in CERTIFICATE_VARIABLES] + [pip_option("cert")]
    for text in named:
        if text and Path(text).is_file():
            return Path(text)
    return SYSTEM_CERTIFICATES if SYSTEM_CERTIFICATES.is_file() else None


def _context() -> ssl.SSLContext:
    """TLS settings for the download.

    A bare Debian has no certificate authorities at all. There the connection cannot be verified, but the wheel is:
    its sha256 is pinned in the lock, and no password is sent on such a connection.
    """
    authorities = certificate_file()
    if authorities is not None:
        return ssl.create_default_context(cafile=str(authorities))
    context = ssl.create_default_context()
    if not context.get_ca_certs():
        context.check_hostname = False
        context.verify_mode = ssl.CERT_NONE
    return context


def _read(url: str, accept: str) -> bytes:
    context = _context()
    request = urllib.request.Request(
        _without_password(url), headers={"Accept": accept, "User-Agent": "taskworth-setup"}
    )
    password = _password(url)
    if password and context.verify_mode == ssl.CERT_REQUIRED:
        request.add_header("Authorization", "Basic " + base64.b64encode(password.encode()).decode())
    try:
        with urllib.request.urlopen(request, timeout=60, context=context) as answer:
            body: bytes = answer.read(LARGEST_WHEEL + 1)
    except (urllib.error.URLError, OSError) as fault:
        reason = getattr(fault, "reason", fault)
        raise IndexRefusedError(f"cannot read {_without_password(url)}: {reason}") from fault
    if len(body) > LARGEST_WHEEL:
        raise IndexRefusedError(f"{_without_password(url)} is larger than {LARGEST_WHEEL // 1_000_000} MB; refused")
    return body


def _password(url: str) -> str:
    parts = urllib.parse.urlsplit(url)
    if not parts.username:
        return ""
    return f"{urllib.parse.unquote(parts.username)}:{urllib.parse.unquote(parts.password or '')}"


def _without_password(url: str) -> str:
    parts = urllib.parse.urlsplit(url)
    return urllib.parse.urlunsplit(parts._replace(netloc=parts.netloc.rpartition("@")[2]))


class _Links(HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.found: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag == "a":
            self.found += [value for name, value in attrs if name == "href" and value]


def platform_pattern() -> str:
    """Regular expression that a wheel's platform tag must match to run here."""
    machine = platform.machine().lower()
    if sys.platform == "darwin":
        return f"macosx_.*{machine}"
    libc = "manylinux" if platform.libc_ver()[0] == "glibc" else "musllinux"
    return f"{libc}.*{machine}"


def pinned(lock: Path, package: str) -> tuple[str, set[str]]:
    """Version and accepted sha256 digests of a package as the lock file names them."""
    block = re.search(rf"^{re.escape(package)}==([^\s\\;]+)((?:.*\\\n)*.*)", lock.read_text(), re.MULTILINE)
    if block is None:
        raise IndexRefusedError(f"{lock.name} does not name {package}")
    return block[1], set(re.findall(r"sha256:([0-9a-f]{64})", block[2]))


def fetch_wheel(*, package: str, lock: Path) -> bytes:
    """The wheel of `package` for this machine, in the version and with a digest that `lock` names."""
    version, digests = pinned(lock, package)
    page = f"{index_url()}/{package}/"
    links = _Links()
    links.feed(_read(page, "text/html").decode("utf-8", "replace"))
    wanted = re.compile(rf"/{re.escape(package)}-{re.escape(version)}-py3-none-{platform_pattern()}\.whl(?:#|$)")
    link = next((each for each in links.found if wanted.search("/" + each)), None)
    if link is None:
        raise IndexRefusedError(
            f"{_without_password(page)} has no wheel of {package} {version} for {platform.machine()}"
        )
    body = _read(urllib.parse.urljoin(page, link).partition("#")[0], "*/*")
    if hashlib.sha256(body).hexdigest() not in digests:
        raise IndexRefusedError(f"the wheel of {package} {version} is not the one {lock.name} names (sha256 differs)")
    return body
