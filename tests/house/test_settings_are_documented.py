"""docs/settings.md and the code name the same variables."""

import re
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
READS = re.compile(r"""\benv(?:ironment)?\.(?:text|flag|number|whole|words|folder)\(\s*["']([A-Z][A-Z0-9_]+)["']""")
FURTHER_READS = re.compile(r"""os\.environ(?:\.get\(|\[)\s*["']([A-Z][A-Z0-9_]+)["']""")
ROW = re.compile(r"^\| `([A-Z][A-Z0-9_]+)`", re.MULTILINE)


def documented(heading: str) -> set[str]:
    """Variables of the tables below one heading of docs/settings.md."""
    text = (ROOT / "docs/settings.md").read_text(encoding="utf-8")
    section = re.search(rf"^## {heading}$(.*?)(?=^## |\Z)", text, re.MULTILINE | re.DOTALL)
    assert section is not None, f"docs/settings.md has no section “{heading}”"
    return set(ROW.findall(section[1]))


# Django's and make's own, never set by a person who runs or tests Taskworth.
NOT_OURS = {"PATH", "DJANGO_SETTINGS_MODULE", "DJANGO_ALLOW_ASYNC_UNSAFE", "MAKELEVEL"}


def found(pattern: re.Pattern[str], *paths: Path) -> set[str]:
    return {name for path in paths for name in pattern.findall(path.read_text(encoding="utf-8"))}


def test_every_setting_is_documented_and_every_documented_one_exists() -> None:
    read = found(READS, *(ROOT / "config").glob("*.py")) | found(FURTHER_READS, ROOT / "scripts/run.py")
    assert documented("Running") == read - NOT_OURS


def test_variables_of_scripts_and_tests_are_documented() -> None:
    read = found(FURTHER_READS, *(ROOT / "scripts").glob("*.py"), *(ROOT / "tests").rglob("conftest.py"))
    assert read - documented("Running") - documented("Setting up and testing") - NOT_OURS == set()
