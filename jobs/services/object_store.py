"""A store of files in a bucket of S3 or of a server that speaks its language, behind Django's storage API."""

import base64
import hashlib
import os
import tempfile
from contextlib import closing
from datetime import datetime
from pathlib import Path
from typing import IO, Any, cast

from botocore.config import Config
from botocore.exceptions import BotoCoreError, ClientError
from botocore.session import Session
from django.core.files.base import File
from django.core.files.storage import Storage
from django.utils.deconstruct import deconstructible

CHUNK = 1024 * 1024
ABSENT = frozenset({"404", "NoSuchKey", "NotFound"})
SETTINGS = Config(
    connect_timeout=5,
    read_timeout=60,
    retries={"mode": "standard", "total_max_attempts": 5},
    # Many servers besides Amazon's do not know the checksums it sends of itself; ours goes along with every file.
    request_checksum_calculation="when_required",
    response_checksum_validation="when_required",
)


class StoreFault(OSError):
    """The store does not answer, refuses, or gave other bytes than were put there."""


@deconstructible
class ObjectStorage(Storage):
    """Files of a bucket whose names end in the SHA-256 of their bytes.

    A file is there whole or not at all: it is put by one request that carries its checksum. It is read from a copy on
    this machine's own disk, made and compared with its name before anybody sees a byte of it.
    """

    def __init__(
        self, *, bucket: str, prefix: str, spool: str, endpoint: str, region: str, access_key: str, secret_key: str
    ) -> None:
        self._bucket, self._prefix, self._spool = bucket, prefix.strip("/"), Path(spool)
        self._address = {"endpoint_url": endpoint or None, "region_name": region or None}
        self._keys = {"aws_access_key_id": access_key or None, "aws_secret_access_key": secret_key or None}
        self._made_by, self._made = 0, None

    @property
    def _client(self) -> Any:
        """A client of this process: one made before a fork would share its connections with the parent."""
        if self._made is None or self._made_by != os.getpid():
            self._made = Session().create_client("s3", config=SETTINGS, **self._address, **self._keys)
            self._made_by = os.getpid()
        return self._made

    def get_available_name(self, name: str, max_length: int | None = None) -> str:
        """The name itself: what has the same name has the same bytes."""
        return name

    def exists(self, name: str) -> bool:
        return self._head(name) is not None

    def size(self, name: str) -> int:
        return int(self._found(name)["ContentLength"])

    def get_modified_time(self, name: str) -> datetime:
        return cast(datetime, self._found(name)["LastModified"])

    def delete(self, name: str) -> None:
        self._ask("delete_object", Key=self._key(name))

    def listdir(self, path: str) -> tuple[list[str], list[str]]:
        """Names of the folders and of the files right below `path`."""
        below = f"{self._key(path)}/" if self._key(path) else ""
        folders: list[str] = []
        files: list[str] = []
        try:
            pages = self._client.get_paginator("list_objects_v2").paginate(
                Bucket=self._bucket, Prefix=below, Delimiter="/"
            )
            for page in pages:
                folders += [one["Prefix"].removeprefix(below).rstrip("/") for one in page.get("CommonPrefixes", [])]
                files += [one["Key"].removeprefix(below) for one in page.get("Contents", [])]
        except (BotoCoreError, ClientError) as error:
            raise _fault("list_objects_v2", error) from error
        return folders, files

    def _open(self, name: str, mode: str = "rb") -> File[bytes]:
        if mode != "rb":
            raise ValueError("A stored file is only read.")
        self._spool.mkdir(parents=True, exist_ok=True)
        copy = tempfile.TemporaryFile(dir=self._spool)  # noqa: SIM115  handed to the caller, gone when it is closed
        try:
            self._fetch(name, copy)
        except BaseException:
            copy.close()
            raise
        return File(cast(IO[bytes], copy), name=name)

    def _fetch(self, name: str, copy: IO[bytes]) -> None:
        digest = hashlib.sha256()
        try:
            with closing(self._ask("get_object", Key=self._key(name))["Body"]) as body:
                for chunk in body.iter_chunks(CHUNK):
                    digest.update(chunk)
                    copy.write(chunk)
        except BotoCoreError as error:
            raise _fault("get_object", error) from error
        if digest.hexdigest() != name.rsplit("/", 1)[-1]:
            raise StoreFault(f"The store gave other bytes than were put there as {name}.")
        copy.seek(0)

    def _save(self, name: str, content: File[Any]) -> str:
        checksum = base64.b64encode(bytes.fromhex(name.rsplit("/", 1)[-1])).decode("ascii")
        # What content arrives as is a name of a file, or a stream: both are read from their beginning.
        content.seek(0)
        self._ask("put_object", Key=self._key(name), Body=content.file, ChecksumSHA256=checksum)
        return name

    def _found(self, name: str) -> dict[str, Any]:
        head = self._head(name)
        if head is None:
            raise FileNotFoundError(name)
        return head

    def _head(self, name: str) -> dict[str, Any] | None:
        try:
            return self._ask("head_object", Key=self._key(name))
        except FileNotFoundError:
            return None

    def _key(self, name: str) -> str:
        return f"{self._prefix}/{name}".strip("/")

    def _ask(self, what: str, **words: object) -> dict[str, Any]:
        """One request. FileNotFoundError when there is no such file, StoreFault for whatever else goes wrong."""
        try:
            return cast(dict[str, Any], getattr(self._client, what)(Bucket=self._bucket, **words))
        except ClientError as error:
            if error.response.get("Error", {}).get("Code") in ABSENT:
                raise FileNotFoundError(words.get("Key")) from error
            raise _fault(what, error) from error
        except BotoCoreError as error:
            raise _fault(what, error) from error


def _fault(what: str, error: Exception) -> StoreFault:
    return StoreFault(f"The store of files (BLOB_STORAGE) could not be used: {what}: {error}")
