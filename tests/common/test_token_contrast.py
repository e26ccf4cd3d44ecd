"""Every pair of ink and ground in the tokens can be read, in both themes (WCAG 2.2: 4.5 for text, 3 for outlines)."""

import re
from pathlib import Path

import pytest

TOKENS = (Path(__file__).resolve().parents[2] / "static/css/tokens.css").read_text(encoding="utf-8")
PAIR = re.compile(r"--([\w-]+): light-dark\((#[0-9a-f]{6}), (#[0-9a-f]{6})\)")
THEMES = {
    "light": {name: light for name, light, _ in PAIR.findall(TOKENS)},
    "dark": {name: dark for name, _, dark in PAIR.findall(TOKENS)},
}
GROUNDS = ("bg", "surface", "sunken")
TEXT = [
    *((ink, ground) for ink in ("ink", "ink-2", "ink-3") for ground in (*GROUNDS, "hover")),
    *((ink, ground) for ink in ("accent", "ok", "warn", "bad", "gain", "loss") for ground in GROUNDS),
    *((state, f"{state}-soft") for state in ("ok", "warn", "bad")),
    *((ink, "accent-soft") for ink in ("ink", "ink-2", "accent", "accent-strong")),
    ("accent-ink", "accent"),
    ("accent-ink", "accent-strong"),
    ("gain", "gain-soft"),
    ("loss", "loss-soft"),
    ("ink", "seq-1"),
    ("ink", "seq-2"),
    *((f"seq-ink-{step}", f"seq-{step}") for step in (3, 4, 5)),
    ("ink", "gain-mid"),
]
OUTLINES = [
    ("line-control", "surface"),
    ("gain-mid", "surface"),
    ("loss-mid", "surface"),
    ("accent", "surface"),
]


def luminance(colour: str) -> float:
    channels = [int(colour[at : at + 2], 16) / 255 for at in (1, 3, 5)]
    red, green, blue = (part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in channels)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def contrast(theme: str, first: str, second: str) -> float:
    levels = sorted((luminance(THEMES[theme][name]) for name in (first, second)), reverse=True)
    return (levels[0] + 0.05) / (levels[1] + 0.05)


@pytest.mark.parametrize("theme", THEMES)
@pytest.mark.parametrize(("ink", "ground"), TEXT)
def test_text_can_be_read(theme: str, ink: str, ground: str) -> None:
    assert contrast(theme, ink, ground) >= 4.5


@pytest.mark.parametrize("theme", THEMES)
@pytest.mark.parametrize(("line", "ground"), OUTLINES)
def test_an_outline_can_be_seen(theme: str, line: str, ground: str) -> None:
    assert contrast(theme, line, ground) >= 3


@pytest.mark.parametrize("theme", THEMES)
def test_the_sequential_scale_moves_one_way(theme: str) -> None:
    levels = [luminance(THEMES[theme][f"seq-{step}"]) for step in range(1, 6)]
    assert levels in (sorted(levels), sorted(levels, reverse=True))
