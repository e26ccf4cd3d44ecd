"""The fingerprint of a stage: same code, same parameters, same inputs, same fingerprint."""

import hashlib
import json
from collections.abc import Mapping

DIGEST_KEY = "digest"


def canonical(value: object) -> bytes:
    """`value` as JSON in one spelling only: keys sorted, no spaces. NaN is refused with ValueError."""
    text = json.dumps(value, sort_keys=True, separators=(",", ":"), ensure_ascii=True, allow_nan=False)
    return text.encode("ascii")


def output_digest(output: Mapping[str, object]) -> str:
    """What an output counts as for the stages after it: its own `digest` entry when it has one, else all of it.

    >>> output_digest({"digest": "abc", "seconds": 3})
    'abc'
    """
    given = output.get(DIGEST_KEY)
    return given if isinstance(given, str) else hashlib.sha256(canonical(dict(output))).hexdigest()


def fingerprint(
    *, source: str, task_name: str, params: Mapping[str, object], inputs: Mapping[str, Mapping[str, object]]
) -> str:
    """SHA-256, in hexadecimal, of what decides the output of a stage: code, parameters, outputs of its parents.

    It is taken when all parents are done, so an unchanged output upstream stops a rerun there.

    >>> one = fingerprint(source="v1", task_name="t", params={"a": 1, "b": 2}, inputs={})
    >>> one == fingerprint(source="v1", task_name="t", params={"b": 2, "a": 1}, inputs={})
    True
    >>> one == fingerprint(source="v2", task_name="t", params={"a": 1, "b": 2}, inputs={})
    False
    """
    parts = {
        "source": source,
        "task": task_name,
        "params": dict(params),
        "inputs": {name: output_digest(output) for name, output in inputs.items()},
    }
    return hashlib.sha256(canonical(parts)).hexdigest()
