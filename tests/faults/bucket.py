"""A server that speaks the language of S3, with one empty bucket, for tests."""

import socket
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from botocore.exceptions import BotoCoreError, ClientError
from botocore.session import Session

from jobs.services.object_store import ObjectStorage
from tests.faults.house import House, wait_for

KEYS = {"access_key": "tests", "secret_key": "tests-of-taskworth"}


@dataclass(frozen=True)
class Bucket:
    """Where the bucket is, and the store as each process builds it."""

    endpoint: str
    spool: Path

    @property
    def variables(self) -> dict[str, str]:
        return {
            "BLOB_STORAGE": "s3://files/of/tests",
            "BLOB_ENDPOINT": self.endpoint,
            "BLOB_ACCESS_KEY": KEYS["access_key"],
            "BLOB_SECRET_KEY": KEYS["secret_key"],
        }

    @property
    def options(self) -> dict[str, str]:
        where = {"bucket": "files", "prefix": "of/tests", "endpoint": self.endpoint, "region": "us-east-1"}
        return {**where, **KEYS, "spool": str(self.spool)}

    @property
    def storage(self) -> ObjectStorage:
        return ObjectStorage(**self.options)

    @property
    def client(self) -> Any:
        keys = {"aws_access_key_id": KEYS["access_key"], "aws_secret_access_key": KEYS["secret_key"]}
        return Session().create_client("s3", endpoint_url=self.endpoint, region_name="us-east-1", **keys)


@contextmanager
def bucket_served(house: House) -> Iterator[Bucket]:
    """The server runs as long as the house does."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    house.start([sys.executable, "-m", "moto.server", "-H", "127.0.0.1", "-p", str(port)])
    bucket = Bucket(f"http://127.0.0.1:{port}", house.folder / "spool")
    wait_for(lambda: _made(bucket))
    yield bucket


def _made(bucket: Bucket) -> bool:
    try:
        bucket.client.create_bucket(Bucket="files")
    except (BotoCoreError, ClientError):
        return False
    return True
