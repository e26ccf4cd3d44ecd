"""A log in a zip archive is read like the log itself; a trap, a damaged archive and one of several logs are refused."""

import gzip
import io
import zipfile

import pytest

from planner.domain.event_log.eventlog import LogError, RawLog
from planner.domain.event_log.intake import read_log
from planner.domain.event_log.streams import LogLimits
from tests.planner.logs import at, csv_log, stream, xes_event, xes_log
from tests.planner.workbooks import zipped

CSV = csv_log([("1", "Register", at(0)), ("1", "Check", at(5)), ("2", "Register", at(7))])
XES = xes_log([("1", [xes_event("A", at(0)), xes_event("B", at(1))])])


def read(data: bytes, limits: LogLimits | None = None) -> RawLog:
    return read_log(stream(data), None, limits=limits)


@pytest.mark.parametrize("inner", [CSV, XES, gzip.compress(CSV)], ids=["csv", "xes", "csv.gz"])
def test_the_one_log_in_an_archive_is_read_and_hidden_files_do_not_count(inner: bytes) -> None:
    data = zipped({"folder/": b"", "folder/log": inner, "__MACOSX/folder/._log": b"x", "folder/.DS_Store": b"x"})
    assert read(data).frame.equals(read(inner).frame)


def locked() -> bytes:
    data = bytearray(zipped({"log.csv": CSV}))
    data[6] |= 1
    data[data.index(b"PK\x01\x02") + 8] |= 1
    return bytes(data)


def lying() -> bytes:
    """Its directory says that the log is shorter than it is."""
    data = zipped({"log.csv": CSV * 50})
    size = len(CSV * 50).to_bytes(4, "little")
    return data.replace(size, (len(CSV)).to_bytes(4, "little"))


BAD = {
    "two logs": (zipped({"a.csv": CSV, "b.csv": CSV}), "holds 2 files: a.csv, b.csv"),
    "nothing": (zipped({}), "archive is empty"),
    "only hidden": (zipped({".DS_Store": b"x"}), "archive is empty"),
    "password": (locked(), "locked with a password"),
    "cut off": (zipped({"log.csv": CSV})[:-30], "damaged archive"),
    "lying sizes": (lying(), "damaged archive"),
    "archive in an archive": (zipped({"log.zip": zipped({"log.csv": CSV})}), "archive inside an archive"),
    "very many entries": (zipped({f"{n}": b"" for n in range(10_001)}), "more than 10\u202f000 entries"),
}


@pytest.mark.parametrize("name", BAD)
def test_a_bad_archive_is_refused_with_a_sentence(name: str) -> None:
    data, words = BAD[name]
    with pytest.raises(LogError, match=words) as refused:
        read(data)
    assert refused.value.advice


def test_what_would_inflate_past_the_cap_is_refused_before_it_is_unpacked() -> None:
    target = io.BytesIO()
    with zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as archive, archive.open("log.csv", "w") as entry:
        for _ in range(64):
            entry.write(bytes(1 << 20))
    with pytest.raises(LogError, match="Unpacked, this file is larger than"):
        read(target.getvalue(), LogLimits(inflated_bytes=32 << 20))
