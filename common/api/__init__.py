"""What every part of the API shares: the error shape, pages, ETags, limits on JSON, the OpenAPI description."""

from common.api.etags import MissingPrecondition, etag_of, if_match_version, tagged
from common.api.paging import Pages
from common.api.parsing import LARGEST_ID, StrictJSONParser, json_within_limits
from common.api.problems import Problem, problem_handler, problem_of, unknown_address
from common.api.strictness import KnownFields
from common.unknown import unknown_words

__all__ = [
    "LARGEST_ID",
    "KnownFields",
    "MissingPrecondition",
    "Pages",
    "Problem",
    "StrictJSONParser",
    "etag_of",
    "if_match_version",
    "json_within_limits",
    "problem_handler",
    "problem_of",
    "tagged",
    "unknown_address",
    "unknown_words",
]
