"""Browser code of others: the file, its name, the table and NOTICE agree on what is shipped."""

import hashlib
import re
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
VENDOR = ROOT / "static/vendor"
ROW = re.compile(r"^\| ([^|]+) \| ([^|]+) \| `([^`]+)` \| `([0-9a-f]{64})` \| ([^|]+) \|", re.MULTILINE)
ROWS = ROW.findall((VENDOR / "README.md").read_text(encoding="utf-8"))


def test_every_vendored_file_is_in_the_table() -> None:
    shipped = {path.name for path in VENDOR.iterdir() if path.suffix in (".js", ".css")}
    assert shipped == {file for _, _, file, _, _ in ROWS}


@pytest.mark.parametrize(("name", "version", "file", "digest", "licence"), ROWS)
def test_a_vendored_file_is_what_the_table_says(name: str, version: str, file: str, digest: str, licence: str) -> None:
    assert version in file
    assert hashlib.sha256((VENDOR / file).read_bytes()).hexdigest() == digest
    assert name in (ROOT / "NOTICE").read_text(encoding="utf-8")
    for text in re.findall(r"`(licences/[^`]+)`", licence):
        assert (VENDOR / text).is_file()


def test_templates_load_only_files_that_are_shipped() -> None:
    pages = [path.read_text(encoding="utf-8") for path in (ROOT / "templates").rglob("*.html")]
    loaded = {file for page in pages for file in re.findall(r"""static ['"]vendor/([^'"]+)['"]""", page)}
    assert loaded <= {path.name for path in VENDOR.iterdir()}
