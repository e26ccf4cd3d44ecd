"""What a stage's result depends on, as one digest: the same digest means it need not be run again."""

import hashlib
import json
from collections.abc import Iterable, Mapping


def digest_of(parts: Mapping[str, object]) -> str:
    """SHA-256 of the parts as sorted JSON.

    >>> digest_of({"a": 1, "b": 2}) == digest_of({"b": 2, "a": 1})
    True
    """
    return hashlib.sha256(json.dumps(parts, sort_keys=True, default=str).encode()).hexdigest()


def stage_source(name: str, digests: Mapping[str, str], paths: Iterable[str], *, extra: Mapping[str, str]) -> str:
    """Digest of the files a stage rests on; `digests` is path to SHA-256, `extra` the data and environment."""
    chosen = {path: digests[path] for path in paths if path in digests}
    return digest_of({"stage": name, "files": chosen, "extra": dict(extra)})


def file_digests(files: Mapping[str, bytes]) -> dict[str, str]:
    return {path: hashlib.sha256(content).hexdigest() for path, content in sorted(files.items())}
