"""No inline script, handler or style: the Content-Security-Policy refuses them, and behaviour lives in files."""

import re
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
PAGES = sorted((ROOT / "templates").rglob("*.html"))
INLINE = {
    "a script without a source": re.compile(r"<script(?![^>]*\bsrc=)", re.I),
    "an event handler": re.compile(r"""<[^>]*\son[a-z]+\s*=\s*["']""", re.I),
    "an htmx handler": re.compile(r"\bhx-on\b", re.I),
    "a style": re.compile(r"""<style\b|<[^>{]*\sstyle\s*=\s*["']""", re.I),
    "a javascript: link": re.compile(r"javascript:", re.I),
    "text marked as safe": re.compile(r"\|\s*safe\b|autoescape off"),
    "a file of another host": re.compile(r"""<(?:script|link|img)[^>]*(?:src|href)=["'](?:https?:)?//""", re.I),
}


@pytest.mark.parametrize("page", PAGES, ids=lambda page: str(page.relative_to(ROOT / "templates")))
def test_a_template_holds_no_code(page: Path) -> None:
    text = re.sub(r"\{#.*?#\}", "", page.read_text(encoding="utf-8"))
    assert [what for what, pattern in INLINE.items() if pattern.search(text)] == []
