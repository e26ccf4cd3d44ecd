"""How large and how small the figures of a task can be."""

MOST_CASES = 1e12
LEAST_FIGURE = 1e-6
LIMITS = {
    "handling_minutes": ("Handling time", 525_600.0),
    "volume_a_year": ("Volume", 1e12),
    "waiting_hours": ("Waiting time", 87_600.0),
    "cases_a_year": ("Cases a year", MOST_CASES),
}
"""How a figure is called, and the most it can be; the least above zero is a millionth, so that ratios stay finite."""
FARTHEST = 1e6


def figure_problem(field: str, value: object) -> str:
    """Why a figure cannot be kept, "" where it can.

    >>> figure_problem("volume_a_year", 1e300)
    'Volume is 0, or a number from 0.000001 to 1\u202f000\u202f000\u202f000\u202f000.'
    >>> figure_problem("volume_a_year", 0.0), figure_problem("x", float("inf"))
    ('', 'A place on the canvas lies within 1\u202f000\u202f000 of its middle.')
    """
    number = value if isinstance(value, int | float) and not isinstance(value, bool) else float("nan")
    if field in ("x", "y"):
        far = f"A place on the canvas lies within {_spaced(FARTHEST)} of its middle."
        return "" if abs(number) <= FARTHEST else far
    words, most = LIMITS[field]
    fits = number == 0 or LEAST_FIGURE <= number <= most
    return "" if fits else f"{words} is 0, or a number from {LEAST_FIGURE:.6f} to {_spaced(most)}."


def _spaced(number: float) -> str:
    return f"{number:,.0f}".replace(",", "\u202f")
