"""What is written to the log opens no door: links of invitations and password resets are shortened."""

import io
import logging
from collections.abc import Iterator

import pytest
from django.test import Client

from tests.conftest import Cast


@pytest.fixture
def log() -> Iterator[io.StringIO]:
    """What the handler of our settings writes, as the file of the web server holds it."""
    written = io.StringIO()
    [handler] = [each for each in logging.getLogger().handlers if each.get_name() == "console"]
    assert isinstance(handler, logging.StreamHandler)
    before = handler.setStream(written)
    yield written
    handler.setStream(before)


@pytest.mark.parametrize(
    ("address", "secret"),
    [
        ("/join/ti_Zx81secretOfAnInvitation/", "ti_Zx81secretOfAnInvitation"),
        ("/join/ti_Zx81secretOfAnInvitation/more/", "ti_Zx81secretOfAnInvitation"),
        ("/password/MQ/c9token-0123456789/more/", "c9token-0123456789"),
    ],
)
def test_an_address_that_is_refused_is_named_without_its_secret(
    cast: Cast, log: io.StringIO, address: str, secret: str
) -> None:
    Client(enforce_csrf_checks=True).post(address)
    assert address[:6] in log.getvalue()
    assert "…" in log.getvalue()
    assert secret not in log.getvalue()


def test_a_traceback_holds_no_secret_either(log: io.StringIO) -> None:
    try:
        raise ValueError("/join/ti_Zx81secretOfAnInvitation/ went wrong")
    except ValueError:
        logging.getLogger("django.request").exception("Internal Server Error: %s", "/join/ti_Zx81secret/")
    assert "Traceback" in log.getvalue()
    assert "Zx81" not in log.getvalue()


def test_other_addresses_are_named_whole(log: io.StringIO) -> None:
    logging.getLogger("django.request").warning("Not Found: %s", "/w/acme/processes/12/")
    assert "/w/acme/processes/12/" in log.getvalue()
