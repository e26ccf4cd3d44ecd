"""Edits by two people at once: every editable thing carries an ETag, every change names the one it was made on."""

import re

from rest_framework.request import Request
from rest_framework.response import Response

from common.errors import ProblemError, StaleEdit

TAG = re.compile(r'^(?:W/)?"(?P<kind>[a-z_]+)-(?P<pk>\d{1,18})-(?P<version>\d{1,18})"$')


class MissingPrecondition(ProblemError):
    """A change without If-Match: nobody could tell whether it overwrites somebody else's."""

    status = 428
    type = "precondition-required"


def etag_of(kind: str, pk: int, version: int) -> str:
    """The strong entity tag of one version of one thing.

    >>> etag_of("canvas", 7, 12)
    '"canvas-7-12"'
    """
    return f'"{kind}-{pk}-{version}"'


def if_match_version(request: Request, kind: str, pk: int) -> int | None:
    """The version a change was made on, from If-Match; None for `*` (whatever it is now).

    Raises MissingPrecondition (428) without the header and StaleEdit (412) for a tag of something else.
    """
    given = request.headers.get("If-Match", "").strip()
    if not given:
        raise MissingPrecondition(
            "A change needs the header If-Match.", detail="Read it first and send back the ETag of the answer."
        )
    if given == "*":
        return None
    versions = [_version(tag.strip(), kind, pk) for tag in given.split(",")]
    known = [version for version in versions if version is not None]
    if not known:
        raise StaleEdit("The If-Match header names another thing.", detail="Send the ETag of the thing you change.")
    return max(known)


def _version(tag: str, kind: str, pk: int) -> int | None:
    match = TAG.match(tag)
    if match is None or match["kind"] != kind or int(match["pk"]) != pk:
        return None
    return int(match["version"])


def tagged(response: Response, kind: str, pk: int, version: int, *, request: Request | None = None) -> Response:
    """`response` with its ETag; given the request, 304 without a body when the client has this version already."""
    tag = etag_of(kind, pk, version)
    known = request.headers.get("If-None-Match", "") if request is not None else ""
    if request is not None and request.method in ("GET", "HEAD") and tag in known:
        response = Response(status=304)
    response["ETag"] = tag
    return response
